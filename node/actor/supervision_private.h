/*
 * What a supervision is made of; for supervision.c, which moves it, and supervision_report.c, which
 * looks at it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/children.h"

enum inos_job_kind {
  INOS_JOB_NONE,
  INOS_JOB_BOOT,    /* start the table */
  INOS_JOB_RECOVER, /* restart what the strategy says */
  INOS_JOB_END,     /* stop all, exit */
  INOS_JOB_START,   /* the commands of these names */
  INOS_JOB_RESTART,
  INOS_JOB_TERMINATE,
};

/* Whom a job is about. */
enum inos_job_span {
  INOS_SPAN_ONE,  /* the target */
  INOS_SPAN_REST, /* the target and all after it */
  INOS_SPAN_ALL,
};

/* Where a job is. First it stops children, then it starts some; a kind may skip either. */
enum inos_job_phase {
  INOS_PHASE_STOP,     /* stop the child at the cursor */
  INOS_PHASE_ARM,      /* … and bound the time that it gets */
  INOS_PHASE_STOPPING, /* … waits for its end */
  INOS_PHASE_KILL,     /* … it did not come */

  INOS_PHASE_STOP_ALL, /* the same for a template's children, all at once */
  INOS_PHASE_ARM_ALL,
  INOS_PHASE_STOPPING_ALL,
  INOS_PHASE_KILL_ALL,

  INOS_PHASE_START,    /* start the child at the cursor */
  INOS_PHASE_SPAWNING, /* … waits to be told its id */
  INOS_PHASE_STARTING, /* … waits until it has started */
  INOS_PHASE_DONE,
};

struct inos_job {
  enum inos_job_kind kind;
  enum inos_job_span span;
  enum inos_job_phase phase;
  uint32_t target;             /* or INOS_NO_CHILD */
  uint32_t cursor;             /* whose turn it is */
  uint32_t stopping;           /* children whose end is waited for */
  struct inos_exit reason;     /* of JOB_END: to exit with */
  struct inos_command command; /* of the last three: to be answered */
};

struct inos_supervision {
  const struct inos_supervisor *supervisor;
  struct inos_children children;
  struct inos_job job;
  struct inos_exit stop; /* why it was asked to stop, while that waits in the queue */
  bool ended;            /* EXIT has been said */
  bool armed;            /* a timer runs … */
  uint32_t timer_stamp;  /* … which is this one */
  uint64_t now;

  uint64_t *restarted; /* ring: when children were restarted within the last period */
  uint32_t restarts_max, restarted_first, restarted_n;
  uint64_t period; /* ns */

  uint64_t restarts;                                        /* ever */
  struct inos_restart_record history[INOS_RESTART_HISTORY]; /* ring; the next goes to
                                                             * restarts % INOS_RESTART_HISTORY */
};

/* Whether all children come from the one template. */
static inline bool inos_supervision_is_simple (const struct inos_supervision *s)
{
  return s->supervisor->strategy == INOS_SIMPLE_ONE_FOR_ONE;
}

/* Whether somebody waits for something of a phase to happen. */
static inline bool inos_phase_waits (enum inos_job_phase phase)
{
  return phase == INOS_PHASE_STOPPING || phase == INOS_PHASE_STOPPING_ALL ||
         phase == INOS_PHASE_SPAWNING || phase == INOS_PHASE_STARTING;
}

/* What one step of the machine did. */
enum inos_progress {
  INOS_WAITS, /* nothing: it is somebody else's turn */
  INOS_MOVED,
  INOS_ACTS, /* it moved, and there is an action to be done */
};

static inline struct inos_supervised *inos_slot (struct inos_supervision *s, uint32_t child)
{
  return &s->children.slot[child];
}

/* supervision_job.c */

/** inos_job_begin: starts a job at one of its two first phases, STOP or START. */
void inos_job_begin (struct inos_supervision *s, enum inos_job_kind kind, enum inos_job_span span,
                     uint32_t target, enum inos_job_phase phase);
/** inos_job_end: starts the last one. */
void inos_job_end (struct inos_supervision *s, struct inos_exit reason);
/** inos_job_step: goes on with the job. */
enum inos_progress inos_job_step (struct inos_supervision *s,
                                  struct inos_supervision_action *action);

/* What the job may wait for: the child at the cursor is stopped, has started, could not start. */
void inos_job_stopped (struct inos_supervision *s);
void inos_job_started (struct inos_supervision *s);
void inos_job_not_started (struct inos_supervision *s, struct inos_exit reason);

/** inos_child_set_absent: the child has no actor any more, and is not waited for. */
void inos_child_set_absent (struct inos_supervision *s, uint32_t child);
/** inos_child_let_go: the same, and it is forgotten where nothing could start it again. */
void inos_child_let_go (struct inos_supervision *s, uint32_t child);

/** inos_answer: makes @action answer @command. */
enum inos_progress inos_answer (struct inos_supervision_action *action,
                                const struct inos_command *command, enum inos_command_status status,
                                inos_actor_id id);

/* supervision.c */

/** inos_child_retry: the child will be tried again: soon, but after what waits already, or when the
 * back-off is over. */
enum inos_progress inos_child_retry (struct inos_supervision *s, uint32_t child,
                                     struct inos_supervision_action *action);
