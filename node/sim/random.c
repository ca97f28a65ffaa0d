/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/random.h"

#include <math.h>
#include <string.h>

static uint64_t rotate (uint64_t x, int by)
{
  return x << by | x >> (64 - by);
}

void inos_sim_random_init (struct inos_sim_random *random, uint64_t seed)
{
  for (int i = 0; i < 4; i++)
    random->state[i] = inos_sim_mix (seed + (uint64_t)i * UINT64_C (0x9e3779b97f4a7c15));
}

uint64_t inos_sim_random_next (struct inos_sim_random *random)
{
  uint64_t *s = random->state, result = rotate (s[1] * 5, 7) * 9, t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate (s[3], 45);
  return result;
}

void inos_sim_random_fill (struct inos_sim_random *random, void *bytes, size_t len)
{
  uint8_t *at = bytes;

  while (len > 0) {
    uint64_t value = inos_sim_random_next (random);
    size_t some = MIN (len, sizeof value);
    memcpy (at, &value, some);
    at += some;
    len -= some;
  }
}

uint64_t inos_sim_random_below (struct inos_sim_random *random, uint64_t bound)
{
  return (uint64_t)((unsigned __int128)inos_sim_random_next (random) * bound >> 64);
}

double inos_sim_random_unit (struct inos_sim_random *random)
{
  return (double)(inos_sim_random_next (random) >> 11) * 0x1.0p-53;
}

bool inos_sim_random_is (struct inos_sim_random *random, double p)
{
  return p > 0 && inos_sim_random_unit (random) < p;
}

uint64_t inos_sim_random_wait (struct inos_sim_random *random, uint64_t mean)
{
  return (uint64_t)(-log (1 - inos_sim_random_unit (random)) * (double)mean);
}
