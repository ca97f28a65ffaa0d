/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/multiaddr_protocol.h"
#include "node/mesh/wire/varint.h"

#include <string.h>

/* The part at the beginning of @bytes. Returns: bytes that it takes; 0: it is none. */
static size_t read_part (const uint8_t *bytes, size_t len, struct inos_multiaddr_part *part)
{
  uint64_t code, value_len;
  int at = inos_varint_get (bytes, len, &code), length_len = 0;
  const struct inos_multiaddr_protocol *protocol = at > 0 ? inos_multiaddr_protocol (code) : NULL;

  if (!protocol)
    return 0;
  *part = (struct inos_multiaddr_part){.code = protocol->code};
  if (!protocol->value)
    return (size_t)at;
  value_len = protocol->value->size;
  if (value_len == 0)
    length_len = inos_varint_get (bytes + at, len - (size_t)at, &value_len);
  if (length_len < 0 || (protocol->value->size == 0 && length_len == 0))
    return 0;
  size_t head = (size_t)at + (size_t)length_len;
  if (value_len == 0 || len - head < value_len ||
      !protocol->value->valid (bytes + head, (size_t)value_len))
    return 0;
  part->value = bytes + head;
  part->len = (size_t)value_len;
  return head + part->len;
}

bool inos_multiaddr_read (struct inos_multiaddr *address, const void *bytes, size_t len)
{
  const uint8_t *at = bytes;
  struct inos_multiaddr_part part;

  if (len == 0 || len > INOS_MULTIADDR_MAX)
    return false;
  for (size_t done = 0, read; done < len; done += read) {
    read = read_part (at + done, len - done, &part);
    if (read == 0)
      return false;
  }
  address->len = (uint16_t)len;
  memcpy (address->bytes, bytes, len);
  return true;
}

bool inos_multiaddr_next (const struct inos_multiaddr *address, size_t *offset,
                          struct inos_multiaddr_part *part)
{
  if (*offset >= address->len)
    return false;
  size_t read = read_part (address->bytes + *offset, address->len - *offset, part);
  *offset += read;
  return read > 0;
}

bool inos_multiaddr_append (struct inos_multiaddr *address, enum inos_multiaddr_code code,
                            const void *value, size_t len)
{
  const struct inos_multiaddr_protocol *protocol = inos_multiaddr_protocol (code);
  uint8_t head[2 * INOS_VARINT_MAX];

  if (!protocol || (protocol->value == NULL) != (len == 0))
    return false;
  size_t head_len = inos_varint_put (head, code);
  if (protocol->value) {
    if ((protocol->value->size > 0 && len != protocol->value->size) ||
        !protocol->value->valid (value, len))
      return false;
    if (protocol->value->size == 0)
      head_len += inos_varint_put (head + head_len, len);
  }
  if (head_len + len > INOS_MULTIADDR_MAX - (size_t)address->len)
    return false;
  memcpy (address->bytes + address->len, head, head_len);
  if (len > 0)
    memcpy (address->bytes + address->len + head_len, value, len);
  address->len = (uint16_t)(address->len + head_len + len);
  return true;
}

static bool fail (GError **error, const char *whole, const char *what, const char *at, size_t len)
{
  g_autofree char *part = g_strescape (at, NULL);
  g_autofree char *text = g_strescape (whole, NULL);

  g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_FAILED,
               "“%s” is no address: %s, at “%.*s”. One is like /ip4/192.0.2.1/tcp/4001.", text,
               what, (int)MIN (len, strlen (part)), part);
  return false;
}

/* One part of @text, from behind its slash; moves @at behind it. Returns: what is wrong, or NULL.
 */
static const char *parse_part (struct inos_multiaddr *address, const char **at)
{
  uint8_t value[INOS_MULTIADDR_VALUE_MAX];
  size_t len = strcspn (*at, "/"), value_len = 0;
  const struct inos_multiaddr_protocol *protocol = inos_multiaddr_protocol_named (*at, len);

  if (!protocol)
    return "Inos knows no such protocol";
  const char *text = *at + len;
  if (protocol->value) {
    if (*text != '/')
      return "its value is missing";
    len = strcspn (++text, "/");
    value_len = protocol->value->parse (text, len, value);
    if (value_len == 0)
      return "its value is wrong";
    text += len;
  }
  if (protocol->value && !protocol->value->valid (value, value_len))
    return "its value is wrong";
  if (!inos_multiaddr_append (address, protocol->code, value, value_len))
    return "there it gets too long";
  *at = text;
  return NULL;
}

bool inos_multiaddr_parse (struct inos_multiaddr *address, const char *text, GError **error)
{
  struct inos_multiaddr parsed = {0};
  const char *at = text;

  if (strnlen (text, INOS_MULTIADDR_TEXT_MAX) == INOS_MULTIADDR_TEXT_MAX)
    return fail (error, "…", "it is too long", "", 0);
  if (*at != '/')
    return fail (error, text, "it does not begin with a slash", at, strlen (at));
  while (*at == '/' && (at[1] != '\0' || parsed.len == 0)) { /* one slash at the end is no harm */
    const char *part = ++at;
    const char *wrong = parse_part (&parsed, &at);
    if (wrong)
      return fail (error, text, wrong, part, strlen (part));
  }
  *address = parsed;
  return true;
}

char *inos_multiaddr_text (const struct inos_multiaddr *address)
{
  GString *text = g_string_new (NULL);
  struct inos_multiaddr_part part;

  for (size_t at = 0; inos_multiaddr_next (address, &at, &part);) {
    const struct inos_multiaddr_protocol *protocol = inos_multiaddr_protocol (part.code);
    g_string_append_printf (text, "/%s", protocol->name);
    if (protocol->value) {
      g_string_append_c (text, '/');
      protocol->value->print (text, part.value, part.len);
    }
  }
  return g_string_free_and_steal (text);
}

bool inos_multiaddr_has (const struct inos_multiaddr *address, enum inos_multiaddr_code code)
{
  struct inos_multiaddr_part part;

  for (size_t at = 0; inos_multiaddr_next (address, &at, &part);)
    if (part.code == code)
      return true;
  return false;
}

bool inos_multiaddr_peer (const struct inos_multiaddr *address, struct inos_peer_id *id)
{
  struct inos_multiaddr_part part;
  bool found = false;

  for (size_t at = 0; inos_multiaddr_next (address, &at, &part);)
    if (part.code == INOS_MULTIADDR_P2P)
      found = inos_peer_id_read (id, part.value, part.len);
  return found;
}

void inos_multiaddr_without_peer (const struct inos_multiaddr *address, struct inos_multiaddr *out)
{
  struct inos_multiaddr_part part = {0};
  size_t last = 0;

  for (size_t at = 0, before = 0; inos_multiaddr_next (address, &at, &part); before = at)
    last = before;
  *out = *address;
  if (address->len > 0 && part.code == INOS_MULTIADDR_P2P)
    out->len = (uint16_t)last;
}

bool inos_multiaddr_equal (const struct inos_multiaddr *a, const struct inos_multiaddr *b)
{
  return a->len == b->len && memcmp (a->bytes, b->bytes, a->len) == 0;
}
