#include "workspace.h"

#include <string.h>

#include "seat.h"
#include "view.h"

enum { MAX_NAME = 64 };

static void workspace_free (void *data)
{
  struct inos_workspace *workspace = data;
  g_free (workspace->name);
  g_ptr_array_unref (workspace->tiles);
  g_free (workspace);
}

void inos_workspaces_init (struct inos_compositor *compositor)
{
  compositor->workspaces = g_ptr_array_new_with_free_func (workspace_free);
  for (int i = 0; i < compositor->config.workspaces; i++) {
    struct inos_workspace *workspace = g_new0 (struct inos_workspace, 1);
    workspace->tiles = g_ptr_array_new();
    workspace->layout = compositor->config.tiling_layout
                          ? inos_layout_from_name (compositor->config.tiling_layout)
                          : INOS_LAYOUT_FLOATING;
    if (workspace->layout == INOS_LAYOUT_COUNT)
      workspace->layout = INOS_LAYOUT_FLOATING;
    workspace->name = g_strdup_printf ("%d", i + 1);
    g_ptr_array_add (compositor->workspaces, workspace);
  }
}

void inos_workspace_switch (struct inos_compositor *compositor, unsigned int index)
{
  if (index >= compositor->workspaces->len || index == compositor->active_workspace)
    return;
  compositor->active_workspace = index;
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (view->sticky)
      view->workspace = index;
    inos_view_update_visibility (view);
  }
  wl_signal_emit_mutable (&compositor->events.workspace_change, compositor);
  inos_seat_refocus (compositor->seat);
  inos_seat_refresh_cursor (compositor->seat);
}

bool inos_workspace_rename (struct inos_compositor *compositor, unsigned int index,
                            const char *name)
{
  if (index >= compositor->workspaces->len || strlen (name) > MAX_NAME)
    return false;
  struct inos_workspace *workspace = g_ptr_array_index (compositor->workspaces, index);
  g_free (workspace->name);
  workspace->name = name[0] ? g_strdup (name) : g_strdup_printf ("%u", index + 1);
  wl_signal_emit_mutable (&compositor->events.workspace_change, compositor);
  return true;
}

bool inos_workspace_is_shown (struct inos_compositor *compositor, unsigned int index)
{
  return index == compositor->active_workspace;
}

unsigned int inos_workspace_count (struct inos_compositor *compositor, unsigned int index)
{
  unsigned int count = 0;
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link)
    count += view->workspace == index;
  return count;
}
