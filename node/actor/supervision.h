/*
 * What a supervisor does, without doing it: events go in, actions come out.
 *
 * The rules are those of Erlang/OTP 27's supervisor, event for event; tests/node/actor/oracle asks
 * both and compares. One struct inos_supervision holds the children of one supervisor and what it
 * is in the middle of. Whoever owns it tells it what has happened (inos_supervision_tell()) and
 * then takes actions (inos_supervision_next()) until there is none: start this child, stop that
 * one, wake me then, answer him, exit. It knows no clock, no thread and no actor but by its id, so
 * that tests can give it a world of their own.
 *
 * One thing is done at a time: children start in the order of their table, each when the one before
 * is there, and stop in reverse, each when the one after is gone. What happens meanwhile waits in a
 * queue and is handled afterwards in the order in which it was told. Only a crash of a child that
 * is about to be stopped anyway is taken out of the queue, since the stop has answered it.
 *
 * Memory is had when a child is added, so nothing that can happen to a child needs any.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

/* Children in one static table, and at one time under one supervisor. */
#define INOS_CHILDREN_STATIC_MAX 1024u
#define INOS_CHILDREN_MAX (1u << 20)
/* How many there may be at one time where the table does not say. */
#define INOS_CHILDREN_DEFAULT 1024u
/* With the zero at its end. */
#define INOS_CHILD_NAME_MAX 48u
/* The largest `restarts_max`. */
#define INOS_RESTARTS_MAX 1024u
/* Commands that wait while the supervisor is busy; more are refused. */
#define INOS_COMMANDS_MAX 32u
/* Restarts that are remembered for whoever asks about health. */
#define INOS_RESTART_HISTORY 16u

enum inos_strategy {
  INOS_ONE_FOR_ONE,
  INOS_ONE_FOR_ALL,
  INOS_REST_FOR_ONE,
  INOS_SIMPLE_ONE_FOR_ONE, /* the table's one entry is a template; children are added at run time,
                            * have no names, and are stopped all at once */
};

/* Which ends of a child are followed by a restart. */
enum inos_lifetime {
  INOS_PERMANENT, /* every one */
  INOS_TRANSIENT, /* all but normal ends and shutdowns */
  INOS_TEMPORARY, /* none; and it is forgotten then */
};

/* Whether the end of significant children, by themselves, ends the supervisor. */
enum inos_auto_shutdown {
  INOS_AUTO_SHUTDOWN_NEVER,
  INOS_AUTO_SHUTDOWN_ANY,
  INOS_AUTO_SHUTDOWN_ALL,
};

/* For `shutdown_ms` of a child, beside a number of milliseconds after which it is killed. */
#define INOS_SHUTDOWN_DEFAULT 0u /* 5 s; for ever where the child is a supervisor */
#define INOS_SHUTDOWN_INFINITY UINT32_MAX
#define INOS_SHUTDOWN_KILL (UINT32_MAX - 1) /* it is killed at once; no hook of it runs */

/* For `restarts_max`: the first restart that would be needed ends the supervisor. */
#define INOS_RESTARTS_NONE UINT32_MAX

struct inos_supervisor;

/* One line of a supervisor's table: a worker or a nested supervisor. Must live as long as the
 * supervisor. */
struct inos_child {
  const char *name;                         /* unique in its table */
  const struct inos_behaviour *behaviour;   /* of a worker */
  const struct inos_supervisor *supervisor; /* else: a tree of its own */
  enum inos_lifetime lifetime;
  uint32_t shutdown_ms;
  bool significant; /* not for permanent ones */

  /* Of a worker; as in struct inos_spawn. */
  const void *argument;
  uint32_t argument_size;
  uint32_t capacity;
  enum inos_on_full on_full;
  uint32_t block_timeout_ms;
  const char *registered; /* its name in the runtime; NULL: none */
};

