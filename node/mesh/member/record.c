/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/record.h"
#include "node/mesh/wire/proto.h"

#include <sodium.h>
#include <string.h>

#define BUCKETS_FIRST 64u

enum signed_field { SIGNED_BODY = 1, SIGNED_SIGNATURE };

enum body_field {
  BODY_ID = 1,
  BODY_INCARNATION,
  BODY_LEFT,
  BODY_LOAD,
  BODY_CORES,
  BODY_MEMORY,
  BODY_STORAGE,
  BODY_GPUS,
  BODY_SENSORS,
  BODY_REPUTATION,
  BODY_REGION,
  BODY_ADDRESS,
};

/* Records by the hash of their bytes, which a stranger cannot foresee. */
struct inos_member_store {
  const struct inos_member_trust *trust;
  uint8_t key[crypto_shorthash_KEYBYTES];
  size_t count, n_buckets; /* a power of two */
  struct inos_member_record **buckets;
  struct inos_member_room room;
};

uint64_t inos_member_tag (const struct inos_peer_id *id)
{
  uint64_t tag = 0;

  if (id->len >= sizeof tag) {
    memcpy (&tag, id->bytes + id->len - sizeof tag, sizeof tag);
    return GUINT64_FROM_BE (tag);
  }
  for (unsigned i = 0; i < id->len; i++)
    tag = tag << 8 | id->bytes[i];
  return tag;
}

struct inos_member_store *inos_member_store_new (const struct inos_mesh_env *env,
                                                 const struct inos_member_trust *trust)
{
  struct inos_member_store *store = g_new0 (struct inos_member_store, 1);

  store->trust = trust;
  inos_env_random (env, store->key, sizeof store->key);
  store->n_buckets = BUCKETS_FIRST;
  store->buckets = g_new0 (struct inos_member_record *, store->n_buckets);
  return store;
}

void inos_member_store_free (struct inos_member_store *store)
{
  if (!store)
    return;
  g_assert (store->count == 0);
  inos_buffer_clear (&store->room.out);
  inos_buffer_clear (&store->room.lines);
  g_free (store->buckets);
  g_free (store);
}

size_t inos_member_store_count (const struct inos_member_store *store)
{
  return store->count;
}

struct inos_member_room *inos_member_store_room (struct inos_member_store *store)
{
  return &store->room;
}

/* By its end, which is a signature of all before it, and so as good as all of it. */
static uint64_t hash_of (const struct inos_member_store *store, const uint8_t *bytes, size_t len)
{
  size_t part = MIN (len, INOS_MEMBER_SIGNATURE_SIZE);
  uint64_t hash;

  crypto_shorthash ((uint8_t *)&hash, bytes + len - part, part, store->key);
  return hash;
}

static struct inos_member_record **bucket_of (struct inos_member_store *store, uint64_t hash)
{
  return &store->buckets[hash & (store->n_buckets - 1)];
}

static struct inos_member_record *find (struct inos_member_store *store, uint64_t hash,
                                        const void *bytes, size_t len)
{
  struct inos_member_record *record = *bucket_of (store, hash);

  while (record &&
         (record->hash != hash || record->len != len || memcmp (record->bytes, bytes, len) != 0))
    record = record->next;
  return record;
}

static void grow (struct inos_member_store *store)
{
  struct inos_member_record **old = store->buckets;
  size_t n_old = store->n_buckets;

  store->n_buckets *= 2;
  store->buckets = g_new0 (struct inos_member_record *, store->n_buckets);
  for (size_t i = 0; i < n_old; i++)
    while (old[i]) {
      struct inos_member_record *record = old[i], **bucket = bucket_of (store, record->hash);
      old[i] = record->next;
      record->next = *bucket;
      *bucket = record;
    }
  g_free (old);
}

