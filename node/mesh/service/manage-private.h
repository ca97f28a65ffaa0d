/*
 * What the two sides of managing share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/service/manage.h"
#include "node/mesh/service/manage_visitors.h"

struct inos_manage {
  struct inos_manage_setup setup;
  struct inos_manage_rights *rights;
  struct inos_visitors *visitors;
  struct inos_protocol_offer offer;
  GHashTable *served; /* number → struct served: what others ask */
  uint64_t number;
  GPtrArray *asked; /* struct asked: what this node asks */
  bool stopped;
};

/* manage_serve.c: the side that is asked */
void manage_serve_start (struct inos_manage *manage);
/** manage_serve_drop: those that @peer asks, all where it is NULL, are answered no more. */
void manage_serve_drop (struct inos_manage *manage, const struct inos_peer_id *peer);
void manage_serve_free (void *served);

/* manage_ask.c: the side that asks */
void manage_ask_stop (struct inos_manage *manage);
void manage_ask_free (void *asked);
