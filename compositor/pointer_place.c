#include "pointer_place.h"

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_input_device.h>
#include <wlr/types/wlr_output_layout.h>

static void on_draw (void *data)
{
  struct inos_seat *seat = data;
  seat->place.draw = NULL;
  wlr_cursor_warp_closest (seat->cursor, NULL, seat->cursor->x, seat->cursor->y);
}

/* Whether the place is on the screen where the pointer is, which wlroots need not be asked. */
static bool stay (struct inos_seat *seat, double x, double y)
{
  if (!wlr_box_contains_point (&seat->place.screen, x, y))
    return false;
  seat->cursor->x = x;
  seat->cursor->y = y;
  if (!seat->place.draw)
    seat->place.draw = wl_event_loop_add_idle (seat->compositor->loop, on_draw, seat);
  return true;
}

/* Where a region reaches beyond the screens the pointer does not. */
static struct wlr_output *screen_at (struct inos_seat *seat)
{
  struct wlr_output_layout *layout = seat->compositor->layout;
  struct wlr_cursor *cursor = seat->cursor;
  struct wlr_output *output = wlr_output_layout_output_at (layout, cursor->x, cursor->y);
  if (output)
    return output;
  wlr_cursor_warp_closest (cursor, NULL, cursor->x, cursor->y);
  return wlr_output_layout_output_at (layout, cursor->x, cursor->y);
}

static void find_screen (struct inos_seat *seat)
{
  struct wlr_output_layout *layout = seat->compositor->layout;
  struct wlr_output *output = screen_at (seat);
  seat->place.screen = (struct wlr_box){0};
  if (output)
    wlr_output_layout_get_box (layout, output, &seat->place.screen);
}

void inos_pointer_place_by (struct inos_seat *seat, struct wlr_input_device *device, double dx,
                            double dy)
{
  if (!seat->place.mapped && stay (seat, seat->cursor->x + dx, seat->cursor->y + dy))
    return;
  wlr_cursor_move (seat->cursor, device, dx, dy);
  find_screen (seat);
}

void inos_pointer_place_at (struct inos_seat *seat, struct wlr_input_device *device, double x,
                            double y)
{
  double to_x, to_y;
  wlr_cursor_absolute_to_layout_coords (seat->cursor, device, x, y, &to_x, &to_y);
  if (stay (seat, to_x, to_y))
    return;
  wlr_cursor_warp_closest (seat->cursor, NULL, to_x, to_y);
  find_screen (seat);
}

void inos_pointer_place_map (struct inos_seat *seat, struct wlr_input_device *device,
                             struct wlr_output *output, const struct wlr_box *region)
{
  wlr_cursor_map_input_to_output (seat->cursor, device, output);
  wlr_cursor_map_input_to_region (seat->cursor, device, region);
  if ((output || !wlr_box_empty (region)) && device->type != WLR_INPUT_DEVICE_TOUCH)
    seat->place.mapped = true;
}

void inos_pointer_place_forget (struct inos_seat *seat)
{
  seat->place.screen = (struct wlr_box){0};
}

void inos_pointer_place_finish (struct inos_seat *seat)
{
  if (seat->place.draw)
    wl_event_source_remove (seat->place.draw);
}
