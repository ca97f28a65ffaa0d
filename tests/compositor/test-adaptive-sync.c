/* Variable refresh rate and tearing, as what fills the screen asks for them: on a stand-in for a
 * monitor that takes both. No hardware is here that would show it. */

#include <wlr/types/wlr_output.h>

#include "bus-peer.h"
#include "client.h"
#include "content-type-v1-client-protocol.h"
#include "fake-output.h"
#include "output_config.h"
#include "reload.h"
#include "tearing-control-v1-client-protocol.h"
#include "view.h"

struct stage {
  struct inos_compositor *compositor;
  struct client *client;
  struct fake_output *fake;
  struct inos_output *output;
  struct window *window;
  struct inos_view *view;
  char *path;
};

static struct stage *open_stage (const char *config)
{
  struct stage *stage = g_new0 (struct stage, 1);
  stage->path = write_config (config);
  stage->compositor = start_with_file (stage->path);
  struct inos_output *virtual = inos_output_active (stage->compositor);
  stage->client = client_connect (stage->compositor);
  stage->fake = fake_output_plug (stage->compositor, "DP-1");
  stage->fake->base.adaptive_sync_supported = true;
  stage->output = inos_output_from_wlr (&stage->fake->base);
  wlr_output_destroy (virtual->wlr);
  pump();
  stage->window = window_open (stage->client, "org.example.Game", "Game");
  stage->view = inos_view_focused (stage->compositor);
  client_settle (stage->client);
  return stage;
}

static void close_stage (struct stage *stage)
{
  window_close (stage->window);
  client_disconnect (stage->client);
  inos_compositor_destroy (stage->compositor);
  unlink (stage->path);
  g_free (stage->path);
  g_free (stage);
}

/* The client draws once more, and that is on the screen. */
static void draw (struct stage *stage)
{
  client_roundtrip (stage->client);
  stage->window->color ^= 0xff;
  window_draw (stage->window);
  client_settle (stage->client);
}

static void fill (struct stage *stage, bool on)
{
  inos_view_set_fullscreen (stage->view, on, stage->output);
  draw (stage);
  draw (stage);
}

static bool varies (struct stage *stage)
{
  return stage->fake->base.adaptive_sync_status == WLR_OUTPUT_ADAPTIVE_SYNC_ENABLED;
}

/* The file says something else now; the comment has it be another one in any case. */
static void read_again (struct stage *stage, const char *text)
{
  assert_true (g_file_set_contents (stage->path, text, -1, NULL));
  assert_true (inos_reload (stage->compositor));
  client_settle (stage->client);
}

static void test_on_and_off (void **state)
{
  struct stage *stage = open_stage ("[output DP-1]\nvrr=on\n");
  draw (stage);
  assert_true (varies (stage));
  read_again (stage, "[output DP-1]\nvrr=off\n");
  assert_false (varies (stage));
  read_again (stage, "[output DP-1]\nvrr=on\n");
  assert_true (varies (stage));
  /* It is switched when that changes, and not with each picture. */
  int syncs = stage->fake->syncs;
  draw (stage);
  fill (stage, true);
  assert_int_equal (stage->fake->syncs, syncs);
  close_stage (stage);
}

static void test_nobody_says_anything (void **state)
{
  struct stage *stage = open_stage ("");
  fill (stage, true);
  assert_int_equal (stage->fake->syncs, 0);
  close_stage (stage);
}

static void test_on_demand (void **state)
{
  struct stage *stage = open_stage ("[output DP-1]\nvrr=on-demand\n");
  draw (stage);
  assert_false (varies (stage));
  fill (stage, true);
  assert_true (varies (stage));
  fill (stage, false);
  assert_false (varies (stage));
  /* A window that fills the screen and is not shown is no reason. */
  fill (stage, true);
  inos_view_set_minimized (stage->view, true);
  client_settle (stage->client);
  assert_false (varies (stage));
  close_stage (stage);
}

static void test_by_what_is_shown (void **state)
{
  struct stage *stage = open_stage ("[output DP-1]\nvrr=content\n");
  struct wp_content_type_manager_v1 *manager =
    client_bind (stage->client, &wp_content_type_manager_v1_interface, 1);
  struct wp_content_type_v1 *type =
    wp_content_type_manager_v1_get_surface_content_type (manager, stage->window->surface);
  fill (stage, true);
  assert_false (varies (stage));
  wp_content_type_v1_set_content_type (type, WP_CONTENT_TYPE_V1_TYPE_PHOTO);
  draw (stage);
  assert_false (varies (stage));
  wp_content_type_v1_set_content_type (type, WP_CONTENT_TYPE_V1_TYPE_GAME);
  draw (stage);
  assert_true (varies (stage));
  wp_content_type_v1_set_content_type (type, WP_CONTENT_TYPE_V1_TYPE_VIDEO);
  draw (stage);
  assert_true (varies (stage));
  /* In a window it counts for nothing. */
  fill (stage, false);
  assert_false (varies (stage));
  wp_content_type_v1_destroy (type);
  wp_content_type_manager_v1_destroy (manager);
  close_stage (stage);
}

