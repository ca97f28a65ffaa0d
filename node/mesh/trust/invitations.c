/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/invitations.h"
#include "node/mesh/wire/proto.h"

#include <sodium.h>
#include <string.h>

#define HASH_SIZE 32
#define HASH_DOMAIN "inos-invitation:"
#define TIME_MAX (UINT64_C (1) << 53)

enum outer_field { OUTER_INVITATION = 1 };
enum field { FIELD_HASH = 1, FIELD_EXPIRES, FIELD_USES, FIELD_ASK };

struct invitation {
  uint8_t hash[HASH_SIZE];
  int64_t expires; /* ms since 1970 */
  unsigned uses;   /* that are left */
  bool ask;
};

struct inos_invitations {
  const struct inos_mesh_env *env;
  GArray *list; /* struct invitation, the oldest first */
};

struct inos_invitations *inos_invitations_new (const struct inos_mesh_env *env)
{
  struct inos_invitations *invitations = g_new0 (struct inos_invitations, 1);

  invitations->env = env;
  invitations->list = g_array_new (FALSE, FALSE, sizeof (struct invitation));
  return invitations;
}

void inos_invitations_free (struct inos_invitations *invitations)
{
  if (!invitations)
    return;
  g_array_unref (invitations->list);
  g_free (invitations);
}

static void hash_of (const uint8_t secret[INOS_CODE_SECRET_SIZE], uint8_t hash[HASH_SIZE])
{
  crypto_hash_sha256_state state;

  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, (const uint8_t *)HASH_DOMAIN, strlen (HASH_DOMAIN));
  crypto_hash_sha256_update (&state, secret, INOS_CODE_SECRET_SIZE);
  crypto_hash_sha256_final (&state, hash);
}

static bool is_over (const struct inos_invitations *invitations,
                     const struct invitation *invitation)
{
  return invitation->uses == 0 || inos_env_wall (invitations->env) > invitation->expires;
}

static bool make_room (struct inos_invitations *invitations)
{
  if (invitations->list->len < INOS_INVITATIONS_MAX)
    return true;
  for (guint i = 0; i < invitations->list->len; i++)
    if (is_over (invitations, &g_array_index (invitations->list, struct invitation, i))) {
      g_array_remove_index (invitations->list, i);
      return true;
    }
  return false;
}

bool inos_invitations_add (struct inos_invitations *invitations, int64_t life, unsigned uses,
                           bool ask, uint8_t secret[INOS_CODE_SECRET_SIZE], int64_t *expires)
{
  int64_t now = inos_env_wall (invitations->env);
  struct invitation invitation = {.expires = now + MIN (life, INOS_INVITATION_LIFE_MAX),
                                  .uses = MIN (uses, INOS_INVITATION_USES_MAX),
                                  .ask = ask};

  if (!make_room (invitations))
    return false;
  inos_env_random (invitations->env, secret, INOS_CODE_SECRET_SIZE);
  hash_of (secret, invitation.hash);
  *expires = invitation.expires;
  g_array_append_val (invitations->list, invitation);
  return true;
}

static struct invitation *find (const struct inos_invitations *invitations,
                                const uint8_t secret[INOS_CODE_SECRET_SIZE])
{
  uint8_t hash[HASH_SIZE];

  hash_of (secret, hash);
  for (guint i = 0; i < invitations->list->len; i++) {
    struct invitation *invitation = &g_array_index (invitations->list, struct invitation, i);
    if (sodium_memcmp (invitation->hash, hash, HASH_SIZE) == 0)
      return invitation;
  }
  return NULL;
}

enum inos_invitation_answer inos_invitations_look (const struct inos_invitations *invitations,
                                                   const uint8_t secret[INOS_CODE_SECRET_SIZE])
{
  const struct invitation *invitation = find (invitations, secret);

  if (!invitation)
    return INOS_INVITATION_UNKNOWN;
  if (invitation->uses == 0)
    return INOS_INVITATION_USED_UP;
  if (is_over (invitations, invitation))
    return INOS_INVITATION_EXPIRED;
  return invitation->ask ? INOS_INVITATION_ASK : INOS_INVITATION_GOOD;
}

bool inos_invitations_use (struct inos_invitations *invitations,
                           const uint8_t secret[INOS_CODE_SECRET_SIZE])
{
  struct invitation *invitation = find (invitations, secret);

  if (!invitation || is_over (invitations, invitation))
    return false;
  invitation->uses--;
  return true;
}

void inos_invitations_clear (struct inos_invitations *invitations)
{
  g_array_set_size (invitations->list, 0);
}

unsigned inos_invitations_open (const struct inos_invitations *invitations)
{
  unsigned n = 0;

  for (guint i = 0; i < invitations->list->len; i++)
    n += !is_over (invitations, &g_array_index (invitations->list, struct invitation, i));
  return n;
}

/* Bytes */

void inos_invitations_write (const struct inos_invitations *invitations, struct inos_buffer *out)
{
  for (guint i = 0; i < invitations->list->len; i++) {
    const struct invitation *one = &g_array_index (invitations->list, struct invitation, i);
    size_t opened = inos_proto_open (out, OUTER_INVITATION);
    inos_proto_put_bytes (out, FIELD_HASH, one->hash, HASH_SIZE);
    inos_proto_put_number (out, FIELD_EXPIRES, (uint64_t)MAX (one->expires, 0));
    inos_proto_put_number (out, FIELD_USES, one->uses);
    inos_proto_put_number (out, FIELD_ASK, one->ask);
    inos_proto_close (out, opened);
  }
}

static bool read_one (struct invitation *one, const struct inos_proto_field *outer)
{
  struct inos_proto reader = inos_proto_begin (outer->bytes, outer->len);
  struct inos_proto_field field;
  bool has_hash = false;

  *one = (struct invitation){0};
  while (inos_proto_next (&reader, &field)) {
    if (inos_proto_is_bytes (&field, FIELD_HASH, HASH_SIZE, HASH_SIZE)) {
      memcpy (one->hash, field.bytes, HASH_SIZE);
      has_hash = true;
    } else if (field.kind != INOS_PROTO_NUMBER) {
      return false;
    } else if (field.number == FIELD_EXPIRES) {
      one->expires = (int64_t)MIN (field.value, TIME_MAX);
    } else if (field.number == FIELD_USES) {
      one->uses = (unsigned)MIN (field.value, INOS_INVITATION_USES_MAX);
    } else if (field.number == FIELD_ASK) {
      one->ask = field.value != 0;
    }
  }
  return !reader.bad && has_hash;
}

bool inos_invitations_read (struct inos_invitations *invitations, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  struct invitation one;

  while (inos_proto_next (&reader, &field)) {
    if (field.number != OUTER_INVITATION || field.kind != INOS_PROTO_BYTES ||
        !read_one (&one, &field) || invitations->list->len == INOS_INVITATIONS_MAX)
      return false;
    g_array_append_val (invitations->list, one);
  }
  return !reader.bad;
}
