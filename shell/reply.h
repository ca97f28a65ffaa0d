/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The one answer that a command owes its page, now or later. inos_reply_ok() or inos_reply_fail()
 * must be called once; both free the reply.
 */

#include <json-glib/json-glib.h>

typedef struct InosReply InosReply;

/* Exactly one of json and error is not NULL. */
typedef void (*InosReplyFunc) (const char *json, const char *error, gpointer data);

InosReply *inos_reply_new (InosReplyFunc func, gpointer data);
/* value may be NULL, which answers null; the reply takes it. */
void inos_reply_ok (InosReply *self, JsonNode *value);
/* A sentence for the person: what failed, on what, what to do. */
void inos_reply_fail (InosReply *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
