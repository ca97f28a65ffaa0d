/*
 * All terminals of a node, and the door to them: a socket beside the node's own at which whoever
 * looks on at one says which, and has it then as a stream of bytes. They outlive whoever opened
 * them, and the actor that speaks for them.
 *
 * For the thread of the default main context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/terminal/terminal.h"

#define INOS_TERMINALS_MAX 100u      /* whose programs run */
#define INOS_TERMINALS_ENDED_MAX 16u /* others; the oldest are forgotten */
#define INOS_TERMINALS_SOCKET "terminals.sock"

/* What is said at the door first. */
#define INOS_TERMINALS_MAGIC 0x31544e49u /* "INT1" */
struct inos_terminals_knock {
  uint32_t magic, flags; /* flags: 0 */
  uint64_t id;
};

struct inos_terminals;

struct inos_terminals_events {
  void (*opened) (uint64_t id, void *data);
  void (*changed) (uint64_t id, const char *title, void *data);
  void (*ended) (uint64_t id, int32_t code, int32_t signal, void *data);
  void (*closed) (uint64_t id, void *data); /* it is not in the list any more */
};

/**
 * inos_terminals_new:
 * @door: path of the socket
 *
 * Returns: (nullable): NULL where there can be no such socket, and @error says why.
 */
struct inos_terminals *inos_terminals_new (const char *door, GError **error);

/** inos_terminals_free: hangs up on all; takes NULL. */
void inos_terminals_free (struct inos_terminals *terminals);

/** inos_terminals_listen: @events (nullable) hears of them from now on, and nobody else. */
void inos_terminals_listen (struct inos_terminals *terminals,
                            const struct inos_terminals_events *events, void *data);

/** inos_terminals_open: 0 where that cannot be, for INOS_API_ERROR @error; else the id. */
uint64_t inos_terminals_open (struct inos_terminals *terminals, const char *directory,
                              const char *const *command, const char *const *environment,
                              unsigned columns, unsigned rows, GError **error);

/* Each is false where there is no such terminal. */
bool inos_terminals_close (struct inos_terminals *terminals, uint64_t id);
bool inos_terminals_resize (struct inos_terminals *terminals, uint64_t id, unsigned columns,
                            unsigned rows);

/** inos_terminals_list: (transfer floating): INOS_TERMINAL_ROWS_TYPE, by age. */
GVariant *inos_terminals_list (struct inos_terminals *terminals);
