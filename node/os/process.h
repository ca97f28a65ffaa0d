/*
 * Processes: each is the life of one actor.
 *
 * The actor starts the program when it starts itself, and fails to start where it cannot be run or
 * its security context does not allow it. What the program writes comes to a receiver as messages;
 * its pipe is not read while the receiver has no room. When the program ends, the receiver is told
 * how, after all that it wrote, and the actor ends: normally after exit status 0, else with
 * INOS_EXIT_ERROR and the status, or 128 and the signal's number; so that a supervisor restarts it.
 * To stop the actor ends the program: its process group gets SIGTERM, and SIGKILL after `grace_ms`.
 * To kill the actor kills the group at once. Nothing of the group outlives the program, and no
 * zombie is left. child.h says what holds when this program is killed itself.
 *
 * The receiver gets messages of its own protocol:
 *
 *     #define MINE(MESSAGE, REQUEST)                                                             \
 *       MESSAGE (mine, output, struct inos_chunk, 1, .clear = inos_chunk_clear)                  \
 *       MESSAGE (mine, ended, struct inos_process_end, 1)
 *     …
 *     const struct inos_process listing = {
 *       .security = &may_list,
 *       .argv = (const char *const[]){"/usr/bin/ls", "-l", NULL},
 *       .receiver = INOS_TO (inos_self (context)),
 *       .on_output = INOS_EVENT (mine, output, struct inos_chunk),
 *       .on_end = INOS_EVENT (mine, ended, struct inos_process_end),
 *     };
 *     inos_process_spawn (context, &listing, NULL);
 *
 * In a supervisor's table `behaviour` is &inos_process_behaviour and `argument` is a struct
 * inos_process_argument, with a struct inos_process that lives as long as the supervisor.
 *
 * Process actors run on the edge (see edge.h), whose thread must live as long as they do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/os/security.h"
#include "node/os/stream.h"

struct inos_process {
  const struct inos_security *security; /* must live as long as the actor */
  const char *const *argv;              /* [0] is the program's absolute path; ended by NULL */
  const char *const *environment;       /* all of it, ended by NULL; NULL: empty */
  const char *directory;                /* where it runs, which it must be allowed to read;
                                         * NULL: the root */
  struct inos_os_limits limits;
  struct inos_address receiver;
  inos_event on_output, on_errors; /* struct inos_chunk; NULL: to /dev/null */
  inos_event on_end;               /* struct inos_process_end; NULL: nobody is told */
  uint32_t window;   /* bytes of output, and of errors, that may be sent and not said to be taken;
                      * 0: the receiver's mailbox alone is the bound, if it has one */
  uint32_t grace_ms; /* 0: 2 s */
  bool has_input;    /* else it reads /dev/null */
};

struct inos_process_argument {
  const struct inos_process *process;
};

struct inos_process_end {
  int32_t code;   /* exit status, or -1 */
  int32_t signal; /* that ended it, or 0 */
};

enum inos_process_stream { INOS_PROCESS_OUTPUT, INOS_PROCESS_ERRORS };

/* The receiver is done with so many bytes; only where there is a window. */
struct inos_process_taken {
  uint32_t bytes;
  enum inos_process_stream stream;
};

struct inos_process_signal {
  int32_t number; /* sent to the process group */
};

struct inos_process_status {
  int32_t pid;      /* 0: it has ended */
  uint32_t waiting; /* bytes of input that it has not read */
};

/* `again` and `tick` are its own. A write is answered when the program's pipe has all of it; see
 * inos_outflow_put(). */
#define INOS_PROCESS(MESSAGE, REQUEST)                                                             \
  REQUEST (inos_process, write, struct inos_chunk, struct inos_os_result, 1,                       \
           .clear = inos_chunk_clear, .copy = inos_chunk_copy)                                     \
  MESSAGE (inos_process, end_input, struct inos_nothing, 1)                                        \
  MESSAGE (inos_process, taken, struct inos_process_taken, 1)                                      \
  MESSAGE (inos_process, signal, struct inos_process_signal, 1)                                    \
  REQUEST (inos_process, status, struct inos_nothing, struct inos_process_status, 1)               \
  MESSAGE (inos_process, again, struct inos_nothing, 1)                                            \
  MESSAGE (inos_process, tick, struct inos_nothing, 1)
INOS_PROTOCOL (inos_process, INOS_PROCESS);

extern const struct inos_behaviour inos_process_behaviour;

/**
 * inos_process_spawn:
 * @process: copied with all it points to, but for the security context
 * @how: (nullable): the name, the watcher and the link; the rest is not looked at
 *
 * Returns: the actor; an id of 0 where it could not be spawned. That the program could not be
 * started the watcher and the link hear as INOS_EXIT_START.
 */
inos_process_ref inos_process_spawn (struct inos_context *context,
                                     const struct inos_process *process,
                                     const struct inos_spawn *how);

/** inos_process_runtime_spawn: inos_process_spawn() from any thread. */
inos_process_ref inos_process_runtime_spawn (struct inos_runtime *runtime,
                                             const struct inos_process *process,
                                             const struct inos_spawn *how);
