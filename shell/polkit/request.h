/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One thing that polkit asks: what of it does not change.
 */

#define POLKIT_AGENT_I_KNOW_API_IS_SUBJECT_TO_CHANGE
#include <polkitagent/polkitagent.h>

typedef struct {
  guint id;
  GTask *task; /* polkit waits for it */
  gulong cancelled;
  char *cookie;
  GPtrArray *people; /* PolkitIdentity: those with an account, the person's own first */
  GVariant *about;   /* a{sv}: message, action, asker, people of talk.h */
} InosPolkitRequest;

/* Takes task. identities: of PolkitIdentity. */
InosPolkitRequest *inos_polkit_request_new (guint id, GTask *task, const char *cookie,
                                            const char *action, const char *message,
                                            PolkitDetails *details, GList *identities);
/* Its task must have been answered. */
void inos_polkit_request_free (InosPolkitRequest *self);
