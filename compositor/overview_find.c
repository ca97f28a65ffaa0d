/* What of the overview is where, and whether that is as it must be. */
#include <wlr/types/wlr_scene.h>

#include "overview_private.h"

static void look_at (struct inos_overview_screen *screen, double x, double y,
                     struct inos_overview_spot *spot)
{
  const struct inos_overview *overview = screen->overview;
  for (guint i = 0; i < screen->cells->len; i++) {
    struct inos_overview_cell *cell = g_ptr_array_index (screen->cells, i);
    if (wlr_box_contains_point (&cell->box, x, y))
      spot->cell = cell;
  }
  for (guint i = 0; i < screen->tiles->len && !spot->cell; i++) {
    struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, i);
    struct wlr_box close = inos_overview_close_box (screen, tile);
    bool on_close = tile->view->id == overview->selected && wlr_box_contains_point (&close, x, y);
    if (!on_close && !wlr_box_contains_point (&tile->place, x, y))
      continue;
    spot->tile = tile;
    spot->close = on_close;
    if (on_close)
      return; /* of its neighbours' */
  }
}

struct inos_overview_spot inos_overview_spot_at (struct inos_overview *overview, double x, double y)
{
  struct inos_overview_spot spot = {0};
  struct inos_overview_screen *screen;
  wl_list_for_each (screen, &overview->screens, link) {
    struct wlr_box box = inos_output_box (screen->output);
    if (!wlr_box_contains_point (&box, x, y))
      continue;
    spot.screen = screen;
    look_at (screen, x - box.x, y - box.y, &spot);
    break;
  }
  return spot;
}

static bool is_picture_of (const struct inos_thumbnail *thumbnail,
                           const struct wlr_scene_node *node, int *width, int *height)
{
  if (&thumbnail->tree->node != node || !thumbnail->view->is_private)
    return false;
  struct wlr_box box = thumbnail->box, common;
  if (!wlr_box_empty (&thumbnail->clip) && wlr_box_intersection (&common, &box, &thumbnail->clip)) {
    box.width = common.x + common.width - box.x;
    box.height = common.y + common.height - box.y;
  }
  *width = box.width;
  *height = box.height;
  return true;
}

bool inos_overview_is_private (const struct inos_compositor *compositor,
                               const struct wlr_scene_node *node, int *width, int *height)
{
  const struct inos_overview_screen *screen;
  if (!inos_overview_is_shown (compositor))
    return false;
  wl_list_for_each (screen, &compositor->overview->screens, link) {
    for (guint i = 0; i < screen->tiles->len; i++) {
      const struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, i);
      if (is_picture_of (tile->thumbnail, node, width, height))
        return true;
    }
    for (guint i = 0; i < screen->cells->len; i++) {
      const struct inos_overview_cell *cell = g_ptr_array_index (screen->cells, i);
      for (guint k = 0; k < cell->windows->len; k++) {
        if (is_picture_of (g_ptr_array_index (cell->windows, k), node, width, height))
          return true;
      }
    }
  }
  return false;
}

#define MUST(condition, ...)                                                                       \
  do {                                                                                             \
    if (!(condition))                                                                              \
      return g_strdup_printf (__VA_ARGS__);                                                        \
  } while (0)

/* What waits to be arranged anew need not be in order; that no window is gone must always be so. */
static char *check_screen (const struct inos_overview_screen *screen)
{
  struct wlr_box desk = inos_output_box (screen->output), common;
  const struct wlr_box room = {0, 0, desk.width, desk.height};
  for (guint i = 0; i < screen->tiles->len; i++) {
    const struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, i);
    MUST (tile->view->mapped, "the overview shows a window that is not mapped");
    if (screen->overview->idle)
      continue;
    MUST (wlr_box_intersection (&common, &tile->place, &room) &&
            wlr_box_equal (&common, &tile->place),
          "the overview has view %u beside its output", tile->view->id);
    for (guint k = 0; k < i; k++) {
      const struct inos_overview_tile *other = g_ptr_array_index (screen->tiles, k);
      MUST (!wlr_box_intersection (&common, &tile->place, &other->place),
            "the overview has view %u over view %u", tile->view->id, other->view->id);
    }
  }
  return NULL;
}

char *inos_overview_verify (struct inos_compositor *compositor)
{
  const struct inos_overview *overview = compositor->overview;
  bool shown = inos_overview_is_shown (compositor);
  const struct inos_overview_screen *screen;
  MUST (!shown || !compositor->locked, "the overview is shown while the session is locked");
  MUST (shown || wl_list_empty (&compositor->layers[INOS_LAYER_OVERVIEW]->children),
        "the overview is closed and has nodes");
  MUST (compositor->locked || compositor->layers[INOS_LAYER_VIEWS]->node.enabled == !shown,
        "windows are shown beside the overview, or neither is");
  MUST (shown || !overview || (!overview->open && !overview->timer && !overview->idle),
        "the overview is closed and waits for something");
  if (!shown)
    return NULL;
  wl_list_for_each (screen, &overview->screens, link) {
    char *wrong = check_screen (screen);
    if (wrong)
      return wrong;
  }
  return NULL;
}
