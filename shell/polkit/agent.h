/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What polkit asks, one after the other: each with a conversation that polkit's own helper, which
 * is set-uid root, has with PAM. Nothing is shown here: what there is to be seen is said (talk.h),
 * and the person's words come in.
 */

#define POLKIT_AGENT_I_KNOW_API_IS_SUBJECT_TO_CHANGE
#include <polkitagent/polkitagent.h>

typedef struct InosPolkitAgent InosPolkitAgent;

/* state: floating, of the type a{sv}; to be sunk. */
typedef void (*InosPolkitPublish) (GVariant *state, gpointer data);

/* timeout: seconds without a word of the person's after which what is asked is given up. */
InosPolkitAgent *inos_polkit_agent_new (guint timeout, InosPolkitPublish told, gpointer data);
void inos_polkit_agent_free (InosPolkitAgent *self); /* self may be NULL */

/* What polkit is to be given. Borrowed. */
PolkitAgentListener *inos_polkit_agent_get_listener (InosPolkitAgent *self);

/* Nothing is asked while it is: what waits is given up. It is locked at first. */
void inos_polkit_agent_set_locked (InosPolkitAgent *self, gboolean locked);
/* Those about what is not asked any more do nothing. */
void inos_polkit_agent_choose (InosPolkitAgent *self, guint id, guint person);
void inos_polkit_agent_answer (InosPolkitAgent *self, guint id, const char *text);
void inos_polkit_agent_cancel (InosPolkitAgent *self, guint id);
