/*
 * Protobuf fields that lie on a disk: what they are before them and a hash behind them, so that a
 * file that was torn or changed is not taken for a whole one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/proto.h"

#define INOS_SEALED_MAGIC 8u /* bytes of it */

/** inos_sealed_begin: fields are to be appended to @out, which is empty. */
void inos_sealed_begin (struct inos_buffer *out, const char magic[INOS_SEALED_MAGIC]);
/** inos_sealed_end: all are in @out. */
void inos_sealed_end (struct inos_buffer *out);
/**
 * inos_sealed_open:
 * @fields: (out): a reader of the fields in @bytes
 *
 * Returns: whether @bytes are whole and what @magic says.
 */
bool inos_sealed_open (struct inos_proto *fields, const char magic[INOS_SEALED_MAGIC],
                       const void *bytes, size_t len);
