/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One job, and what its thread does. */

#include "files_job.h"

typedef enum {
  INOS_ANSWER_NONE,
  INOS_ANSWER_REPLACE,
  INOS_ANSWER_KEEP,
  INOS_ANSWER_SKIP,
} InosAnswer;

typedef struct {
  InosJobs *jobs; /* the main thread's; NULL once they have gone */
  guint number;
  InosJobPlan plan;
  InosJobFunc func; /* of the main thread, as data and free */
  gpointer data;
  GDestroyNotify free;
  gint64 since; /* seconds */
  GCancellable *cancellable;

  /* The thread's until it has ended. */
  GPtrArray *done;     /* InosMoved */
  GPtrArray *replaced; /* InosMoved: what was at from is in the trash */
  char *error;
  guint failed;
  GPtrArray *trashes; /* the folders of the trash, GFile; NULL: not asked for yet */
  InosAnswer always;

  GMutex lock; /* for what follows */
  GCond answered;
  char *name; /* what is worked on */
  guint at;   /* of the sources */
  guint64 bytes, total;
  char *asked; /* the name that is taken; NULL: nothing is asked */
  gboolean asked_folder;
  InosAnswer answer;
  gboolean for_all;
} InosJob;

/* In a thread. */
void inos_job_run (InosJob *job);
