/*
 * The values that a node keeps for the DHT, as a file of theirs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/dht/kad.h"

/* What its values, keys and all that is around them come to at most, in bytes. */
#define INOS_KAD_FILE_MAX (INOS_KAD_RECORDS_BYTES + INOS_KAD_RECORDS_MAX * 64u + 64u)

/** inos_kad_file_write: (transfer full): all values of @kad. */
GBytes *inos_kad_file_write (struct inos_kad *kad);
/**
 * inos_kad_file_read: has @kad keep what is in such a file: as far as it is not too old, and
 * validators take it, who have seen it before but may not have now.
 *
 * Returns: whether @bytes are one, whole and unharmed; else nothing is kept.
 */
bool inos_kad_file_read (struct inos_kad *kad, const void *bytes, size_t len);
