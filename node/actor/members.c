/*
 * The actors behind a service or a pool.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/members.h"

_Static_assert (INOS_MEMBERS_MAX <= UINT8_MAX + 1, "a slot names a place");

static uint8_t owner_of (const struct inos_roster *members, uint32_t slot)
{
  return atomic_load_explicit (&members->slot[slot], memory_order_relaxed);
}

static void give (struct inos_roster *members, uint32_t slot, uint32_t place)
{
  atomic_store_explicit (&members->slot[slot], (uint8_t)place, memory_order_release);
}

static void count_slots (const struct inos_roster *members, uint32_t have[INOS_MEMBERS_MAX])
{
  for (uint32_t i = 0; i < INOS_MEMBERS_MAX; i++)
    have[i] = 0;
  for (uint32_t slot = 0; slot < INOS_KEY_SLOTS; slot++)
    have[owner_of (members, slot)]++;
}

/* Takes slots for @place from all who have more than @most, until it has @enough. */
static void take_share (struct inos_roster *members, uint32_t have[INOS_MEMBERS_MAX],
                        uint32_t place, uint32_t most, uint32_t enough)
{
  for (uint32_t slot = 0; slot < INOS_KEY_SLOTS && have[place] < enough; slot++) {
    uint8_t owner = owner_of (members, slot);
    if (owner == place || have[owner] <= most)
      continue;
    have[owner]--;
    have[place]++;
    give (members, slot, place);
  }
}

bool inos_roster_add (struct inos_roster *members, inos_actor_id id)
{
  uint32_t have[INOS_MEMBERS_MAX];
  uint32_t place = atomic_load_explicit (&members->count, memory_order_relaxed);

  if (place == INOS_MEMBERS_MAX)
    return false;
  atomic_store_explicit (&members->id[place], id, memory_order_release);
  atomic_store_explicit (&members->count, place + 1, memory_order_release);
  if (place == 0) /* whoever was last had all slots, and was there */
    return true;
  uint32_t share = INOS_KEY_SLOTS / (place + 1);
  count_slots (members, have);
  take_share (members, have, place, share + 1, share);
  take_share (members, have, place, share, share);
  return true;
}

/* Leaves what @place has to those others of @count that have fewer than @most. */
static void leave_to (struct inos_roster *members, uint32_t have[INOS_MEMBERS_MAX], uint32_t place,
                      uint32_t count, uint32_t most)
{
  uint32_t heir = 0;

  for (uint32_t slot = 0; slot < INOS_KEY_SLOTS; slot++) {
    if (owner_of (members, slot) != place)
      continue;
    while (heir < count && (heir == place || have[heir] >= most))
      heir++;
    if (heir == count)
      return;
    have[heir]++;
    give (members, slot, heir);
  }
}

void inos_roster_remove (struct inos_roster *members, uint32_t place)
{
  uint32_t have[INOS_MEMBERS_MAX];
  uint32_t count = atomic_load_explicit (&members->count, memory_order_relaxed);
  uint32_t last = count - 1;

  if (last > 0) {
    count_slots (members, have);
    leave_to (members, have, place, count, INOS_KEY_SLOTS / last);
    leave_to (members, have, place, count, INOS_KEY_SLOTS / last + 1);
  }
  if (place != last)
    atomic_store_explicit (&members->id[place], inos_roster_at (members, last),
                           memory_order_release);
  atomic_store (&members->count, last);
  for (uint32_t slot = 0; place != last && slot < INOS_KEY_SLOTS; slot++)
    if (owner_of (members, slot) == last)
      give (members, slot, place);
}

uint32_t inos_roster_find (const struct inos_roster *members, inos_actor_id id)
{
  uint32_t count = inos_roster_count (members);

  for (uint32_t place = 0; place < count; place++)
    if (inos_roster_at (members, place) == id)
      return place;
  return INOS_MEMBERS_MAX;
}
