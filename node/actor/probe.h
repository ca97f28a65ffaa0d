/*
 * Probe points for perf, bpftrace and SystemTap, of the provider "inos". One costs a nop where
 * nobody has attached to it, and nothing where <sys/sdt.h> was missing at build time.
 * docs/health.md has the list; tests/node/actor/test-probes.sh asks that they are in the program.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#ifdef INOS_HAVE_SDT

#include <sys/sdt.h>

/* A message leaves: its id, sender, recipient, and place in the section of types. */
#define INOS_PROBE_SEND(id, sender, to, type) DTRACE_PROBE4 (inos, send, id, sender, to, type)
/* A handler begins: the actor, the message's id, its type's name. Its end comes next there. */
#define INOS_PROBE_RECEIVE_BEGIN(self, id, name) DTRACE_PROBE3 (inos, receive_begin, self, id, name)
/* A handler has returned: the actor, the enum inos_outcome. */
#define INOS_PROBE_RECEIVE_END(self, outcome) DTRACE_PROBE2 (inos, receive_end, self, outcome)
/* An actor has been made: its id, its behaviour's name. */
#define INOS_PROBE_SPAWN(id, name) DTRACE_PROBE2 (inos, spawn, id, name)
/* An actor has gone: its id, the enum inos_exit_kind, its code. */
#define INOS_PROBE_EXIT(id, kind, code) DTRACE_PROBE3 (inos, exit, id, kind, code)
/* A worker goes to sleep: its index, for how long at most (ns). */
#define INOS_PROBE_PARK(worker, time) DTRACE_PROBE2 (inos, park, worker, time)
/* A worker has taken work: its index, of which. */
#define INOS_PROBE_STEAL(worker, victim) DTRACE_PROBE2 (inos, steal, worker, victim)
/* A message reached nobody: its id, the recipient, the enum inos_dead_reason. */
#define INOS_PROBE_DEAD(id, to, reason) DTRACE_PROBE3 (inos, dead_letter, id, to, reason)

#else

#define INOS_PROBE_SEND(id, sender, to, type)
#define INOS_PROBE_RECEIVE_BEGIN(self, id, name)
#define INOS_PROBE_RECEIVE_END(self, outcome)
#define INOS_PROBE_SPAWN(id, name)
#define INOS_PROBE_EXIT(id, kind, code)
#define INOS_PROBE_PARK(worker, time)
#define INOS_PROBE_STEAL(worker, victim)
#define INOS_PROBE_DEAD(id, to, reason)

#endif