static struct inos_member_record *insert (struct inos_member_store *store,
                                          struct inos_member_record *record)
{
  if (store->count >= store->n_buckets)
    grow (store);
  struct inos_member_record **bucket = bucket_of (store, record->hash);
  record->next = *bucket;
  *bucket = record;
  store->count++;
  return record;
}

void inos_member_record_unref (struct inos_member_store *store, struct inos_member_record *record)
{
  if (--record->refs > 0)
    return;
  struct inos_member_record **at = bucket_of (store, record->hash);
  while (*at != record)
    at = &(*at)->next;
  *at = record->next;
  store->count--;
  g_free (record);
}

static bool read_number (const struct inos_proto_field *field, uint64_t max, uint64_t *value)
{
  if (field->kind != INOS_PROTO_NUMBER || field->value > max)
    return false;
  *value = field->value;
  return true;
}

static bool read_region (const struct inos_proto_field *field,
                         struct inos_member_metadata *metadata)
{
  if (!inos_proto_is_bytes (field, BODY_REGION, 0, INOS_MEMBER_REGION_MAX) ||
      !g_utf8_validate_len ((const char *)field->bytes, field->len, NULL))
    return false;
  memcpy (metadata->region, field->bytes, field->len);
  metadata->region[field->len] = '\0';
  return true;
}

static bool read_address (const struct inos_proto_field *field,
                          struct inos_member_metadata *metadata)
{
  if (!inos_proto_is_bytes (field, BODY_ADDRESS, 1, INOS_MEMBER_ADDRESS_MAX) ||
      metadata->n_addresses == INOS_MEMBER_ADDRESSES)
    return false;
  struct inos_member_address *address = &metadata->addresses[metadata->n_addresses++];
  address->len = (uint16_t)field->len;
  memcpy (address->bytes, field->bytes, field->len);
  return true;
}

/* What a record says. */
struct content {
  struct inos_peer_id id;
  uint64_t incarnation;
  bool left;
  struct inos_member_metadata metadata;
};

/* Unknown fields are for later versions. */
static bool read_field (const struct inos_proto_field *field, struct content *content)
{
  struct inos_member_metadata *metadata = &content->metadata;
  uint64_t value = 0;
  bool ok = true;

  switch (field->number) {
  case BODY_ID: /* once: whoever peeks takes the first for it */
    ok = content->id.len == 0 && field->kind == INOS_PROTO_BYTES &&
         inos_peer_id_read (&content->id, field->bytes, field->len);
    break;
  case BODY_INCARNATION:
    ok = content->incarnation == 0 &&
         read_number (field, INOS_MEMBER_INCARNATION_MAX, &content->incarnation);
    break;
  case BODY_LEFT:
    ok = read_number (field, 1, &value);
    content->left = value;
    break;
  case BODY_LOAD:
    ok = read_number (field, UINT16_MAX, &value);
    metadata->load = (uint16_t)value;
    break;
  case BODY_CORES:
    ok = read_number (field, UINT16_MAX, &value);
    metadata->cores = (uint16_t)value;
    break;
  case BODY_MEMORY:
    ok = read_number (field, UINT32_MAX, &value);
    metadata->memory = (uint32_t)value;
    break;
  case BODY_STORAGE:
    ok = read_number (field, UINT32_MAX, &value);
    metadata->storage = (uint32_t)value;
    break;
  case BODY_GPUS:
    ok = read_number (field, UINT16_MAX, &value);
    metadata->gpus = (uint16_t)value;
    break;
  case BODY_SENSORS:
    ok = read_number (field, UINT32_MAX, &value);
    metadata->sensors = (uint32_t)value;
    break;
  case BODY_REPUTATION:
    ok = read_number (field, UINT16_MAX, &value);
    metadata->reputation = (uint16_t)value;
    break;
  case BODY_REGION:
    return read_region (field, metadata);
  case BODY_ADDRESS:
    return read_address (field, metadata);
  default:
    break;
  }
  return ok;
}

