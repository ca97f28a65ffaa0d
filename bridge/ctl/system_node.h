/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The node of the system, asked at its socket: without a session or a bus. The node decides by what
 * the kernel tells of whom it lets in, and by what polkit says of that one. */
#pragma once

#include "ctl.h"

/* inosctl --system status; returns the exit status. */
int ctl_system_status (struct ctl *ctl);

/* What a method of org.inos.Node1 answers, as on a bus. parameters: taken where floating, may be
 * NULL. NULL with an error set. It waits as long as the node may take, and somebody who is asked
 * for a password. */
GVariant *ctl_system_call (const char *interface, const char *method, GVariant *parameters,
                           GError **error);

/* Tells the person what could not be done and why; returns the exit status. */
int ctl_system_fail (const GError *error, const char *what);
