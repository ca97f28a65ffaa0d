/*
 * Bytes as text, in the bases that libp2p and IPFS write ids in. Only the canonical text of some
 * bytes is taken: no padding, no other case, no bits that are left over.
 *
 * Source: multiformats/multibase; RFC 4648 for the bases that are a power of two.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INOS_MULTIBASE_MAX                                                                         \
  144 /* bytes; the bases that are no power of two take its square of time */
#define INOS_MULTIBASE_TEXT_MAX                                                                    \
  (2 * INOS_MULTIBASE_MAX + 2) /* of so many in any base, and the end */

/* What multibase calls them. */
enum inos_base {
  INOS_BASE16 = 'f',
  INOS_BASE32 = 'b',
  INOS_BASE36 = 'k',
  INOS_BASE58BTC = 'z', /* Bitcoin's alphabet */
  INOS_BASE64 = 'm',
  INOS_BASE64URL = 'u',
};

/**
 * inos_base_encode:
 * @data: bytes; may be NULL where @len is 0
 * @len: how many, at most %INOS_MULTIBASE_MAX
 * @out: where the text and its end go
 * @size: room there
 *
 * Returns: whether it fits.
 */
bool inos_base_encode (enum inos_base base, const void *data, size_t len, char *out, size_t size);
/**
 * inos_base_decode:
 * @text: what inos_base_encode() wrote
 * @text_len: of it
 * @out: where the bytes go
 * @size: room there; more than %INOS_MULTIBASE_MAX is not used
 * @len: (out): how many they are
 *
 * Returns: whether @text is canonical and fits.
 */
bool inos_base_decode (enum inos_base base, const char *text, size_t text_len, void *out,
                       size_t size, size_t *len);

/** inos_multibase_encode: the same with the base's letter before it. */
bool inos_multibase_encode (enum inos_base base, const void *data, size_t len, char *out,
                            size_t size);
/** inos_multibase_decode: the same of a text that begins with its base's letter. */
bool inos_multibase_decode (const char *text, void *out, size_t size, size_t *len);
