/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/reputation/reputation.h"

#include "../world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define HOUR (3600 * SECOND)

struct fixture {
  struct world world;
  struct world_place place;
  struct inos_reputation *reputation;
};

static inline struct inos_peer_id peer_of (unsigned number)
{
  return inos_peer_id_of_key (
    (const uint8_t[32]){(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16)});
}

static inline void begin (struct fixture *f)
{
  *f = (struct fixture){0};
  world_init (&f->world, 1);
  world_place_init (&f->world, &f->place);
  f->reputation = inos_reputation_new (&f->place.env);
}

static inline void end (struct fixture *f)
{
  inos_reputation_free (f->reputation);
  world_finish (&f->world);
}

/* @peer does so @times, which all count. */
static inline void see (struct fixture *f, unsigned peer, enum inos_conduct conduct, unsigned times)
{
  struct inos_peer_id id = peer_of (peer);

  for (unsigned i = 0; i < times; i++)
    assert_true (inos_reputation_saw (f->reputation, &id, conduct));
}

static inline unsigned expect (struct fixture *f, unsigned peer, unsigned base)
{
  struct inos_peer_id id = peer_of (peer);

  return inos_reputation_expect (f->reputation, &id, base);
}

static inline unsigned total (struct fixture *f, unsigned peer)
{
  struct inos_peer_id id = peer_of (peer);
  const struct inos_reputed *one = inos_reputation_find (f->reputation, &id);

  return one ? inos_evidence_total (&one->evidence) : 0;
}
