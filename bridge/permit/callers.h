/*
 * Who calls: the person's own program, or an application in a sandbox. The bus says which process
 * has a connection, as a pidfd that cannot come to mean another one; the kernel says what lies at
 * that process' root. What the caller says of itself is not asked.
 *
 * A process whose root cannot be looked at, that has ended, or that is another user's is unknown,
 * and gets nothing: whatever fails, fails to the strict side.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "guard/caller_process.h"

#include <gio/gio.h>

struct inos_callers;

struct inos_callers *inos_callers_new (GDBusConnection *bus);
void inos_callers_free (struct inos_callers *callers); /* takes NULL */

/**
 * inos_callers_identify:
 * @sender: a unique name on the bus, which never comes to mean another connection
 * @caller: (out): who that is
 *
 * Thread-safe. Waits for the bus until it knows who has a name, so not from the thread in which the
 * main loop runs.
 */
void inos_callers_identify (struct inos_callers *callers, const char *sender,
                            struct inos_caller *caller);

/**
 * inos_callers_recall:
 *
 * As inos_callers_identify(), without waiting. Thread-safe.
 *
 * Returns: whether it is known.
 */
bool inos_callers_recall (struct inos_callers *callers, const char *sender,
                          struct inos_caller *caller);
