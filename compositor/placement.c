/* Where windows go: when they open, and when the outputs change. */
#include "placement.h"

#include "window_frame.h"
#include "home.h"
#include "places.h"
#include "seat.h"
#include "stack.h"
#include "tiles.h"

enum { CASCADE_STEP = 24, CASCADE_COUNT = 6 };

/* Centred on the active output, each new window a little lower than the last. */
static struct wlr_box cascade (struct inos_view *view, struct wlr_box box, struct wlr_box room)
{
  int step = CASCADE_STEP * (int)(view->compositor->cascade++ % CASCADE_COUNT) -
             CASCADE_STEP * CASCADE_COUNT / 2;
  box.x = room.x + (room.width - box.width) / 2 + step;
  box.y = room.y + (room.height - box.height) / 2 + step;
  return box;
}

/* A dialog opens in the middle of what it belongs to. */
static struct wlr_box centre_on (struct wlr_box box, struct wlr_box parent)
{
  box.x = parent.x + (parent.width - box.width) / 2;
  box.y = parent.y + (parent.height - box.height) / 2;
  return box;
}

/* One that was hidden by its client and comes back is where it was. */
static struct wlr_box place_in (struct inos_view *view, struct wlr_box box,
                                struct inos_view *parent, struct wlr_box room)
{
  struct wlr_box before = inos_frame_outer (view, view->floating);
  if (!wlr_box_empty (&view->floating))
    return (struct wlr_box){before.x, before.y, box.width, box.height};
  return parent ? centre_on (box, inos_view_box (parent)) : cascade (view, box, room);
}

void inos_placement_open (struct inos_view *view)
{
  struct inos_view *parent = inos_stack_parent (view);
  struct inos_output *output =
    parent ? inos_view_output (parent) : inos_output_active (view->compositor);
  if (!output)
    return;
  struct wlr_box room = output->usable;
  if (view->maximized || view->fullscreen) {
    view->floating = (struct wlr_box){room.x + room.width / 8, room.y + room.height / 8,
                                      room.width * 3 / 4, room.height * 3 / 4};
    /* Outputs may have changed since the client was told its size. */
    inos_view_apply_state (view, NULL);
    return;
  }
  struct wlr_box box = inos_frame_outer (view, inos_view_box (view)), before;
  if (inos_places_recall (view, &before) &&
      inos_output_at (view->compositor, before.x + before.width / 2.0,
                      before.y + before.height / 2.0)) {
    view->floating =
      (struct wlr_box){before.x, before.y, inos_view_box (view).width, inos_view_box (view).height};
    inos_view_move (view, before.x, before.y);
    return;
  }
  box = place_in (view, box, parent, room);
  box.x = CLAMP (box.x, room.x, MAX (room.x, room.x + room.width - box.width));
  box.y = CLAMP (box.y, room.y, MAX (room.y, room.y + room.height - box.height));
  view->floating = inos_frame_inner (view, box);
  inos_view_move (view, view->floating.x, view->floating.y);
}

/* A window must stay reachable: its middle on an output and its top edge in the usable part. */
static void pull_in (struct inos_view *view)
{
  struct wlr_box box = inos_frame_outer (view, inos_view_box (view));
  struct inos_output *output = inos_view_output (view);
  struct wlr_box room = output->usable;
  int x = CLAMP (box.x, room.x - box.width / 2, room.x + room.width - box.width / 2);
  int y = CLAMP (box.y, room.y, MAX (room.y, room.y + room.height - CASCADE_STEP));
  if (x != box.x || y != box.y)
    inos_view_move (view, view->x + x - box.x, view->y + y - box.y);
}

void inos_views_settle (struct inos_compositor *compositor, struct inos_output *gone)
{
  if (wl_list_empty (&compositor->outputs))
    return;
  inos_homes_hold (compositor);
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (!inos_view_is_floating (view))
      inos_view_apply_state (view, NULL);
    else
      pull_in (view);
    if (gone)
      inos_view_changed (view);
  }
  inos_tiles_arrange (compositor);
  inos_homes_release (compositor);
}
