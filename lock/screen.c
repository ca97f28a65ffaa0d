/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen.h"

#include "draw.h"
#include "ext-session-lock-v1-client-protocol.h"
#include "fractional-scale-v1-client-protocol.h"
#include "ground.h"
#include "seat.h"
#include "viewporter-client-protocol.h"

enum {
  ONE = 120,               /* of a scale */
  MOST_GROUND = 3 << 20,   /* px; a larger ground is drawn coarser */
  SHAKE_TIME = 320 * 1000, /* µs */
  TRY_AGAIN = 1000,        /* ms, where memory was short */
};

static uint32_t scale_of (const struct inos_screen *screen)
{
  if (!screen->column_view)
    return ONE;
  return screen->scale ? screen->scale : (uint32_t)screen->whole * ONE;
}

static int scaled (int size, uint32_t scale)
{
  return (int)(((int64_t)size * scale + ONE / 2) / ONE);
}

static gboolean on_later (void *data)
{
  struct inos_screen *screen = data;
  screen->later = 0;
  inos_screen_draw (screen, !screen->ground_stale);
  return G_SOURCE_REMOVE;
}

static void draw_later (struct inos_screen *screen, guint ms)
{
  if (screen->later)
    return;
  screen->later = ms ? g_timeout_add (ms, on_later, screen) : g_idle_add (on_later, screen);
}

/* The ground */

static void paint_ground (struct inos_screen *screen)
{
  cairo_t *cairo = cairo_create (screen->behind.surface);
  cairo_scale (cairo, (double)screen->behind.width / screen->width,
               (double)screen->behind.height / screen->height);
  inos_ground_draw (cairo, screen->display->look, screen->width, screen->height, g_get_host_name());
  cairo_destroy (cairo);
  cairo_surface_flush (screen->behind.surface);
}

/* A new canvas each time: it is drawn when the output or the look changes. */
static bool make_ground (struct inos_screen *screen)
{
  uint32_t scale = scale_of (screen);
  int width = scaled (screen->width, scale), height = scaled (screen->height, scale);
  while (screen->ground_view && (int64_t)width * height > MOST_GROUND && width > 1 && height > 1) {
    width /= 2;
    height /= 2;
  }
  inos_canvas_finish (&screen->behind);
  if (inos_canvas_init (&screen->behind, screen->display->shm, width, height)) {
    paint_ground (screen);
    return true;
  }
  g_warning ("no memory for a picture of %d × %d: a colour is shown", width, height);
  screen->ground_stale = true;
  draw_later (screen, TRY_AGAIN);
  /* One pixel for all of it. */
  if (!screen->ground_view || !inos_canvas_init (&screen->behind, screen->display->shm, 1, 1))
    return false;
  paint_ground (screen);
  return true;
}

static void draw_ground (struct inos_screen *screen)
{
  screen->ground_stale = false;
  bool made = make_ground (screen);
  int width =
    inos_layout_column (screen->width, screen->display->look->text, screen->display->view);
  wl_subsurface_set_position (screen->place, (screen->width - width) / 2, 0);
  if (made) {
    wl_surface_attach (screen->ground, screen->behind.buffer, 0, 0);
    wl_surface_damage_buffer (screen->ground, 0, 0, INT32_MAX, INT32_MAX);
    if (screen->ground_view)
      wp_viewport_set_destination (screen->ground_view, screen->width, screen->height);
  } else {
    screen->ground_stale = true;
  }
  wl_surface_commit (screen->ground);
}

/* The column */

static void handle_frame (void *data, struct wl_callback *callback, uint32_t time)
{
  struct inos_screen *screen = data;
  wl_callback_destroy (callback);
  screen->frame = NULL;
  if (screen->column_stale || screen->shaken)
    inos_screen_draw (screen, true);
}

static const struct wl_callback_listener frame_listener = {.done = handle_frame};

static void handle_released (void *data)
{
  struct inos_screen *screen = data;
  if (screen->column_stale)
    draw_later (screen, 0);
}

static struct inos_canvas *free_canvas (struct inos_screen *screen, int width, int height)
{
  for (int i = 0; i < INOS_SCREEN_CANVASES; i++) {
    struct inos_canvas *canvas = &screen->canvases[i];
    if (canvas->busy)
      continue;
    if (canvas->buffer && canvas->width == width && canvas->height == height)
      return canvas;
    inos_canvas_finish (canvas);
    canvas->released = handle_released;
    canvas->data = screen;
    if (inos_canvas_init (canvas, screen->display->shm, width, height))
      return canvas;
    draw_later (screen, TRY_AGAIN);
    return NULL;
  }
  return NULL;
}

