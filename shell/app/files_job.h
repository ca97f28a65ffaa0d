/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Work on files that may take a while: in threads, with what it has done so far, a way to end it,
 * and a question where something is in the way. What was done can be taken back, by another job.
 * What is replaced goes to the trash.
 */

#include "../reply.h"

#include <gio/gio.h>
#include <sys/types.h>

#define INOS_JOBS_MOST 8

typedef enum {
  INOS_JOB_COPY,
  INOS_JOB_MOVE,
  INOS_JOB_TRASH,
  INOS_JOB_RESTORE, /* out of the trash */
  INOS_JOB_DELETE,
} InosJobKind;

/* What has become of a file. */
typedef struct {
  GFile *from; /* may be NULL */
  GFile *to;   /* as above */
  /* Which file it is, where it went to the trash; 0: nobody knows. */
  dev_t device;
  ino_t inode;
} InosMoved;

typedef struct {
  InosJobKind kind;
  /* What is done, and in its order; GFile. With INOS_JOB_RESTORE each is in the trash. */
  GPtrArray *sources;
  GPtrArray *targets; /* where each goes, GFile; NULL: into folder, under its name */
  GPtrArray
    *notes;      /* .trashinfo, GFile or NULL, that go with their sources; NULL: there are none */
  GFile *folder; /* may be NULL */
  /* With INOS_JOB_RESTORE: what was put into the trash, InosMoved, the last of it first; sources is
   * empty then. May be NULL. */
  GPtrArray *trashed;
  /* As above, of all kinds: what comes back when the rest is done. May be NULL. */
  GPtrArray *replaced;
  gint64 since; /* when it was put there, seconds */
} InosJobPlan;

typedef struct InosJobs InosJobs;

/* done: InosMoved, of what was done; replaced: as above, what had been there. error:
 * NULL, or what went wrong with some of it in a sentence. */
typedef void (*InosJobFunc) (InosJobKind kind, GPtrArray *done, GPtrArray *replaced, gint64 since,
                             const char *error, gpointer data);

/* changed: inos_jobs_describe() says something else. */
InosJobs *inos_jobs_create (void (*changed) (gpointer data), gpointer data);
/* Ends them all. Those that have not noticed yet call nothing any more. */
void inos_jobs_destroy (InosJobs *self);

/* Threads of jobs that have not ended, also of those that were destroyed. While there is one the
 * application is held. */
gboolean inos_jobs_are_running (void);

/* Takes what is in plan. FALSE and error where there are too many: func is not called then, and
 * otherwise once, unless all jobs are destroyed before. */
gboolean inos_jobs_start (InosJobs *self, InosJobPlan *plan, InosJobFunc func, gpointer data,
                          GDestroyNotify free, GError **error);
void inos_job_plan_clear (InosJobPlan *plan);
InosMoved *inos_moved_new (GFile *from, GFile *to);
void inos_moved_free (gpointer moved);

/* [{"job", "kind", "name", "files", "bytes", "total", "question": {"name", "folder"}}]. */
JsonNode *inos_jobs_describe (InosJobs *self);
/* FALSE where there is no such job. */
gboolean inos_jobs_cancel (InosJobs *self, guint job);
/* "replace", "keep" or "skip". FALSE where nothing is asked, or that is no answer. */
gboolean inos_jobs_answer (InosJobs *self, guint job, const char *answer, gboolean all);
