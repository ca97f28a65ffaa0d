/*
 * Encoding and decoding of envelopes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/frame.h"
#include "node/api/messages.h"

#include <string.h>

/* Offsets within a frame, counted from its length field. */
enum {
  AT_LENGTH = 0,
  AT_FORMAT = 4,
  AT_KIND = 5,
  AT_PRIORITY = 6,
  AT_TYPE_LENGTH = 7,
  AT_VERSION = 8,
  AT_RESERVED = 10,
  AT_ID = 12,
  AT_REPLY_TO = 20,
  AT_TTL = 28,
  AT_TYPE = INOS_FRAME_HEADER,
};

#define LENGTH_SIZE 4

struct inos_decoder {
  GByteArray *bytes;
  size_t start;   /* of what has not been taken yet */
  GError *broken; /* may be NULL; the fatal error that ended this stream */
};

G_DEFINE_QUARK (inos-api-error, inos_api_error)

const char *inos_api_error_name (enum inos_api_error code)
{
  static const char *const names[] = {
    [INOS_API_ERROR_MALFORMED] = "malformed",
    [INOS_API_ERROR_TOO_BIG] = "too-big",
    [INOS_API_ERROR_UNKNOWN_MESSAGE] = "unknown-message",
    [INOS_API_ERROR_BAD_PAYLOAD] = "bad-payload",
    [INOS_API_ERROR_ACCESS_DENIED] = "access-denied",
    [INOS_API_ERROR_TOO_MANY] = "too-many",
    [INOS_API_ERROR_TIMEOUT] = "timeout",
    [INOS_API_ERROR_FAILED] = "failed",
    [INOS_API_ERROR_NOT_FOUND] = "not-found",
    [INOS_API_ERROR_UNREACHABLE] = "unreachable",
  };

  return (size_t)code < G_N_ELEMENTS (names) ? names[code] : "failed";
}

bool inos_api_error_is_fatal (const GError *error)
{
  return !g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_UNKNOWN_MESSAGE) &&
         !g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD);
}

static uint64_t get (const uint8_t *at, size_t size)
{
  uint64_t value = 0;

  for (size_t i = size; i-- > 0;)
    value = value << 8 | at[i];
  return value;
}

static void put (uint8_t *at, size_t size, uint64_t value)
{
  for (size_t i = 0; i < size; i++, value >>= 8)
    at[i] = value & 0xff;
}

static bool is_type_name (const char *name, size_t len)
{
  if (len < 1 || len > INOS_TYPE_MAX)
    return false;
  for (size_t i = 0; i < len; i++)
    if (!g_ascii_islower (name[i]) && !g_ascii_isdigit (name[i]) && name[i] != '.' &&
        name[i] != '-')
      return false;
  return true;
}

/* The rules that a sender and a receiver share; says which one is broken, or NULL. */
static const char *broken_rule (const struct inos_frame *e)
{
  bool answers = e->kind == INOS_REPLY || e->kind == INOS_ERROR;

  if (e->kind < INOS_REQUEST || e->kind > INOS_EVENT)
    return "the kind is not 1 to 4";
  if (e->priority > INOS_PRIORITY_LOW)
    return "the priority is not 0 to 3";
  if (e->id == 0)
    return "the id is 0";
  if (e->kind == INOS_REPLY && e->reply_to == 0)
    return "a reply says no request's id";
  if (!answers && e->reply_to != 0)
    return "a request or an event says that it is an answer";
  return NULL;
}

/* The payload as bytes on the wire: little-endian and in normal form. */
static GVariant *to_wire (GVariant *payload)
{
  if (!payload)
    return g_variant_ref_sink (g_variant_new_tuple (NULL, 0));
  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    return g_variant_byteswap (payload); /* its result is in normal form */
  return g_variant_get_normal_form (payload);
}

GBytes *inos_frame_encode (const struct inos_frame *e)
{
  size_t type_len = strnlen (e->type, sizeof e->type);

  if (broken_rule (e) || !is_type_name (e->type, type_len))
    return NULL;

  /* A floating payload stays floating, so that the caller's ownership does not depend on us. */
  g_autoptr (GVariant) wire = to_wire (e->payload);
  size_t payload_len = g_variant_get_size (wire);
  size_t total = AT_TYPE + type_len + payload_len;

  if (payload_len > INOS_FRAME_MAX || total - LENGTH_SIZE > INOS_FRAME_MAX)
    return NULL;

  uint8_t *frame = g_malloc (total);
  put (frame + AT_LENGTH, 4, total - LENGTH_SIZE);
  frame[AT_FORMAT] = INOS_FRAME_FORMAT;
  frame[AT_KIND] = (uint8_t)e->kind;
  frame[AT_PRIORITY] = e->priority;
  frame[AT_TYPE_LENGTH] = (uint8_t)type_len;
  put (frame + AT_VERSION, 2, e->version);
  put (frame + AT_RESERVED, 2, 0);
  put (frame + AT_ID, 8, e->id);
  put (frame + AT_REPLY_TO, 8, e->reply_to);
  put (frame + AT_TTL, 4, e->ttl_ms);
  memcpy (frame + AT_TYPE, e->type, type_len);
  if (payload_len > 0)
    memcpy (frame + AT_TYPE + type_len, g_variant_get_data (wire), payload_len);
  return g_bytes_new_take (frame, total);
}

