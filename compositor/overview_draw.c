#include "overview_draw.h"

#include <glib/gi18n.h>

#include "picture.h"

enum { NAME_SIZE = 13, WORDS_SIZE = 18, NAME_PADDING = 8 };

int inos_overview_grown (const struct inos_overview_style *style, int px)
{
  return px * style->text / 100;
}

bool inos_overview_reads_from_right (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);
  PangoLayout *layout = inos_picture_text (cr, NAME_SIZE);
  pango_layout_set_text (layout, _ ("Close"), -1);
  bool from_right = pango_layout_get_direction (layout, 0) == PANGO_DIRECTION_RTL;
  g_object_unref (layout);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return from_right;
}

static const struct inos_tokens *tokens_of (const struct inos_overview_style *style)
{
  return inos_tokens_of (style->dark, style->contrast);
}

static cairo_surface_t *surface_of (const struct inos_overview_style *style, int width, int height)
{
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * style->scale, height * style->scale);
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    return surface;
  cairo_surface_destroy (surface);
  return NULL;
}

static cairo_t *draw_on (const struct inos_overview_style *style, cairo_surface_t *surface)
{
  cairo_t *cr = cairo_create (surface);
  cairo_scale (cr, style->scale, style->scale);
  return cr;
}

/* One line of the given letters around the middle of the width. Returns how high it is, in px. */
static int draw_line (cairo_t *cr, const struct inos_overview_style *style, const char *text,
                      int size, int top, int width, bool shortened)
{
  PangoLayout *layout = inos_picture_text (cr, inos_overview_grown (style, size));
  int text_width, text_height;
  pango_layout_set_single_paragraph_mode (layout, shortened);
  if (shortened)
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  cairo_move_to (cr, NAME_PADDING, top);
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
  return text_height;
}

struct wlr_buffer *inos_overview_draw_name (const struct inos_overview_style *style,
                                            const char *name, int width, int height, bool strong)
{
  const struct inos_tokens *tokens = tokens_of (style);
  cairo_surface_t *surface = surface_of (style, width, height);
  if (!surface)
    return NULL;
  cairo_t *cr = draw_on (style, surface);
  inos_colour_set (cr, strong ? tokens->text_1 : tokens->text_3);
  if (width > 2 * NAME_PADDING)
    draw_line (cr, style, name, NAME_SIZE,
               (height - inos_overview_grown (style, NAME_SIZE) * 4 / 3) / 2,
               width - 2 * NAME_PADDING, true);
  cairo_destroy (cr);
  return inos_picture_buffer (surface);
}

struct wlr_buffer *inos_overview_draw_close (const struct inos_overview_style *style, int side,
                                             bool hovered)
{
  const struct inos_tokens *tokens = tokens_of (style);
  cairo_surface_t *surface = surface_of (style, side, side);
  if (!surface)
    return NULL;
  cairo_t *cr = draw_on (style, surface);
  double middle = side / 2.0, arm = side / 6.0;
  cairo_arc (cr, middle, middle, middle - 1, 0, 2 * G_PI);
  inos_colour_set (cr, hovered ? tokens->negative : tokens->surface_1);
  cairo_fill_preserve (cr);
  inos_colour_set (cr, hovered ? tokens->negative : tokens->text_3);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  inos_colour_set (cr, hovered ? tokens->on_negative : tokens->text_1);
  cairo_set_line_width (cr, 1.5 * style->text / 100);
  cairo_move_to (cr, middle - arm, middle - arm);
  cairo_line_to (cr, middle + arm, middle + arm);
  cairo_move_to (cr, middle + arm, middle - arm);
  cairo_line_to (cr, middle - arm, middle + arm);
  cairo_stroke (cr);
  cairo_destroy (cr);
  return inos_picture_buffer (surface);
}

struct wlr_buffer *inos_overview_draw_words (const struct inos_overview_style *style,
                                             const char *words, const char *advice, int width,
                                             int height)
{
  const struct inos_tokens *tokens = tokens_of (style);
  cairo_surface_t *surface = surface_of (style, width, height);
  if (!surface)
    return NULL;
  cairo_t *cr = draw_on (style, surface);
  inos_colour_set (cr, tokens->text_1);
  int top = draw_line (cr, style, words, WORDS_SIZE, 0, width - 2 * NAME_PADDING, false);
  inos_colour_set (cr, tokens->text_3);
  draw_line (cr, style, advice, NAME_SIZE, top + NAME_PADDING, width - 2 * NAME_PADDING, false);
  cairo_destroy (cr);
  return inos_picture_buffer (surface);
}
