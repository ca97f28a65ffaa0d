/*
 * Unsigned variable-length integers: seven bits a byte, the least significant first (multiformats'
 * unsigned-varint, protobuf's varint).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

#define INOS_VARINT_MAX 10 /* bytes of the largest 64-bit one */

/** inos_varint_put: writes @value to @out, which has room for it. Returns: bytes written. */
size_t inos_varint_put (uint8_t out[INOS_VARINT_MAX], uint64_t value);
/** inos_varint_size: bytes that @value takes. */
size_t inos_varint_size (uint64_t value);
/** inos_varint_append: the same, to the end of @buffer. */
void inos_varint_append (struct inos_buffer *buffer, uint64_t value);

/**
 * inos_varint_get:
 * @bytes: what there is
 * @len: of it
 * @value: (out): the number
 *
 * Takes only the shortest form, as multiformats has it.
 *
 * Returns: bytes read; 0: more are needed; -1: it is no such number.
 */
int inos_varint_get (const uint8_t *bytes, size_t len, uint64_t *value);
/** inos_varint_get_loose: the same, but also takes longer forms, as protobuf has it. */
int inos_varint_get_loose (const uint8_t *bytes, size_t len, uint64_t *value);
