/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/wire/multibase.h"

#include <string.h>

struct base {
  enum inos_base name;
  unsigned radix;
  unsigned bits; /* of a digit where the radix is a power of two; 0: it is not */
  const char *digits;
};

static const struct base bases[] = {
  {INOS_BASE16, 16, 4, "0123456789abcdef"},
  {INOS_BASE32, 32, 5, "abcdefghijklmnopqrstuvwxyz234567"},
  {INOS_BASE36, 36, 0, "0123456789abcdefghijklmnopqrstuvwxyz"},
  {INOS_BASE58BTC, 58, 0, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"},
  {INOS_BASE64, 64, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"},
  {INOS_BASE64URL, 64, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"},
};

/* Digits that a radix of 36 or more can need: log 256 / log 36 is less than 1.55. */
#define DIGITS_MAX (INOS_MULTIBASE_MAX * 155 / 100 + 1)

static const struct base *find (int name)
{
  for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
    if ((int)bases[i].name == name)
      return &bases[i];
  return NULL;
}

static int digit_of (const struct base *base, char c)
{
  const char *at = c ? strchr (base->digits, c) : NULL;

  return at ? (int)(at - base->digits) : -1;
}

static bool encode_bits (const struct base *base, const uint8_t *data, size_t len, char *out,
                         size_t size)
{
  size_t needed = (len * 8 + base->bits - 1) / base->bits, at = 0;
  unsigned held = 0, n_held = 0;

  if (needed + 1 > size)
    return false;
  for (size_t i = 0; i < len; i++) {
    held = held << 8 | data[i];
    for (n_held += 8; n_held >= base->bits; n_held -= base->bits)
      out[at++] = base->digits[held >> (n_held - base->bits) & (base->radix - 1)];
  }
  if (n_held > 0)
    out[at++] = base->digits[held << (base->bits - n_held) & (base->radix - 1)];
  out[at] = '\0';
  return true;
}

static bool decode_bits (const struct base *base, const char *text, size_t text_len, uint8_t *out,
                         size_t size, size_t *len)
{
  unsigned held = 0, n_held = 0;

  *len = 0;
  for (size_t i = 0; i < text_len; i++) {
    int digit = digit_of (base, text[i]);
    if (digit < 0)
      return false;
    held = held << base->bits | (unsigned)digit;
    n_held += base->bits;
    if (n_held < 8)
      continue;
    n_held -= 8;
    if (*len == size)
      return false;
    out[(*len)++] = (uint8_t)(held >> n_held);
  }
  /* what is left over is no digit of its own, and nothing */
  return n_held < base->bits && (held & ((1u << n_held) - 1)) == 0;
}

/* The number that @data is, most significant byte first; each zero before it is one digit. */
static bool encode_number (const struct base *base, const uint8_t *data, size_t len, char *out,
                           size_t size)
{
  uint8_t digits[DIGITS_MAX]; /* the least first */
  size_t count = 0, zeroes = 0, at = 0;

  while (zeroes < len && data[zeroes] == 0)
    zeroes++;
  for (size_t i = zeroes; i < len; i++) {
    unsigned carry = data[i];
    for (size_t j = 0; j < count; j++) {
      carry += (unsigned)digits[j] << 8;
      digits[j] = (uint8_t)(carry % base->radix);
      carry /= base->radix;
    }
    for (; carry > 0; carry /= base->radix)
      digits[count++] = (uint8_t)(carry % base->radix);
  }
  if (zeroes + count + 1 > size)
    return false;
  for (size_t i = 0; i < zeroes; i++)
    out[at++] = base->digits[0];
  while (count > 0)
    out[at++] = base->digits[digits[--count]];
  out[at] = '\0';
  return true;
}

static bool decode_number (const struct base *base, const char *text, size_t text_len, uint8_t *out,
                           size_t size, size_t *len)
{
  uint8_t bytes[INOS_MULTIBASE_MAX]; /* the least first */
  size_t count = 0, zeroes = 0;

  if (size > sizeof bytes)
    size = sizeof bytes;
  while (zeroes < text_len && text[zeroes] == base->digits[0])
    zeroes++;
  for (size_t i = zeroes; i < text_len; i++) {
    int digit = digit_of (base, text[i]);
    if (digit < 0)
      return false;
    unsigned carry = (unsigned)digit;
    for (size_t j = 0; j < count; j++) {
      carry += bytes[j] * base->radix;
      bytes[j] = (uint8_t)carry;
      carry >>= 8;
    }
    if (carry > 0 && count == size)
      return false;
    if (carry > 0)
      bytes[count++] = (uint8_t)carry;
  }
  if (zeroes > size || count > size - zeroes)
    return false;
  memset (out, 0, zeroes);
  *len = zeroes;
  while (count > 0)
    out[(*len)++] = bytes[--count];
  return true;
}

bool inos_base_encode (enum inos_base name, const void *data, size_t len, char *out, size_t size)
{
  const struct base *base = find (name);

  if (!base || len > INOS_MULTIBASE_MAX)
    return false;
  return base->bits > 0 ? encode_bits (base, data, len, out, size)
                        : encode_number (base, data, len, out, size);
}

bool inos_base_decode (enum inos_base name, const char *text, size_t text_len, void *out,
                       size_t size, size_t *len)
{
  const struct base *base = find (name);

  if (!base || text_len >= INOS_MULTIBASE_TEXT_MAX)
    return false;
  return base->bits > 0 ? decode_bits (base, text, text_len, out, size, len)
                        : decode_number (base, text, text_len, out, size, len);
}

bool inos_multibase_encode (enum inos_base base, const void *data, size_t len, char *out,
                            size_t size)
{
  if (size < 2)
    return false;
  *out = (char)base;
  return inos_base_encode (base, data, len, out + 1, size - 1);
}

bool inos_multibase_decode (const char *text, void *out, size_t size, size_t *len)
{
  const struct base *base = find (*text);

  return base && inos_base_decode (base->name, text + 1,
                                   strnlen (text + 1, INOS_MULTIBASE_TEXT_MAX), out, size, len);
}
