/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * inos-polkit-agent as the shell sees it: started, heard, started again where it ends, later each
 * time. Where there is no system bus it is not.
 */

#include "talk.h"

#include <gio/gio.h>

typedef struct InosAgentProcess InosAgentProcess;

typedef struct {
  /* It runs, and has heard nothing yet. */
  void (*started) (gpointer data);
  /* state: of the type a{sv}, empty where nothing is asked, as when it ends; see talk.h. */
  void (*asked) (GVariant *state, gpointer data);
} InosAgentProcessHooks;

InosAgentProcess *inos_agent_process_create (const InosAgentProcessHooks *hooks, gpointer data);
void inos_agent_process_destroy (InosAgentProcess *self); /* self may be NULL */

/* text: of an answer, else NULL. Returns FALSE where nobody hears it. */
gboolean inos_agent_process_say (InosAgentProcess *self, enum inos_polkit_word_kind kind, guint id,
                                 guint value, const char *text);