/* A supervisor and the table of its children. Zero is a good default for all but the children. */
struct inos_supervisor {
  const char *name;
  const char *registered; /* its name in the runtime; NULL: none */
  enum inos_strategy strategy;
  uint32_t restarts_max;   /* within the period; 0: 1 */
  uint32_t period_ms;      /* 0: 5 s */
  uint32_t children_max;   /* at one time, with those added at run time; 0: 1,024 */
  uint32_t backoff_ms;     /* a child's first restart waits so long, each further one twice as long;
                            * 0: none waits */
  uint32_t backoff_max_ms; /* but no longer than this, and a child that has run so long starts anew
                            * with `backoff_ms`; 0: 30 s */
  enum inos_auto_shutdown auto_shutdown;
  const struct inos_child *children;
  uint32_t n_children;
};

enum inos_child_state {
  INOS_CHILD_ABSENT, /* not there, and nothing will start it unasked */
  INOS_CHILD_STARTING,
  INOS_CHILD_RUNNING,
  INOS_CHILD_STOPPING,
  INOS_CHILD_RESTARTING, /* its start failed or is put off; it will be tried again */
};

/* Names a child as long as it is known, in events and actions. */
typedef uint32_t inos_child_index;
#define INOS_NO_CHILD UINT32_MAX

enum inos_command_kind {
  INOS_COMMAND_QUERY, /* answered in its turn, by who keeps the supervision */
  INOS_COMMAND_START, /* a child that is not in the table, or one more of the template */
  INOS_COMMAND_TERMINATE,
  INOS_COMMAND_DELETE,  /* forget one that is absent */
  INOS_COMMAND_RESTART, /* start one that is absent */
};

/* What a command came to. */
enum inos_command_status {
  INOS_COMMAND_OK,
  INOS_COMMAND_NOT_FOUND,
  INOS_COMMAND_RUNNING,    /* it must not, for this command */
  INOS_COMMAND_RESTARTING, /* it must not be so either */
  INOS_COMMAND_PRESENT,    /* there is an absent child of this name: restart it, or delete it */
  INOS_COMMAND_WRONG,      /* not with this strategy, or the child's description is wrong */
  INOS_COMMAND_FAILED,     /* the child did not start */
  INOS_COMMAND_GONE,       /* the supervisor stopped before it came to it */
  INOS_COMMAND_FULL,       /* too many children, or no memory for one more */
};

struct inos_command {
  enum inos_command_kind kind;
  uint32_t tag;                   /* whatever who asks wants back */
  struct inos_request_id request; /* the same */
  inos_actor_id id;               /* which child; 0: the one of this name */
  char name[INOS_CHILD_NAME_MAX];
  const struct inos_child *child; /* of START; NULL: the template */
  void *argument; /* (transfer full) of START: in place of child->argument; g_free */
  uint32_t argument_size;
  bool known; /* set by the supervision: that `id` was a child when the command came */
};

enum inos_supervision_event_kind {
  INOS_EVENT_SPAWNED, /* child, id: what START asked for is under way */
  INOS_EVENT_UNBORN,  /* child, reason: it could not even be tried */
  INOS_EVENT_STARTED, /* id */
  INOS_EVENT_DOWN,    /* id, reason; before STARTED it means that the start has failed */
  INOS_EVENT_STOP,    /* reason: the supervisor is to stop */
  INOS_EVENT_TIMER,   /* stamp: what ARM asked for */
  INOS_EVENT_RETRY,   /* child, stamp: what RETRY asked for */
  INOS_EVENT_COMMAND, /* command */
};

struct inos_supervision_event {
  enum inos_supervision_event_kind kind;
  inos_child_index child;
  uint32_t stamp;
  inos_actor_id id;
  struct inos_exit reason;
  const struct inos_command *command;
};

enum inos_supervision_action_kind {
  INOS_ACTION_START,  /* child: spawn it; tell SPAWNED or UNBORN before the next action is taken */
  INOS_ACTION_STOP,   /* id, reason */
  INOS_ACTION_KILL,   /* id */
  INOS_ACTION_ARM,    /* delay_ms, stamp: tell TIMER then */
  INOS_ACTION_DISARM, /* the timer is not needed any more; one that comes all the same does no harm
                       */
  INOS_ACTION_RETRY,  /* child, stamp, delay_ms: tell RETRY then; with 0, when what waits has been
                       * told
                       */
  INOS_ACTION_ANSWER, /* command, status, id */
  INOS_ACTION_READY,  /* the children of the table have started */
  INOS_ACTION_EXIT,   /* reason; nothing comes after it */
};

