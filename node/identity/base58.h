/*
 * Base58 with Bitcoin's alphabet, "base58btc" in libp2p's words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INOS_BASE58_INPUT_MAX 128

/**
 * inos_base58_encode:
 * @data: bytes
 * @len: how many, at most %INOS_BASE58_INPUT_MAX
 * @out: where the text and its end go
 * @size: room there; 1.37 times @len and 2 is always enough
 *
 * Returns: whether it fits.
 */
bool inos_base58_encode (const uint8_t *data, size_t len, char *out, size_t size);
