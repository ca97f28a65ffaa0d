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

/* From the back to the front, dialogs before what they belong to. */
static GPtrArray *family_of (struct inos_view *view)
{
  struct inos_view *root = inos_stack_root (view), *other;
  g_autoptr (GPtrArray) members = g_ptr_array_new();
  GPtrArray *family = g_ptr_array_new();
  int deepest = 0;
  wl_list_for_each_reverse (other, &view->compositor->views, link) {
    if (other != root && inos_stack_root (other) != root)
      continue;
    g_ptr_array_add (members, other);
    deepest = MAX (deepest, depth_of (other));
  }
  for (int depth = 0; depth <= deepest; depth++) {
    for (guint i = 0; i < members->len; i++) {
      other = g_ptr_array_index (members, i);
      if (depth_of (other) == depth)
        g_ptr_array_add (family, other);
    }
  }
  return family;
}

void inos_stack_raise (struct inos_view *view)
{
  g_autoptr (GPtrArray) family = family_of (view);
  for (guint i = 0; i < family->len; i++) {
    struct inos_view *member = g_ptr_array_index (family, i);
    wlr_scene_node_raise_to_top (&member->tree->node);
  }
}

static void lower (struct inos_view *view)
{
  g_autoptr (GPtrArray) family = family_of (view);
  for (guint i = family->len; i > 0; i--) {
    struct inos_view *member = g_ptr_array_index (family, i - 1);
    wlr_scene_node_lower_to_bottom (&member->tree->node);
  }
}

/* Puts those of the view's family that are in the layer of the node directly above it. */
static void put_above (struct inos_view *view, struct wlr_scene_node *node)
{
  g_autoptr (GPtrArray) family = family_of (view);
  for (guint i = 0; i < family->len; i++) {
    struct inos_view *member = g_ptr_array_index (family, i);
    if (member->tree->node.parent != node->parent)
      continue;
    wlr_scene_node_place_above (&member->tree->node, node);
    node = &member->tree->node;
  }
}

static void put_below (struct inos_view *view, struct wlr_scene_node *node)
{
  g_autoptr (GPtrArray) family = family_of (view);
  for (guint i = family->len; i > 0; i--) {
    struct inos_view *member = g_ptr_array_index (family, i - 1);
    if (member->tree->node.parent != node->parent)
      continue;
    wlr_scene_node_place_below (&member->tree->node, node);
    node = &member->tree->node;
  }
}

void inos_stack_put_above (struct inos_view *view, struct inos_view *sibling)
{
  if (!sibling) {
    inos_stack_raise (view);
    return;
  }
  g_autoptr (GPtrArray) family = family_of (sibling);
  struct inos_view *front = g_ptr_array_index (family, family->len - 1);
  if (inos_stack_root (view) != inos_stack_root (sibling))
    put_above (view, &front->tree->node);
}

void inos_stack_put_below (struct inos_view *view, struct inos_view *sibling)
{
  if (!sibling)
    lower (view);
  else if (inos_stack_root (view) != inos_stack_root (sibling))
    put_below (view, &inos_stack_root (sibling)->tree->node);
}

bool inos_stack_is_above (struct inos_view *view, struct inos_view *other)
{
  enum inos_layer layer = inos_view_layer (view), beside = inos_view_layer (other);
  struct wlr_scene_node *node;
  if (layer != beside)
    return layer > beside;
  wl_list_for_each_reverse (node, &view->tree->node.parent->children, link) {
    if (node == &view->tree->node || node == &other->tree->node)
      return node == &view->tree->node;
  }
  return false;
}

void inos_stack_restore (struct inos_compositor *compositor)
{
  struct inos_view *view;
  wl_list_for_each_reverse (view, &compositor->views, link)
    inos_stack_raise (view);
}
