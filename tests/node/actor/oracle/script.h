/*
 * Scripts for supervisors: a tree, and what is done to it. oracle.py makes them; OTP's supervisors
 * (oracle.erl) and ours (world.c, runtime.c) play them and write the same log, line for line.
 *
 *     script SEED
 *     sup NAME STRATEGY RESTARTS PERIOD_S AUTO_SHUTDOWN
 *     child NAME LIFETIME SHUTDOWN SIGNIFICANT MANNER SLOW_MS FAILS    a worker
 *     child NAME LIFETIME SHUTDOWN SIGNIFICANT sup                     followed by its sup … end
 *     extra NAME …                                                     as child, for step start
 *     end
 *     step WHAT ARGUMENTS
 *     done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/supervision.h"

#include <glib.h>
#include <stdio.h>

/* Between two steps, ms, and from the last one to the end. */
#define STEP_MS 50
#define SETTLE_MS 150

enum manner {
  MANNER_PLAIN,
  MANNER_HANG, /* does not stop when it is told to */
  MANNER_SLOW, /* takes its time to stop, and hears nothing meanwhile */
};

/* A worker: how it behaves, and how often it was started. Its argument is its name: the address of
 * it, so that those of templates can have names too. */
struct plan {
  const char *name;
  enum manner manner;
  uint32_t slow_ms;
  uint64_t fails; /* bit n: the n-th start fails */
  unsigned starts;
  inos_actor_id id; /* 0: it does not live */
};

enum what {
  STEP_KILL,      /* worker, reason: it ends by itself */
  STEP_CRUSH,     /* worker: it is killed from outside */
  STEP_WAIT,      /* ms */
  STEP_STOP,      /* the whole tree */
  STEP_WHICH,     /* supervisor */
  STEP_COUNT,     /* supervisor */
  STEP_START,     /* supervisor, name: an extra of this name, or one more of the template */
  STEP_TERMINATE, /* supervisor, name */
  STEP_DELETE,
  STEP_RESTART,
};

struct step {
  enum what what;
  char name[INOS_CHILD_NAME_MAX]; /* the first argument */
  char argument[INOS_CHILD_NAME_MAX];
};

struct script {
  uint64_t seed;
  struct inos_supervisor *root;
  GPtrArray *tables;  /* struct inos_supervisor, all of them */
  GHashTable *plans;  /* name → struct plan; made as they are asked for, for those of templates */
  GHashTable *extras; /* name → struct inos_child */
  GHashTable *names;  /* id → plan, of all workers that ever were */
  GArray *steps;      /* struct step */
  GString *log, *answers;
};

/** script_read: Returns: (transfer full): the next one of @file, NULL at its end. */
struct script *script_read (FILE *file, const struct inos_behaviour *worker);
struct script *script_parse (const char *text, const struct inos_behaviour *worker);
void script_free (struct script *script);

/** script_plan: the worker of this name; @like: whose manners it has where it is new. */
struct plan *script_plan (struct script *script, const char *name, const struct plan *like);
/** script_starts: counts a start of @plan's worker. Returns: whether it succeeds. */
bool script_starts (struct plan *plan);
/** script_is: @plan's worker is @id now. */
void script_is (struct script *script, struct plan *plan, inos_actor_id id);
/** script_table: the supervisor of this name. */
const struct inos_supervisor *script_table (struct script *script, const char *name);

const char *script_reason (struct inos_exit reason);
struct inos_exit script_reason_of (const char *name);
const char *script_status (enum inos_command_status status);
const char *script_state (enum inos_child_state state);
