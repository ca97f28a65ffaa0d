/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/election_message.h"

#include <string.h>

#define VERSION 1u

static uint64_t get_u64 (const uint8_t *at)
{
  uint64_t value;

  memcpy (&value, at, sizeof value);
  return GUINT64_FROM_LE (value);
}

static void put_u64 (uint8_t *at, uint64_t value)
{
  value = GUINT64_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

bool inos_election_message_read (struct inos_election_message *message, const void *bytes,
                                 size_t len)
{
  const uint8_t *at = bytes;
  uint32_t ms;

  if (len != INOS_ELECTION_MESSAGE_SIZE || at[0] != VERSION || at[1] < INOS_ELECTION_PROBE ||
      at[1] >= INOS_ELECTION_KINDS)
    return false;
  memcpy (&ms, at + 34, sizeof ms);
  *message = (struct inos_election_message){
    .kind = (enum inos_election_kind)at[1],
    .resource = get_u64 (at + 2),
    .group = get_u64 (at + 10),
    .epoch = get_u64 (at + 18),
    .number = get_u64 (at + 26),
    .ms = GUINT32_FROM_LE (ms),
  };
  return true;
}

void inos_election_message_write (const struct inos_election_message *message,
                                  uint8_t out[INOS_ELECTION_MESSAGE_SIZE])
{
  uint32_t ms = GUINT32_TO_LE (message->ms);

  out[0] = VERSION;
  out[1] = (uint8_t)message->kind;
  put_u64 (out + 2, message->resource);
  put_u64 (out + 10, message->group);
  put_u64 (out + 18, message->epoch);
  put_u64 (out + 26, message->number);
  memcpy (out + 34, &ms, sizeof ms);
}
