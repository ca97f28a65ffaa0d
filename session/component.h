/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "notify.h"
#include "output.h"
#include "policy.h"
#include "reaper.h"
#include "table.h"

enum inos_component_state {
  INOS_COMPONENT_WAITING, /* for what it needs, or for its next try */
  INOS_COMPONENT_STARTING,
  INOS_COMPONENT_RUNNING, /* said READY=1 */
  INOS_COMPONENT_FAILED,  /* given up */
  INOS_COMPONENT_STOPPED,
};

struct inos_component;

/* Called from the main loop; `died` also from within inos_component_start(). */
struct inos_component_handlers {
  void (*ready) (struct inos_component *component, const struct inos_notify_message *message,
                 void *data);
  /* `wait_status` is -1 where the program could not be started at all. */
  void (*died) (struct inos_component *component, int wait_status, void *data);
};

/* What a component shares with the others; all of it outlives the component. */
struct inos_component_place {
  struct inos_reaper *reaper;
  const char *notify_directory;
  const char *log_directory; /* NULL: standard error is the session's own */
  gboolean echo;             /* log to standard error as well */
};

/*
 * One supervised child: its process, its notify socket, its time to get ready, its log. It says
 * what happened; when to start it again is the supervisor's matter.
 */
struct inos_component {
  const struct inos_component_spec *spec;
  enum inos_component_state state;
  pid_t pid; /* 0: no process */
  unsigned restarts;
  gboolean attempted; /* was started at least once */
  gboolean ending;    /* was told to end: its death is no accident */
  gboolean lived;     /* was ready at least once */
  gboolean locked;    /* the compositor's last word on whether the session is locked */
  char *reason;       /* of the last death, in words; NULL: none */
  gint64 started;     /* monotonic µs */
  struct inos_policy policy;

  /* private */
  struct inos_component_place place;
  const struct inos_component_handlers *handlers;
  void *data;
  struct inos_notify *notify;
  struct inos_output *output; /* NULL: no log of its own */
  guint timer;                /* to READY=1, or from SIGTERM to SIGKILL */
};

struct inos_component *inos_component_new (const struct inos_component_spec *spec,
                                           const struct inos_component_place *place,
                                           const struct inos_component_handlers *handlers,
                                           void *data, GError **error);
/* Does not end the process. */
void inos_component_free (struct inos_component *component);

/*
 * Starts the process with `envp` and, where `fd` is not -1, that descriptor under its number,
 * which the variable `fd_name` tells. The descriptor stays the caller's.
 */
void inos_component_start (struct inos_component *component, char **envp, const char *fd_name,
                           int fd);

/* Says that what the start needs is not to be had: a death without a life. */
void inos_component_fail (struct inos_component *component, const char *reason);

/* Asks the process to end, and after 3 s ends it. */
void inos_component_stop (struct inos_component *component);

/* For D-Bus: "waiting", "starting", "running", "failed", "stopped". */
const char *inos_component_state_name (const struct inos_component *component);
/* Where its log is, for people. */
const char *inos_component_log (const struct inos_component *component);
