/*
 * What the kernel says of a process that calls: the person's own program, or an application in a
 * sandbox. The bridge and the compositor ask it alike (decisions 40 and 43).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "guard/app_id.h"

#include <stdbool.h>

enum inos_caller_kind {
  INOS_CALLER_PROGRAM, /* in no sandbox */
  INOS_CALLER_APP,
  INOS_CALLER_UNKNOWN,
};

struct inos_caller {
  enum inos_caller_kind kind;
  char app[INOS_APP_ID_MAX + 1]; /* of an application, else "" */
  const char *why;               /* static; of an unknown one, else NULL */
  bool passing; /* unknown, since its root did not answer in time: it may the next time */
};

/* A connection's process, as the bus says. */
struct inos_process {
  int pidfd; /* -1: not known */
  guint32 pid, uid;
};

/**
 * inos_process_look:
 * @process: whose pidfd is known
 * @caller: (out): who that is
 *
 * Thread-safe. Asks the kernel alone, and no file system that a program serves; for one of which
 * that is not known it waits two seconds at most, and for all in this process four in a minute.
 */
void inos_process_look (const struct inos_process *process, struct inos_caller *caller);

/**
 * inos_caller_set_unknown:
 * @why: static
 */
void inos_caller_set_unknown (struct inos_caller *caller, const char *why);
