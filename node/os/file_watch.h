/*
 * Watching a file or a directory: one actor each, which tells a receiver of what changes. It ends
 * normally when what it watches is gone. Runs on the edge.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/os/security.h"
#include "node/os/stream.h"

enum inos_file_changes {
  INOS_FILE_CHANGED = 1 << 0, /* written to, and closed; or its status changed */
  INOS_FILE_ADDED = 1 << 1,   /* made in the directory, or moved there */
  INOS_FILE_REMOVED = 1 << 2, /* removed from it, or moved elsewhere */
  INOS_FILE_GONE = 1 << 3,    /* the watched one itself has lost its name */
  INOS_FILE_MISSED = 1 << 4,  /* there was more than could be told: look anew */
};

struct inos_file_change {
  char *name;       /* in the directory; NULL: the watched one itself */
  uint32_t changes; /* enum inos_file_changes, or-ed */
};

void inos_file_change_clear (void *message);
void inos_file_change_copy (void *to, const void *from);

struct inos_file_watch {
  const struct inos_security *security; /* must live as long as the actor */
  const char *path;                     /* which it must be allowed to read */
  struct inos_address receiver;
  inos_event on_change; /* struct inos_file_change, with inos_file_change_clear */
};

/* `again` is its own. */
#define INOS_FILE_WATCH(MESSAGE, REQUEST) MESSAGE (inos_file_watch, again, struct inos_nothing, 1)
INOS_PROTOCOL (inos_file_watch, INOS_FILE_WATCH);

/* In a supervisor's table the argument is this, with a table that lives as long as the supervisor.
 */
struct inos_file_watch_argument {
  const struct inos_file_watch *watch;
};

extern const struct inos_behaviour inos_file_watch_behaviour;

/**
 * inos_file_watch_spawn:
 * @watch: copied with its path
 * @how: (nullable): the name, the watcher and the link; the rest is not looked at
 *
 * Returns: the actor, which fails to start where @watch is refused; 0 where it could not be
 * spawned.
 */
inos_actor_id inos_file_watch_spawn (struct inos_context *context,
                                     const struct inos_file_watch *watch,
                                     const struct inos_spawn *how);
