/* The lock screen among all else that may happen. */
#include "locker.h"
#include "random.h"

static void cover (struct world *world)
{
  int nth = random_pick (world, G_N_ELEMENTS (world->locker->surfaces));
  g_string_append_printf (world->told, " covers output %d", nth);
  if (!world->locker->surfaces[nth].surface)
    locker_try_cover (world->locker, nth);
}

static void let_die (struct world *world)
{
  locker_kill (world->locker);
  world->locker = NULL;
}

/* Only who has been told that all is locked may unlock. */
static void unlock (struct world *world)
{
  client_roundtrip (world->locker->client);
  if (!world->locker->locked || wl_display_get_error (world->locker->client->display)) {
    g_string_append (world->told, ", not yet");
    return;
  }
  locker_unlock (world->locker);
  world->locker = NULL;
}

void random_lock (struct world *world)
{
  if (!world->locker) {
    g_string_append (world->told, " begins");
    world->locker = locker_start (world->compositor);
    return;
  }
  int which = random_pick (world, 6);
  if (which < 3) {
    cover (world);
  } else if (which < 5) {
    g_string_append (world->told, " ends");
    unlock (world);
  } else {
    g_string_append (world->told, ": its program dies");
    let_die (world);
  }
}

void random_lock_settle (struct world *world, bool all)
{
  if (!world->locker)
    return;
  if (all)
    client_roundtrip (world->locker->client);
  if (!world->locker->client->server_side)
    let_die (world);
}

void random_lock_end (struct world *world)
{
  if (world->locker)
    let_die (world);
}