static void test_tearing_is_asked_for (void **state)
{
  struct stage *stage = open_stage ("");
  struct wp_tearing_control_manager_v1 *manager =
    client_bind (stage->client, &wp_tearing_control_manager_v1_interface, 1);
  struct wp_tearing_control_v1 *control =
    wp_tearing_control_manager_v1_get_tearing_control (manager, stage->window->surface);
  fill (stage, true);
  assert_false (stage->fake->tears);
  wp_tearing_control_v1_set_presentation_hint (control,
                                               WP_TEARING_CONTROL_V1_PRESENTATION_HINT_ASYNC);
  draw (stage);
  draw (stage);
  assert_true (stage->fake->tears);
  fill (stage, false);
  draw (stage);
  assert_false (stage->fake->tears);
  fill (stage, true);
  assert_true (stage->fake->tears);
  wp_tearing_control_v1_set_presentation_hint (control,
                                               WP_TEARING_CONTROL_V1_PRESENTATION_HINT_VSYNC);
  draw (stage);
  draw (stage);
  assert_false (stage->fake->tears);
  wp_tearing_control_v1_destroy (control);
  wp_tearing_control_manager_v1_destroy (manager);
  close_stage (stage);
}

/* A monitor that says it can, and cannot, goes on without, and is not asked with each picture. */
static void test_refused (void **state)
{
  struct stage *stage = open_stage ("[output DP-1]\nvrr=on-demand\n");
  stage->fake->refuses_sync = true;
  wlr_log_init (WLR_SILENT, NULL);
  int frames = stage->fake->frames;
  fill (stage, true);
  assert_true (stage->fake->frames > frames);
  assert_false (varies (stage));
  assert_int_equal (stage->fake->syncs, 0);
  wlr_log_init (WLR_ERROR, NULL);
  /* Another try when it is wanted anew. */
  stage->fake->refuses_sync = false;
  fill (stage, false);
  fill (stage, true);
  assert_true (varies (stage));
  close_stage (stage);
}

static void test_a_person_decides_over_it (void **state)
{
  struct stage *stage = open_stage ("[output DP-1]\nvrr=on\n");
  struct peer peer;
  draw (stage);
  assert_true (varies (stage));
  peer_begin (&peer, stage->compositor);
  assert_answer (peer_call (&peer, PATH "/output/DP_1", "org.inos.Compositor1.Output",
                            "SetAdaptiveSync", g_variant_new ("(b)", FALSE)),
                 "()");
  draw (stage);
  assert_false (varies (stage));
  read_again (stage, "# the same\n[output DP-1]\nvrr=on\n");
  draw (stage);
  assert_false (varies (stage));
  read_again (stage, "[output DP-1]\nvrr=on-demand\n");
  fill (stage, true);
  assert_true (varies (stage));
  window_close (stage->window);
  client_disconnect (stage->client);
  peer_end (&peer);
  unlink (stage->path);
  g_free (stage->path);
  g_free (stage);
}

static char *set_when (struct peer *peer, const char *when)
{
  return peer_call (peer, PATH "/output/DP_1", "org.inos.Compositor1.Output", "SetVariableRefresh",
                    g_variant_new ("(s)", when));
}

static char *get_when (struct peer *peer)
{
  return peer_get (peer, PATH "/output/DP_1", "org.inos.Compositor1.Output", "VariableRefresh");
}

