#include "cursor_theme.h"

#include <limits.h>
#include <string.h>
#include <wlr/types/wlr_xcursor_manager.h>
#include <wlr/util/log.h>
#include <wlr/xcursor.h>

#define DEFAULT_THEME "default"
#define CONTRAST_THEME "Adwaita" /* black with a white rim */

enum { DEFAULT_SIZE = 24, CONTRAST_LEAST = 48 };

/* A folder's name: it becomes a part of a path, here and in every program that is told of it. */
static bool is_name (const char *name)
{
  if (*name == '.' || strlen (name) > NAME_MAX || !g_utf8_validate (name, -1, NULL))
    return false;
  for (const char *c = name; *c; c++) {
    if (*c == '/' || g_ascii_iscntrl (*c))
      return false;
  }
  return true;
}

/* NULL where the theme has no images. wlroots then has images of its own, called by another name.
 */
static struct wlr_xcursor_manager *load (const char *name, uint32_t size)
{
  if (!is_name (name))
    return NULL;
  struct wlr_xcursor_manager *images = wlr_xcursor_manager_create (name, size);
  struct wlr_xcursor_manager_theme *scaled;
  if (wlr_xcursor_manager_load (images, 1)) {
    wl_list_for_each (scaled, &images->scaled_themes, link) {
      if (g_str_equal (scaled->theme->name, name))
        return images;
    }
  }
  wlr_xcursor_manager_destroy (images);
  return NULL;
}

static uint32_t usual_size (const struct inos_config *config)
{
  const char *wanted = g_getenv ("XCURSOR_SIZE");
  guint64 size;
  if (config->cursor_size > 0)
    return (uint32_t)config->cursor_size;
  if (wanted &&
      g_ascii_string_to_unsigned (wanted, 10, INOS_CURSOR_LEAST, INOS_CURSOR_MOST, &size, NULL))
    return (uint32_t)size;
  return DEFAULT_SIZE;
}

static uint32_t choose_size (const struct inos_config *config)
{
  uint32_t size = usual_size (config);
  return config->high_contrast_pointer ? CLAMP (size * 2, CONTRAST_LEAST, INOS_CURSOR_MOST) : size;
}

struct wlr_xcursor_manager *inos_cursor_theme_load (const struct inos_config *config)
{
  const char *name = config->cursor_theme;
  uint32_t size = choose_size (config);
  if (config->high_contrast_pointer)
    name = CONTRAST_THEME;
  if (!name || !*name)
    name = g_getenv ("XCURSOR_THEME");
  if (name && *name) {
    struct wlr_xcursor_manager *images = load (name, size);
    if (images)
      return images;
    wlr_log (WLR_ERROR, "there is no pointer theme '%s': the default one is used", name);
  }
  return wlr_xcursor_manager_create (DEFAULT_THEME, size);
}