static bool read_body (const void *bytes, size_t len, struct content *content)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field))
    if (!read_field (&field, content))
      return false;
  return !reader.bad && inos_peer_id_is_set (&content->id) && content->incarnation > 0;
}

struct parts {
  struct inos_proto_field body, signature;
};

/* The two fields and nothing else, so that a record has one form only. */
static bool take_apart (const void *bytes, size_t len, struct parts *parts)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field more;

  return inos_proto_next (&reader, &parts->body) &&
         inos_proto_is_bytes (&parts->body, SIGNED_BODY, 1, INOS_MEMBER_RECORD_MAX) &&
         inos_proto_next (&reader, &parts->signature) &&
         inos_proto_is_bytes (&parts->signature, SIGNED_SIGNATURE, INOS_MEMBER_SIGNATURE_SIZE,
                              INOS_MEMBER_SIGNATURE_SIZE) &&
         !inos_proto_next (&reader, &more) && !reader.bad;
}

/* What is signed: the domain and the body. Returns: its length. */
static size_t signed_bytes (uint8_t out[sizeof INOS_MEMBER_RECORD_DOMAIN + INOS_MEMBER_RECORD_MAX],
                            const void *body, size_t len)
{
  const size_t domain = strlen (INOS_MEMBER_RECORD_DOMAIN);

  memcpy (out, INOS_MEMBER_RECORD_DOMAIN, domain);
  memcpy (out + domain, body, len);
  return domain + len;
}

static bool may_be (const struct inos_member_store *store, const struct inos_peer_id *id)
{
  const struct inos_member_trust *trust = store->trust;

  return !trust->admit || trust->admit (trust->data, id);
}

static bool is_genuine (const struct inos_member_store *store, const struct inos_peer_id *id,
                        const struct parts *parts)
{
  const struct inos_member_trust *trust = store->trust;
  uint8_t bytes[sizeof INOS_MEMBER_RECORD_DOMAIN + INOS_MEMBER_RECORD_MAX];
  size_t len = signed_bytes (bytes, parts->body.bytes, parts->body.len);

  return may_be (store, id) && trust->verify (trust->data, id, bytes, len, parts->signature.bytes);
}

static struct inos_member_record *make (const struct content *content, const void *bytes,
                                        size_t len, uint64_t hash)
{
  struct inos_member_record *record = g_malloc (sizeof *record + len);

  *record = (struct inos_member_record){
    .tag = inos_member_tag (&content->id),
    .incarnation = content->incarnation,
    .hash = hash,
    .refs = 1,
    .len = (uint16_t)len,
    .left = content->left,
    .id = content->id,
  };
  memcpy (record->bytes, bytes, len);
  return record;
}

static struct inos_member_record *take_new (struct inos_member_store *store, const void *bytes,
                                            size_t len, uint64_t hash)
{
  struct content content = {0};
  struct parts parts;

  if (!take_apart (bytes, len, &parts) || !read_body (parts.body.bytes, parts.body.len, &content) ||
      !is_genuine (store, &content.id, &parts))
    return NULL;
  return insert (store, make (&content, bytes, len, hash));
}

struct inos_member_record *inos_member_store_take (struct inos_member_store *store,
                                                   const void *bytes, size_t len)
{
  if (len == 0 || len > INOS_MEMBER_RECORD_MAX)
    return NULL;
  uint64_t hash = hash_of (store, bytes, len);
  struct inos_member_record *record = find (store, hash, bytes, len);
  if (!record)
    return take_new (store, bytes, len, hash);
  return may_be (store, &record->id) ? inos_member_record_ref (record) : NULL;
}

struct inos_member_metadata inos_member_record_metadata (const struct inos_member_record *record)
{
  struct content content = {0};
  struct parts parts;

  if (take_apart (record->bytes, record->len, &parts)) /* as it was when it came */
    read_body (parts.body.bytes, parts.body.len, &content);
  return content.metadata;
}

