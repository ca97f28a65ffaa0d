/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/peer.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

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

bool inos_peer_look (int fd, gid_t group, struct inos_asker *peer)
{
  struct ucred said;
  socklen_t size = sizeof said;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &said, &size) < 0)
    return false;
  *peer = (struct inos_asker){.uid = said.uid, .pid = said.pid};
  peer->own = said.uid == 0 || said.uid == geteuid() ||
              (group != INOS_NO_GROUP && (said.gid == group || is_among_groups (fd, group)));
  return true;
}

int inos_peer_process (int fd)
{
  int process = -1;
  socklen_t size = sizeof process;

  return getsockopt (fd, SOL_SOCKET, SO_PEERPIDFD, &process, &size) == 0 ? process : -1;
}
