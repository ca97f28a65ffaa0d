/*
 * Supervisors: actors that start other actors, watch them, and restart them.
 *
 * A tree is declared in tables and started by one call:
 *
 *     static const struct inos_child io[] = {
 *       {.name = "disk", .behaviour = &disk_behaviour},
 *       {.name = "net", .behaviour = &net_behaviour, .shutdown_ms = 500},
 *     };
 *     static const struct inos_supervisor io_supervisor = {
 *       .name = "io", .strategy = INOS_ONE_FOR_ALL, .children = io, .n_children = G_N_ELEMENTS
 * (io)};
 *
 *     static const struct inos_child top[] = {
 *       {.name = "log", .behaviour = &log_behaviour},
 *       {.name = "io", .supervisor = &io_supervisor},
 *     };
 *     static const struct inos_supervisor tree = {
 *       .name = "node", .restarts_max = 3, .children = top, .n_children = G_N_ELEMENTS (top)};
 *
 *     inos_supervisor_runtime_spawn (runtime, &tree, 0);
 *
 * The rules are OTP's and are told in supervision.h. What differs is said here:
 *
 * - A child that ends with INOS_EXIT_ESCALATED is not restarted, whatever its lifetime: its
 * supervisor stops the others and fails with INOS_EXIT_ERROR and the same code.
 * - A supervisor whose first start of a child fails ends with INOS_EXIT_START.
 * - Restarts can be put off (`backoff_ms`).
 * - Periods are exact; OTP rounds to seconds.
 * - TERMINATE of an id that was never a child says NOT_FOUND, also where it is nobody any more.
 *
 * A child counts as started when its pre_start has succeeded, a supervisor when all its children
 * have. A supervisor can be stopped as any actor can, by anybody, and takes as long as its children
 * do. One that is killed asks its children to stop, all at once.
 *
 * What there is to see and to do is asked for by messages: nothing costs until somebody asks. While
 * children start or stop, requests wait for their turn; at most INOS_COMMANDS_MAX, then they are
 * refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/supervision.h"

/* One answer's worth of children. */
#define INOS_CHILDREN_SHOWN 32u
/* What a child that is added at run time can be given. */
#define INOS_CHILD_ARGUMENT_MAX 64u

struct inos_supervisor_page {
  uint32_t skip; /* children that were shown already */
};

/* One child as others see it. */
struct inos_child_info {
  inos_actor_id id; /* 0: there is none now */
  enum inos_child_state state;
  uint32_t restarts;
  enum inos_lifetime lifetime;
  bool supervisor;
  char name[INOS_CHILD_NAME_MAX];
};

/* The last started first, as OTP lists them. */
struct inos_supervisor_children {
  enum inos_strategy strategy;
  uint32_t total;
  uint32_t shown;
  struct inos_child_info child[INOS_CHILDREN_SHOWN];
};

/* A child, by its id or, where that is 0, by its name. Those of a template have only ids. */
struct inos_supervisor_whom {
  inos_actor_id id;
  char name[INOS_CHILD_NAME_MAX];
};

/* A further child, which must live as long as the supervisor; NULL: one more of the template. */
struct inos_supervisor_addition {
  const struct inos_child *child;
  uint32_t argument_size; /* 0: child->argument, or the template's */
  _Alignas (8) unsigned char argument[INOS_CHILD_ARGUMENT_MAX];
};

struct inos_supervisor_answer {
  enum inos_command_status status;
  inos_actor_id id; /* of a child that was started, or runs already */
};

/* What a supervisor says to itself. */
struct inos_supervisor_again {
  uint32_t child, stamp;
};
struct inos_supervisor_alarm {
  uint32_t stamp;
};

/* `ready` is from a nested supervisor to its parent, `again` and `alarm` are a supervisor's own. */
#define INOS_SUPERVISOR(MESSAGE, REQUEST)                                                          \
  REQUEST (inos_supervisor, which_children, struct inos_supervisor_page,                           \
           struct inos_supervisor_children, 1)                                                     \
  REQUEST (inos_supervisor, count_children, struct inos_nothing, struct inos_child_counts, 1)      \
  REQUEST (inos_supervisor, health, struct inos_nothing, struct inos_supervision_health, 1)        \
  REQUEST (inos_supervisor, start_child, struct inos_supervisor_addition,                          \
           struct inos_supervisor_answer, 1)                                                       \
  REQUEST (inos_supervisor, terminate_child, struct inos_supervisor_whom,                          \
           struct inos_supervisor_answer, 1)                                                       \
  REQUEST (inos_supervisor, restart_child, struct inos_supervisor_whom,                            \
           struct inos_supervisor_answer, 1)                                                       \
  REQUEST (inos_supervisor, delete_child, struct inos_supervisor_whom,                             \
           struct inos_supervisor_answer, 1)                                                       \
  MESSAGE (inos_supervisor, ready, struct inos_nothing, 1)                                         \
  MESSAGE (inos_supervisor, again, struct inos_supervisor_again, 1)                                \
  MESSAGE (inos_supervisor, alarm, struct inos_supervisor_alarm, 1)
INOS_PROTOCOL (inos_supervisor, INOS_SUPERVISOR);

extern const struct inos_behaviour inos_supervisor_behaviour;

/**
 * inos_supervisor_spawn:
 * @table: must live as long as the supervisor, with all it points to
 *
 * Starts a tree that is linked to the actor that starts it, as OTP's start_link does.
 *
 * Returns: its root; an id of 0 where it could not be spawned, or where @table has a fault, which
 * is logged.
 */
inos_supervisor_ref inos_supervisor_spawn (struct inos_context *context,
                                           const struct inos_supervisor *table);

/**
 * inos_supervisor_runtime_spawn:
 * @watcher: is told when the root has gone, and then stops it when the runtime ends; 0: nobody
 *
 * Starts a tree from any thread.
 */
inos_supervisor_ref inos_supervisor_runtime_spawn (struct inos_runtime *runtime,
                                                   const struct inos_supervisor *table,
                                                   inos_actor_id watcher);

/** inos_supervisor_whom_of: @id as a child to ask for; @name where @id is 0. */
struct inos_supervisor_whom inos_supervisor_whom_of (inos_actor_id id, const char *name);
