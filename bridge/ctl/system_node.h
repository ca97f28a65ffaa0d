/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The node of the system, asked at its socket: for a machine where nobody has a session or a bus.
 * The node decides by the user and the groups that the kernel tells of whom it lets in. */
#pragma once

#include "ctl.h"

/* inosctl --system status; returns the exit status. */
int ctl_system_status (struct ctl *ctl);
