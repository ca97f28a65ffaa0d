/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/remote/message.h"

#include "node/base/priority.h"
#include "node/mesh/wire/proto.h"

#include <string.h>

#define UNIT 4096u /* bytes of a body */

enum { KIND = 1, NAME, ID, VERSION, PRIORITY, REMAINING, AMOUNT, CODE, SIGNATURE, BODY };
_Static_assert (VERSION == 4 && BODY == 10, "numbers are the wire's");

bool inos_remote_name_is_right (const char *name)
{
  size_t len = strlen (name);

  return len >= 1 && len <= INOS_REMOTE_NAME_MAX &&
         strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == len;
}

/* Bodies */

static unsigned depth_of_type (const char *type)
{
  unsigned deep = 0, most = 0;

  for (; *type; type++) {
    if (strchr ("({", *type))
      deep++;
    else if (strchr (")}", *type))
      deep--;
    most = MAX (most, deep);
  }
  return most;
}

/* Arrays and maybes count once each, wherever they are: more than enough, and quick. */
static unsigned depth_bound (const GVariantType *type)
{
  g_autofree char *text = g_variant_type_dup_string (type);
  unsigned deep = depth_of_type (text);

  for (const char *at = text; *at; at++)
    deep += *at == 'a' || *at == 'm';
  return deep;
}

static bool is_shallow (GVariant *value, unsigned left)
{
  unsigned deep = depth_bound (g_variant_get_type (value));

  if (deep > left)
    return false;
  if (!strchr (g_variant_get_type_string (value), 'v'))
    return true;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT)) {
    g_autoptr (GVariant) inside = g_variant_get_variant (value);
    return left > 0 && is_shallow (inside, left - 1);
  }
  for (gsize i = 0; i < g_variant_n_children (value); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (value, i);
    if (left == 0 || !is_shallow (child, left - 1))
      return false;
  }
  return true;
}

const char *inos_remote_body_fits (GVariant *body)
{
  if (g_variant_get_size (body) > INOS_REMOTE_BODY_MAX)
    return "It is larger than 64 KiB.";
  if (strlen (g_variant_get_type_string (body)) > INOS_REMOTE_SIGNATURE_MAX)
    return "Its type has more than 64 letters.";
  if (strchr (g_variant_get_type_string (body), 'h'))
    return "A descriptor does not go over a network.";
  return is_shallow (body, INOS_REMOTE_DEPTH_MAX) ? NULL : "There is too much in each other in it.";
}

uint32_t inos_remote_units (GVariant *body)
{
  return 1 + (body ? (uint32_t)(g_variant_get_size (body) / UNIT) : 0);
}

/* (transfer full) (nullable): the body, where it is one. */
static GVariant *read_body (const char *signature, const void *bytes, size_t len)
{
  if (!g_variant_type_string_is_valid (signature) ||
      !g_variant_type_is_definite ((void *)signature))
    return NULL;
  if (depth_bound ((const GVariantType *)signature) > INOS_REMOTE_DEPTH_MAX)
    return NULL;
  g_autoptr (GBytes) copy = g_bytes_new (bytes, len);
  g_autoptr (GVariant) body =
    g_variant_ref_sink (g_variant_new_from_bytes ((const GVariantType *)signature, copy, FALSE));
  if (!g_variant_is_normal_form (body) || inos_remote_body_fits (body))
    return NULL;
#if G_BYTE_ORDER == G_BIG_ENDIAN
  return g_variant_byteswap (body);
#else
  return g_steal_pointer (&body);
#endif
}

/* Messages */

struct reading {
  struct inos_remote_message *message;
  char type[INOS_REMOTE_SIGNATURE_MAX + 1];
  const uint8_t *bytes;
  size_t len;
};

static bool read_name (const struct inos_proto_field *field, char *out, size_t most)
{
  if (!inos_proto_is_bytes (field, field->number, 1, most) || memchr (field->bytes, 0, field->len))
    return false;
  memcpy (out, field->bytes, field->len);
  out[field->len] = '\0';
  return true;
}

static bool read_number (const struct inos_proto_field *field, uint64_t most, uint64_t *out)
{
  *out = field->value;
  return field->kind == INOS_PROTO_NUMBER && field->value <= most;
}

