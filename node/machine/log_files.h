/*
 * What the parts of Inos wrote where there is no journal: session.log and log/NAME.log in the
 * state's folder, read on from where the last look ended, as one log in the order of time.
 *
 * One thread at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/machine/log_query.h"

/* What is remembered: lines, their bytes, files, bytes of each file that are read at once. */
#define INOS_LOG_LINES_MAX 50000u
#define INOS_LOG_BYTES_MAX (16u * 1024 * 1024)
#define INOS_LOG_FILES_MAX 64u
#define INOS_LOG_TAIL (1024u * 1024)

struct inos_log_files;

/** inos_log_files_new: @state: (nullable): the folder */
struct inos_log_files *inos_log_files_new (const char *state);
void inos_log_files_free (struct inos_log_files *self);

/** inos_log_files_forget: what was read, so that it takes no memory while nobody looks. */
void inos_log_files_forget (struct inos_log_files *self);

/** inos_log_files_are: whether there is any. */
bool inos_log_files_are (struct inos_log_files *self);

void inos_log_files_read (struct inos_log_files *self, const struct inos_log_query *query,
                          struct inos_log_answer *answer);

/** inos_log_files_inspect: Returns: (nullable): its time and fields, "(xa(ss))". */
GVariant *inos_log_files_inspect (struct inos_log_files *self, const char *cursor);