struct inos_supervision_action {
  enum inos_supervision_action_kind kind;
  inos_child_index child;
  uint32_t stamp;
  uint32_t delay_ms;
  inos_actor_id id;
  struct inos_exit reason;
  enum inos_command_status status;
  struct inos_command command;
};

/* What is seen of one child. */
struct inos_child_view {
  const struct inos_child *child;
  const void *argument; /* what it is started with */
  uint32_t argument_size;
  inos_actor_id id; /* 0 where it is absent or restarting */
  enum inos_child_state state;
  uint32_t restarts; /* of this child so far */
};

struct inos_child_counts {
  uint32_t specs, active, supervisors, workers;
};

/* One restart that was begun. */
struct inos_restart_record {
  uint64_t at; /* ns */
  struct inos_exit reason;
  char name[INOS_CHILD_NAME_MAX];
};

struct inos_supervision_health {
  uint32_t restarts_left; /* within the period; with the next one more the supervisor gives up */
  uint32_t restarts_max;
  uint32_t period_ms;
  uint32_t remembered; /* in `history`, the oldest first */
  uint64_t restarts;   /* ever */
  bool busy;           /* in the middle of starting or stopping children */
  struct inos_restart_record history[INOS_RESTART_HISTORY];
};

struct inos_supervision;

/**
 * inos_supervisor_fault:
 *
 * Returns: (nullable): what is wrong with a table or a table within it, in English, for the person
 * who wrote it.
 */
const char *inos_supervisor_fault (const struct inos_supervisor *supervisor);
/** inos_child_fault: the same for one child that is or will be @supervisor's. */
const char *inos_child_fault (const struct inos_supervisor *supervisor,
                              const struct inos_child *child);

/**
 * inos_supervision_new:
 * @supervisor: a table without fault; kept
 *
 * Returns: (transfer full): what will first want to start the children of the table; NULL where
 * there is no memory.
 */
struct inos_supervision *inos_supervision_new (const struct inos_supervisor *supervisor);

/** inos_supervision_free: forgets everything and does nothing to the children. Takes NULL. */
void inos_supervision_free (struct inos_supervision *supervision);

/**
 * inos_supervision_tell:
 *
 * Says that something has happened. What is out of date (a timer too late, a child that is not
 * known any more) is ignored.
 *
 * Returns: whether it was taken; only a command can be refused, where too many wait. Then @event
 * keeps what it owns.
 */
bool inos_supervision_tell (struct inos_supervision *supervision,
                            const struct inos_supervision_event *event);

/**
 * inos_supervision_next:
 * @now: ns, never less than before
 * @action: (out): what is to be done now
 *
 * Returns: whether there is something to do. If not, whoever asks waits for the next event.
 */
bool inos_supervision_next (struct inos_supervision *supervision, uint64_t now,
                            struct inos_supervision_action *action);

/** inos_supervision_find: the child of this id, or INOS_NO_CHILD. */
inos_child_index inos_supervision_find (const struct inos_supervision *supervision,
                                        inos_actor_id id);

/** inos_supervision_last, inos_supervision_previous: the children, the last started first. */
inos_child_index inos_supervision_last (const struct inos_supervision *supervision);
inos_child_index inos_supervision_previous (const struct inos_supervision *supervision,
                                            inos_child_index child);

/** inos_supervision_view: what is known of @child, which must be one. */
struct inos_child_view inos_supervision_view (const struct inos_supervision *supervision,
                                              inos_child_index child);

/** inos_supervision_counts: counts as OTP's count_children does. */
struct inos_child_counts inos_supervision_counts (const struct inos_supervision *supervision);

/** inos_supervision_health: how near it is to giving up, and why. */
void inos_supervision_health (const struct inos_supervision *supervision, uint64_t now,
                              struct inos_supervision_health *health);

/**
 * inos_supervision_broken:
 *
 * For tests: checks everything that must hold between two calls.
 *
 * Returns: (nullable): what does not hold.
 */
const char *inos_supervision_broken (const struct inos_supervision *supervision);
