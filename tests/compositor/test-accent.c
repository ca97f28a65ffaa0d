/* The colour that a person chose: the same as the pages', and in all that the compositor marks. */

#include "accent.h"
#include "client.h"
#include "fixture.h"
#include "grab.h"
#include "look.h"
#include "overview_private.h"
#include "seat.h"
#include "view.h"
#include "window_frame.h"
#include "window_frame_private.h"

#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_scene.h>

#define INTERFACE "org.gnome.desktop.interface"
#define ACCESS "org.gnome.desktop.a11y.interface"

/* The colour of the accent that the style sheet names after that place, which goes behind it. */
static guint32 next_colour (const char **text, const char *where)
{
  const char *rule = strstr (*text, where);
  assert_non_null (rule);
  const char *value = strstr (rule, "--accent: #");
  assert_non_null (value);
  *text = value;
  return (guint32)g_ascii_strtoull (value + strlen ("--accent: #"), NULL, 16);
}

static guint32 rgb_of (struct inos_colour colour)
{
  return (guint32)(colour.r * 255 + 0.5) << 16 | (guint32)(colour.g * 255 + 0.5) << 8 |
         (guint32)(colour.b * 255 + 0.5);
}

/* The order of the style sheets: light, dark, high contrast, dark of high contrast. */
static void assert_same_as_pages (const char *name, const char *sheet, const char *usual,
                                  const char *contrast)
{
  const char *text = sheet;
  for (int i = 0; i < 4; i++) {
    guint32 rgb = next_colour (&text, i < 2 ? usual : contrast);
    assert_int_equal (rgb, rgb_of (inos_accent_named (name, i & 1, i & 2)));
  }
}

static char *read_sheet (const char *name)
{
  g_autofree char *path =
    g_build_filename (GOLDEN_DIR, "..", "..", "shell", "ui", "src", "lib", name, NULL);
  char *text;
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void test_same_as_the_pages (void **state)
{
  g_autofree char *accents = read_sheet ("accents.css"), *tokens = read_sheet ("tokens.css");
  guint count = 0;
  for (; inos_accent_name (count); count++) {
    const char *name = inos_accent_name (count);
    g_autofree char *usual = g_strdup_printf (":root[data-accent=\"%s\"] {", name);
    g_autofree char *contrast =
      g_strdup_printf (":root[data-accent=\"%s\"][data-contrast=\"high\"] {", name);
    if (count == 0)
      assert_same_as_pages (name, tokens, ":root {", ":root[data-contrast=\"high\"] {");
    else
      assert_same_as_pages (name, accents, usual, contrast);
  }
  assert_int_equal (count, 9);
  assert_int_equal (rgb_of (inos_accent_named ("mauve", false, false)),
                    rgb_of (inos_accent_named ("teal", false, false)));
}

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
  struct window *window;
  struct inos_view *view;
  GSettings *interface;
};

static int setup (void **state)
{
  struct desk *desk = g_new0 (struct desk, 1);
  desk->interface = g_settings_new (INTERFACE);
  desk->compositor = start_compositor (1);
  desk->client = client_connect (desk->compositor);
  desk->window = window_open (desk->client, "a", "One");
  desk->view = inos_view_find (desk->compositor, 1);
  *state = desk;
  return 0;
}

static int teardown (void **state)
{
  struct desk *desk = *state;
  g_settings_reset (desk->interface, "accent-color");
  g_settings_reset (desk->interface, "color-scheme");
  g_object_unref (desk->interface);
  window_close (desk->window);
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
  g_free (desk);
  return 0;
}

static void choose (struct desk *desk, const char *name)
{
  g_settings_set_string (desk->interface, "accent-color", name);
  pump();
}

static void assert_colour (const struct wlr_scene_rect *rect, struct inos_colour colour,
                           double opacity)
{
  float wanted[4];
  inos_colour_blend (wanted, colour, opacity);
  assert_memory_equal (rect->color, wanted, sizeof wanted);
}

