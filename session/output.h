/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Where one component's standard output and error go: a file that is kept small, and on request
 * also the session's own standard error with the component's name before each line. Whatever
 * happens to the file or the terminal, the component is read and never waits.
 */
struct inos_output;

/* Logs to `directory`/NAME.log; the one of the last session becomes NAME.log.old. */
struct inos_output *inos_output_new (const char *directory, const char *name, gboolean echo);
void inos_output_free (struct inos_output *output);

const char *inos_output_path (const struct inos_output *output);

/* A descriptor for a child to write to; the caller closes it. -1 and why where there is none. */
int inos_output_open (struct inos_output *output, GError **error);

/* Reads what has been written up to now, without waiting. */
void inos_output_drain (struct inos_output *output);

/* The last line that says something, shortened: often why the component ended. NULL for none. */
const char *inos_output_last_line (const struct inos_output *output);
/* A new life begins: what the last one said does not explain its end. */
void inos_output_forget_last_line (struct inos_output *output);
