/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Suspend, restart and power off through logind. Asked anew each time the menu opens, so that it
 * offers what works now, and names who asked logind to wait; where logind is missing it offers
 * nothing. Nothing here waits for an answer.
 */

#include "reply.h"

#include <gio/gio.h>

typedef struct InosPower InosPower;

InosPower *inos_power_create (void);
void inos_power_destroy (InosPower *self); /* self may be NULL */

/* Answers {"actions": ["lock", "logout", "suspend", …], "inhibitors": [{"action", "who", "why"}]}:
 * the first two where can_lock and can_log_out, and who blocks what. */
void inos_power_list (InosPower *self, gboolean can_lock, gboolean can_log_out, InosReply *reply);
/* True for "suspend", "restart" and "power-off". */
gboolean inos_power_knows (const char *action);
/* heedless: also where somebody asked to wait. */
void inos_power_do (InosPower *self, const char *action, gboolean heedless, InosReply *reply);
