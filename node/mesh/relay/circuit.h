/*
 * A circuit: two streams, of which each is sent what comes on the other, until too much has come,
 * it has taken too long, or either has gone.
 *
 * What came and was not sent on yet is not counted as taken, so that a side that does not read
 * makes the other wait: in each direction a circuit holds a window (%INOS_YAMUX_WINDOW) and
 * %INOS_CIRCUIT_QUEUE bytes, and never more than it may pass.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/stream.h"

#define INOS_CIRCUIT_QUEUE 16384u /* bytes that wait in a stream before the other one waits */

struct inos_circuit;

/* It has gone; @passed: bytes, both ways. */
typedef void (*inos_circuit_gone) (void *data, struct inos_circuit *circuit, uint64_t passed);

/**
 * inos_circuit_new:
 * @from, @to: on both of which the next bytes are the other's; held (inos_stream_hold()), and
 *   nothing came that is not taken; they are the circuit's from now on
 * @data_max: bytes that may pass each way
 *
 * It frees itself when both have gone, after it has told @gone.
 */
struct inos_circuit *inos_circuit_new (struct inos_stream *from, struct inos_stream *to,
                                       uint64_t data_max, inos_circuit_gone gone, void *data);
/** inos_circuit_pass: @bytes came on @on, one of its streams, before it was made. */
void inos_circuit_pass (struct inos_circuit *circuit, struct inos_stream *on, const uint8_t *bytes,
                        size_t len);
/** inos_circuit_cut: ends it; @gone is told from inside. */
void inos_circuit_cut (struct inos_circuit *circuit);
