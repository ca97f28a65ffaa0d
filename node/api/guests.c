/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/guests.h"

#include "node/api/connection.h"

struct inos_guests {
  GHashTable *by_user; /* uid → struct inos_guest, owned */
  unsigned connections;
};

static void refill (struct inos_guest *guest)
{
  int64_t now = g_get_monotonic_time();

  guest->tokens =
    MIN (INOS_BURST, guest->tokens + (double)(now - guest->refilled) / 1e6 * INOS_RATE);
  guest->refilled = now;
}

/* Who has left is remembered until nothing would be gained by coming anew. */
static gboolean is_over (gpointer uid, gpointer data, gpointer user_data)
{
  struct inos_guest *guest = data;

  if (guest->connections > 0 || guest->questions > 0)
    return FALSE;
  refill (guest);
  return guest->tokens >= INOS_BURST;
}

static struct inos_guest *find (const struct inos_guests *guests, uid_t uid)
{
  return g_hash_table_lookup (guests->by_user, GUINT_TO_POINTER (uid));
}

struct inos_guests *inos_guests_new (void)
{
  struct inos_guests *guests = g_new0 (struct inos_guests, 1);

  guests->by_user = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return guests;
}

void inos_guests_free (struct inos_guests *guests)
{
  if (!guests)
    return;
  g_hash_table_unref (guests->by_user);
  g_free (guests);
}

bool inos_guests_have_room (const struct inos_guests *guests, uid_t uid)
{
  const struct inos_guest *guest = find (guests, uid);

  if (guests->connections >= INOS_GUESTS_CONNECTIONS)
    return false;
  if (guest)
    return guest->connections < INOS_GUEST_CONNECTIONS;
  g_hash_table_foreach_remove (guests->by_user, is_over, NULL);
  return g_hash_table_size (guests->by_user) < INOS_GUESTS_MAX;
}

struct inos_guest *inos_guests_enter (struct inos_guests *guests, uid_t uid)
{
  struct inos_guest *guest = find (guests, uid);

  if (!guest) {
    guest = g_new0 (struct inos_guest, 1);
    guest->uid = uid;
    guest->tokens = INOS_BURST;
    guest->refilled = g_get_monotonic_time();
    g_hash_table_insert (guests->by_user, GUINT_TO_POINTER (uid), guest);
  }
  guest->connections++;
  guests->connections++;
  return guest;
}

void inos_guests_leave (struct inos_guests *guests, struct inos_guest *guest)
{
  guest->connections--;
  guests->connections--;
}

bool inos_guest_within_rate (struct inos_guest *guest)
{
  refill (guest);
  if (guest->tokens < 1)
    return false;
  guest->tokens--;
  return true;
}
