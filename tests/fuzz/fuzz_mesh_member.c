/*
 * Fuzz target of membership: what a peer sends, as datagrams and as messages, to a member that has
 * joined; each is first read, and written again. Signatures are not checked, so that records get
 * further.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/members.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

struct world {
  uint64_t now;
  uint32_t random;
};

static uint64_t now (void *data)
{
  return ((struct world *)data)->now;
}

static int64_t wall (void *data)
{
  return (int64_t)(now (data) / 1000000);
}

static void draw (void *data, void *bytes, size_t len)
{
  struct world *world = data;

  for (size_t i = 0; i < len; i++) {
    world->random = world->random * 1664525 + 1013904223;
    ((uint8_t *)bytes)[i] = (uint8_t)(world->random >> 24);
  }
}

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE])
{
  memset (signature, 0x55, INOS_MEMBER_SIGNATURE_SIZE);
}

static bool verify (void *data, const struct inos_peer_id *id, const void *bytes, size_t len,
                    const uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE])
{
  return true;
}

static bool send_limited (size_t len, size_t max)
{
  if (len > max)
    g_error ("it sends %zu bytes where %zu may be sent", len, max);
  return true;
}

static bool send_datagram (void *data, const struct inos_peer_id *to, const void *bytes, size_t len)
{
  return send_limited (len, INOS_MEMBER_DATAGRAM_MAX);
}

static bool send_message (void *data, const struct inos_peer_id *to, const void *bytes, size_t len)
{
  return send_limited (len, INOS_MEMBER_MESSAGE_MAX);
}

static struct inos_peer_id id_of (uint8_t number)
{
  struct inos_peer_id id = {.len = 38, .bytes = {0x00, 0x24, 0x08, 0x01, 0x12, 0x20}};

  memset (id.bytes + 6, number, 32);
  return id;
}

/* Walks what was read, all of it. */
static void walk (const uint8_t *data, size_t size)
{
  struct inos_member_message message;
  struct inos_member_claim claim;
  struct inos_member_line line;
  size_t offset = 0;
  uint64_t number;
  unsigned n = 0;

  if (!inos_member_message_read (&message, data, size))
    return;
  while (inos_member_message_claim (&message, &offset, &claim))
    n++;
  if (n != message.n_claims || n > INOS_MEMBER_CLAIMS_MAX)
    g_error ("%u claims were read, and %u found", message.n_claims, n);
  for (offset = 0; inos_member_span_line (&message.lines, &offset, &line);)
    if (line.state < INOS_MEMBER_ALIVE || line.state > INOS_MEMBER_LEFT)
      g_error ("a state that there is not");
  for (offset = 0; inos_member_span_number (&message.ids, &offset, &number);)
    n++;
}

/* The input is cut into pieces: a length of two bytes, who sends it and how, the bytes. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct world world = {1000000000, 1};
  const struct inos_mesh_env env = {&world, now, wall, draw};
  const struct inos_member_trust trust = {NULL, sign, verify, NULL};
  struct inos_member_store *store = inos_member_store_new (&env, &trust);
  struct inos_members_setup setup = {.env = &env,
                                     .trust = &trust,
                                     .store = store,
                                     .id = id_of (1),
                                     .datagrams = {NULL, send_datagram},
                                     .messages = {NULL, send_message},
                                     .config = {.partial_above = 2, .full_below = 2}};
  struct inos_members *members = inos_members_new (&setup);

  inos_members_join (members, &(struct inos_peer_id){0}, 0);
  while (size > 3) {
    size_t len = MIN ((size_t)data[0] | (size_t)(data[1] & 7) << 8, size - 3);
    struct inos_peer_id from = id_of (data[2] & 0x0f);
    bool datagram = data[2] & 0x80;
    g_autofree uint8_t *exact = g_memdup2 (data + 3, len);
    walk (exact, len);
    if (datagram)
      inos_members_datagram (members, &from, exact, len);
    else
      inos_members_message (members, &from, exact, len);
    for (unsigned i = 0; i < 4; i++) {
      world.now = MAX (world.now, inos_members_deadline (members));
      inos_members_tick (members);
    }
    if (inos_members_total (members) > INOS_MEMBERS_MAX)
      g_error ("more members than there may be");
    data += 3 + len;
    size -= 3 + len;
  }
  inos_members_free (members);
  if (inos_member_store_count (store) > 0)
    g_error ("a record is left");
  inos_member_store_free (store);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GPtrArray *corpus, struct inos_buffer *message, uint8_t how)
{
  size_t len = inos_buffer_len (message);
  uint8_t head[3] = {(uint8_t)len, (uint8_t)(len >> 8), how};
  GByteArray *bytes = g_byte_array_new();

  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, inos_buffer_data (message), (guint)len);
  g_ptr_array_add (corpus, g_byte_array_free_to_bytes (bytes));
  inos_buffer_clear (message);
}

/* A record of member @number, as the trust above signs it. */
static void put_record (struct inos_buffer *out, uint8_t number, uint64_t incarnation)
{
  struct world world = {1, 1};
  const struct inos_mesh_env env = {&world, now, wall, draw};
  const struct inos_member_trust trust = {NULL, sign, verify, NULL};
  const struct inos_member_metadata metadata = {.load = 7, .region = "here"};
  struct inos_peer_id id = id_of (number);
  struct inos_member_store *store = inos_member_store_new (&env, &trust);
  struct inos_member_record *record =
    inos_member_store_sign (store, &trust, &id, incarnation, false, &metadata);

  inos_member_put_claim (out, &(struct inos_member_claim){.state = INOS_MEMBER_ALIVE,
                                                          .record = record->bytes,
                                                          .record_len = record->len});
  inos_member_record_unref (store, record);
  inos_member_store_free (store);
}

static void put_parts (struct inos_buffer *out)
{
  struct inos_buffer parts = {0};

  for (uint8_t i = 1; i < 6; i++)
    inos_member_add_line (
      &parts, &(struct inos_member_line){UINT64_C (0x0101010101010101) * i, i, INOS_MEMBER_ALIVE});
  inos_member_put_lines (out, &parts);
  parts.tail = 0;
  for (uint8_t i = 1; i < 6; i++)
    inos_member_add_number (&parts, UINT64_C (0x0101010101010101) * i);
  inos_member_put_wants (out, &parts);
  inos_member_put_ids (out, &parts);
  inos_member_put_grafts (out, &parts);
  inos_buffer_clear (&parts);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (unsigned kind = 1; kind < INOS_MEMBER_KINDS; kind++) {
    struct inos_buffer out = {0};
    inos_member_put_kind (&out, (enum inos_member_kind)kind);
    inos_member_put_sequence (&out, kind);
    inos_member_put_tag (&out, UINT64_C (0x0101010101010101));
    put_record (&out, 2, kind);
    if (kind != INOS_MEMBER_PING)
      put_record (&out, (uint8_t)kind, 1);
    inos_member_put_claim (&out, &(struct inos_member_claim){.state = INOS_MEMBER_DEAD,
                                                             .tag = UINT64_C (0x0202020202020202),
                                                             .incarnation = kind,
                                                             .accuser = 3});
    if (kind > INOS_MEMBER_GOSSIP)
      put_parts (&out);
    if (kind % 2)
      inos_member_put_flag (&out);
    add (corpus, &out, kind <= INOS_MEMBER_GOSSIP ? 0x82 : 0x02);
  }
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_member", make_corpus());
}

#endif
