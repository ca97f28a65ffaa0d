#include "workspace.h"

#include "seat.h"
#include "view.h"

static void workspace_free (void *data)
{
  struct inos_workspace *workspace = data;
  g_free (workspace->name);
  g_free (workspace);
}

void inos_workspaces_init (struct inos_compositor *compositor)
{
  compositor->workspaces = g_ptr_array_new_with_free_func (workspace_free);
  for (int i = 0; i < compositor->config.workspaces; i++) {
    struct inos_workspace *workspace = g_new0 (struct inos_workspace, 1);
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
