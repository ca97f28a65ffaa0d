/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/arena/lease.h"

#include "node/api/feed.h"
#include "node/arena/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

void inos_lease_init (struct inos_lease *lease)
{
  *lease = (struct inos_lease){.event = -1, .socket = -1};
}

bool inos_lease_open (struct inos_lease *lease, int *event, int *socket)
{
  int ends[2], theirs;

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
    return false;
  inos_lease_init (lease);
  lease->socket = ends[0];
  lease->event = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  theirs = lease->event < 0 ? -1 : fcntl (lease->event, F_DUPFD_CLOEXEC, 3);
  if (theirs < 0) {
    close (ends[1]);
    inos_lease_close (lease);
    return false;
  }
  *event = theirs;
  *socket = ends[1];
  return true;
}

void inos_lease_close (struct inos_lease *lease)
{
  if (lease->event >= 0)
    close (lease->event);
  if (lease->socket >= 0)
    close (lease->socket);
  inos_lease_init (lease);
}

enum inos_lease_said inos_lease_read (struct inos_lease *lease)
{
  char packet[sizeof (struct inos_arena_want) + 1]; /* to see that one is too long */
  ssize_t n = recv (lease->socket, packet, sizeof packet, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return INOS_LEASE_NOTHING;
  if (n != sizeof lease->want) {
    if (n > 0)
      g_message ("A reader of the arena said %zd bytes that mean nothing, and reads no more.", n);
    return INOS_LEASE_GONE;
  }
  memcpy (&lease->want, packet, sizeof lease->want);
  lease->want.tables &= (1u << INOS_ARENA_TABLES) - 1;
  lease->want.interval = inos_interval_grant (lease->want.interval);
  return INOS_LEASE_WANT;
}

/* What is taken here is put back: a reader that looks in between sees nothing, and is called again.
 */
static uint64_t take (struct inos_lease *lease)
{
  uint64_t count;

  return read (lease->event, &count, sizeof count) == sizeof count ? count : 0;
}

/* It may be any number that the reader wrote there: then it counts as behind, which is its own
 * loss. */
static void put (struct inos_lease *lease, uint64_t count)
{
  if (write (lease->event, &count, sizeof count) < 0 && errno != EAGAIN)
    g_debug ("A reader of the arena cannot be told: %s", strerror (errno));
}

void inos_lease_look (struct inos_lease *lease)
{
  lease->waiting = take (lease);
  if (lease->waiting > 0)
    put (lease, lease->waiting);
}

void inos_lease_signal (struct inos_lease *lease)
{
  lease->waiting = take (lease);
  if (lease->waiting < UINT32_MAX)
    lease->waiting++;
  put (lease, lease->waiting);
}