static void paint_column (struct inos_screen *screen, struct inos_canvas *canvas, double scale)
{
  const struct inos_view *view = screen->display->view;
  cairo_t *cairo = cairo_create (canvas->surface);
  cairo_set_operator (cairo, CAIRO_OPERATOR_CLEAR);
  cairo_paint (cairo);
  cairo_set_operator (cairo, CAIRO_OPERATOR_OVER);
  cairo_scale (cairo, scale, scale);
  if (view->time)
    inos_draw (cairo, screen->display->look, &screen->layout, view);
  cairo_destroy (cairo);
  cairo_surface_flush (canvas->surface);
}

static void advance_shake (struct inos_screen *screen)
{
  gint64 passed = screen->shaken ? g_get_monotonic_time() - screen->shaken : SHAKE_TIME;
  if (passed >= SHAKE_TIME)
    screen->shaken = 0;
  screen->display->view->shake = screen->shaken ? (double)passed / SHAKE_TIME : 1;
}

/* The column stays in the middle. */
static void widen (struct inos_screen *screen, int width)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &screen->display->seats, link)
    inos_seat_widen_surface (seat, screen->column, (width - screen->layout.width) / 2);
}

static void draw_column (struct inos_screen *screen)
{
  const struct inos_look *look = screen->display->look;
  int width = inos_layout_column (screen->width, look->text, screen->display->view);
  uint32_t scale = scale_of (screen);
  widen (screen, width);
  inos_layout_make (&screen->layout, width, screen->height, look->text, screen->display->view);
  struct inos_canvas *canvas =
    free_canvas (screen, scaled (width, scale), scaled (screen->height, scale));
  screen->column_stale = !canvas;
  if (!canvas)
    return;
  advance_shake (screen);
  paint_column (screen, canvas, (double)scale / ONE);
  screen->reveals = screen->display->view->shown;
  wl_surface_attach (screen->column, canvas->buffer, 0, 0);
  wl_surface_damage_buffer (screen->column, 0, 0, INT32_MAX, INT32_MAX);
  if (screen->column_view)
    wp_viewport_set_destination (screen->column_view, width, screen->height);
  if (screen->frame)
    wl_callback_destroy (screen->frame);
  screen->frame = wl_surface_frame (screen->column);
  wl_callback_add_listener (screen->frame, &frame_listener, screen);
  canvas->busy = true;
  wl_surface_commit (screen->column);
}

void inos_screen_draw (struct inos_screen *screen, bool only_words)
{
  screen->column_stale = true;
  screen->ground_stale |= !only_words;
  if (!screen->cover || screen->width <= 0 || screen->height <= 0)
    return;
  /* What is to be read no more does not wait for an output that may be off; nor what may be of
   * another width, and so at another place. */
  bool moves = screen->ground_stale;
  if (moves)
    draw_ground (screen);
  if (!screen->frame || moves || (screen->reveals && !screen->display->view->shown))
    draw_column (screen);
}

void inos_screen_shake (struct inos_screen *screen)
{
  screen->shaken = g_get_monotonic_time();
}

/* What the compositor says */

static void handle_configure (void *data, struct ext_session_lock_surface_v1 *cover,
                              uint32_t serial, uint32_t width, uint32_t height)
{
  struct inos_screen *screen = data;
  ext_session_lock_surface_v1_ack_configure (cover, serial);
  screen->width = (int)MIN (width, (uint32_t)INT16_MAX);
  screen->height = (int)MIN (height, (uint32_t)INT16_MAX);
  if (screen->width == 0 || screen->height == 0)
    return;
  /* The ground at once; the words when their fonts are there. */
  draw_ground (screen);
  screen->column_stale = true;
  draw_later (screen, 0);
}

static const struct ext_session_lock_surface_v1_listener cover_listener = {.configure =
                                                                             handle_configure};

static void handle_scale (void *data, struct wp_fractional_scale_v1 *fraction, uint32_t scale)
{
  struct inos_screen *screen = data;
  if (scale == screen->scale || scale == 0)
    return;
  screen->scale = scale;
  screen->ground_stale = true;
  draw_later (screen, 0);
}

