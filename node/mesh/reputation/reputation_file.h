/*
 * What this node has seen of its peers, as a file, so that one that is started anew knows it still.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/reputation/reputation.h"

#include <glib.h>

/* Bytes, at most: of each peer its id, and a number and its tag for each conduct. */
#define INOS_REPUTATION_FILE_MAX (INOS_REPUTATION_PEERS_MAX * (48u + INOS_CONDUCTS * 6u) + 64u)

/** inos_reputation_file_write: (transfer full): @wall: ms since 1970, now. */
GBytes *inos_reputation_file_write (struct inos_reputation *reputation, int64_t wall);
/**
 * inos_reputation_file_read: has @reputation, in which there is nothing, know what is in such a
 * file; it has faded since.
 * @now: ns, of its environment; @wall: ms since 1970, now: a clock that was set back fades nothing
 *
 * Returns: whether @bytes are one, whole and unharmed; else nothing is done.
 */
bool inos_reputation_file_read (struct inos_reputation *reputation, uint64_t now, int64_t wall,
                                const void *bytes, size_t len);
