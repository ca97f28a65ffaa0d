/*
 * Peers that sign for themselves, each with a roll of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/trust/roll.h"
#include "node/mesh/trust/roll_message.h"
#include "tests/node/mesh/world.h"

#include <string.h>

#define PEERS 8

struct peer {
  struct inos_identity *identity;
  struct inos_peer_id id;
  struct inos_statement_trust trust;
  struct inos_roll *roll;
  GString *told; /* what the roll told: "3:member " */
  struct fixture *fixture;
};

struct fixture {
  struct world world;
  struct world_place place;
  struct peer peers[PEERS];
  unsigned verified; /* signatures that were looked at */
};

static void fixture_sign (void *data, const void *bytes, size_t len,
                          uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE])
{
  inos_identity_sign (((struct peer *)data)->identity, bytes, len, signature);
}

static bool fixture_verify (void *data, const struct inos_peer_id *id, const void *bytes,
                            size_t len, const uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE])
{
  uint8_t key[INOS_PUBLIC_KEY_SIZE];

  ((struct peer *)data)->fixture->verified++;
  return inos_peer_id_key (id, key) && inos_signature_is_right (key, bytes, len, signature);
}

static inline unsigned fixture_number (const struct fixture *f, const struct inos_peer_id *id)
{
  unsigned i = 0;

  while (i < PEERS && !inos_peer_id_equal (&f->peers[i].id, id))
    i++;
  return i;
}

static void fixture_standing (void *data, const struct inos_roll_entry *entry,
                              enum inos_standing before)
{
  static const char *const words[] = {"stranger", "member", "left", "revoked", "replaced"};
  struct peer *peer = data;

  g_string_append_printf (peer->told, "%u:%s ", fixture_number (peer->fixture, &entry->id),
                          words[entry->standing]);
}

static void fixture_disputed (void *data, const struct inos_statement *first,
                              const struct inos_statement *other)
{
  struct peer *peer = data;
  struct fixture *f = peer->fixture;

  g_string_append_printf (peer->told, "%u:%u,%u ", fixture_number (f, &first->author),
                          fixture_number (f, &first->subject), fixture_number (f, &other->subject));
}

static inline struct inos_roll *fixture_roll (struct peer *peer)
{
  static const struct inos_roll_events events = {fixture_standing, fixture_disputed};

  return inos_roll_new (&(struct inos_roll_setup){.env = &peer->fixture->place.env,
                                                  .trust = &peer->trust,
                                                  .self = peer->id,
                                                  .events = &events,
                                                  .data = peer});
}

static inline struct fixture *fixture_new (uint64_t seed)
{
  struct fixture *f = g_new0 (struct fixture, 1);

  world_init (&f->world, seed);
  world_place_init (&f->world, &f->place);
  for (unsigned i = 0; i < PEERS; i++) {
    uint8_t bytes[INOS_SEED_SIZE] = {(uint8_t)(i + 1)};
    struct peer *peer = &f->peers[i];
    peer->fixture = f;
    peer->identity = inos_identity_from_seed (bytes);
    peer->id = inos_peer_id_of_key (inos_identity_key (peer->identity));
    peer->trust = (struct inos_statement_trust){peer, fixture_sign, fixture_verify};
    peer->told = g_string_new (NULL);
    peer->roll = fixture_roll (peer);
  }
  return f;
}

static inline void fixture_free (struct fixture *f)
{
  for (unsigned i = 0; i < PEERS; i++) {
    inos_roll_free (f->peers[i].roll);
    inos_identity_free (f->peers[i].identity);
    g_string_free (f->peers[i].told, TRUE);
  }
  world_finish (&f->world);
  g_free (f);
}

/* What @peer signs to become a member of the mesh of @host's roll. */
static inline struct inos_consent fixture_consent (struct fixture *f, unsigned peer, unsigned host,
                                                   uint32_t era)
{
  struct inos_consent consent = {
    .mesh = *inos_roll_mesh (f->peers[host].roll), .subject = f->peers[peer].id, .era = era};

  g_snprintf (consent.name, sizeof consent.name, "machine %u", peer);
  inos_consent_sign (&consent, &f->peers[peer].trust);
  return consent;
}

/* @to hears all that @from has. */
static inline bool fixture_tell (struct fixture *f, unsigned from, unsigned to)
{
  struct inos_roll_message_result result;
  struct inos_buffer all = {0};

  inos_roll_write (f->peers[from].roll, &all);
  bool right = inos_roll_message_take (f->peers[to].roll, inos_buffer_data (&all),
                                       inos_buffer_len (&all), NULL, &result);
  inos_roll_settle (f->peers[to].roll);
  inos_buffer_clear (&all);
  return right;
}

/* @host lets @peer in, who hears of it. */
static inline bool fixture_admit (struct fixture *f, unsigned host, unsigned peer, uint32_t era)
{
  struct inos_consent consent = fixture_consent (f, peer, host, era);

  return inos_roll_admit (f->peers[host].roll, &consent, NULL) && fixture_tell (f, host, peer);
}

static inline bool fixture_take (struct fixture *f, unsigned peer, const struct inos_buffer *said)
{
  struct inos_roll_message_result result;
  bool right = inos_roll_message_take (f->peers[peer].roll, inos_buffer_data (said),
                                       inos_buffer_len (said), NULL, &result);

  inos_roll_settle (f->peers[peer].roll);
  return right;
}

/* What makes @next of @old, for nobody yet. */
static inline bool fixture_say_rotation (struct fixture *f, unsigned old, unsigned next,
                                         struct inos_buffer *said)
{
  return inos_roll_rotate (f->peers[old].roll, &f->peers[next].id, &f->peers[next].trust, said);
}

/* @old gets the key of @next, which knows what it knew. */
static inline bool fixture_rotate (struct fixture *f, unsigned old, unsigned next)
{
  struct inos_buffer said = {0};
  bool can = fixture_say_rotation (f, old, next, &said);

  can = can && fixture_tell (f, old, next) && fixture_take (f, next, &said);
  inos_buffer_clear (&said);
  return can;
}

static inline enum inos_standing fixture_seen (struct fixture *f, unsigned by, unsigned peer)
{
  return inos_roll_standing (f->peers[by].roll, &f->peers[peer].id);
}

static inline bool fixture_same (struct fixture *f, unsigned one, unsigned other)
{
  uint8_t a[32], b[32];

  inos_roll_digest (f->peers[one].roll, a);
  inos_roll_digest (f->peers[other].roll, b);
  return memcmp (a, b, sizeof a) == 0;
}
