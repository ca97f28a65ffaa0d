/*
 * Who said to have what, as a file: so that a node that is started anew still knows it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/dht/kad.h"
#include "node/mesh/dht/provider_store.h"

#define INOS_PROVIDER_FILE_OWN 4096u /* keys that this node itself provides, for people */
/* What all of it comes to at most, in bytes. */
#define INOS_PROVIDER_FILE_MAX                                                                     \
  (INOS_KAD_PROVIDED_MAX * 96u + INOS_PROVIDER_FILE_OWN * (INOS_KAD_KEY_MAX + 8u) + 64u)

/** inos_provider_file_write: (transfer full): what @kad knows of others, and @own: GBytes, keys
 * that it is to provide again. */
GBytes *inos_provider_file_write (struct inos_kad *kad, const GPtrArray *own);
/**
 * inos_provider_file_read: has @kad know again what is in such a file, as far as it is not too old.
 * @own: GBytes: keys that this node itself provides are added, up to %INOS_PROVIDER_FILE_OWN
 *
 * Returns: whether @bytes are one, whole and unharmed; else nothing is done.
 */
bool inos_provider_file_read (struct inos_kad *kad, const void *bytes, size_t len, GPtrArray *own);
