/*
 * A terminal: a program on a PTY, what it has written last, and who looks on.
 *
 * Those who look on have a stream socket each: what the program writes comes out of it, what goes
 * in the program reads. The slowest of them sets the pace: where one has INOS_TERMINAL_WINDOW bytes
 * before it that it has not taken, the program's PTY is not read, and so the program waits as it
 * would for a slow screen. One that takes nothing for INOS_TERMINAL_PATIENCE_MS while it holds the
 * others up is let go. Where nobody looks on the program goes on, and the oldest is forgotten.
 *
 * For the thread of the default main context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/terminal/environment.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define INOS_TERMINAL_KEPT (1u << 20)        /* bytes of output */
#define INOS_TERMINAL_WINDOW (256u * 1024)   /* bytes */
#define INOS_TERMINAL_INPUT_MAX (64u * 1024) /* bytes that the program has not read */
#define INOS_TERMINAL_ATTACHED_MAX 8u        /* who look on at once */
#define INOS_TERMINAL_SIDE_MAX 4096u         /* columns, and rows */
#define INOS_TERMINAL_PATIENCE_MS 30000
#define INOS_TERMINAL_GRACE_MS 2000 /* from SIGHUP to SIGKILL */

/* What the socket says first, in the machine's own byte order: it does not leave the machine. */
struct inos_terminal_hello {
  uint32_t status; /* enum inos_terminal_status; where it is not OK nothing follows */
  uint16_t columns, rows;
  uint64_t replay; /* bytes that follow which the program has written before */
};

enum inos_terminal_status {
  INOS_TERMINAL_OK,
  INOS_TERMINAL_NOT_FOUND,
  INOS_TERMINAL_TOO_MANY,
};

struct inos_terminal;

struct inos_terminal_events {
  void (*changed) (struct inos_terminal *terminal, void *data); /* its title */
  void (*ended) (struct inos_terminal *terminal, void *data);   /* its program; may free it */
};

/* How it is now. */
struct inos_terminal_look {
  uint64_t id;
  const char *title; /* the terminal's; valid until the main loop runs */
  char *program;     /* what runs in its foreground; g_free */
  char *directory;   /* of that; "" where it is not known; g_free */
  unsigned columns, rows, attached;
  bool busy;  /* something but the program that it was opened with is in the foreground, as another
               * process or in its place */
  bool ended; /* and how: */
  int32_t code, signal;
  int64_t started; /* µs since 1970 */
};

/**
 * inos_terminal_new:
 * @columns: 1 to INOS_TERMINAL_SIDE_MAX, and so @rows
 *
 * Returns: (nullable): NULL where the program could not be started, for INOS_API_ERROR @error.
 */
struct inos_terminal *inos_terminal_new (uint64_t id, const struct inos_terminal_program *program,
                                         unsigned columns, unsigned rows,
                                         const struct inos_terminal_events *events, void *data,
                                         GError **error);

/** inos_terminal_free: hangs up and forgets it; takes NULL. What ignores SIGHUP goes on. */
void inos_terminal_free (struct inos_terminal *terminal);

/** inos_terminal_hang_up: SIGHUP to what runs in it, SIGKILL where that is not enough. `ended` is
 * called when the program is gone, from the main loop. */
void inos_terminal_hang_up (struct inos_terminal *terminal);

/** inos_terminal_attach: @fd, a socket that does not block, is the terminal's from then on. */
void inos_terminal_attach (struct inos_terminal *terminal, int fd);

void inos_terminal_resize (struct inos_terminal *terminal, unsigned columns, unsigned rows);

uint64_t inos_terminal_id (const struct inos_terminal *terminal);
bool inos_terminal_is_hung_up (const struct inos_terminal *terminal);
bool inos_terminal_has_ended (const struct inos_terminal *terminal);
void inos_terminal_look (struct inos_terminal *terminal, struct inos_terminal_look *look);
void inos_terminal_look_clear (struct inos_terminal_look *look);
