/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

/* inosctl session language [LOCALE [FORMATS]] */
int ctl_session_language (struct ctl *ctl);
