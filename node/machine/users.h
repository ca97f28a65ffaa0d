/*
 * Names of users, asked for once each. To ask may take as long as the network takes, where users
 * come from there: not for the node's main thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdint.h>

/** inos_users_new: (transfer full): to be freed with g_hash_table_unref(). */
GHashTable *inos_users_new (void);

/** inos_users_name: (transfer none): valid UTF-8; the number where there is no name. */
const char *inos_users_name (GHashTable *users, uint32_t uid);
