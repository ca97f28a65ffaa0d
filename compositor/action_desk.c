#include "action_desk.h"

#include "action.h"

#include <wlr/util/edges.h>

#include "column.h"
#include "navigate.h"
#include "seat.h"
#include "workspace.h"

INOS_ACT (focus)
{
  struct inos_view *view = inos_action_view (compositor);
  uint32_t edge = inos_navigate_edge (argument);
  struct inos_view *next = view && edge ? inos_navigate_view (view, edge) : NULL;
  struct inos_output *output = view ? inos_view_output (view) : inos_output_active (compositor);
  if (next) {
    inos_view_focus (next);
    return;
  }
  output = inos_navigate_output (output, edge);
  if (output)
    inos_navigate_to_output (output);
}

INOS_ACT (focus_output)
{
  struct inos_output *output =
    inos_navigate_output (inos_output_active (compositor), inos_navigate_edge (argument));
  if (output)
    inos_navigate_to_output (output);
}

INOS_ACT (move_to_output)
{
  struct inos_view *view = inos_action_view (compositor);
  struct inos_output *output =
    view ? inos_navigate_output (inos_view_output (view), inos_navigate_edge (argument)) : NULL;
  if (output)
    inos_navigate_take (view, output);
}

INOS_ACT (take_to_workspace)
{
  struct inos_view *view = inos_action_view (compositor);
  unsigned int index = inos_navigate_workspace (compositor, argument);
  if (!view || index >= compositor->workspaces->len)
    return;
  inos_view_set_workspace (view, index);
  inos_view_focus (view);
}

INOS_ACT (column_centre)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_column_centre (view);
}

/* -1 for left, 1 for right, else 0. */
static int step_of (const char *argument)
{
  uint32_t edge = inos_navigate_edge (argument);
  return edge == WLR_EDGE_LEFT ? -1 : edge == WLR_EDGE_RIGHT ? 1 : 0;
}

INOS_ACT (column_move)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view && step_of (argument))
    inos_column_move (view, step_of (argument));
}

INOS_ACT (consume_or_expel)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view && step_of (argument))
    inos_column_consume_or_expel (view, step_of (argument));
}

INOS_ACT (column_width)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_column_set_width (view, argument);
}

INOS_ACT (consume)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_column_consume (view);
}

INOS_ACT (expel)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_column_expel (view);
}
