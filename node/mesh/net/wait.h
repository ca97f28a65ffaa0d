/*
 * How the thread of the mesh waits. The kernel takes as long to wake a thread up as a short message
 * takes to be answered. So while answers come at once the thread asks for them again and again for
 * a moment before it sleeps, and when they no longer do it sleeps at once, as KVM polls for a guest
 * that has halted (Linux, Documentation/virt/kvm/halt-polling.rst).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define INOS_WAIT_AWAKE 50000u /* ns: how long it asks, and what is an answer that came at once */
#define INOS_WAIT_TRIES 6u     /* in vain in a row, then it sleeps at once */

/**
 * inos_wait_learn: (pure)
 * @tries: how often the thread may yet ask in vain
 * @waited: how long the last wait was in all; ns
 *
 * Returns: how often it may from now on; 0: it sleeps at once until a wait is short.
 */
unsigned inos_wait_learn (unsigned tries, uint64_t waited);

/** inos_wait: a GPollFunc, for g_main_context_set_poll_func(). What it has learnt is the calling
 * thread's. */
int inos_wait (GPollFD *fds, guint n_fds, int timeout);
/** inos_wait_asleep: whether the calling thread sleeps at once whatever comes, as on a battery.
 * Not, unless said. On a machine with one processor it always does, for nobody could answer
 * meanwhile. */
void inos_wait_asleep (bool asleep);
