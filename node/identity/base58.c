/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/identity/base58.h"

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* Digits that @len bytes can need: log 256 / log 58 is less than 1.37. */
#define DIGITS_MAX (INOS_BASE58_INPUT_MAX * 137 / 100 + 1)

bool inos_base58_encode (const uint8_t *data, size_t len, char *out, size_t size)
{
  uint8_t digits[DIGITS_MAX]; /* the least first */
  size_t count = 0, zeroes = 0, at = 0;

  if (len > INOS_BASE58_INPUT_MAX)
    return false;
  while (zeroes < len && data[zeroes] == 0)
    zeroes++;
  for (size_t i = zeroes; i < len; i++) {
    unsigned carry = data[i];
    for (size_t j = 0; j < count; j++) {
      carry += (unsigned)digits[j] << 8;
      digits[j] = (uint8_t)(carry % 58);
      carry /= 58;
    }
    for (; carry > 0; carry /= 58)
      digits[count++] = (uint8_t)(carry % 58);
  }
  if (zeroes + count + 1 > size)
    return false;
  for (size_t i = 0; i < zeroes; i++)
    out[at++] = alphabet[0];
  while (count > 0)
    out[at++] = alphabet[digits[--count]];
  out[at] = '\0';
  return true;
}