static bool take_field (struct reading *reading, const struct inos_proto_field *field)
{
  struct inos_remote_message *message = reading->message;
  uint64_t value = 0;
  bool right = true;

  switch (field->number) {
  case KIND:
    right = read_number (field, INOS_REMOTE_IDLE, &value);
    message->kind = (enum inos_remote_kind)value;
    return right;
  case NAME:
    return read_name (field, message->name, INOS_REMOTE_NAME_MAX) &&
           inos_remote_name_is_right (message->name);
  case ID:
    return read_number (field, UINT64_MAX, &message->id);
  case VERSION:
    right = read_number (field, UINT16_MAX, &value);
    message->version = (uint16_t)value;
    return right;
  case PRIORITY:
    right = read_number (field, INOS_PRIORITIES - 1, &value);
    message->priority = (uint8_t)value;
    return right;
  case REMAINING:
    right = read_number (field, INOS_REMOTE_REMAINING_MAX, &value);
    message->remaining = (uint32_t)value;
    return right;
  case AMOUNT:
    right = read_number (field, UINT32_MAX, &value);
    message->amount = (uint32_t)value;
    return right;
  case CODE:
    right = read_number (field, UINT32_MAX, &value);
    message->code = (int32_t)(uint32_t)value;
    return right;
  case SIGNATURE:
    return read_name (field, reading->type, INOS_REMOTE_SIGNATURE_MAX);
  case BODY:
    reading->bytes = field->bytes;
    reading->len = field->len;
    return inos_proto_is_bytes (field, BODY, 0, INOS_REMOTE_BODY_MAX);
  default: /* of a later version */
    return true;
  }
}

/* Whether it has what its kind has to have. */
static bool is_whole (const struct inos_remote_message *message)
{
  switch (message->kind) {
  case INOS_REMOTE_HELLO:
    return *message->name;
  case INOS_REMOTE_WELCOME:
  case INOS_REMOTE_TAKEN:
    return message->amount > 0;
  case INOS_REMOTE_LETTER:
    return *message->name && message->body;
  case INOS_REMOTE_ANSWER:
    return message->id && message->amount < INOS_REMOTE_STATUSES &&
           (message->amount != INOS_REMOTE_REPLIED || message->body);
  case INOS_REMOTE_CANCEL:
    return message->id;
  case INOS_REMOTE_DOWN:
    return message->amount < INOS_REMOTE_LOST;
  case INOS_REMOTE_IDLE:
    return true;
  }
  return false;
}

bool inos_remote_message_read (struct inos_remote_message *message, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct reading reading = {.message = message};
  struct inos_proto_field field;
  bool right = len <= INOS_REMOTE_MESSAGE_MAX;

  *message = (struct inos_remote_message){.priority = INOS_PRIORITY_NORMAL};
  while (right && inos_proto_next (&reader, &field))
    right = take_field (&reading, &field);
  right = right && !reader.bad;
  if (right && *reading.type) {
    message->body = read_body (reading.type, reading.bytes, reading.len);
    right = message->body;
  }
  if (right && is_whole (message))
    return true;
  inos_remote_message_clear (message);
  return false;
}

static void put_body (struct inos_buffer *out, GVariant *body)
{
  g_autoptr (GVariant) normal = g_variant_get_normal_form (body);
#if G_BYTE_ORDER == G_BIG_ENDIAN
  g_autoptr (GVariant) swapped = g_variant_byteswap (normal);
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (swapped);
#else
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (normal);
#endif
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);

  inos_proto_put_string (out, SIGNATURE, g_variant_get_type_string (normal));
  inos_proto_put_bytes (out, BODY, data, len);
}

static void put_some (struct inos_buffer *out, uint32_t number, uint64_t value)
{
  if (value)
    inos_proto_put_number (out, number, value);
}

void inos_remote_message_write (struct inos_buffer *out, const struct inos_remote_message *message)
{
  inos_proto_put_number (out, KIND, message->kind);
  if (*message->name)
    inos_proto_put_string (out, NAME, message->name);
  put_some (out, ID, message->id);
  put_some (out, VERSION, message->version);
  if (message->kind == INOS_REMOTE_LETTER)
    inos_proto_put_number (out, PRIORITY, message->priority);
  put_some (out, REMAINING, MIN (message->remaining, INOS_REMOTE_REMAINING_MAX));
  put_some (out, AMOUNT, message->amount);
  put_some (out, CODE, (uint32_t)message->code);
  if (message->body)
    put_body (out, message->body);
}

void inos_remote_message_clear (struct inos_remote_message *message)
{
  g_clear_pointer (&message->body, g_variant_unref);
}
