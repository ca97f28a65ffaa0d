/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/dns_packet.h"

#include <string.h>

#define HEADER 12
#define RESPONSE 0x80 /* in the third byte */
#define OPCODE 0x78   /* the same: a query is 0 */
#define POINTER 0xc0
#define LABELS_MAX 128
#define CACHE_FLUSH 0x8000

static uint16_t get16 (const uint8_t *at)
{
  return (uint16_t)(at[0] << 8 | at[1]);
}

/* Adds a label to the name. Returns: whether it fits and is printable. */
static bool add_label (char name[INOS_DNS_NAME_MAX], size_t *n, const uint8_t *label, size_t len)
{
  if (*n + len + 2 > INOS_DNS_NAME_MAX)
    return false;
  if (*n > 0)
    name[(*n)++] = '.';
  for (size_t i = 0; i < len; i++) {
    if (!g_ascii_isgraph ((char)label[i]) || label[i] == '.')
      return false;
    name[(*n)++] = g_ascii_tolower ((char)label[i]);
  }
  return true;
}

/* The name at @at. Pointers only lead back, each further than the one before, so that it ends.
 * Returns: bytes that it takes where it stands; 0: it is none. */
static size_t read_name (const struct inos_dns_reader *reader, size_t at,
                         char name[INOS_DNS_NAME_MAX])
{
  size_t start = at, least = at, taken = 0, n = 0;

  for (unsigned labels = 0; labels < LABELS_MAX && at < reader->len; labels++) {
    uint8_t len = reader->bytes[at];
    if ((len & POINTER) == POINTER) {
      if (at + 2 > reader->len)
        return 0;
      if (taken == 0)
        taken = at + 2 - start;
      at = get16 (reader->bytes + at) & 0x3fff;
      if (at >= least)
        return 0;
      least = at;
      continue;
    }
    if (len == 0) {
      name[n] = '\0';
      return taken > 0 ? taken : at + 1 - start;
    }
    if (len > INOS_DNS_LABEL_MAX || at + 1 + len > reader->len ||
        !add_label (name, &n, reader->bytes + at + 1, len))
      return 0;
    at += 1u + len;
  }
  return 0;
}

bool inos_dns_begin (struct inos_dns_reader *reader, const void *bytes, size_t len)
{
  const uint8_t *at = bytes;

  if (len < HEADER || len > INOS_DNS_PACKET_MAX || at[2] & OPCODE || at[3] & 0x0f)
    return false;
  *reader = (struct inos_dns_reader){
    .bytes = bytes,
    .len = len,
    .at = HEADER,
    .response = at[2] & RESPONSE,
    .questions = get16 (at + 4),
    .records = (unsigned)get16 (at + 6) + get16 (at + 8) + get16 (at + 10),
  };
  return true;
}

bool inos_dns_next (struct inos_dns_reader *reader, struct inos_dns_entry *entry)
{
  bool question = reader->questions > 0;
  size_t fixed = question ? 4 : 10;

  if ((!question && reader->records == 0) || reader->looked_at++ == INOS_DNS_RECORDS_MAX)
    return false;
  size_t name_len = read_name (reader, reader->at, entry->name);
  if (name_len == 0 || reader->len - reader->at - name_len < fixed)
    return false;
  const uint8_t *at = reader->bytes + reader->at + name_len;
  entry->question = question;
  entry->type = get16 (at);
  entry->klass = get16 (at + 2) & INOS_DNS_CLASS_MASK;
  entry->data = at + fixed;
  entry->len = question ? 0 : get16 (at + 8);
  reader->at += name_len + fixed;
  if (reader->len - reader->at < entry->len)
    return false;
  reader->at += entry->len;
  if (question)
    reader->questions--;
  else
    reader->records--;
  return true;
}

bool inos_dns_target (const struct inos_dns_reader *reader, const struct inos_dns_entry *entry,
                      char name[INOS_DNS_NAME_MAX])
{
  size_t len = read_name (reader, (size_t)(entry->data - reader->bytes), name);

  return len > 0 && len == entry->len;
}

static void put16 (struct inos_buffer *out, uint16_t value)
{
  uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};

  inos_buffer_append (out, bytes, sizeof bytes);
}

void inos_dns_put_header (struct inos_buffer *out, bool response, uint16_t questions,
                          uint16_t answers, uint16_t additional)
{
  put16 (out, 0);                     /* id: none in mDNS */
  put16 (out, response ? 0x8400 : 0); /* authoritative */
  put16 (out, questions);
  put16 (out, answers);
  put16 (out, 0);
  put16 (out, additional);
}

void inos_dns_put_name (struct inos_buffer *out, const char *name)
{
  for (const char *end; *name; name = *end ? end + 1 : end) {
    end = strchrnul (name, '.');
    uint8_t len = (uint8_t)MIN (end - name, INOS_DNS_LABEL_MAX);
    inos_buffer_append (out, &len, 1);
    inos_buffer_append (out, name, len);
  }
  inos_buffer_append (out, "", 1);
}

void inos_dns_put_question (struct inos_buffer *out, const char *name, uint16_t type)
{
  inos_dns_put_name (out, name);
  put16 (out, type);
  put16 (out, INOS_DNS_IN);
}

size_t inos_dns_open_record (struct inos_buffer *out, const char *name, uint16_t type, uint32_t ttl)
{
  inos_dns_put_name (out, name);
  put16 (out, type);
  put16 (out, type == INOS_DNS_TXT ? CACHE_FLUSH | INOS_DNS_IN : INOS_DNS_IN); /* ours alone */
  put16 (out, (uint16_t)(ttl >> 16));
  put16 (out, (uint16_t)ttl);
  put16 (out, 0);
  return inos_buffer_len (out);
}

void inos_dns_close_record (struct inos_buffer *out, size_t opened)
{
  size_t len = inos_buffer_len (out) - opened;
  uint8_t *at = inos_buffer_data (out) + opened - 2;

  at[0] = (uint8_t)(len >> 8);
  at[1] = (uint8_t)len;
}