void inos_frame_clear (struct inos_frame *frame)
{
  g_clear_pointer (&frame->payload, g_variant_unref);
  memset (frame, 0, sizeof *frame);
}

struct inos_decoder *inos_decoder_new (void)
{
  struct inos_decoder *decoder = g_new0 (struct inos_decoder, 1);

  decoder->bytes = g_byte_array_new();
  return decoder;
}

void inos_decoder_free (struct inos_decoder *decoder)
{
  if (!decoder)
    return;
  g_byte_array_unref (decoder->bytes);
  g_clear_error (&decoder->broken);
  g_free (decoder);
}

size_t inos_decoder_pending (const struct inos_decoder *decoder)
{
  return decoder->bytes->len - decoder->start;
}

void inos_decoder_push (struct inos_decoder *decoder, const void *bytes, size_t len)
{
  if (decoder->broken || len == 0)
    return;
  g_return_if_fail (len <= 2 * (size_t)INOS_FRAME_MAX);
  if (decoder->start > 0) {
    g_byte_array_remove_range (decoder->bytes, 0, (guint)decoder->start);
    decoder->start = 0;
  }
  g_byte_array_append (decoder->bytes, bytes, (guint)len);
}

static enum inos_decode broken (struct inos_decoder *decoder, enum inos_api_error code,
                                const char *why, GError **error)
{
  decoder->broken = g_error_new_literal (INOS_API_ERROR, (gint)code, why);
  g_propagate_error (error, g_error_copy (decoder->broken));
  return INOS_DECODE_BAD;
}

/* Everything before the payload. Returns what is wrong with it, or NULL. */
static const char *parse_header (const uint8_t *frame, size_t total, struct inos_frame *out)
{
  size_t type_len = frame[AT_TYPE_LENGTH];

  out->kind = (enum inos_kind)frame[AT_KIND];
  out->priority = frame[AT_PRIORITY];
  out->version = (uint16_t)get (frame + AT_VERSION, 2);
  out->id = get (frame + AT_ID, 8);
  out->reply_to = get (frame + AT_REPLY_TO, 8);
  out->ttl_ms = (uint32_t)get (frame + AT_TTL, 4);
  if (frame[AT_FORMAT] != INOS_FRAME_FORMAT)
    return "the format is not 1";
  if (get (frame + AT_RESERVED, 2) != 0)
    return "the reserved bytes are not 0";
  if (type_len < 1 || type_len > INOS_TYPE_MAX || AT_TYPE + type_len > total)
    return "the type name's length is wrong";
  if (!is_type_name ((const char *)frame + AT_TYPE, type_len))
    return "the type name has characters other than a-z 0-9 . -";
  memcpy (out->type, frame + AT_TYPE, type_len);
  out->type[type_len] = '\0';
  return broken_rule (out);
}

static GVariant *parse_payload (const uint8_t *at, size_t len, const char *type)
{
  g_autoptr (GBytes) bytes = g_bytes_new (at, len); /* a copy is aligned, the frame need not be */
  g_autoptr (GVariant) value =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, FALSE));

  /* A fixed-size type given another number of bytes reads as zeroes: refuse rather than guess. */
  if (g_variant_get_size (value) != len)
    return NULL;
  if (G_BYTE_ORDER == G_BIG_ENDIAN) {
    GVariant *swapped = g_variant_byteswap (value);
    g_variant_unref (value);
    value = swapped;
  }
  return g_variant_is_normal_form (value) ? g_steal_pointer (&value) : NULL;
}

static enum inos_decode parse_body (const uint8_t *frame, size_t total, struct inos_frame *out,
                                    GError **error)
{
  const struct inos_api_message *message = inos_message_find (out->type, out->version);
  const char *type = inos_message_payload_type (message, out->kind);
  size_t at = AT_TYPE + strlen (out->type);

  if (!type) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_UNKNOWN_MESSAGE,
                 "There is no message %s, version %u, of this kind.", out->type, out->version);
    return INOS_DECODE_BAD;
  }
  out->payload = parse_payload (frame + at, total - at, type);
  if (!out->payload) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD,
                 "The payload of %s is not a %s in normal form.", out->type, type);
    return INOS_DECODE_BAD;
  }
  return INOS_DECODE_ONE;
}

enum inos_decode inos_decoder_next (struct inos_decoder *decoder, struct inos_frame *out,
                                    GError **error)
{
  size_t have = inos_decoder_pending (decoder);

  memset (out, 0, sizeof *out);
  if (decoder->broken) {
    g_propagate_error (error, g_error_copy (decoder->broken));
    return INOS_DECODE_BAD;
  }
  if (have < LENGTH_SIZE)
    return INOS_DECODE_MORE;

  const uint8_t *frame = decoder->bytes->data + decoder->start;
  size_t length = get (frame + AT_LENGTH, 4);
  if (length > INOS_FRAME_MAX)
    return broken (decoder, INOS_API_ERROR_TOO_BIG, "a frame is larger than 1 MiB", error);
  if (length < AT_TYPE - LENGTH_SIZE + 1)
    return broken (decoder, INOS_API_ERROR_MALFORMED, "a frame is shorter than its header", error);

  size_t total = length + LENGTH_SIZE;
  if (have < total)
    return INOS_DECODE_MORE;
  decoder->start += total;

  const char *wrong = parse_header (frame, total, out);
  if (wrong)
    return broken (decoder, INOS_API_ERROR_MALFORMED, wrong, error);
  return parse_body (frame, total, out, error);
}
