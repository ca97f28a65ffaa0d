/*
 * What the actors of one node share: what they were told to do, and what outlives their restarts.
 * It is made before them and freed after them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/api/authority.h"
#include "node/api/guests.h"
#include "node/api/listen.h"
#include "node/api/peer.h"
#include "node/mesh/service/mesh_config.h"
#include "node/monitor/alerts.h"

struct inos_setup {
  /* told by who starts the node; kept, not copied */
  const char *state_dir, *proc, *sys;
  const char *journal; /* a folder; NULL: the machine's */
  struct inos_alert_config alerts;
  struct inos_mesh_config mesh;
  const char *socket;        /* path; systemd's LISTEN_FDS goes before it */
  mode_t socket_mode;        /* 0600 */
  gid_t group;               /* whose members may speak too; INOS_NO_GROUP: nobody's */
  bool asks_polkit;          /* others may speak too: polkit says what each may do */
  unsigned frame_timeout_ms; /* INOS_FRAME_TIMEOUT_MS */
  bool has_terminals;        /* a user's node, with terminals.sock beside `socket` */

  /* the edge's */
  struct inos_listener listener; /* so that nobody is turned away while the server restarts */
  bool listening;
  int64_t started;     /* µs since 1970 */
  uint64_t last_frame; /* id of the last frame that was sent */
  struct inos_guests *guests;
  struct inos_authority *authority;
  struct inos_terminals *terminals; /* may be NULL; so that they outlive their actor */

  GMutex lock;
  GError *fault; /* why an actor cannot start, the first that could not; `lock` */
};

/** inos_setup_init: zero, but for what has another default. */
void inos_setup_init (struct inos_setup *setup);
void inos_setup_finish (struct inos_setup *setup);

/** inos_setup_blame: @error, which is taken over, is why an actor cannot start. */
void inos_setup_blame (struct inos_setup *setup, GError *error);

/** inos_setup_fault: (transfer full) (nullable): takes what inos_setup_blame() was told first. */
GError *inos_setup_fault (struct inos_setup *setup);