/* What is taken back is as it was: the file's word counts again, after the next reading too. */
static void test_taken_back (void **state)
{
  const char *text = "[output DP-1]\nvrr=on-demand\n";
  struct stage *stage = open_stage (text);
  struct peer peer;
  draw (stage);
  assert_false (varies (stage));
  peer_begin (&peer, stage->compositor);
  assert_answer (get_when (&peer), "(<'on-demand'>,)");
  assert_answer (set_when (&peer, "on"), "()");
  draw (stage);
  assert_true (varies (stage));
  assert_answer (get_when (&peer), "(<'on'>,)");
  assert_answer (set_when (&peer, "on-demand"), "()");
  draw (stage);
  assert_false (varies (stage));
  fill (stage, true);
  assert_true (varies (stage));
  fill (stage, false);
  assert_false (varies (stage));
  /* A choice outlives a reading of the same file, and not of another one. */
  assert_answer (set_when (&peer, "content"), "()");
  g_autofree char *same = g_strconcat ("# the same\n", text, NULL);
  read_again (stage, same);
  assert_answer (get_when (&peer), "(<'content'>,)");
  read_again (stage, "[output DP-1]\nvrr=off\n");
  assert_answer (get_when (&peer), "(<'off'>,)");
  assert_answer (set_when (&peer, "perhaps"),
                 "error: GDBus.Error:org.freedesktop.DBus.Error.InvalidArgs: a refresh rate varies "
                 "off, on, on-demand or content");
  stage->fake->base.adaptive_sync_supported = false;
  assert_answer (set_when (&peer, "on-demand"),
                 "error: GDBus.Error:org.freedesktop.DBus.Error.NotSupported: the refresh rate of "
                 "output DP-1 cannot follow what is shown");
  window_close (stage->window);
  client_disconnect (stage->client);
  peer_end (&peer);
  unlink (stage->path);
  g_free (stage->path);
  g_free (stage);
}

/* What a window says of itself can be read, and follows it. */
static void test_windows_say_so (void **state)
{
  struct stage *stage = open_stage ("");
  struct peer peer;
  struct wp_content_type_manager_v1 *types =
    client_bind (stage->client, &wp_content_type_manager_v1_interface, 1);
  struct wp_content_type_v1 *type =
    wp_content_type_manager_v1_get_surface_content_type (types, stage->window->surface);
  struct wp_tearing_control_manager_v1 *manager =
    client_bind (stage->client, &wp_tearing_control_manager_v1_interface, 1);
  struct wp_tearing_control_v1 *control =
    wp_tearing_control_manager_v1_get_tearing_control (manager, stage->window->surface);
  peer_begin (&peer, stage->compositor);
  struct window *window = window_open (stage->client, "org.example.Other", "Other");
  g_autofree char *path =
    g_strdup_printf (PATH "/window/%u", inos_view_focused (stage->compositor)->id);
  wp_content_type_v1_destroy (type);
  wp_tearing_control_v1_destroy (control);
  type = wp_content_type_manager_v1_get_surface_content_type (types, window->surface);
  control = wp_tearing_control_manager_v1_get_tearing_control (manager, window->surface);
  const char *interface = "org.inos.Compositor1.Window";
  assert_answer (peer_get (&peer, path, interface, "ContentType"), "(<'none'>,)");
  assert_answer (peer_get (&peer, path, interface, "Tearing"), "(<false>,)");
  assert_answer (peer_get (&peer, path, interface, "Parent"), "(<objectpath '/'>,)");
  wp_content_type_v1_set_content_type (type, WP_CONTENT_TYPE_V1_TYPE_VIDEO);
  wp_tearing_control_v1_set_presentation_hint (control,
                                               WP_TEARING_CONTROL_V1_PRESENTATION_HINT_ASYNC);
  client_roundtrip (stage->client);
  window_draw (window);
  client_settle (stage->client);
  assert_answer (peer_get (&peer, path, interface, "ContentType"), "(<'video'>,)");
  assert_answer (peer_get (&peer, path, interface, "Tearing"), "(<true>,)");
  wp_content_type_v1_destroy (type);
  wp_content_type_manager_v1_destroy (types);
  wp_tearing_control_v1_destroy (control);
  wp_tearing_control_manager_v1_destroy (manager);
  window_close (window);
  window_close (stage->window);
  client_disconnect (stage->client);
  peer_end (&peer);
  unlink (stage->path);
  g_free (stage->path);
  g_free (stage);
}

static void test_words (void **state)
{
  assert_line_refused ("output DP-1", "vrr=sometimes", "off, on, on-demand or content");
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_on_and_off),
    cmocka_unit_test (test_nobody_says_anything),
    cmocka_unit_test (test_on_demand),
    cmocka_unit_test (test_by_what_is_shown),
    cmocka_unit_test (test_tearing_is_asked_for),
    cmocka_unit_test (test_refused),
    cmocka_unit_test (test_taken_back),
    cmocka_unit_test (test_windows_say_so),
    cmocka_unit_test (test_words),
    cmocka_unit_test (test_a_person_decides_over_it),
  };
  return run_compositor_tests (tests);
}
