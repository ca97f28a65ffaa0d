/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Suspend, restart and power off through logind. Asked anew each time the menu opens, so that it
 * offers what works now; where logind is missing it offers nothing.
 */

#include "reply.h"

#include <gio/gio.h>

typedef struct InosPower InosPower;

InosPower *inos_power_create (void);
void inos_power_destroy (InosPower *self); /* self may be NULL */

/* Answers {"actions": ["suspend", …]}, with "logout" first where can_log_out. */
void inos_power_list (InosPower *self, gboolean can_log_out, InosReply *reply);
/* True for "suspend", "restart" and "power-off". */
gboolean inos_power_knows (const char *action);
void inos_power_do (InosPower *self, const char *action, InosReply *reply);