static const struct wp_fractional_scale_v1_listener scale_listener = {.preferred_scale =
                                                                        handle_scale};

static void handle_output_scale (void *data, struct wl_output *output, int32_t factor)
{
  struct inos_screen *screen = data;
  screen->whole = MAX (factor, 1);
}

static void handle_output_done (void *data, struct wl_output *output)
{
  struct inos_screen *screen = data;
  if (!screen->fraction && screen->cover)
    inos_screen_draw (screen, false);
}

static void handle_geometry (void *data, struct wl_output *output, int32_t x, int32_t y,
                             int32_t width, int32_t height, int32_t subpixel, const char *make,
                             const char *model, int32_t transform)
{
}

static void handle_mode (void *data, struct wl_output *output, uint32_t flags, int32_t width,
                         int32_t height, int32_t refresh)
{
}

static const struct wl_output_listener output_listener = {
  .geometry = handle_geometry,
  .mode = handle_mode,
  .done = handle_output_done,
  .scale = handle_output_scale,
};

static void make_surfaces (struct inos_screen *screen)
{
  struct inos_display *display = screen->display;
  screen->ground = wl_compositor_create_surface (display->compositor);
  screen->column = wl_compositor_create_surface (display->compositor);
  screen->place =
    wl_subcompositor_get_subsurface (display->subcompositor, screen->column, screen->ground);
  wl_subsurface_set_desync (screen->place);
  if (display->viewporter) {
    screen->ground_view = wp_viewporter_get_viewport (display->viewporter, screen->ground);
    screen->column_view = wp_viewporter_get_viewport (display->viewporter, screen->column);
  }
  if (display->scale_manager && display->viewporter) {
    screen->fraction =
      wp_fractional_scale_manager_v1_get_fractional_scale (display->scale_manager, screen->ground);
    wp_fractional_scale_v1_add_listener (screen->fraction, &scale_listener, screen);
  }
}

void inos_screen_cover (struct inos_screen *screen)
{
  if (screen->cover)
    return;
  make_surfaces (screen);
  screen->cover =
    ext_session_lock_v1_get_lock_surface (screen->display->lock, screen->ground, screen->output);
  ext_session_lock_surface_v1_add_listener (screen->cover, &cover_listener, screen);
}

struct inos_screen *inos_screen_create (struct inos_display *display, struct wl_output *output,
                                        uint32_t name)
{
  struct inos_screen *screen = g_new0 (struct inos_screen, 1);
  screen->display = display;
  screen->output = output;
  screen->name = name;
  screen->whole = 1;
  wl_output_add_listener (output, &output_listener, screen);
  wl_list_insert (&display->screens, &screen->link);
  return screen;
}

static void drop_surfaces (struct inos_screen *screen)
{
  if (!screen->cover)
    return;
  ext_session_lock_surface_v1_destroy (screen->cover);
  if (screen->fraction)
    wp_fractional_scale_v1_destroy (screen->fraction);
  if (screen->ground_view)
    wp_viewport_destroy (screen->ground_view);
  if (screen->column_view)
    wp_viewport_destroy (screen->column_view);
  wl_subsurface_destroy (screen->place);
  wl_surface_destroy (screen->column);
  wl_surface_destroy (screen->ground);
}

void inos_screen_destroy (struct inos_screen *screen)
{
  if (screen->later)
    g_source_remove (screen->later);
  if (screen->frame)
    wl_callback_destroy (screen->frame);
  drop_surfaces (screen);
  inos_canvas_finish (&screen->behind);
  for (int i = 0; i < INOS_SCREEN_CANVASES; i++) {
    inos_canvas_clear (&screen->canvases[i]);
    inos_canvas_finish (&screen->canvases[i]);
  }
  wl_list_remove (&screen->link);
  wl_output_release (screen->output);
  g_free (screen);
}

enum inos_part inos_screen_part_at (const struct inos_screen *screen,
                                    const struct wl_surface *surface, double x, double y)
{
  return surface == screen->column ? inos_layout_at (&screen->layout, x, y) : INOS_PART_NONE;
}

struct inos_screen *inos_screen_of (struct inos_display *display, const struct wl_surface *surface)
{
  struct inos_screen *screen;
  wl_list_for_each (screen, &display->screens, link) {
    if (surface && (screen->ground == surface || screen->column == surface))
      return screen;
  }
  return NULL;
}
