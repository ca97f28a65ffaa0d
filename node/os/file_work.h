/*
 * What the file actor has done on the compute pool. Nobody else includes this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/compute.h"
#include "node/os/file.h"

/* What is to be done, and what came of it. */
struct inos_file_job {
  const struct inos_security *security;
  struct inos_file_part part; /* of a read; the path of all others but rename */
  struct inos_file_text text; /* of a write */
  struct inos_file_names_of names_of;
  struct inos_os_result result;
  struct inos_file_content content;
  struct inos_file_status status;
  struct inos_file_names names;
};

void inos_file_job_free (gpointer job);

/* Each an inos_work on a struct inos_file_job. */
void inos_file_do_read (const struct inos_task *task, void *job);
void inos_file_do_write (const struct inos_task *task, void *job);
void inos_file_do_status (const struct inos_task *task, void *job);
void inos_file_do_list (const struct inos_task *task, void *job);
void inos_file_do_make_directory (const struct inos_task *task, void *job);
void inos_file_do_rename (const struct inos_task *task, void *job);
void inos_file_do_remove (const struct inos_task *task, void *job);
