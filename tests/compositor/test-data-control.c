/* Clipboard managers: what they offer, what they read, and that both selections stay apart. */

#include <fcntl.h>
#include <string.h>

#include "client.h"
#include "fixture.h"

#include "ext-data-control-v1-client-protocol.h"

struct manager {
  struct client *client;
  struct ext_data_control_manager_v1 *manager;
  struct ext_data_control_device_v1 *device;
  struct ext_data_control_offer_v1 *fresh, *selection, *primary;
  GString *types;                /* of the newest offer */
  int cancelled, sent, selected; /* of its own source */
};

static void on_offer (void *data, struct ext_data_control_offer_v1 *offer, const char *type)
{
  g_string_append_printf (((struct manager *)data)->types, "%s ", type);
}

static void on_data_offer (void *data, struct ext_data_control_device_v1 *device,
                           struct ext_data_control_offer_v1 *offer)
{
  static const struct ext_data_control_offer_v1_listener listener = {on_offer};
  struct manager *manager = data;
  manager->fresh = offer;
  g_string_truncate (manager->types, 0);
  ext_data_control_offer_v1_add_listener (offer, &listener, manager);
}

static void on_selection (void *data, struct ext_data_control_device_v1 *device,
                          struct ext_data_control_offer_v1 *offer)
{
  struct manager *manager = data;
  g_clear_pointer (&manager->selection, ext_data_control_offer_v1_destroy);
  manager->selection = offer;
  manager->selected++;
}

static void on_finished (void *data, struct ext_data_control_device_v1 *device)
{
}

static void on_primary (void *data, struct ext_data_control_device_v1 *device,
                        struct ext_data_control_offer_v1 *offer)
{
  struct manager *manager = data;
  g_clear_pointer (&manager->primary, ext_data_control_offer_v1_destroy);
  manager->primary = offer;
}

static void manager_start (struct manager *manager, struct inos_compositor *compositor)
{
  static const struct ext_data_control_device_v1_listener listener = {on_data_offer, on_selection,
                                                                      on_finished, on_primary};
  *manager = (struct manager){.client = client_connect (compositor), .types = g_string_new (NULL)};
  manager->manager = client_bind (manager->client, &ext_data_control_manager_v1_interface, 1);
  struct wl_seat *seat = client_bind (manager->client, &wl_seat_interface, 1);
  manager->device = ext_data_control_manager_v1_get_data_device (manager->manager, seat);
  ext_data_control_device_v1_add_listener (manager->device, &listener, manager);
  client_roundtrip (manager->client);
  wl_seat_destroy (seat);
}

static void manager_end (struct manager *manager)
{
  g_clear_pointer (&manager->selection, ext_data_control_offer_v1_destroy);
  g_clear_pointer (&manager->primary, ext_data_control_offer_v1_destroy);
  ext_data_control_device_v1_destroy (manager->device);
  ext_data_control_manager_v1_destroy (manager->manager);
  client_roundtrip (manager->client);
  client_disconnect (manager->client);
  g_string_free (manager->types, TRUE);
}

static void on_send (void *data, struct ext_data_control_source_v1 *source, const char *type,
                     int fd)
{
  ((struct manager *)data)->sent++;
  assert_int_equal (write (fd, type, strlen (type)), strlen (type));
  close (fd);
}

static void on_cancelled (void *data, struct ext_data_control_source_v1 *source)
{
  ((struct manager *)data)->cancelled++;
}

static struct ext_data_control_source_v1 *source_of (struct manager *manager, const char *type)
{
  static const struct ext_data_control_source_v1_listener listener = {on_send, on_cancelled};
  struct ext_data_control_source_v1 *source =
    ext_data_control_manager_v1_create_data_source (manager->manager);
  ext_data_control_source_v1_add_listener (source, &listener, manager);
  ext_data_control_source_v1_offer (source, type);
  ext_data_control_source_v1_offer (source, "text/html");
  ext_data_control_source_v1_offer (source, type);
  return source;
}

static void test_copy_and_paste (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct manager from, to;
  manager_start (&from, compositor);
  manager_start (&to, compositor);
  assert_int_equal (to.selected, 1);
  assert_null (to.selection);
  struct ext_data_control_source_v1 *source = source_of (&from, "text/plain");
  ext_data_control_device_v1_set_selection (from.device, source);
  client_roundtrip (from.client);
  client_roundtrip (to.client);
  assert_non_null (to.selection);
  assert_null (to.primary);
  assert_string_equal (to.types->str, "text/plain text/html ");
  int ends[2];
  g_assert_no_errno (pipe2 (ends, O_CLOEXEC));
  ext_data_control_offer_v1_receive (to.selection, "text/plain", ends[1]);
  close (ends[1]);
  client_roundtrip (to.client);
  client_roundtrip (from.client);
  char text[32] = "";
  assert_int_equal (read (ends[0], text, sizeof text - 1), 10);
  assert_string_equal (text, "text/plain");
  close (ends[0]);

  struct ext_data_control_source_v1 *primary = source_of (&from, "text/primary");
  ext_data_control_device_v1_set_primary_selection (from.device, primary);
  client_roundtrip (from.client);
  client_roundtrip (to.client);
  assert_non_null (to.primary);
  assert_string_equal (to.types->str, "text/primary text/html ");
  assert_int_equal (from.cancelled, 0);
  /* Another one's selection replaces it. */
  struct ext_data_control_source_v1 *other = source_of (&to, "text/other");
  ext_data_control_device_v1_set_selection (to.device, other);
  client_roundtrip (to.client);
  client_roundtrip (from.client);
  assert_int_equal (from.cancelled, 1);
  assert_string_equal (from.types->str, "text/other text/html ");
  ext_data_control_source_v1_destroy (source);
  /* What is offered goes with its source. */
  ext_data_control_source_v1_destroy (primary);
  client_roundtrip (from.client);
  client_roundtrip (to.client);
  assert_null (to.primary);
  ext_data_control_source_v1_destroy (other);
  client_roundtrip (to.client);
  client_roundtrip (from.client);
  assert_null (from.selection);
  manager_end (&from);
  manager_end (&to);
  inos_compositor_destroy (compositor);
}

static void test_a_source_is_used_once (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct manager manager;
  manager_start (&manager, compositor);
  struct ext_data_control_source_v1 *source = source_of (&manager, "text/plain");
  ext_data_control_device_v1_set_selection (manager.device, source);
  ext_data_control_device_v1_set_primary_selection (manager.device, source);
  client_roundtrip (manager.client);
  const struct wl_interface *interface;
  uint32_t id;
  assert_int_equal (wl_display_get_protocol_error (manager.client->display, &interface, &id),
                    EXT_DATA_CONTROL_DEVICE_V1_ERROR_USED_SOURCE);
  ext_data_control_source_v1_destroy (source);
  manager_end (&manager);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_copy_and_paste),
    cmocka_unit_test (test_a_source_is_used_once),
  };
  return run_compositor_tests (tests);
}
