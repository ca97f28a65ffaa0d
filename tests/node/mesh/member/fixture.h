/*
 * A few members by hand: what one sends lies in a list until the test gives it to whom it is for,
 * or does not. The clock is the test's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/member/members.h"

#include <glib.h>
#include <string.h>

#define FIXTURE_MAX 8
#ifndef SECOND
#define SECOND UINT64_C (1000000000)
#endif

struct fixture_packet {
  unsigned from, to;
  bool datagram;
  size_t len;
  uint8_t *bytes;
};

struct fixture_member {
  struct fixture *fixture;
  unsigned index;
  struct inos_mesh_env env;
  struct inos_member_trust trust;
  struct inos_peer_id id;
  struct inos_members *members;
  GString *events; /* a line for each */
};

struct fixture {
  uint64_t now;
  uint32_t random;
  struct inos_mesh_env env;
  struct inos_member_trust trust;
  struct inos_member_store *store;
  struct inos_members_config config; /* zero but where a test says more */
  unsigned n;
  struct fixture_member all[FIXTURE_MAX];
  GArray *packets;                                    /* struct fixture_packet */
  bool (*lose) (const struct fixture_packet *packet); /* NULL: nothing is lost */
};

static uint64_t fixture_now (void *data)
{
  return ((struct fixture *)data)->now;
}

static int64_t fixture_wall (void *data)
{
  return (int64_t)(fixture_now (data) / 1000000);
}

/* The minimal standard generator (Park, Miller), a byte a step. */
static void fixture_random (void *data, void *bytes, size_t len)
{
  struct fixture *f = data;

  for (size_t i = 0; i < len; i++) {
    f->random = (uint32_t)((uint64_t)f->random * 48271 % 2147483647);
    ((uint8_t *)bytes)[i] = (uint8_t)(f->random >> 8);
  }
}

static struct inos_peer_id fixture_id (unsigned index)
{
  struct inos_peer_id id = {.len = 38, .bytes = {0x00, 0x24, 0x08, 0x01, 0x12, 0x20}};

  memset (id.bytes + 6, (int)index + 1, 32);
  return id;
}

/* A signature is the id's last byte and the sum of what is signed. */
static void fixture_make (const struct inos_peer_id *id, const void *bytes, size_t len,
                          uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE])
{
  memset (signature, id->bytes[37], INOS_MEMBER_SIGNATURE_SIZE);
  for (size_t i = 0; i < len; i++)
    signature[i % 64] = (uint8_t)(signature[i % 64] * 31 + ((const uint8_t *)bytes)[i]);
}

static void fixture_sign (void *data, const void *bytes, size_t len,
                          uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE])
{
  fixture_make (&((struct fixture_member *)data)->id, bytes, len, signature);
}

static bool fixture_verify (void *data, const struct inos_peer_id *id, const void *bytes,
                            size_t len, const uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE])
{
  uint8_t right[INOS_MEMBER_SIGNATURE_SIZE];

  fixture_make (id, bytes, len, right);
  return memcmp (right, signature, sizeof right) == 0;
}

static bool fixture_send (struct fixture_member *from, const struct inos_peer_id *to,
                          const void *bytes, size_t len, bool datagram)
{
  struct fixture *f = from->fixture;
  struct fixture_packet packet = {from->index, (unsigned)to->bytes[37] - 1, datagram, len,
                                  g_memdup2 (bytes, len)};

  if (packet.to < f->n && !(f->lose && f->lose (&packet)))
    g_array_append_val (f->packets, packet);
  else
    g_free (packet.bytes);
  return true;
}

static bool fixture_datagram (void *data, const struct inos_peer_id *to, const void *bytes,
                              size_t len)
{
  return fixture_send (data, to, bytes, len, true);
}

static bool fixture_message (void *data, const struct inos_peer_id *to, const void *bytes,
                             size_t len)
{
  return fixture_send (data, to, bytes, len, false);
}

static void fixture_event (void *data, enum inos_member_event event,
                           const struct inos_member *member)
{
  static const char *const names[] = {"joined", "suspected", "cleared", "changed",
                                      "died",   "went",      "dropped"};
  struct fixture_member *self = data;

  g_string_append_printf (self->events, "%s %u\n", names[event],
                          inos_member_record (member)->id.bytes[37] - 1u);
}