/* Below the title: the last row of the bar. */
static guint32 bar_line (const struct inos_view *view)
{
  struct wlr_buffer *buffer = view->frame->bar->buffer;
  void *data;
  uint32_t format;
  size_t stride;
  assert_true (wlr_buffer_begin_data_ptr_access (buffer, WLR_BUFFER_DATA_PTR_ACCESS_READ, &data,
                                                 &format, &stride));
  const uint32_t *row = (void *)((char *)data + stride * (size_t)(buffer->height - 1));
  guint32 rgb = row[buffer->width / 2] & 0xffffff;
  wlr_buffer_end_data_ptr_access (buffer);
  return rgb;
}

/* Around the window that has the focus, and no other; who chose none has ours. */
static void test_title_bar (void **state)
{
  struct desk *desk = *state;
  inos_frame_set (desk->view, true);
  struct inos_frame *frame = desk->view->frame;
  assert_colour (frame->lines[0], inos_accent_named ("teal", false, false), 1);
  choose (desk, "orange");
  assert_colour (frame->lines[0], inos_accent_named ("orange", false, false), 1);
  assert_int_equal (bar_line (desk->view), 0x99430c);
  g_settings_set_string (desk->interface, "color-scheme", "prefer-dark");
  pump();
  assert_colour (frame->lines[2], inos_accent_named ("orange", true, false), 1);
  struct window *other = window_open (desk->client, "b", "Two");
  client_roundtrip (desk->client);
  assert_colour (frame->lines[0], inos_tokens_of (true, false)->line, 1);
  inos_view_focus (desk->view);
  assert_colour (frame->lines[0], inos_accent_named ("orange", true, false), 1);
  window_close (other);
}

/* There the lines are the ones that all can be told from. */
static void test_title_bar_in_high_contrast (void **state)
{
  struct desk *desk = *state;
  g_autoptr (GSettings) access = g_settings_new (ACCESS);
  choose (desk, "pink");
  g_settings_set_boolean (access, "high-contrast", true);
  inos_frame_set (desk->view, true);
  assert_colour (desk->view->frame->lines[0], inos_tokens_of (false, true)->line, 1);
  g_settings_reset (access, "high-contrast");
  pump();
}

static void test_snap_preview (void **state)
{
  struct desk *desk = *state;
  struct inos_seat *seat = desk->compositor->seat;
  choose (desk, "green");
  struct wlr_box box = inos_view_box (desk->view);
  wlr_cursor_warp (seat->cursor, NULL, box.x + 10, box.y + 10);
  inos_grab_move (seat, desk->view);
  wlr_cursor_warp (seat->cursor, NULL, 2, 300);
  inos_grab_motion (seat);
  assert_non_null (seat->grab.preview);
  struct inos_colour colour = inos_accent_named ("green", false, false);
  assert_colour (seat->grab.preview, colour, 0.3);
  choose (desk, "red");
  inos_grab_motion (seat);
  colour = inos_accent_named ("red", false, false);
  assert_colour (seat->grab.preview, colour, 0.3);
  inos_grab_end (seat);
  client_roundtrip (desk->client);
}

/* Around the window that is chosen and the workspace that is shown, also while it is open. */
static void test_overview (void **state)
{
  struct desk *desk = *state;
  choose (desk, "purple");
  inos_overview_open (desk->compositor);
  pump();
  const struct inos_overview_screen *screen =
    wl_container_of (desk->compositor->overview->screens.next, screen, link);
  const struct inos_overview_cell *cell = g_ptr_array_index (screen->cells, 0);
  struct inos_colour colour = inos_accent_named ("purple", false, false);
  assert_true (screen->ring.sides[0]->node.enabled);
  assert_colour (screen->ring.sides[0], colour, 1);
  assert_colour (cell->ring.sides[0], colour, 1);
  choose (desk, "yellow");
  colour = inos_accent_named ("yellow", false, false);
  cell = g_ptr_array_index (screen->cells, 0);
  assert_colour (screen->ring.sides[3], colour, 1);
  assert_colour (cell->ring.sides[0], colour, 1);
  inos_overview_close (desk->compositor);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_same_as_the_pages),
    WITH_DESK (test_title_bar),
    WITH_DESK (test_title_bar_in_high_contrast),
    WITH_DESK (test_snap_preview),
    WITH_DESK (test_overview),
  };
  return run_compositor_tests (tests);
}
