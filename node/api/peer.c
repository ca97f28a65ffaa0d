/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/peer.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Whether it is one of the peer's supplementary groups, of which Linux lets a process have 65,536.
 */
static bool is_among_groups (int fd, gid_t group)
{
  socklen_t size = 0;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) < 0 && errno != ERANGE)
    return false;
  g_autofree gid_t *groups = g_malloc (MAX (size, sizeof *groups));
  if (size == 0 || getsockopt (fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
    return false;
  for (size_t i = 0; i < size / sizeof *groups; i++)
    if (groups[i] == group)
      return true;
  return false;
}

bool inos_peer_may_speak (int fd, gid_t group)
{
  struct ucred peer;
  socklen_t size = sizeof peer;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
    return false;
  if (peer.uid == 0 || peer.uid == geteuid())
    return true;
  return group != INOS_NO_GROUP && (peer.gid == group || is_among_groups (fd, group));
}