static void fixture_init (struct fixture *f, unsigned n)
{
  *f = (struct fixture){.now = SECOND, .random = 1, .n = n};
  f->env = (struct inos_mesh_env){f, fixture_now, fixture_wall, fixture_random};
  f->trust = (struct inos_member_trust){.verify = fixture_verify};
  f->store = inos_member_store_new (&f->env, &f->trust);
  f->packets = g_array_new (FALSE, FALSE, sizeof (struct fixture_packet));
  for (unsigned i = 0; i < n; i++) {
    struct fixture_member *self = &f->all[i];
    self->fixture = f;
    self->index = i;
    self->id = fixture_id (i);
    self->trust = (struct inos_member_trust){.data = self, .sign = fixture_sign};
    self->events = g_string_new (NULL);
  }
}

static struct inos_members *fixture_start (struct fixture *f, unsigned i, uint64_t incarnation)
{
  static const struct inos_members_events events = {fixture_event};
  struct fixture_member *self = &f->all[i];
  struct inos_members_setup setup = {
    .env = &f->env,
    .trust = &self->trust,
    .store = f->store,
    .id = self->id,
    .datagrams = {self, fixture_datagram},
    .messages = {self, fixture_message},
    .events = &events,
    .data = self,
    .config = f->config,
    .incarnation = incarnation,
  };

  self->members = inos_members_new (&setup);
  return self->members;
}

static void fixture_stop (struct fixture *f, unsigned i)
{
  g_clear_pointer (&f->all[i].members, inos_members_free);
}

static void fixture_finish (struct fixture *f)
{
  for (unsigned i = 0; i < f->n; i++) {
    fixture_stop (f, i);
    g_string_free (f->all[i].events, TRUE);
  }
  for (unsigned i = 0; i < f->packets->len; i++)
    g_free (g_array_index (f->packets, struct fixture_packet, i).bytes);
  g_array_unref (f->packets);
  inos_member_store_free (f->store);
}

/* Gives what lies there to whom it is for, and what they say to that, until nobody says more. */
static void fixture_deliver (struct fixture *f)
{
  while (f->packets->len > 0) {
    struct fixture_packet packet = g_array_index (f->packets, struct fixture_packet, 0);
    struct inos_members *to = f->all[packet.to].members;
    g_array_remove_index (f->packets, 0);
    if (to && packet.datagram)
      inos_members_datagram (to, &f->all[packet.from].id, packet.bytes, packet.len);
    else if (to)
      inos_members_message (to, &f->all[packet.from].id, packet.bytes, packet.len);
    g_free (packet.bytes);
  }
}

/* The next one that wants to be called is, until @until. */
static void fixture_run (struct fixture *f, uint64_t until)
{
  for (;;) {
    uint64_t at = INOS_NEVER;
    fixture_deliver (f);
    for (unsigned i = 0; i < f->n; i++)
      if (f->all[i].members)
        at = MIN (at, inos_members_deadline (f->all[i].members));
    if (at > until)
      break;
    f->now = MAX (f->now, at);
    for (unsigned i = 0; i < f->n; i++)
      if (f->all[i].members && inos_members_deadline (f->all[i].members) <= f->now)
        inos_members_tick (f->all[i].members);
  }
  f->now = MAX (f->now, until);
}

/* All of them, who know each other. */
G_GNUC_UNUSED static void fixture_gather (struct fixture *f)
{
  for (unsigned i = 0; i < f->n; i++) {
    fixture_start (f, i, 0);
    if (i > 0)
      inos_members_join (f->all[i].members, &f->all[0].id, 1);
  }
  fixture_run (f, f->now + 20 * SECOND);
  for (unsigned i = 0; i < f->n; i++)
    g_string_truncate (f->all[i].events, 0);
}

G_GNUC_UNUSED static enum inos_member_state fixture_state (struct fixture *f, unsigned of,
                                                           unsigned at)
{
  const struct inos_member *member = inos_members_find (f->all[at].members, &f->all[of].id);

  return member ? inos_member_state (member) : 0;
}
