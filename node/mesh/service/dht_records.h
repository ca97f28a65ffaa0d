/*
 * Where the DHT's values, and who said to have what, outlive the node: a file each, written anew a
 * while after something has changed. On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/dht/kad.h"

#include <gio/gio.h>

struct inos_dht_records;

/** inos_dht_records_new: @state_dir (nullable): where the files' folder lies; NULL: nothing is
 * kept. */
struct inos_dht_records *inos_dht_records_new (GMainContext *context, const char *state_dir);
/** inos_dht_records_keeper: what the core tells of them; as long as @records are there. */
struct inos_kad_keeper inos_dht_records_keeper (struct inos_dht_records *records);
/** inos_dht_records_load: has @kad, which outlives inos_dht_records_stop(), keep what is in the
 * files. */
void inos_dht_records_load (struct inos_dht_records *records, struct inos_kad *kad);
/** inos_dht_records_own: @key, which this node provides, is to be provided again by the next. */
void inos_dht_records_own (struct inos_dht_records *records, GBytes *key);
/** inos_dht_records_disown: it is not. Returns: whether it was going to be. */
bool inos_dht_records_disown (struct inos_dht_records *records, GBytes *key);
/** inos_dht_records_owned: GBytes: those that are; @records'. */
const GPtrArray *inos_dht_records_owned (const struct inos_dht_records *records);
/** inos_dht_records_stop: what has changed is on the disk when it returns; for which it runs the
 * context. */
void inos_dht_records_stop (struct inos_dht_records *records);
/** inos_dht_records_free: takes NULL. */
void inos_dht_records_free (struct inos_dht_records *records);
