/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/link/bucket.h"

#define SECOND 1e9

static int64_t size_of (const struct inos_bucket *bucket)
{
  uint64_t tenth = bucket->rate / 10;

  return (int64_t)(tenth > INOS_BUCKET_BURST_LEAST ? tenth : INOS_BUCKET_BURST_LEAST);
}

void inos_bucket_init (struct inos_bucket *bucket, uint64_t rate, uint64_t now)
{
  *bucket = (struct inos_bucket){.rate = rate, .when = now};
  bucket->tokens = size_of (bucket);
}

/* A part of a byte is not lost: the time goes on by what whole bytes took. */
static void fill (struct inos_bucket *bucket, uint64_t now)
{
  double rate = (double)bucket->rate, come = (double)(now - bucket->when) * rate / SECOND;
  int64_t size = size_of (bucket);

  if ((double)bucket->tokens + come >= (double)size) {
    bucket->tokens = size;
    bucket->when = now;
  } else if (come >= 1) {
    uint64_t whole = (uint64_t)come;
    bucket->tokens += (int64_t)whole;
    bucket->when += (uint64_t)((double)whole * SECOND / rate);
  }
}

size_t inos_bucket_room (struct inos_bucket *bucket, uint64_t now)
{
  if (bucket->rate == 0)
    return SIZE_MAX;
  fill (bucket, now);
  return bucket->tokens > 0 ? (size_t)bucket->tokens : 0;
}

void inos_bucket_take (struct inos_bucket *bucket, size_t bytes, uint64_t now)
{
  if (bucket->rate == 0)
    return;
  fill (bucket, now);
  bucket->tokens -= (int64_t)bytes;
}

bool inos_bucket_may_borrow (const struct inos_bucket *bucket)
{
  return bucket->rate == 0 || bucket->tokens > -(int64_t)bucket->rate;
}

uint64_t inos_bucket_ready (const struct inos_bucket *bucket, uint64_t now)
{
  int64_t missing = size_of (bucket) / 2 - bucket->tokens;

  if (bucket->rate == 0 || missing <= 0)
    return now;
  uint64_t ready = bucket->when + (uint64_t)((double)missing * SECOND / (double)bucket->rate) + 1;
  return ready > now ? ready : now;
}
