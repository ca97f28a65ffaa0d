/*
 * The processes of this machine: read when somebody asks, and remembered until the next look, from
 * which shares of the processor are counted. Nothing runs between.
 *
 * One thread at a time. Every process may end while it is looked at.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/machine/process_text.h"

#include <glib.h>

#define INOS_PROCESSES_MAX 65536u
/* Rows of one answer. */
#define INOS_PROCESS_ROWS_MAX 2048u

struct inos_processes;

/**
 * inos_processes_new:
 * @proc: descriptor of /proc, not owned
 * @uid: whose processes are "mine"
 */
struct inos_processes *inos_processes_new (int proc, uint32_t uid);
void inos_processes_free (struct inos_processes *self);

/** inos_processes_forget: what was seen, so that it takes no memory while nobody looks. */
void inos_processes_forget (struct inos_processes *self);

/**
 * inos_processes_list:
 * @search: words that are all in the name, command line, user, unit or number; "" for all
 * @order: "cpu", "memory", "name", "pid", "user", "unit", "state", "nice", "threads" or "started",
 *         the larger first; with "-" before it the other way round
 * @own: only those of this user
 * @limit: rows at most; so is INOS_PROCESS_ROWS_MAX
 * @now: µs of the monotonic clock
 *
 * Looks, and lists.
 *
 * Returns: (transfer floating): "(uud" INOS_PROCESS_ROWS_TYPE ")", or NULL: no such order.
 */
GVariant *inos_processes_list (struct inos_processes *self, const char *search, const char *order,
                               bool own, uint32_t limit, gint64 now, GError **error);

/**
 * inos_processes_inspect:
 * @start: as in the list; 0: whoever has that pid
 *
 * Returns: (transfer floating): "(a{sv})", or NULL.
 */
GVariant *inos_processes_inspect (struct inos_processes *self, uint32_t pid, uint64_t start,
                                  GError **error);
