/*
 * Fuzz target of what members of a group say: pieces of the size of a message, as messages of two
 * members. Whatever they say, a vote's epoch never goes down, and there is one candidate for each;
 * and nobody is elected whom no majority voted for. Versions are read from the same bytes. See
 * fuzz_envelope.c for how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/election-private.h"
#include "node/mesh/group/version.h"

#include <string.h>

#define RESOURCE 5u

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

struct world {
  uint64_t now, epoch;
};

static uint64_t now (void *data)
{
  return ((struct world *)data)->now;
}

static int64_t wall (void *data)
{
  return INT64_C (1760000000000);
}

static void random_bytes (void *data, void *bytes, size_t len)
{
  memset (bytes, 7, len); /* not 0, of which no number below a bound is made */
}

static bool send_checked (void *data, const struct inos_peer_id *to, const void *bytes, size_t len)
{
  struct inos_election_message message;

  if (!inos_election_message_read (&message, bytes, len))
    g_error ("what it says is no message");
  return true;
}

static bool store (void *data, const struct inos_election_vote *vote)
{
  struct world *world = data;

  if (vote->epoch <= world->epoch)
    g_error ("a second vote in an epoch");
  world->epoch = vote->epoch;
  return true;
}

static struct inos_peer_id peer (uint8_t number)
{
  return inos_peer_id_of_key ((const uint8_t[32]){number});
}

static void check_version (const uint8_t *data, size_t size)
{
  struct inos_version version;
  struct inos_buffer out = {0};
  size_t read = inos_version_read (&version, data, size);

  if (read == 0)
    return;
  inos_version_put (&version, &out);
  if (inos_buffer_len (&out) != read || memcmp (inos_buffer_data (&out), data, read) != 0)
    g_error ("a version is written in two ways");
  inos_buffer_clear (&out);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const struct inos_election_events events = {.store = store};
  struct world world = {.now = 1000000000};
  struct inos_mesh_env env = {&world, now, wall, random_bytes};
  struct inos_peer_id members[] = {peer (1), peer (2), peer (3)};
  struct inos_election *election =
    inos_election_new (&(struct inos_election_setup){.env = &env,
                                                     .id = members[0],
                                                     .channel = {NULL, send_checked},
                                                     .events = &events,
                                                     .data = &world});

  check_version (data, size);
  inos_election_join (election, RESOURCE, members, G_N_ELEMENTS (members), NULL);
  for (size_t at = 0; at + INOS_ELECTION_MESSAGE_SIZE <= size; at += INOS_ELECTION_MESSAGE_SIZE) {
    uint8_t bytes[INOS_ELECTION_MESSAGE_SIZE];
    uint64_t group = GUINT64_TO_LE (election->resources[0]->group);
    memcpy (bytes, data + at, sizeof bytes);
    if (bytes[10] & 1) /* half of them are of the group, which no mutator finds */
      memcpy (bytes + 10, &group, sizeof group);
    inos_election_receive (election, &members[1 + bytes[37] % 2], bytes, sizeof bytes);
    world.now += 200000000;
    inos_election_tick (election);
    uint64_t token = inos_election_token (election, RESOURCE);
    if (token > 0 && token != world.epoch)
      g_error ("it leads in an epoch in which it did not vote for itself");
    if (inos_election_deadline (election) == INOS_NEVER)
      g_error ("it wants nothing any more");
  }
  inos_election_receive (election, &members[1], data, size);
  inos_election_leave (election, RESOURCE);
  inos_election_free (election);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_version version = {0};
  struct inos_buffer out = {0};
  uint8_t bytes[INOS_ELECTION_MESSAGE_SIZE];

  for (unsigned kind = 1; kind < INOS_ELECTION_KINDS; kind++) {
    struct inos_election_message message = {.kind = (enum inos_election_kind)kind,
                                            .resource = RESOURCE,
                                            .group = 1,
                                            .epoch = kind / 4 + 1,
                                            .number = kind / 3 + 1,
                                            .ms = 1000};
    inos_election_message_write (&message, bytes);
    g_ptr_array_add (corpus, g_bytes_new (bytes, sizeof bytes));
  }
  inos_version_write (&version, 3);
  inos_version_write (&version, 9);
  inos_version_put (&version, &out);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&out), inos_buffer_len (&out)));
  inos_buffer_clear (&out);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_election", make_corpus());
}

#endif
