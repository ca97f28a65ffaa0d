/*
 * The socket at which whoever looks on at a terminal says which one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/terminal/terminal.h"

#define INOS_DOOR_VISITORS_MAX 16u /* who have not said yet what they want */
#define INOS_DOOR_PATIENCE_MS 5000

struct inos_door;

/* @fd is the callee's from then on. */
typedef void (*inos_door_visit) (uint64_t id, int fd, void *data);

/** inos_door_new: listens at @path, to this user and root alone. */
struct inos_door *inos_door_new (const char *path, inos_door_visit visit, void *data,
                                 GError **error);
/** inos_door_free: removes the socket too; takes NULL. */
void inos_door_free (struct inos_door *door);

/** inos_door_refuse: says why there is no such stream, and closes @fd. */
void inos_door_refuse (int fd, enum inos_terminal_status status);
