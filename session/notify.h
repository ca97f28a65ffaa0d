/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* What a program said with sd_notify(). The strings live as long as the call they are given to. */
struct inos_notify_message {
  gboolean ready;
  const char *status;          /* may be NULL */
  const char *wayland_display; /* may be NULL; a plain socket name */
  const char *x11_display;     /* may be NULL; ":" and a number */
  const char *cursor_theme;    /* may be NULL; a plain folder name */
  const char *cursor_size;     /* may be NULL; a number */
  gboolean software;           /* the compositor draws without a GPU */
  const char *locked;          /* may be NULL; "1" or "0": whether the session is locked now */
  guint more_time;             /* ms from now until it is ready; 0: nothing said */
};

/*
 * Receives the sd_notify() messages of one child. The kernel says who sent a datagram; one from
 * any other process, too long, or not made of KEY=VALUE lines is ignored as a whole.
 */
struct inos_notify;

typedef void (*inos_notify_func) (const struct inos_notify_message *message, void *data);

/* Makes the socket at `path`, which inos_notify_free() removes. */
struct inos_notify *inos_notify_new (const char *path, inos_notify_func func, void *data,
                                     GError **error);
void inos_notify_free (struct inos_notify *notify);

/* What NOTIFY_SOCKET has to say. */
const char *inos_notify_path (const struct inos_notify *notify);

/* Hears what was said and not heard yet: the last words of one that has died. */
void inos_notify_drain (struct inos_notify *notify);

/* Whom to believe from now on; 0 for nobody. */
void inos_notify_set_sender (struct inos_notify *notify, pid_t pid);

/* Takes `text` apart in place. FALSE for a malformed one. */
gboolean inos_notify_parse (char *text, gsize length, struct inos_notify_message *message);
