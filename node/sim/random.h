/*
 * Random numbers that are the same for the same seed, everywhere: xoshiro256**, seeded by
 * SplitMix64.
 *
 * Source: Blackman, Vigna: "Scrambled linear pseudorandom number generators", 2021.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inos_sim_random {
  uint64_t state[4];
};

/** inos_sim_mix: a number that is far from those of the numbers beside @x (SplitMix64's step). */
static inline uint64_t inos_sim_mix (uint64_t x)
{
  x += UINT64_C (0x9e3779b97f4a7c15);
  x = (x ^ x >> 30) * UINT64_C (0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C (0x94d049bb133111eb);
  return x ^ x >> 31;
}

void inos_sim_random_init (struct inos_sim_random *random, uint64_t seed);
uint64_t inos_sim_random_next (struct inos_sim_random *random);
void inos_sim_random_fill (struct inos_sim_random *random, void *bytes, size_t len);
/** inos_sim_random_below: below @bound, which is not 0. */
uint64_t inos_sim_random_below (struct inos_sim_random *random, uint64_t bound);
/** inos_sim_random_unit: from 0 to below 1. */
double inos_sim_random_unit (struct inos_sim_random *random);
/** inos_sim_random_is: true with the probability @p. No number is drawn where @p is 0. */
bool inos_sim_random_is (struct inos_sim_random *random, double p);
/** inos_sim_random_wait: of a distribution of waits (exponential) with the mean @mean. */
uint64_t inos_sim_random_wait (struct inos_sim_random *random, uint64_t mean);
