/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A message is what a page asks the host to do: a JSON object {"command": "…", "args": {…}}.
 * Everything in it is hostile until this file has looked at it.
 */

#include <json-glib/json-glib.h>

#define INOS_MESSAGE_MAX_BYTES (64 * 1024)
#define INOS_MESSAGE_MAX_DEPTH 16
#define INOS_COMMAND_MAX_LENGTH 64

typedef enum {
  INOS_MESSAGE_ERROR_TOO_LARGE,
  INOS_MESSAGE_ERROR_TOO_DEEP,
  INOS_MESSAGE_ERROR_MALFORMED,
  INOS_MESSAGE_ERROR_WRONG_TYPE,
} InosMessageError;

#define INOS_MESSAGE_ERROR (inos_message_error_quark())
GQuark inos_message_error_quark (void);

typedef struct {
  char *command;
  JsonObject *args; /* never NULL in a parsed message */
} InosMessage;

/* Fills message, or sets error and leaves it empty. The text needs no terminator. */
gboolean inos_message_parse (InosMessage *message, const char *text, gsize length, GError **error);
void inos_message_clear (InosMessage *message);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InosMessage, inos_message_clear)

/* True for 1 to 64 bytes of [a-z0-9.-]. */
gboolean inos_command_name_is_valid (const char *name);

/* Members of args, with bounds. The string belongs to args and has 1 to max_length bytes. */
const char *inos_args_get_string (JsonObject *args, const char *name, gsize max_length,
                                  GError **error);
gboolean inos_args_get_double (JsonObject *args, const char *name, double min, double max,
                               double *value, GError **error);
gboolean inos_args_get_uint (JsonObject *args, const char *name, guint max, guint *value,
                             GError **error);
gboolean inos_args_get_boolean (JsonObject *args, const char *name, gboolean *value,
                                GError **error);
