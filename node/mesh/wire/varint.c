/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/varint.h"

size_t inos_varint_put (uint8_t out[INOS_VARINT_MAX], uint64_t value)
{
  size_t len = 0;

  for (; value >= 0x80; value >>= 7)
    out[len++] = (uint8_t)(value | 0x80);
  out[len++] = (uint8_t)value;
  return len;
}

size_t inos_varint_size (uint64_t value)
{
  size_t len = 1;

  for (; value >= 0x80; value >>= 7)
    len++;
  return len;
}

void inos_varint_append (struct inos_buffer *buffer, uint64_t value)
{
  inos_buffer_commit (buffer,
                      inos_varint_put (inos_buffer_reserve (buffer, INOS_VARINT_MAX), value));
}

int inos_varint_get_loose (const uint8_t *bytes, size_t len, uint64_t *value)
{
  uint64_t sum = 0;

  for (unsigned i = 0; i < len && i < INOS_VARINT_MAX; i++) {
    if (i == INOS_VARINT_MAX - 1 && bytes[i] > 1)
      return -1; /* beyond 64 bits */
    sum |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
    if (bytes[i] & 0x80)
      continue;
    *value = sum;
    return (int)i + 1;
  }
  return len >= INOS_VARINT_MAX ? -1 : 0;
}

int inos_varint_get (const uint8_t *bytes, size_t len, uint64_t *value)
{
  int read = inos_varint_get_loose (bytes, len, value);

  return read > 1 && bytes[read - 1] == 0 ? -1 : read;
}
