/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "pair.h"

#include <sodium.h>
#include <string.h>

#define IDENTITIES 4

static struct inos_identity *identities[IDENTITIES];

static void free_identities (void)
{
  for (unsigned i = 0; i < IDENTITIES; i++)
    g_clear_pointer (&identities[i], inos_identity_free);
}

struct inos_identity *pair_identity (unsigned number)
{
  const uint8_t seed[INOS_SEED_SIZE] = {(uint8_t)(number + 1)};

  if (identities[number])
    return identities[number];
  identities[number] = inos_identity_from_seed (seed);
  if (number == 0)
    atexit (free_identities);
  return identities[number];
}

struct inos_peer_id pair_peer (unsigned number)
{
  struct inos_peer_id id;

  g_assert_true (inos_peer_id_parse (&id, inos_identity_peer_id (pair_identity (number))));
  return id;
}

static uint64_t now (void *data)
{
  return ((struct pair *)data)->now;
}

static int64_t wall (void *data)
{
  return (int64_t)(((struct pair *)data)->now / 1000000);
}

static void fill_random (void *data, void *bytes, size_t len)
{
  struct pair *pair = data;

  for (size_t i = 0; i < len; i++)
    ((uint8_t *)bytes)[i] = (uint8_t)g_rand_int (pair->rand);
}

/* How many of @len bytes go over the link at once. */
static size_t some (struct pair *pair, size_t len)
{
  size_t n = (size_t)g_rand_int_range (pair->rand, 1, (gint32)pair->piece_max + 1);

  return MIN (len, n);
}

/* Moves some of the output to the wire. */
static bool take_output (struct pair_side *side)
{
  struct inos_buffer *out = inos_connection_output (side->connection);
  size_t len = inos_buffer_len (out);

  if (len == 0 || (side->pair->wire_max && inos_buffer_len (&side->wire) >= side->pair->wire_max))
    return false;
  size_t n = some (side->pair, len);
  inos_buffer_append (&side->wire, inos_buffer_data (out), n);
  inos_buffer_consume (out, n);
  inos_connection_sent (side->connection);
  return true;
}

static bool deliver (struct pair_side *side)
{
  size_t len = inos_buffer_len (&side->wire);
  struct pair_side *other = &side->pair->sides[side == side->pair->sides];

  if (len == 0 && side->n_closed > 0 && other->n_closed == 0 &&
      inos_buffer_len (inos_connection_output (side->connection)) == 0) {
    inos_connection_feed_end (other->connection, NULL);
    return true;
  }
  if (len == 0)
    return false;
  size_t n = some (side->pair, len);
  /* A block of its own, so that a read past its end is seen. */
  g_autofree uint8_t *piece = g_memdup2 (inos_buffer_data (&side->wire), n);
  inos_buffer_consume (&side->wire, n);
  inos_connection_feed (other->connection, piece, n);
  memset (piece, 0xdd, n);
  return true;
}

static void on_output (void *data)
{
  struct pair_side *side = data;

  side->n_output++;
  /* Some hosts send at once, some when the main loop comes round. */
  if (!side->pair->late_host && (side->pair->direct || g_rand_boolean (side->pair->rand)))
    take_output (side);
  while (side->pair->direct && deliver (side))
    ;
}

static void on_ready (void *data, const struct inos_peer_id *peer)
{
  struct pair_side *side = data;

  side->n_ready++;
  side->peer = *peer;
}

static bool on_protocol (void *data, struct inos_stream *stream, const char *name,
                         struct inos_stream_answer *answer)
{
  struct pair_side *side = data;

  for (const struct inos_stream_answer *offer = side->offers; offer && offer->name; offer++)
    if (strcmp (offer->name, name) == 0) {
      *answer = *offer;
      return true;
    }
  return false;
}

static void on_protocols (void *data, struct inos_buffer *out)
{
  struct pair_side *side = data;

  for (const struct inos_stream_answer *offer = side->offers; offer && offer->name; offer++)
    inos_multistream_append (out, offer->name);
}

static void on_closed (void *data, const GError *error)
{
  struct pair_side *side = data;

  side->n_closed++;
  if (error)
    side->error = g_error_copy (error);
}

static const struct inos_connection_events events = {on_output, on_ready, on_protocol, on_protocols,
                                                     on_closed};

struct inos_connection_setup pair_setup (struct pair *pair, unsigned number)
{
  return (struct inos_connection_setup){
    .env = &pair->env,
    .identity = pair_identity (number),
    .events = &events,
    .data = &pair->sides[number],
    .initiator = number == 0,
  };
}

void pair_init (struct pair *pair, uint32_t seed)
{
  g_assert_true (sodium_init() >= 0);
  *pair = (struct pair){.rand = g_rand_new_with_seed (seed), .now = PAIR_SECOND};
  pair->env = (struct inos_mesh_env){pair, now, wall, fill_random};
  pair->piece_max = 100000;
  pair->sides[0].pair = pair->sides[1].pair = pair;
}

void pair_connect (struct pair *pair, const struct inos_connection_setup *first,
                   const struct inos_connection_setup *second)
{
  const struct inos_connection_setup *given[2] = {first, second};

  for (unsigned i = 0; i < 2; i++) {
    struct inos_connection_setup setup = given[i] ? *given[i] : pair_setup (pair, i);
    pair->sides[i].connection = inos_connection_new (&setup);
  }
  for (unsigned i = 0; i < 2; i++)
    inos_connection_start (pair->sides[i].connection);
}

static bool tick (struct pair_side *side)
{
  if (inos_connection_deadline (side->connection) > side->pair->now)
    return false;
  inos_connection_tick (side->connection);
  return true;
}

bool pair_step (struct pair *pair)
{
  unsigned first = (unsigned)g_rand_int_range (pair->rand, 0, 6);

  for (unsigned i = 0; i < 6; i++) {
    unsigned what = (first + i) % 6;
    struct pair_side *side = &pair->sides[what % 2];
    bool done = what < 2 ? take_output (side) : what < 4 ? deliver (side) : tick (side);
    if (done)
      return true;
  }
  return false;
}

void pair_run (struct pair *pair)
{
  for (unsigned long steps = 0; pair_step (pair); steps++)
    if (steps > 50000000)
      g_error ("the two connections never come to rest");
}

void pair_turn (struct pair *pair, uint64_t ns)
{
  uint64_t end = pair->now + ns;

  for (;;) {
    pair_run (pair);
    uint64_t next = MIN (inos_connection_deadline (pair->sides[0].connection),
                         inos_connection_deadline (pair->sides[1].connection));
    if (next > end)
      break;
    pair->now = MAX (next, pair->now);
  }
  pair->now = end;
  pair_run (pair);
}

void pair_ready (struct pair *pair, uint32_t seed)
{
  pair_init (pair, seed);
  pair_connect (pair, NULL, NULL);
  pair_run (pair);
  g_assert_cmpuint (pair->sides[0].n_ready, ==, 1);
  g_assert_cmpuint (pair->sides[1].n_ready, ==, 1);
}

void pair_clear (struct pair *pair)
{
  for (unsigned i = 0; i < 2; i++) {
    inos_connection_free (pair->sides[i].connection);
    inos_buffer_clear (&pair->sides[i].wire);
    g_clear_error (&pair->sides[i].error);
  }
  g_rand_free (pair->rand);
}
