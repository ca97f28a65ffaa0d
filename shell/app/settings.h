/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app.h"

/* What a person can set, on pages: displays, keyboard, pointer and so on. */
extern const InosAppKind inos_settings_app;
