/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/rpc.h"

/* Numbers of fields. */
enum {
  RPC_SUBSCRIPTIONS = 1,
  RPC_PUBLISH = 2,
  RPC_CONTROL = 3,
  SUBSCRIPTION_ON = 1,
  SUBSCRIPTION_TOPIC = 2,
  CONTROL_IHAVE = 1,
  CONTROL_IWANT = 2,
  CONTROL_GRAFT = 3,
  CONTROL_PRUNE = 4,
  CONTROL_IDONTWANT = 5,
  TOPIC = 1, /* of IHAVE, GRAFT and PRUNE */
  IHAVE_IDS = 2,
  IDS = 1, /* of IWANT and IDONTWANT */
  PRUNE_PEERS = 2,
  PRUNE_BACKOFF = 3,
  PEER_ID = 1,
  PEER_RECORD = 2,
};

static bool take_topic (struct inos_rpc_item *item, const struct inos_proto_field *field)
{
  if (field->kind != INOS_PROTO_BYTES || field->len == 0 || field->len > INOS_RPC_TOPIC_MAX ||
      !g_utf8_validate ((const char *)field->bytes, (gssize)field->len, NULL))
    return false;
  item->topic = (const char *)field->bytes;
  item->topic_len = field->len;
  return true;
}

static bool read_subscription (struct inos_rpc_item *item, const struct inos_proto_field *whole)
{
  struct inos_proto reader = inos_proto_begin (whole->bytes, whole->len);
  struct inos_proto_field field;

  item->kind = INOS_RPC_UNSUBSCRIBE;
  while (inos_proto_next (&reader, &field))
    if (field.number == SUBSCRIPTION_ON && field.kind == INOS_PROTO_NUMBER)
      item->kind = field.value ? INOS_RPC_SUBSCRIBE : INOS_RPC_UNSUBSCRIBE;
    else if (field.number == SUBSCRIPTION_TOPIC && !take_topic (item, &field))
      return false;
  return !reader.bad && item->topic_len > 0;
}

/* Whether @field, of a control message of @kind, is as it should be. */
static bool read_control_field (struct inos_rpc_item *item, const struct inos_proto_field *field)
{
  bool has_topic = item->kind != INOS_RPC_IWANT && item->kind != INOS_RPC_IDONTWANT;

  if (has_topic && field->number == TOPIC)
    return take_topic (item, field);
  if (item->kind == INOS_RPC_PRUNE && field->number == PRUNE_BACKOFF &&
      field->kind == INOS_PROTO_NUMBER) {
    item->has_backoff = true;
    item->backoff = field->value;
  }
  return true;
}

static bool read_control (struct inos_rpc_item *item, const struct inos_proto_field *whole)
{
  static const enum inos_rpc_kind kinds[] = {
    [CONTROL_IHAVE] = INOS_RPC_IHAVE,         [CONTROL_IWANT] = INOS_RPC_IWANT,
    [CONTROL_GRAFT] = INOS_RPC_GRAFT,         [CONTROL_PRUNE] = INOS_RPC_PRUNE,
    [CONTROL_IDONTWANT] = INOS_RPC_IDONTWANT,
  };
  struct inos_proto reader = inos_proto_begin (whole->bytes, whole->len);
  struct inos_proto_field field;

  item->kind = kinds[whole->number];
  item->list = reader;
  while (inos_proto_next (&reader, &field))
    if (!read_control_field (item, &field))
      return false;
  if (reader.bad)
    return false;
  return item->kind == INOS_RPC_IWANT || item->kind == INOS_RPC_IDONTWANT || item->topic_len > 0;
}

/* Returns: 1: @item is one; 0: @field is none that is known; -1: it is none at all. */
static int read_item (struct inos_rpc_item *item, const struct inos_proto_field *field,
                      bool in_control)
{
  *item = (struct inos_rpc_item){0};
  if (in_control) {
    if (field->number > CONTROL_IDONTWANT)
      return 0;
    return field->kind == INOS_PROTO_BYTES && read_control (item, field) ? 1 : -1;
  }
  if (field->number > RPC_PUBLISH)
    return 0;
  if (field->kind != INOS_PROTO_BYTES)
    return -1;
  if (field->number == RPC_SUBSCRIPTIONS)
    return read_subscription (item, field) ? 1 : -1;
  item->kind = INOS_RPC_MESSAGE;
  item->raw = field->bytes;
  item->raw_len = field->len;
  return 1;
}

struct inos_rpc inos_rpc_begin (const void *bytes, size_t len)
{
  return (struct inos_rpc){.outer = inos_proto_begin (bytes, len)};
}

/* Returns: 1: the next item; 0: there is none; -1: what comes is no RPC. */
static int next (struct inos_rpc *rpc, struct inos_rpc_item *item)
{
  struct inos_proto_field field;
  int result = 0;

  while (result == 0) {
    if (inos_proto_next (&rpc->control, &field)) {
      result = read_item (item, &field, true);
    } else if (rpc->control.bad || !inos_proto_next (&rpc->outer, &field)) {
      return rpc->control.bad || rpc->outer.bad ? -1 : 0;
    } else if (field.number == RPC_CONTROL) {
      if (field.kind != INOS_PROTO_BYTES)
        return -1;
      rpc->control = inos_proto_begin (field.bytes, field.len);
    } else {
      result = read_item (item, &field, false);
    }
  }
  return result;
}

