/*
 * What this machine does, for who asks: processes, control groups, disks, interfaces, and its log.
 * Each question is answered in a thread, since to read all processes takes a while and a disk may
 * let one wait; one after the other. What is done to a process has a thread of its own, so that it
 * waits for no disk, and so has what is read of logs, which takes longer than the rest.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Questions that wait or are being answered; as many deeds; and as many of logs. */
#define INOS_MACHINE_QUESTIONS 32

struct inos_machine;

/**
 * inos_machine_answered: on the thread of the context that inos_machine_new() was given
 * @answer: (nullable): owned by who is told
 * @error: (nullable): why there is none
 * @tag: as it was asked with
 */
typedef void (*inos_machine_answered) (GVariant *answer, const GError *error, void *tag,
                                       void *data);

/**
 * inos_machine_new:
 * @proc, @sys: (nullable): in place of /proc and /sys
 * @context: (nullable): where answers go
 */
struct inos_machine *inos_machine_new (const char *proc, const char *sys, GMainContext *context,
                                       inos_machine_answered answered, void *data);

/**
 * inos_machine_set_logs: where logs are; before the first question
 * @journal: (nullable): a folder of journal files, in place of the machine's
 * @state: (nullable): where Inos' own are
 */
void inos_machine_set_logs (struct inos_machine *self, const char *journal, const char *state);

/** inos_machine_free: waits for nothing; nobody is told any more. A thread that is still at
 * something ends by itself. Takes NULL. */
void inos_machine_free (struct inos_machine *self);

/**
 * inos_machine_ask:
 * @type: a message "machine.…" of the message table; static
 * @parameters: its payload, in normal form
 * @tag: (transfer full) (nullable): given back with the answer, or freed with g_free()
 *
 * Returns: false where too many are asked already; @tag stays the caller's then.
 */
bool inos_machine_ask (struct inos_machine *self, const char *type, GVariant *parameters,
                       void *tag);
