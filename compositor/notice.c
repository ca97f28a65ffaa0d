#include "notice.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>

#include "listener.h"
#include "look.h"
#include "output.h"
#include "picture.h"

enum {
  SHOWN = 30000, /* ms */
  WIDTH = 640,
  MARGIN = 16,
  PADDING = 12,
  EDGE = 4,
  FONT_SIZE = 13,
  LINES = 6,
  MAX_TEXT = 1000, /* bytes */
};

struct inos_notice {
  struct inos_compositor *compositor;
  struct wlr_scene_buffer *scene; /* NULL while there is nothing to say */
  struct wl_event_source *timer;  /* ends it */

  struct wl_listener config_error, config_change, output_add;
};

static void hide (struct inos_notice *notice)
{
  if (notice->scene)
    wlr_scene_node_destroy (&notice->scene->node);
  notice->scene = NULL;
  wl_event_source_timer_update (notice->timer, 0);
}

static int on_time (void *data)
{
  hide (data);
  return 0;
}

/* Lays the text out; the height of what it takes comes back. */
static PangoLayout *lay_out (cairo_t *cr, const char *text, int size, int width, int *height)
{
  PangoLayout *layout = inos_picture_text (cr, size);
  pango_layout_set_width (layout, (width - EDGE - 2 * PADDING) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_height (layout, -LINES);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, NULL, height);
  *height += 2 * PADDING;
  return layout;
}

static cairo_surface_t *new_surface (int width, int height, int scale, cairo_t **cr)
{
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  *cr = cairo_create (surface);
  cairo_scale (*cr, scale, scale);
  return surface;
}

static struct wlr_buffer *draw (struct inos_compositor *compositor, const char *text, int width,
                                int scale, int *height)
{
  const struct inos_tokens *tokens =
    inos_tokens_of (inos_look_is_dark (compositor), inos_look_is_contrast (compositor));
  int size = FONT_SIZE * inos_look_text (compositor) / 100;
  cairo_t *cr;
  cairo_surface_t *surface = new_surface (1, 1, scale, &cr); /* to measure with */
  g_object_unref (lay_out (cr, text, size, width, height));
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  surface = new_surface (width, *height, scale, &cr);
  inos_colour_set (cr, tokens->line);
  cairo_paint (cr);
  inos_colour_set (cr, tokens->surface_1);
  cairo_rectangle (cr, 1, 1, width - 2, *height - 2);
  cairo_fill (cr);
  inos_colour_set (cr, tokens->negative);
  cairo_rectangle (cr, 0, 0, EDGE, *height);
  cairo_fill (cr);
  inos_colour_set (cr, tokens->text_1);
  cairo_move_to (cr, EDGE + PADDING, PADDING);
  PangoLayout *layout = lay_out (cr, text, size, width, height);
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
  cairo_destroy (cr);
  return inos_picture_buffer (surface);
}

static bool never (struct wlr_scene_buffer *buffer, double *x, double *y)
{
  return false;
}

static void show (struct inos_notice *notice, struct inos_output *output, const char *text)
{
  int width =
        MIN (WIDTH * inos_look_text (notice->compositor) / 100, output->usable.width - 2 * MARGIN),
      height;
  hide (notice);
  if (width < 8 * PADDING)
    return;
  struct wlr_buffer *buffer =
    draw (notice->compositor, text, width, (int)ceil ((double)output->wlr->scale), &height);
  notice->scene = wlr_scene_buffer_create (notice->compositor->layers[INOS_LAYER_OVERLAY], buffer);
  wlr_buffer_drop (buffer);
  notice->scene->point_accepts_input = never;
  wlr_scene_buffer_set_dest_size (notice->scene, width, height);
  wlr_scene_node_set_position (&notice->scene->node,
                               output->usable.x + (output->usable.width - width) / 2,
                               output->usable.y + MARGIN);
  wl_event_source_timer_update (notice->timer, SHOWN);
}

void inos_notice_say (struct inos_notice *notice, const char *what, const char *why)
{
  struct inos_output *output = inos_output_active (notice->compositor);
  if (!output)
    return;
  g_autofree char *clean = g_utf8_make_valid (why, (gssize)strnlen (why, MAX_TEXT));
  g_autofree char *text = g_strdup_printf ("%s\n%s", what, clean);
  show (notice, output, text);
}

static void tell (struct inos_notice *notice, const char *consequence)
{
  const char *message = notice->compositor->config_error.message;
  if (message)
    inos_notice_say (notice, consequence, message);
}

static void handle_config_error (struct wl_listener *listener, void *data)
{
  struct inos_notice *notice = wl_container_of (listener, notice, config_error);
  tell (notice, _ ("The new settings have a mistake: those that held before still do."));
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_notice *notice = wl_container_of (listener, notice, config_change);
  hide (notice);
}

/* The first output of all: there is where to say what was wrong at the start. */
static void handle_output_add (struct wl_listener *listener, void *data)
{
  struct inos_notice *notice = wl_container_of (listener, notice, output_add);
  DISCONNECT (notice->output_add);
  tell (notice, _ ("The settings have a mistake: the defaults are used."));
}

struct inos_notice *inos_notice_create (struct inos_compositor *compositor)
{
  struct inos_notice *notice = g_new0 (struct inos_notice, 1);
  notice->compositor = compositor;
  notice->timer = wl_event_loop_add_timer (compositor->loop, on_time, notice);
  CONNECT_SIGNAL (compositor, notice, config_error);
  CONNECT_SIGNAL (compositor, notice, config_change);
  CONNECT_SIGNAL (compositor, notice, output_add);
  return notice;
}

void inos_notice_destroy (struct inos_notice *notice)
{
  if (!notice)
    return;
  hide (notice);
  wl_event_source_remove (notice->timer);
  DISCONNECT (notice->config_error);
  DISCONNECT (notice->config_change);
  DISCONNECT (notice->output_add);
  g_free (notice);
}