bool inos_rpc_next (struct inos_rpc *rpc, struct inos_rpc_item *item)
{
  return next (rpc, item) > 0;
}

bool inos_rpc_check (const void *bytes, size_t len)
{
  struct inos_rpc rpc = inos_rpc_begin (bytes, len);
  struct inos_rpc_item item;
  int result;

  if (len > INOS_RPC_MAX)
    return false;
  do
    result = next (&rpc, &item);
  while (result > 0);
  return result == 0;
}

bool inos_rpc_next_id (struct inos_rpc_item *item, const uint8_t **id, size_t *len)
{
  uint32_t number = item->kind == INOS_RPC_IHAVE ? IHAVE_IDS : IDS;
  struct inos_proto_field field;

  while (inos_proto_next (&item->list, &field))
    if (inos_proto_is_bytes (&field, number, 1, INOS_RPC_ID_MAX)) {
      *id = field.bytes;
      *len = field.len;
      return true;
    }
  return false;
}

static bool read_peer (const struct inos_proto_field *whole, struct inos_peer_id *peer,
                       const uint8_t **record, size_t *len)
{
  struct inos_proto reader = inos_proto_begin (whole->bytes, whole->len);
  struct inos_proto_field field;

  *peer = (struct inos_peer_id){0};
  *record = NULL;
  *len = 0;
  while (inos_proto_next (&reader, &field))
    if (inos_proto_is_bytes (&field, PEER_ID, 1, INOS_PEER_ID_MAX)) {
      if (!inos_peer_id_read (peer, field.bytes, field.len))
        return false;
    } else if (inos_proto_is_bytes (&field, PEER_RECORD, 1, SIZE_MAX)) {
      *record = field.bytes;
      *len = field.len;
    }
  return !reader.bad && inos_peer_id_is_set (peer);
}

bool inos_rpc_next_peer (struct inos_rpc_item *item, struct inos_peer_id *peer,
                         const uint8_t **record, size_t *len)
{
  struct inos_proto_field field;

  while (inos_proto_next (&item->list, &field))
    if (inos_proto_is_bytes (&field, PRUNE_PEERS, 1, SIZE_MAX) &&
        read_peer (&field, peer, record, len))
      return true;
  return false;
}

void inos_rpc_put_subscription (struct inos_buffer *out, const char *topic, bool on)
{
  size_t opened = inos_proto_open (out, RPC_SUBSCRIPTIONS);

  inos_proto_put_number (out, SUBSCRIPTION_ON, on);
  inos_proto_put_string (out, SUBSCRIPTION_TOPIC, topic);
  inos_proto_close (out, opened);
}

void inos_rpc_put_message (struct inos_buffer *out, const void *raw, size_t len)
{
  inos_proto_put_bytes (out, RPC_PUBLISH, raw, len);
}

void inos_rpc_put_control (struct inos_buffer *out, const struct inos_buffer *control)
{
  inos_proto_put_bytes (out, RPC_CONTROL, inos_buffer_data (control), inos_buffer_len (control));
}

void inos_rpc_put_graft (struct inos_buffer *control, const char *topic)
{
  size_t opened = inos_proto_open (control, CONTROL_GRAFT);

  inos_proto_put_string (control, TOPIC, topic);
  inos_proto_close (control, opened);
}

size_t inos_rpc_open_prune (struct inos_buffer *control, const char *topic)
{
  size_t opened = inos_proto_open (control, CONTROL_PRUNE);

  inos_proto_put_string (control, TOPIC, topic);
  return opened;
}

void inos_rpc_put_peer (struct inos_buffer *control, const struct inos_peer_id *peer,
                        const void *record, size_t len)
{
  size_t opened = inos_proto_open (control, PRUNE_PEERS);

  inos_proto_put_bytes (control, PEER_ID, peer->bytes, peer->len);
  if (len > 0)
    inos_proto_put_bytes (control, PEER_RECORD, record, len);
  inos_proto_close (control, opened);
}

void inos_rpc_close_prune (struct inos_buffer *control, size_t opened, uint64_t backoff)
{
  inos_proto_put_number (control, PRUNE_BACKOFF, backoff);
  inos_proto_close (control, opened);
}

size_t inos_rpc_open_ids (struct inos_buffer *control, enum inos_rpc_kind kind, const char *topic)
{
  uint32_t number = kind == INOS_RPC_IHAVE   ? CONTROL_IHAVE
                    : kind == INOS_RPC_IWANT ? CONTROL_IWANT
                                             : CONTROL_IDONTWANT;
  size_t opened = inos_proto_open (control, number);

  if (kind == INOS_RPC_IHAVE)
    inos_proto_put_string (control, TOPIC, topic);
  return opened;
}

void inos_rpc_put_id (struct inos_buffer *control, enum inos_rpc_kind kind, const void *id,
                      size_t len)
{
  inos_proto_put_bytes (control, kind == INOS_RPC_IHAVE ? IHAVE_IDS : IDS, id, len);
}
