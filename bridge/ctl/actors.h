/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of 'inosctl actors' share. A subcommand is a row of the table in cmd_actors.c. */
#pragma once

#include "bus.h"
#include "props.h"
#include "table.h"

/* What 'inosctl help actors' says besides. */
void ctl_actors_help (void);

/* Each answers for the actor in `who`, which is NULL where the subcommand takes none. */
int ctl_actors_tree (struct ctl *ctl, const char *who);
int ctl_actors_top (struct ctl *ctl, const char *who);
int ctl_actors_inspect (struct ctl *ctl, const char *who);
int ctl_actors_trace (struct ctl *ctl, const char *who);
int ctl_actors_path (struct ctl *ctl, const char *who); /* trace --path */
int ctl_actors_cycles (struct ctl *ctl, const char *who);
int ctl_actors_dead_letters (struct ctl *ctl, const char *who);

int ctl_actors_send (struct ctl *ctl, const char *who);
int ctl_actors_ask (struct ctl *ctl, const char *who);
int ctl_actors_wait (struct ctl *ctl, const char *who);
int ctl_actors_receive (struct ctl *ctl, const char *name);
int ctl_actors_answer (struct ctl *ctl, const char *name);
int ctl_actors_close (struct ctl *ctl, const char *name);
int ctl_actors_reachable (struct ctl *ctl, const char *peer);
int ctl_actors_allow (struct ctl *ctl, const char *name);

/* Calls a method of the node about actors; takes floating parameters. NULL with an error set, also
 * where the answer is not of that type. */
GVariant *ctl_actors_call (struct ctl *ctl, const char *method, GVariant *parameters,
                           const char *type, GError **error);

/* (transfer full) (nullable): what ListCycles says; NULL where it does not. */
GVariant *ctl_actors_find_cycles (struct ctl *ctl);
/* (transfer full) (nullable): the first circle in which an actor is, as "a → b → a" from
 * there; `cycles` may be NULL. */
char *ctl_actors_cycle_of (GVariant *cycles, guint64 id);

/* Tells the person what could not be done; returns the exit status. `who` may be NULL. */
int ctl_actors_fail (struct ctl *ctl, const GError *error, const char *who, const char *what);

/* Calls `show` every ctl->interval until Ctrl-C, or until it returns something but CTL_OK, such as
 * CTL_ENDED. */
enum { CTL_ENDED = -1 };
int ctl_actors_repeat (struct ctl *ctl, int (*show) (struct ctl *ctl, void *data), void *data);

/* Ids are text in JSON, for there they would not fit a number. */
void ctl_actors_json_id (JsonBuilder *json, const char *key, guint64 id);
void ctl_actors_json_text (JsonBuilder *json, const char *key, const char *text);
/* "14:03:07.512" of µs since 1970. */
char *ctl_actors_clock (gint64 time);
