#include "picture.h"

#include <drm_fourcc.h>
#include <wlr/interfaces/wlr_buffer.h>

struct pixels {
  struct wlr_buffer base;
  cairo_surface_t *surface;
};

#define RGB(hex) {((hex) >> 16 & 0xff) / 255.0, ((hex) >> 8 & 0xff) / 255.0, ((hex) & 0xff) / 255.0}

/* Light and dark; and of high contrast. */
static const struct inos_tokens themes[2][2] = {
  {{RGB (0xf4f5f7), RGB (0xffffff), RGB (0xdfe3e9), RGB (0xdfe3e9), RGB (0x12171e), RGB (0x5a6573),
    RGB (0xb3261e), RGB (0xffffff)},
   {RGB (0x0f1318), RGB (0x161b22), RGB (0x2a333f), RGB (0x2a333f), RGB (0xeef2f6), RGB (0x8f9baa),
    RGB (0xff8a80), RGB (0x2b0603)}},
  {{RGB (0xffffff), RGB (0xffffff), RGB (0xdfe3e9), RGB (0x000000), RGB (0x000000), RGB (0x1c1c1c),
    RGB (0x7a0c06), RGB (0xffffff)},
   {RGB (0x000000), RGB (0x000000), RGB (0x2a333f), RGB (0xffffff), RGB (0xffffff), RGB (0xe6e6e6),
    RGB (0xffb9b3), RGB (0x2b0603)}},
};

const struct inos_tokens *inos_tokens_of (bool dark, bool contrast)
{
  return &themes[contrast][dark];
}

void inos_colour_set (cairo_t *cr, struct inos_colour colour)
{
  cairo_set_source_rgb (cr, colour.r, colour.g, colour.b);
}

void inos_colour_blend (float to[static 4], struct inos_colour colour, double opacity)
{
  to[0] = (float)(colour.r * opacity);
  to[1] = (float)(colour.g * opacity);
  to[2] = (float)(colour.b * opacity);
  to[3] = (float)opacity;
}

PangoLayout *inos_picture_text (cairo_t *cr, int size)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string ("Inter, Noto Sans, Sans");
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, PANGO_WEIGHT_MEDIUM);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  return layout;
}

static void pixels_destroy (struct wlr_buffer *buffer)
{
  struct pixels *pixels = wl_container_of (buffer, pixels, base);
  cairo_surface_destroy (pixels->surface);
  g_free (pixels);
}

static bool pixels_begin (struct wlr_buffer *buffer, uint32_t flags, void **data, uint32_t *format,
                          size_t *stride)
{
  struct pixels *pixels = wl_container_of (buffer, pixels, base);
  if (flags & WLR_BUFFER_DATA_PTR_ACCESS_WRITE)
    return false;
  *data = cairo_image_surface_get_data (pixels->surface);
  *format = DRM_FORMAT_ARGB8888;
  *stride = (size_t)cairo_image_surface_get_stride (pixels->surface);
  return true;
}

static void pixels_end (struct wlr_buffer *buffer)
{
}

static const struct wlr_buffer_impl pixels_impl = {
  .destroy = pixels_destroy,
  .begin_data_ptr_access = pixels_begin,
  .end_data_ptr_access = pixels_end,
};

struct wlr_buffer *inos_picture_buffer (cairo_surface_t *surface)
{
  struct pixels *pixels = g_new0 (struct pixels, 1);
  cairo_surface_flush (surface);
  wlr_buffer_init (&pixels->base, &pixels_impl, cairo_image_surface_get_width (surface),
                   cairo_image_surface_get_height (surface));
  pixels->surface = surface;
  return &pixels->base;
}
