#include "window_menu_draw.h"

#include "picture.h"

enum { FONT_SIZE = 13, SIGN = 28, PADDING = 16, LEAST = 160, RADIUS = 10, ROW_RADIUS = 6 };

static int grown (const struct inos_menu_picture *picture, int px)
{
  return px * MAX (100, picture->text) / 100;
}

int inos_menu_row (const struct inos_menu_picture *picture)
{
  return grown (picture, INOS_MENU_ROW);
}

int inos_menu_edge (const struct inos_menu_picture *picture)
{
  return grown (picture, INOS_MENU_EDGE);
}

static PangoLayout *lay_out (cairo_t *cr, const struct inos_menu_picture *picture,
                             const char *label)
{
  PangoLayout *layout = inos_picture_text (cr, MAX (1, FONT_SIZE * picture->text / 100));
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_text (layout, label, -1);
  return layout;
}

void inos_menu_measure (const struct inos_menu_picture *picture, int *width, int *height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1, 1);
  cairo_t *cr = cairo_create (surface);
  int rows = 0, widest = 0;
  for (; picture->labels[rows]; rows++) {
    int text;
    PangoLayout *layout = lay_out (cr, picture, picture->labels[rows]);
    pango_layout_get_pixel_size (layout, &text, NULL);
    widest = MAX (widest, text);
    g_object_unref (layout);
  }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  *width = MAX (grown (picture, LEAST), widest + grown (picture, SIGN + PADDING)) +
           2 * inos_menu_edge (picture);
  *height = rows * inos_menu_row (picture) + 2 * inos_menu_edge (picture);
}

static void round_box (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_path (cr);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_arc (cr, x + width - radius, y + radius, radius, 1.5 * G_PI, 2 * G_PI);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, 0.5 * G_PI);
  cairo_arc (cr, x + radius, y + height - radius, radius, 0.5 * G_PI, G_PI);
  cairo_close_path (cr);
}

/* Before the text, which is to the right where it is read from there. */
static void draw_tick (cairo_t *cr, const struct inos_menu_picture *picture, double x, double y)
{
  double unit = grown (picture, 100) / 100.0;
  cairo_set_line_width (cr, 1.5 * unit);
  cairo_move_to (cr, x - 4.5 * unit, y);
  cairo_line_to (cr, x - 1.5 * unit, y + 3 * unit);
  cairo_line_to (cr, x + 4.5 * unit, y - 3.5 * unit);
  cairo_stroke (cr);
}

static void draw_row (cairo_t *cr, const struct inos_menu_picture *picture, int row, int width)
{
  bool selected = picture->selected == row;
  /* Of high contrast, what is chosen is the other way round. */
  bool turned = picture->contrast && selected;
  const struct inos_tokens *tokens = inos_tokens_of (picture->dark != turned, picture->contrast);
  int edge = inos_menu_edge (picture), high = inos_menu_row (picture);
  int sign = grown (picture, SIGN), y = edge + row * high, text_width, text_height;
  if (selected) {
    round_box (cr, edge, y, width - 2 * edge, high, grown (picture, ROW_RADIUS));
    inos_colour_set (cr, picture->contrast ? tokens->surface_1 : tokens->surface_3);
    cairo_fill (cr);
  }
  inos_colour_set (cr, tokens->text_1);
  PangoLayout *layout = lay_out (cr, picture, picture->labels[row]);
  bool from_right = pango_layout_get_direction (layout, 0) == PANGO_DIRECTION_RTL;
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  cairo_move_to (cr, from_right ? width - edge - sign - text_width : edge + sign,
                 y + (high - text_height) / 2.0);
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
  if (picture->checked & 1u << row)
    draw_tick (cr, picture, from_right ? width - edge - sign / 2.0 : edge + sign / 2.0,
               y + high / 2.0);
}

struct wlr_buffer *inos_menu_draw (const struct inos_menu_picture *picture)
{
  const struct inos_tokens *tokens = inos_tokens_of (picture->dark, picture->contrast);
  int width, height;
  inos_menu_measure (picture, &width, &height);
  cairo_surface_t *surface = cairo_image_surface_create (
    CAIRO_FORMAT_ARGB32, width * picture->scale, height * picture->scale);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS) {
    cairo_surface_destroy (surface);
    return NULL;
  }
  cairo_t *cr = cairo_create (surface);
  cairo_scale (cr, picture->scale, picture->scale);
  round_box (cr, 0.5, 0.5, width - 1, height - 1, grown (picture, RADIUS));
  inos_colour_set (cr, tokens->surface_1);
  cairo_fill_preserve (cr);
  /* Told from a window of the same colour below it. */
  inos_colour_set (cr, picture->contrast ? tokens->line : tokens->text_3);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  for (int row = 0; picture->labels[row]; row++)
    draw_row (cr, picture, row, width);
  cairo_destroy (cr);
  return inos_picture_buffer (surface);
}
