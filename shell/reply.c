/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reply.h"

struct InosReply {
  InosReplyFunc func;
  gpointer data;
};

InosReply *inos_reply_new (InosReplyFunc func, gpointer data)
{
  InosReply *self = g_new0 (InosReply, 1);

  *self = (InosReply){.func = func, .data = data};
  return self;
}

void inos_reply_ok (InosReply *self, JsonNode *value)
{
  g_autofree char *json = value ? json_to_string (value, FALSE) : g_strdup ("null");

  g_clear_pointer (&value, json_node_unref);
  self->func (json, NULL, self->data);
  g_free (self);
}

void inos_reply_fail (InosReply *self, const char *format, ...)
{
  g_autofree char *error = NULL;
  va_list args;

  va_start (args, format);
  error = g_strdup_vprintf (format, args);
  va_end (args);
  self->func (NULL, error, self->data);
  g_free (self);
}
