/*
 * A token bucket: how many bytes may go by in a second, and how many at once after silence.
 *
 * A zeroed one lets everything by, and costs nothing. Times are ns of struct inos_mesh_env's now.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INOS_BUCKET_BURST_LEAST 16384u /* bytes; a bucket holds a tenth of a second, or this */

struct inos_bucket {
  uint64_t rate;  /* bytes a second; 0: as many as come */
  int64_t tokens; /* bytes; below 0: what was let by on credit */
  uint64_t when;  /* ns, of which tokens are */
};

/** inos_bucket_init: full. @rate: bytes a second; 0: as many as come */
void inos_bucket_init (struct inos_bucket *bucket, uint64_t rate, uint64_t now);
/** inos_bucket_room: bytes that may go by now; SIZE_MAX where there is no limit. */
size_t inos_bucket_room (struct inos_bucket *bucket, uint64_t now);
/** inos_bucket_take: so many went by, which may be more than there was room for. */
void inos_bucket_take (struct inos_bucket *bucket, size_t bytes, uint64_t now);
/** inos_bucket_may_borrow: whether what cannot wait may go by although there is no room: until a
 * second's worth has gone by so. */
bool inos_bucket_may_borrow (const struct inos_bucket *bucket);
/** inos_bucket_ready: when half of it is full again, ns; @now where it is. */
uint64_t inos_bucket_ready (const struct inos_bucket *bucket, uint64_t now);
