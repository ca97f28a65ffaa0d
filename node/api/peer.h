/*
 * Who is at the other end of the node's socket, as the kernel says: what somebody says of himself
 * counts for nothing here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#define INOS_NO_GROUP ((gid_t) - 1)

/**
 * inos_peer_may_speak:
 * @fd: a connected Unix socket
 * @group: whose members may speak too, or %INOS_NO_GROUP
 *
 * The rights are those that the peer had when it connected: who joins a group afterwards has to
 * connect anew, from a process that is in it.
 *
 * Returns: whether the peer is root, this process's own user, or in @group.
 */
bool inos_peer_may_speak (int fd, gid_t group);
