/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The protocol of greetd (greetd-ipc(7)): a JSON object a message, behind its length as four bytes
 * in the machine's order, over the socket that GREETD_SOCK names; one answer to each. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { INOS_GREETD_REPLY_MAX = 65536 /* bytes */ };

enum inos_greetd_kind {
  INOS_GREETD_SUCCESS,
  INOS_GREETD_AUTH_ERROR, /* the person was not right */
  INOS_GREETD_ERROR,      /* anything else that went wrong */
  INOS_GREETD_ASK_SECRET,
  INOS_GREETD_ASK_SHOWN,
  INOS_GREETD_INFO,
  INOS_GREETD_COMPLAINT, /* PAM's, to be shown */
};

struct inos_greetd_reply {
  enum inos_greetd_kind kind;
  char *text; /* valid UTF-8, "" for none */
};

/* Frees the text. */
void inos_greetd_reply_clear (struct inos_greetd_reply *reply);

/* Reads an answer of `size` bytes. Returns false and sets error where it is none. */
bool inos_greetd_parse (const char *json, size_t size, struct inos_greetd_reply *out,
                        GError **error);

/* A request in JSON, freed by the caller with g_string_free(); what is in it of a secret is the
 * caller's to wipe. text: NULL for no answer to what asks for none. command, environment: end with
 * NULL. */
GString *inos_greetd_create_session (const char *user);
GString *inos_greetd_answer (const char *text);
GString *inos_greetd_start_session (const char *const *command, const char *const *environment);
GString *inos_greetd_cancel_session (void);

/* Connects to the socket of that path. Returns the descriptor, or -1 and sets error. */
int inos_greetd_connect (const char *path, GError **error);
/* Sends a request and waits for its answer. Returns false and sets error where the connection ends
 * or says what is no answer. */
bool inos_greetd_ask (int fd, const GString *request, struct inos_greetd_reply *out,
                      GError **error);
