#include "stack.h"

#include <wlr/types/wlr_scene.h>

/* A client can make a chain of dialogs as long as it likes; beyond this we look no further. */
enum { MAX_DEPTH = 16 };

struct inos_view *inos_stack_parent (struct inos_view *view)
{
  return view->impl->parent ? view->impl->parent (view) : NULL;
}

/* How many windows are between the view and the top of its family. */
static int depth_of (struct inos_view *view)
{
  int depth = 0;
  for (struct inos_view *v = inos_stack_parent (view); v && depth < MAX_DEPTH;
       v = inos_stack_parent (v))
    depth++;
  return depth;
}

struct inos_view *inos_stack_root (struct inos_view *view)
{
  struct inos_view *parent;
  for (int i = 0; i < MAX_DEPTH && (parent = inos_stack_parent (view)); i++)
    view = parent;
  return view;
}

bool inos_stack_belongs (struct inos_view *view, struct inos_view *ancestor)
{
  for (int i = 0; i < MAX_DEPTH && view; i++) {
    view = inos_stack_parent (view);
    if (view == ancestor)
      return view;
  }
  return false;
}

static struct inos_view *modal_child (struct inos_view *view)
{
  struct inos_view *other;
  wl_list_for_each (other, &view->compositor->views, link) {
    if (other->modal && other->mapped && inos_stack_parent (other) == view)
      return other;
  }
  return NULL;
}

struct inos_view *inos_stack_modal (struct inos_view *view)
{
  struct inos_view *child;
  for (int i = 0; i < MAX_DEPTH && (child = modal_child (view)); i++)
    view = child;
  return view;
}

void inos_stack_raise (struct inos_view *view)
{
  struct inos_view *root = inos_stack_root (view), *other;
  g_autoptr (GPtrArray) family = g_ptr_array_new();
  int deepest = 0;
  wl_list_for_each_reverse (other, &view->compositor->views, link) {
    if (other != root && inos_stack_root (other) != root)
      continue;
    g_ptr_array_add (family, other);
    deepest = MAX (deepest, depth_of (other));
  }
  for (int depth = 0; depth <= deepest; depth++) {
    for (guint i = 0; i < family->len; i++) {
      other = g_ptr_array_index (family, i);
      if (depth_of (other) == depth)
        wlr_scene_node_raise_to_top (&other->tree->node);
    }
  }
}

void inos_stack_restore (struct inos_compositor *compositor)
{
  struct inos_view *view;
  wl_list_for_each_reverse (view, &compositor->views, link)
    inos_stack_raise (view);
}
