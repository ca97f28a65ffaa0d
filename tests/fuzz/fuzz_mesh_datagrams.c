/*
 * Fuzz target of sealed datagrams: what anybody sends to a node that has a session with a friend.
 * Nothing of it may count as the friend's, and the friend is heard afterwards.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/datagrams.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { VICTIM, FRIEND, STRANGER, ENDS };

struct world {
  struct end {
    struct world *world;
    struct inos_identity *identity;
    struct inos_peer_id id;
    struct inos_datagrams *datagrams; /* the stranger has none */
  } ends[ENDS];
  uint64_t now;
  uint32_t random;
  struct inos_mesh_env env;
  bool quiet; /* the friend says nothing: nothing may come from it */
  unsigned heard;
  GPtrArray *history; /* GBytes: all that the two have sent */
  uint16_t to[16];    /* to whom */
  guint next;         /* the first that is under way */
};

static uint64_t now (void *data)
{
  return ((struct world *)data)->now;
}

static int64_t wall (void *data)
{
  return 0;
}

static void draw (void *data, void *bytes, size_t len)
{
  struct world *world = data;

  for (size_t i = 0; i < len; i++) {
    world->random = world->random * 1664525 + 1013904223;
    ((uint8_t *)bytes)[i] = (uint8_t)(world->random >> 24);
  }
}

/* The port says whose it is; the stranger hears nothing. */
static void on_send (void *data, const struct inos_datagram_place *to, const void *bytes,
                     size_t len)
{
  struct end *end = data;
  struct world *world = end->world;

  if (len > INOS_DATAGRAM_MAX)
    g_error ("a datagram of %zu bytes", len);
  if (world->quiet || to->port >= STRANGER)
    return;
  world->to[world->history->len] = to->port;
  g_ptr_array_add (world->history, g_bytes_new (bytes, len));
}

static void deliver (struct world *world)
{
  for (; world->next < world->history->len; world->next++) {
    uint16_t to = world->to[world->next];
    gsize len;
    const uint8_t *bytes = g_bytes_get_data (world->history->pdata[world->next], &len);
    inos_datagrams_take (world->ends[to].datagrams,
                         &(struct inos_datagram_place){.port = to == VICTIM ? FRIEND : VICTIM},
                         bytes, len);
  }
}

static void on_received (void *data, const struct inos_peer_id *from, const void *bytes, size_t len)
{
  struct world *world = ((struct end *)data)->world;

  if (!inos_peer_id_equal (from, &world->ends[FRIEND].id))
    return;
  if (world->quiet)
    g_error ("what the friend has not said has been heard");
  world->heard++;
}

static enum inos_datagram_standing on_standing (void *data, const struct inos_peer_id *peer)
{
  const struct end *end = data;

  return inos_peer_id_equal (peer, &end->world->ends[FRIEND].id) ? INOS_DATAGRAM_KNOWN
                                                                 : INOS_DATAGRAM_STRANGER;
}

static unsigned on_locate (void *data, const struct inos_peer_id *peer,
                           struct inos_datagram_place places[INOS_DATAGRAMS_PLACES_MAX])
{
  const struct end *end = data;

  for (unsigned i = 0; i < STRANGER; i++)
    if (inos_peer_id_equal (peer, &end->world->ends[i].id)) {
      places[0] = (struct inos_datagram_place){.port = (uint16_t)i};
      return 1;
    }
  return 0;
}

static void begin (struct world *world)
{
  static const struct inos_datagrams_events events = {on_send, on_received, on_standing, on_locate};

  world->history = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  world->now = 1000000000;
  world->env = (struct inos_mesh_env){world, now, wall, draw};
  for (unsigned i = 0; i < ENDS; i++) {
    struct end *end = &world->ends[i];
    uint8_t seed[INOS_SEED_SIZE] = {(uint8_t)(i + 1)};
    end->world = world;
    end->identity = inos_identity_from_seed (seed);
    end->id = inos_peer_id_of_key (inos_identity_key (end->identity));
    if (i < STRANGER)
      end->datagrams = inos_datagrams_new (
        &(struct inos_datagrams_setup){&world->env, end->identity, NULL, &events, end});
  }
  inos_datagrams_send (world->ends[FRIEND].datagrams, &world->ends[VICTIM].id, "hello", 5, true);
  deliver (world);
  inos_datagrams_send (world->ends[VICTIM].datagrams, &world->ends[FRIEND].id, "hello", 5, true);
  deliver (world);
}

static void end (struct world *world)
{
  g_ptr_array_unref (world->history);
  for (unsigned i = 0; i < ENDS; i++) {
    inos_datagrams_free (world->ends[i].datagrams);
    inos_identity_free (world->ends[i].identity);
  }
}

/* The input is cut into pieces: a length of two bytes and the bytes. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct world world = {.random = 1};

  begin (&world);
  world.quiet = true;
  while (size > 2) {
    size_t len = MIN ((size_t)data[0] | (size_t)(data[1] & 7) << 8, size - 2);
    g_autofree uint8_t *exact = g_memdup2 (data + 2, len);
    inos_datagrams_take (world.ends[VICTIM].datagrams,
                         &(struct inos_datagram_place){.port = STRANGER}, exact, len);
    data += 2 + len;
    size -= 2 + len;
  }
  world.quiet = false;
  inos_datagrams_send (world.ends[FRIEND].datagrams, &world.ends[VICTIM].id, "still", 5, true);
  deliver (&world);
  if (world.heard != 2)
    g_error ("the friend was heard %u times, not twice", world.heard);
  if (inos_datagrams_stats (world.ends[VICTIM].datagrams)->strangers > INOS_DATAGRAMS_STRANGERS_MAX)
    g_error ("more strangers than there may be");
  end (&world);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GPtrArray *corpus, const uint8_t *bytes, size_t len)
{
  uint8_t head[2] = {(uint8_t)len, (uint8_t)(len >> 8)};
  GByteArray *piece = g_byte_array_new();

  g_byte_array_append (piece, head, sizeof head);
  g_byte_array_append (piece, bytes, (guint)len);
  g_ptr_array_add (corpus, g_byte_array_free_to_bytes (piece));
}

/* What the two have said, and a stranger's HELLO. */
static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct world world = {.random = 1};
  struct inos_datagram_secret secret;
  uint8_t hello[INOS_DATAGRAM_HELLO_SIZE];
  const uint8_t nonce[INOS_DATAGRAM_NONCE] = {1};

  begin (&world);
  for (guint i = 0; i < world.history->len; i++) {
    gsize len;
    const uint8_t *bytes = g_bytes_get_data (world.history->pdata[i], &len);
    add (corpus, bytes, len);
  }
  if (inos_datagram_agree (&secret, world.ends[STRANGER].identity, NULL,
                           inos_identity_key (world.ends[VICTIM].identity))) {
    inos_datagram_put_hello (&secret, 1, nonce, hello);
    add (corpus, hello, sizeof hello);
  }
  end (&world);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_datagrams", make_corpus());
}

#endif
