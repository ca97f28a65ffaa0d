/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Files: what is on this computer's disks, in tabs. All that touches a disk is here; the page gets
 * rows and numbers for them (decision 61).
 */

#include "app.h"

extern const InosAppKind inos_files_app;
