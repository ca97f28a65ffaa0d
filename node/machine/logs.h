/*
 * The logs of this machine, for who asks: its journal, and Inos' own files.
 *
 * One thread at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/machine/log_query.h"

struct inos_logs;

/**
 * inos_logs_new:
 * @journal: (nullable): a folder of journal files, in place of the machine's
 * @state: (nullable): the folder in which Inos' own files are
 */
struct inos_logs *inos_logs_new (const char *journal, const char *state);
void inos_logs_free (struct inos_logs *self);

/** inos_logs_forget: what was read, so that it takes no memory while nobody looks. */
void inos_logs_forget (struct inos_logs *self);

/* Answers to the messages "machine.log…" of the message table; NULL and error where there is none.
 */
GVariant *inos_logs_describe (struct inos_logs *self);
GVariant *inos_logs_read (struct inos_logs *self, GVariant *parameters, GError **error);
GVariant *inos_logs_inspect (struct inos_logs *self, GVariant *parameters, GError **error);
