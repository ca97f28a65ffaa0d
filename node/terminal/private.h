/*
 * What the files of a terminal share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/os/child.h"
#include "node/terminal/ring.h"
#include "node/terminal/scan.h"
#include "node/terminal/terminal.h"

/* Who looks on. */
struct attached {
  struct inos_terminal *terminal;
  int fd;
  GSource *in, *out; /* may be NULL */
  char before[sizeof (struct inos_terminal_hello) + INOS_RESTORE_MAX];
  size_t before_size, before_sent; /* that goes before what the ring has */
  uint64_t at;                     /* the place in the ring that it is to get next */
  bool moved;                      /* it has taken something since somebody looked */
  bool gone;
};

struct inos_terminal {
  uint64_t id;
  struct inos_terminal_events events;
  void *data;
  char *name; /* of its program */

  struct inos_child_process child; /* pid 0: it has ended */
  pid_t leader;                    /* the child's id, also afterwards */
  int pty;                         /* -1: closed */
  GSource *reader, *writer, *exit; /* may be NULL */
  struct inos_ring ring;
  struct inos_scan_output scan;
  GByteArray *input; /* that the PTY has not taken */

  GPtrArray *attached; /* struct attached */
  unsigned patience;   /* source: for those who hold the others up */
  unsigned news;       /* source: the title is told soon */
  unsigned grace;      /* source: SIGKILL */
  unsigned away;       /* source: no process has its PTY open */
  unsigned away_ms;    /* until it is looked again */

  unsigned columns, rows;
  bool hung_up, ended;
  int32_t code, signal;
  int64_t started;
};

/** inos_terminal_watch: makes the sources of its PTY fit its state. */
void inos_terminal_watch (struct inos_terminal *t);
/** inos_terminal_take_input: whether there is room for input. */
bool inos_terminal_takes_input (const struct inos_terminal *t);
/** inos_terminal_input: bytes for the program. */
void inos_terminal_input (struct inos_terminal *t, const void *bytes, size_t size);

/** inos_attached_free: for the array. */
void inos_attached_free (void *attached);
/** inos_attached_flush: gives all what there is for them, and lets go who has gone. */
void inos_attached_flush (struct inos_terminal *t);
/** inos_attached_watch: makes the sources of all fit the state. */
void inos_attached_watch (struct inos_terminal *t);
/** inos_attached_hold: whether one of them is so far behind that the program has to wait. */
bool inos_attached_hold (const struct inos_terminal *t);
