/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/wait.h"

#include <time.h>

static _Thread_local struct {
  unsigned tries;
  bool asleep;
} self;

static uint64_t now (void)
{
  struct timespec time = {0};

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

unsigned inos_wait_learn (unsigned tries, uint64_t waited)
{
  if (waited <= INOS_WAIT_AWAKE)
    return INOS_WAIT_TRIES;
  return tries > 0 ? tries - 1 : 0;
}

static bool is_alone (void)
{
  static gsize alone; /* 1: no, 2: yes */

  if (g_once_init_enter (&alone))
    g_once_init_leave (&alone, g_get_num_processors() > 1 ? 1 : 2);
  return alone == 2;
}

int inos_wait (GPollFD *fds, guint n_fds, int timeout)
{
  int ready = 0;

  if (timeout == 0 || self.asleep || is_alone())
    return g_poll (fds, n_fds, timeout);
  uint64_t start = now();
  while (ready == 0 && self.tries > 0 && now() - start < INOS_WAIT_AWAKE)
    ready = g_poll (fds, n_fds, 0);
  if (ready == 0)
    ready = g_poll (fds, n_fds, timeout);
  self.tries = inos_wait_learn (self.tries, now() - start);
  return ready;
}

void inos_wait_asleep (bool asleep)
{
  self.asleep = asleep;
}
