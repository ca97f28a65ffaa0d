/*
 * The machine's journal, which systemd keeps. It is open from the first question until it is
 * forgotten; each question stands by itself.
 *
 * One thread at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/machine/log_query.h"

enum inos_log_reach {
  INOS_LOG_NONE,    /* there is none */
  INOS_LOG_REFUSED, /* this user may not read any of it */
  INOS_LOG_OWN,     /* this user may read what is this user's */
  INOS_LOG_ALL,
};

/* Boots that are told of. */
#define INOS_LOG_BOOTS_MAX 64u

struct inos_log_journal;

/** inos_log_journal_new: @folder: (nullable): of journal files, in place of the machine's */
struct inos_log_journal *inos_log_journal_new (const char *folder);
void inos_log_journal_free (struct inos_log_journal *self);

/** inos_log_journal_forget: closes it until somebody asks again. */
void inos_log_journal_forget (struct inos_log_journal *self);

enum inos_log_reach inos_log_journal_reach (struct inos_log_journal *self);

/**
 * inos_log_journal_boots: looks for INOS_LOG_PATIENCE at most
 *
 * Returns: "a(sx)", each with its first entry's time: the present one, where it has no entry with
 * 0; then the others, the last first
 */
GVariant *inos_log_journal_boots (struct inos_log_journal *self);

/** inos_log_journal_read: Returns: false and @error where it cannot be read. */
bool inos_log_journal_read (struct inos_log_journal *self, const struct inos_log_query *query,
                            struct inos_log_answer *answer, GError **error);

/** inos_log_journal_inspect: Returns: (nullable): its time and fields, "(xa(ss))". */
GVariant *inos_log_journal_inspect (struct inos_log_journal *self, const char *cursor);