struct inos_member_record *inos_member_store_take_like (struct inos_member_store *store,
                                                        struct inos_member_record *known,
                                                        const void *bytes, size_t len)
{
  if (!known || known->len != len || memcmp (known->bytes, bytes, len) != 0)
    return inos_member_store_take (store, bytes, len);
  return may_be (store, &known->id) ? inos_member_record_ref (known) : NULL;
}

bool inos_member_record_peek (const void *bytes, size_t len, uint64_t *tag, uint64_t *incarnation)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field body, id, number;
  struct inos_peer_id peer;

  if (!inos_proto_next (&reader, &body) ||
      !inos_proto_is_bytes (&body, SIGNED_BODY, 1, INOS_MEMBER_RECORD_MAX))
    return false;
  reader = inos_proto_begin (body.bytes, body.len);
  if (!inos_proto_next (&reader, &id) || id.number != BODY_ID || id.kind != INOS_PROTO_BYTES ||
      !inos_proto_next (&reader, &number) || number.number != BODY_INCARNATION ||
      !read_number (&number, INOS_MEMBER_INCARNATION_MAX, incarnation) ||
      !inos_peer_id_read (&peer, id.bytes, id.len))
    return false;
  *tag = inos_member_tag (&peer);
  return true;
}

static void put_some (struct inos_buffer *out, enum body_field field, uint64_t value)
{
  if (value > 0)
    inos_proto_put_number (out, field, value);
}

static void put_body (struct inos_buffer *out, const struct inos_peer_id *id, uint64_t incarnation,
                      bool left, const struct inos_member_metadata *metadata)
{
  inos_proto_put_bytes (out, BODY_ID, id->bytes, id->len);
  inos_proto_put_number (out, BODY_INCARNATION, incarnation);
  put_some (out, BODY_LEFT, left);
  put_some (out, BODY_LOAD, metadata->load);
  put_some (out, BODY_CORES, metadata->cores);
  put_some (out, BODY_MEMORY, metadata->memory);
  put_some (out, BODY_STORAGE, metadata->storage);
  put_some (out, BODY_GPUS, metadata->gpus);
  put_some (out, BODY_SENSORS, metadata->sensors);
  put_some (out, BODY_REPUTATION, metadata->reputation);
  if (*metadata->region)
    inos_proto_put_string (out, BODY_REGION, metadata->region);
  for (unsigned i = 0; i < MIN (metadata->n_addresses, INOS_MEMBER_ADDRESSES); i++)
    inos_proto_put_bytes (out, BODY_ADDRESS, metadata->addresses[i].bytes,
                          MIN (metadata->addresses[i].len, INOS_MEMBER_ADDRESS_MAX));
}

struct inos_member_record *inos_member_store_sign (struct inos_member_store *store,
                                                   const struct inos_member_trust *trust,
                                                   const struct inos_peer_id *id,
                                                   uint64_t incarnation, bool left,
                                                   const struct inos_member_metadata *metadata)
{
  struct inos_buffer body = {0}, out = {0};
  uint8_t bytes[sizeof INOS_MEMBER_RECORD_DOMAIN + INOS_MEMBER_RECORD_MAX];
  uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE];

  put_body (&body, id, incarnation, left, metadata);
  size_t body_len = inos_buffer_len (&body);
  g_assert (body_len + INOS_MEMBER_SIGNATURE_SIZE + 8 <= INOS_MEMBER_RECORD_MAX);
  trust->sign (trust->data, bytes, signed_bytes (bytes, inos_buffer_data (&body), body_len),
               signature);
  inos_proto_put_bytes (&out, SIGNED_BODY, inos_buffer_data (&body), body_len);
  inos_proto_put_bytes (&out, SIGNED_SIGNATURE, signature, sizeof signature);
  struct inos_member_record *record =
    inos_member_store_take (store, inos_buffer_data (&out), inos_buffer_len (&out));
  g_assert (record); /* its own signature is worth something */
  inos_buffer_clear (&body);
  inos_buffer_clear (&out);
  return record;
}
