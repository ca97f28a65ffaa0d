/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "write.h"

#include <pango/pangocairo.h>
#include <string.h>

#define FONT "Inter, Noto Sans, Noto Sans Arabic, Noto Sans CJK JP, sans-serif"
#define FEATURES "tnum=1, cv05=1"

void inos_set_tone (cairo_t *cairo, const struct inos_look *look, enum inos_tone tone)
{
  const struct inos_tint *tint = &look->tones[tone];
  cairo_set_source_rgba (cairo, tint->red, tint->green, tint->blue, tint->alpha);
}

static PangoLayout *new_layout (cairo_t *cairo, double size, int weight)
{
  PangoLayout *layout = pango_cairo_create_layout (cairo);
  PangoFontDescription *font = pango_font_description_from_string (FONT);
  PangoAttrList *attributes = pango_attr_list_new();
  pango_font_description_set_weight (font, (PangoWeight)weight);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_attr_list_insert (attributes, pango_attr_font_features_new (FEATURES));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_font_description_free (font);
  return layout;
}

double inos_write (cairo_t *cairo, const struct inos_look *look, const struct inos_writing *writing,
                   const struct inos_box *box)
{
  PangoLayout *layout = new_layout (cairo, writing->size, writing->weight);
  PangoRectangle extent;
  pango_layout_set_text (layout, writing->text, -1);
  pango_layout_set_width (layout, (int)(box->width * PANGO_SCALE));
  pango_layout_set_height (layout, -writing->lines);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_line_spacing (layout, 1.15F);
  pango_layout_set_alignment (layout, writing->align == INOS_ALIGN_CENTRE ? PANGO_ALIGN_CENTER
                                                                          : PANGO_ALIGN_LEFT);
  pango_layout_get_pixel_extents (layout, NULL, &extent);
  double y = writing->lines > 1 ? box->y : box->y + (box->height - extent.height) / 2 - extent.y;
  inos_set_tone (cairo, look, writing->tone);
  cairo_move_to (cairo, box->x, y);
  pango_cairo_show_layout (cairo, layout);
  g_object_unref (layout);
  return extent.width;
}

double inos_write_width (cairo_t *cairo, const struct inos_writing *writing)
{
  PangoLayout *layout = new_layout (cairo, writing->size, writing->weight);
  int width;
  pango_layout_set_text (layout, writing->text, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  g_object_unref (layout);
  return width;
}

/* Writes a character at x, or only measures it. Returns its width. */
static double write_one (cairo_t *cairo, const char *at, double size, double x,
                         const struct inos_box *box, bool draw)
{
  PangoLayout *layout = new_layout (cairo, size, PANGO_WEIGHT_NORMAL);
  int width, height;
  pango_layout_set_text (layout, at, (int)(g_utf8_next_char (at) - at));
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cairo, x, box->y + (box->height - height) / 2);
  if (draw)
    pango_cairo_show_layout (cairo, layout);
  g_object_unref (layout);
  return width;
}

double inos_write_secret (cairo_t *cairo, const struct inos_look *look, const char *text,
                          double size, const struct inos_box *box, bool rtl)
{
  double all = 0;
  const char *from = text + strlen (text);
  /* From the end, as much as there is room for. */
  while (from > text) {
    const char *before = g_utf8_find_prev_char (text, from);
    double width = write_one (cairo, before, size, 0, box, false);
    if (all + width > box->width)
      break;
    all += width;
    from = before;
  }
  double x = rtl ? box->x + box->width - all : box->x;
  inos_set_tone (cairo, look, INOS_TONE_TEXT_1);
  for (; *from; from = g_utf8_next_char (from))
    x += write_one (cairo, from, size, x, box, true);
  return all;
}
