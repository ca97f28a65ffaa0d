/* Draws a title bar. */
#include "window_frame_private.h"

#include "picture.h"

enum { FONT_SIZE = 13, PADDING = 12, RADIUS = 10 };

/* How many times as large as at the usual size all but the letters is. */
static double growth (const struct inos_frame_picture *picture)
{
  return picture->height / (double)INOS_FRAME_TITLE;
}

/* Of high contrast it is the one that all can be told from. */
struct inos_colour inos_frame_line_colour (const struct inos_frame_picture *picture)
{
  if (picture->active && !picture->contrast)
    return picture->accent;
  return inos_tokens_of (picture->dark, picture->contrast)->line;
}

static void draw_bar (cairo_t *cr, const struct inos_frame_picture *picture,
                      const struct inos_tokens *tokens)
{
  int radius = picture->maximized ? 0 : RADIUS;
  cairo_new_path (cr);
  cairo_arc (cr, radius, radius, radius, G_PI, 1.5 * G_PI);
  cairo_arc (cr, picture->width - radius, radius, radius, 1.5 * G_PI, 2 * G_PI);
  cairo_line_to (cr, picture->width, picture->height);
  cairo_line_to (cr, 0, picture->height);
  cairo_close_path (cr);
  inos_colour_set (cr, picture->active ? tokens->surface_1 : tokens->surface_0);
  cairo_fill (cr);
  inos_colour_set (cr, picture->contrast ? tokens->line : inos_frame_line_colour (picture));
  cairo_rectangle (cr, 0, picture->height - 1, picture->width, 1);
  cairo_fill (cr);
}

static void draw_title (cairo_t *cr, const struct inos_frame_picture *picture,
                        struct inos_colour colour)
{
  int size = MAX (1, FONT_SIZE * picture->text / 100);
  int padding = (int)(PADDING * growth (picture));
  const struct inos_title_buttons *buttons = &picture->buttons;
  int left = buttons->left_count * picture->height;
  int room = picture->width - left - buttons->right_count * picture->height - 2 * padding;
  if (room < size || picture->title[0] == '\0')
    return;
  PangoLayout *layout = inos_picture_text (cr, size);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, room * PANGO_SCALE);
  pango_layout_set_text (layout, picture->title, -1);
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);
  inos_colour_set (cr, colour);
  cairo_move_to (cr, left + padding, (picture->height - height) / 2.0);
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
}

/* The sign in the middle of a button, 10 px wide. */
static void draw_sign (cairo_t *cr, enum inos_frame_part part, bool maximized)
{
  const double r = 4.5;
  cairo_set_line_width (cr, 1.25);
  if (part == INOS_FRAME_MINIMIZE) {
    cairo_move_to (cr, -r, 0.5);
    cairo_line_to (cr, r, 0.5);
  } else if (part == INOS_FRAME_MAXIMIZE && maximized) {
    cairo_rectangle (cr, -r, -r + 2.5, 2 * r - 2.5, 2 * r - 2.5);
    cairo_move_to (cr, -r + 2.5, -r);
    cairo_line_to (cr, r, -r);
    cairo_line_to (cr, r, r - 2.5);
  } else if (part == INOS_FRAME_MAXIMIZE) {
    cairo_rectangle (cr, -r, -r, 2 * r, 2 * r);
  } else {
    cairo_move_to (cr, -r, -r);
    cairo_line_to (cr, r, r);
    cairo_move_to (cr, r, -r);
    cairo_line_to (cr, -r, r);
  }
  cairo_stroke (cr);
}

static void draw_buttons (cairo_t *cr, const struct inos_frame_picture *picture,
                          const struct inos_tokens *tokens)
{
  for (int i = 0; inos_title_button_at (&picture->buttons, i) >= 0; i++) {
    enum inos_frame_part part =
      (enum inos_frame_part) (INOS_FRAME_MINIMIZE + inos_title_button_at (&picture->buttons, i));
    bool hover = picture->hover == part, pressed = picture->pressed == part && hover;
    bool red = part == INOS_FRAME_CLOSE && hover;
    cairo_save (cr);
    cairo_translate (
      cr, inos_title_button_middle (&picture->buttons, i, picture->width, picture->height),
      picture->height / 2.0);
    cairo_scale (cr, growth (picture), growth (picture));
    if (hover) {
      inos_colour_set (cr, red ? tokens->negative : tokens->surface_3);
      cairo_arc (cr, 0, 0, pressed ? 10 : 12, 0, 2 * G_PI);
      cairo_fill (cr);
    }
    inos_colour_set (cr, red               ? tokens->on_negative
                         : picture->active ? tokens->text_1
                                           : tokens->text_3);
    draw_sign (cr, part, picture->maximized);
    cairo_restore (cr);
  }
}

struct wlr_buffer *inos_frame_draw (const struct inos_frame_picture *picture)
{
  /* Of high contrast, the window that has the focus is the other way round than all else. */
  bool turned = picture->contrast && picture->active;
  const struct inos_tokens *tokens = inos_tokens_of (picture->dark != turned, picture->contrast);
  int width = picture->width * picture->scale, height = picture->height * picture->scale;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS) {
    cairo_surface_destroy (surface);
    return NULL;
  }
  cairo_t *cr = cairo_create (surface);
  cairo_scale (cr, picture->scale, picture->scale);
  draw_bar (cr, picture, tokens);
  draw_title (cr, picture, picture->active ? tokens->text_1 : tokens->text_3);
  draw_buttons (cr, picture, tokens);
  cairo_destroy (cr);
  return inos_picture_buffer (surface);
}
