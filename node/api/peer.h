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

struct inos_asker {
  uid_t uid;
  pid_t pid;
  bool own; /* root, this process's own user, or in the group: may do whatever the node can */
};

/**
 * inos_peer_look:
 * @fd: a connected Unix socket
 * @group: whose members are the node's own too, or %INOS_NO_GROUP
 * @peer: (out): who it is
 *
 * The rights are those that the peer had when it connected: who joins a group afterwards has to
 * connect anew, from a process that is in it.
 *
 * Returns: whether the kernel says.
 */
bool inos_peer_look (int fd, gid_t group, struct inos_asker *peer);

/**
 * inos_peer_process:
 * @fd: a connected Unix socket
 *
 * Returns: a pidfd of the process that connected, which the caller closes; -1: it has ended, or the
 * kernel has none (before Linux 6.5). Its number may be another's by now; this is not.
 */
int inos_peer_process (int fd);
