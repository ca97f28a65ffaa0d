#include "seat_devices.h"

#include <wlr/types/wlr_input_device.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/util/log.h>

#include "device.h"
#include "device_config.h"
#include "seats.h"

/* The main one where there can be no more. */
static struct inos_seat *seat_for (struct inos_compositor *compositor, const char *device)
{
  struct inos_device_config config =
    inos_device_config_resolve (compositor->config.devices, "", device);
  const char *name = config.words[INOS_DEVICE_SEAT];
  if (!name || !name[0])
    return compositor->seat;
  struct inos_seat *seat = inos_seats_find (compositor, name);
  if (!seat)
    seat = inos_seats_add (compositor, name);
  if (seat)
    return seat;
  wlr_log (WLR_ERROR,
           "seat %s cannot be made for '%s', there are %d already: it stays in seat %s; correct "
           "[device %s] in compositor.ini",
           name, device, INOS_SEATS_MOST, INOS_MAIN_SEAT, device);
  return compositor->seat;
}

void inos_seat_devices_add (struct inos_compositor *compositor, struct wlr_input_device *device)
{
  inos_seat_add_device (seat_for (compositor, device->name ? device->name : ""), device);
}

static bool is_named (struct inos_compositor *compositor, const struct inos_seat *seat)
{
  GHashTableIter iter;
  gpointer section;
  g_hash_table_iter_init (&iter, compositor->config.devices);
  while (g_hash_table_iter_next (&iter, NULL, &section)) {
    const struct inos_device_config *config = section;
    if (g_strcmp0 (config->words[INOS_DEVICE_SEAT], seat->wlr->name) == 0)
      return true;
  }
  return false;
}

/* In the order of their names, so that the same ones come where there are too many. */
static void add_named (struct inos_compositor *compositor)
{
  GHashTable *sections = compositor->config.devices;
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (sections), (GCompareFunc)g_strcmp0);
  for (GList *l = names; l; l = l->next) {
    const struct inos_device_config *config = g_hash_table_lookup (sections, l->data);
    const char *seat = config->words[INOS_DEVICE_SEAT];
    if (seat && seat[0])
      inos_seats_add (compositor, seat);
  }
}

void inos_seat_devices_settle (struct inos_compositor *compositor)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new();
  struct inos_seat *seat, *next;
  /* Those that go first: their names may be all that there is room for. */
  wl_list_for_each_safe (seat, next, &compositor->seats, link) {
    if (!inos_seat_is_main (seat) && !seat->transient && !is_named (compositor, seat))
      inos_seats_remove (seat);
  }
  add_named (compositor);
  wl_list_for_each (seat, &compositor->seats, link) {
    struct inos_device *device;
    wl_list_for_each (device, &seat->devices, link)
      g_ptr_array_add (devices, device);
  }
  for (guint i = 0; i < devices->len; i++) {
    struct inos_device *device = devices->pdata[i];
    inos_device_move (device, seat_for (compositor, inos_device_name (device)));
  }
}

void inos_seat_devices_leave (struct inos_seat *seat)
{
  struct inos_device *device, *next;
  wl_list_for_each_safe (device, next, &seat->devices, link)
    inos_device_move (device, seat->compositor->seat);
}
