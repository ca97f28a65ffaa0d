/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Node Manager: this machine's node (org.inos.Node1 and its arena), its actors and its mesh.
 */

#include "app.h"

extern const InosAppKind inos_manager_app;
