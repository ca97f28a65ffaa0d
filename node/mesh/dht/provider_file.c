/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/provider_file.h"

#include "node/mesh/dht/kad-private.h"
#include "node/mesh/wire/sealed.h"

#include <string.h>

#define MAGIC "INOSPRV\1"
#define NS_PER_MS G_GUINT64_CONSTANT (1000000)

enum field { PROVIDED = 1, OWN };
enum provided_field { KEY = 1, PEER, SAID };

struct writing {
  struct inos_buffer out;
  uint64_t now;
  int64_t wall;
};

static void put (void *data, const struct inos_kad_key *key, const struct inos_peer_id *peer,
                 uint64_t said)
{
  struct writing *writing = data;
  int64_t age = (int64_t)((writing->now - said) / NS_PER_MS);
  size_t opened = inos_proto_open (&writing->out, PROVIDED);

  inos_proto_put_bytes (&writing->out, KEY, key->bytes, sizeof key->bytes);
  inos_proto_put_bytes (&writing->out, PEER, peer->bytes, peer->len);
  inos_proto_put_fixed64 (&writing->out, SAID, (uint64_t)MAX (writing->wall - age, 0));
  inos_proto_close (&writing->out, opened);
}

GBytes *inos_provider_file_write (struct inos_kad *kad, const GPtrArray *own)
{
  struct writing writing = {.now = inos_env_now (kad->env), .wall = inos_env_wall (kad->env)};

  inos_sealed_begin (&writing.out, MAGIC);
  inos_provider_store_each (kad->providers, put, &writing);
  for (guint i = 0; i < own->len; i++) {
    gsize len;
    const void *key = g_bytes_get_data (own->pdata[i], &len);
    inos_proto_put_bytes (&writing.out, OWN, key, len);
  }
  inos_sealed_end (&writing.out);
  GBytes *bytes = g_bytes_new (inos_buffer_data (&writing.out), inos_buffer_len (&writing.out));
  inos_buffer_clear (&writing.out);
  return bytes;
}

/* A clock that was set back must not keep it for ever, so what is to come was now. */
static void load (struct inos_kad *kad, const struct inos_proto_field *provided)
{
  struct inos_proto reader = inos_proto_begin (provided->bytes, provided->len);
  int64_t wall = inos_env_wall (kad->env), said = 0;
  struct inos_peer_id peer = {0};
  struct inos_proto_field field;
  struct inos_kad_key key;
  bool has_key = false;

  while (inos_proto_next (&reader, &field)) {
    if (inos_proto_is_bytes (&field, KEY, sizeof key.bytes, sizeof key.bytes)) {
      memcpy (key.bytes, field.bytes, sizeof key.bytes);
      has_key = true;
    } else if (inos_proto_is_bytes (&field, PEER, 1, INOS_PEER_ID_MAX)) {
      if (!inos_peer_id_read (&peer, field.bytes, field.len))
        return;
    } else if (field.number == SAID && field.kind == INOS_PROTO_FIXED64) {
      said = (int64_t)MIN (field.value, (uint64_t)MAX (wall, 0));
    }
  }
  uint64_t age = (uint64_t)(wall - said);
  if (!reader.bad && has_key && inos_peer_id_is_set (&peer) &&
      age < INOS_KAD_PROVIDER_TIME / NS_PER_MS)
    inos_provider_store_add (kad->providers, &key, &peer,
                             inos_env_now (kad->env) - age * NS_PER_MS);
}

bool inos_provider_file_read (struct inos_kad *kad, const void *bytes, size_t len, GPtrArray *own)
{
  struct inos_proto_field field;
  struct inos_proto reader;

  if (!inos_sealed_open (&reader, MAGIC, bytes, len))
    return false;
  while (inos_proto_next (&reader, &field)) {
    if (field.number == PROVIDED && field.kind == INOS_PROTO_BYTES)
      load (kad, &field);
    else if (inos_proto_is_bytes (&field, OWN, 1, INOS_KAD_KEY_MAX) &&
             own->len < INOS_PROVIDER_FILE_OWN)
      g_ptr_array_add (own, g_bytes_new (field.bytes, field.len));
  }
  return true;
}
