#include "workspace.h"

#include <string.h>
#include <wlr/types/wlr_scene.h>

#include "home.h"
#include "motion.h"
#include "output.h"
#include "seats.h"
#include "tiles.h"
#include "view.h"

enum { MAX_NAME = 64, STEP_ASIDE = 48 /* px that windows go when another workspace is shown */ };

static void workspace_free (void *data)
{
  struct inos_workspace *workspace = data;
  g_free (workspace->name);
  g_ptr_array_unref (workspace->tiles);
  g_free (workspace);
}

/* The name that the settings give it, else its number. */
static char *standard_name (const struct inos_config *config, unsigned int index)
{
  const char *names = config->workspace_names;
  g_auto (GStrv) parts = g_strsplit (names ? names : "", ";", INOS_WORKSPACES_MOST + 1);
  if (index < g_strv_length (parts) && parts[index][0] && strlen (parts[index]) <= MAX_NAME)
    return g_strdup (parts[index]);
  return g_strdup_printf ("%u", index + 1);
}

static enum inos_layout standard_layout (const struct inos_config *config)
{
  enum inos_layout layout =
    config->tiling_layout ? inos_layout_from_name (config->tiling_layout) : INOS_LAYOUT_FLOATING;
  return layout == INOS_LAYOUT_COUNT ? INOS_LAYOUT_FLOATING : layout;
}

static void add (struct inos_compositor *compositor)
{
  struct inos_workspace *workspace = g_new0 (struct inos_workspace, 1);
  workspace->tiles = g_ptr_array_new();
  workspace->layout = standard_layout (&compositor->config);
  workspace->name = standard_name (&compositor->config, compositor->workspaces->len);
  g_ptr_array_add (compositor->workspaces, workspace);
}

void inos_workspaces_init (struct inos_compositor *compositor)
{
  compositor->workspaces = g_ptr_array_new_with_free_func (workspace_free);
  int count = compositor->config.dynamic_workspaces ? 1 : compositor->config.workspaces;
  for (int i = 0; i < count; i++)
    add (compositor);
}

static struct inos_workspace *at (struct inos_compositor *compositor, unsigned int index)
{
  return g_ptr_array_index (compositor->workspaces, index);
}

unsigned int inos_workspace_of_output (struct inos_compositor *compositor,
                                       struct inos_output *output)
{
  return compositor->config.workspaces_per_output && output ? output->workspace
                                                            : compositor->active_workspace;
}

bool inos_workspace_is_shown (struct inos_compositor *compositor, unsigned int index)
{
  if (!compositor->config.workspaces_per_output)
    return index == compositor->active_workspace;
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output->placed && output->workspace == index)
      return true;
  }
  return false;
}

struct inos_output *inos_workspace_output (struct inos_compositor *compositor, unsigned int index)
{
  struct inos_output *output, *found = NULL, *any = NULL;
  if (!compositor->config.workspaces_per_output || index >= compositor->workspaces->len)
    return NULL;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (!output->placed)
      continue;
    if (output->workspace == index)
      return output;
    if (output == at (compositor, index)->output)
      found = output;
    any = any ? any : output;
  }
  return found ? found : any;
}

/* Each workspace comes back to where it was. */
static void note_outputs (struct inos_compositor *compositor)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output->placed && output->workspace < compositor->workspaces->len)
      at (compositor, output->workspace)->output = output;
  }
}

static bool is_kept (struct inos_compositor *compositor, unsigned int index)
{
  return inos_workspace_count (compositor, index) > 0 || index == compositor->active_workspace ||
         inos_workspace_is_shown (compositor, index);
}

/* An output that is off keeps none: it may be on again when that workspace is no more. */
static void take_off_last (struct inos_compositor *compositor)
{
  GPtrArray *workspaces = compositor->workspaces;
  struct inos_output *output;
  g_ptr_array_set_size (workspaces, (int)workspaces->len - 1);
  wl_list_for_each (output, &compositor->outputs, link)
    output->workspace = MIN (output->workspace, workspaces->len - 1);
}

/* Dynamic workspaces: one that is empty at the end, and no more. */
void inos_workspaces_fit (struct inos_compositor *compositor)
{
  if (!compositor->config.dynamic_workspaces || compositor->ending)
    return;
  GPtrArray *workspaces = compositor->workspaces;
  while (workspaces->len > 1 && !is_kept (compositor, workspaces->len - 1) &&
         inos_workspace_count (compositor, workspaces->len - 2) == 0)
    take_off_last (compositor);
  if (workspaces->len < INOS_WORKSPACES_MOST &&
      inos_workspace_count (compositor, workspaces->len - 1) > 0)
    add (compositor);
}

void inos_workspaces_changed (struct inos_compositor *compositor)
{
  inos_workspaces_fit (compositor);
  note_outputs (compositor);
  wl_signal_emit_mutable (&compositor->events.workspace_change, compositor);
}

void inos_workspace_give (struct inos_output *output)
{
  struct inos_compositor *compositor = output->compositor;
  unsigned int index = 0;
  if (!compositor->config.workspaces_per_output)
    return;
  output->workspace = UINT_MAX; /* that nobody thinks it has one */
  while (index < compositor->workspaces->len && inos_workspace_is_shown (compositor, index))
    index++;
  if (index == compositor->workspaces->len && index < INOS_WORKSPACES_MOST)
    add (compositor);
  output->workspace = MIN (index, compositor->workspaces->len - 1);
}

/* The workspace comes to another output: its windows with it. */
static void carry (struct inos_compositor *compositor, unsigned int index,
                   struct inos_output *output)
{
  struct wlr_box to = inos_output_box (output);
  struct inos_view *view;
  inos_homes_hold (compositor);
  wl_list_for_each (view, &compositor->views, link) {
    struct inos_output *from = inos_view_output (view);
    if (view->workspace != index || view->sticky || !from || from == output)
      continue;
    struct wlr_box at_box = inos_output_box (from);
    view->floating.x += to.x - at_box.x;
    view->floating.y += to.y - at_box.y;
    view->tile_output = view->tiled ? output : NULL;
    inos_view_apply_state (view, output);
  }
  inos_homes_release (compositor);
}

void inos_workspace_settle (struct inos_compositor *compositor, unsigned int index)
{
  struct inos_output *output;
  if (!compositor->config.workspaces_per_output)
    return;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output->placed && output->workspace == index)
      carry (compositor, index, output);
  }
}

/* Other workspaces are shown than before; what comes does so from `aside` px beside its place. */
static void show (struct inos_compositor *compositor, int aside)
{
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (view->sticky)
      view->workspace = compositor->active_workspace;
    bool was_drawn = view->tree->node.enabled;
    if (was_drawn && !inos_view_is_shown (view))
      inos_motion_leave (view, -aside);
    inos_view_update_visibility (view);
    if (!was_drawn)
      inos_motion_enter (view, aside);
  }
  inos_tiles_arrange (compositor);
  inos_workspaces_changed (compositor);
  inos_seats_refocus (compositor);
  inos_seats_refresh_cursor (compositor);
}

void inos_workspace_switch (struct inos_compositor *compositor, unsigned int index)
{
  struct inos_output *output = inos_output_active (compositor);
  if (index >= compositor->workspaces->len)
    return;
  bool elsewhere =
    compositor->config.workspaces_per_output && inos_workspace_is_shown (compositor, index);
  if (index == compositor->active_workspace &&
      (elsewhere || !compositor->config.workspaces_per_output))
    return;
  int aside = index > compositor->active_workspace ? STEP_ASIDE : -STEP_ASIDE;
  compositor->active_workspace = index;
  if (compositor->config.workspaces_per_output && !elsewhere && output) {
    output->workspace = index;
    carry (compositor, index, output);
  }
  show (compositor, aside);
}

void inos_workspaces_outputs_changed (struct inos_compositor *compositor)
{
  if (!compositor->config.workspaces_per_output || compositor->ending)
    return;
  struct inos_output *active = inos_output_active (compositor), *output;
  if (active && !inos_workspace_is_shown (compositor, compositor->active_workspace))
    compositor->active_workspace = active->workspace;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output->placed)
      inos_workspace_settle (compositor, output->workspace);
  }
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link)
    inos_view_update_visibility (view);
  inos_workspaces_changed (compositor);
  inos_seats_refocus (compositor);
  inos_seats_refresh_cursor (compositor);
}

bool inos_workspace_rename (struct inos_compositor *compositor, unsigned int index,
                            const char *name)
{
  if (index >= compositor->workspaces->len || strlen (name) > MAX_NAME)
    return false;
  g_free (at (compositor, index)->name);
  at (compositor, index)->name =
    name[0] ? g_strdup (name) : standard_name (&compositor->config, index);
  inos_workspaces_changed (compositor);
  return true;
}

unsigned int inos_workspace_count (struct inos_compositor *compositor, unsigned int index)
{
  unsigned int count = 0;
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link)
    count += view->workspace == index;
  return count;
}

/* What becomes of index `i` when the workspace `index` goes to `to`. */
static unsigned int moved (unsigned int i, unsigned int index, unsigned int to)
{
  if (i == index)
    return to;
  if (index < to)
    return i > index && i <= to ? i - 1 : i;
  return i >= to && i < index ? i + 1 : i;
}

/* A workspace without a name of its own is called by its number. */
static void renumber (struct inos_compositor *compositor, GPtrArray *numbered)
{
  for (guint i = 0; i < compositor->workspaces->len; i++) {
    struct inos_workspace *workspace = at (compositor, i);
    if (!g_ptr_array_find (numbered, workspace, NULL))
      continue;
    g_free (workspace->name);
    workspace->name = standard_name (&compositor->config, i);
  }
}

bool inos_workspace_move (struct inos_compositor *compositor, unsigned int index, unsigned int to)
{
  GPtrArray *workspaces = compositor->workspaces;
  g_autoptr (GPtrArray) numbered = g_ptr_array_new();
  if (index >= workspaces->len || to >= workspaces->len)
    return false;
  for (guint i = 0; i < workspaces->len; i++) {
    g_autofree char *name = standard_name (&compositor->config, i);
    if (g_str_equal (at (compositor, i)->name, name))
      g_ptr_array_add (numbered, at (compositor, i));
  }
  struct inos_workspace *workspace = g_ptr_array_steal_index (workspaces, index);
  g_ptr_array_insert (workspaces, (int)to, workspace);
  renumber (compositor, numbered);
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link)
    view->workspace = moved (view->workspace, index, to);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    output->workspace = moved (output->workspace, index, to);
  compositor->active_workspace = moved (compositor->active_workspace, index, to);
  wl_list_for_each (view, &compositor->views, link)
    inos_view_changed (view);
  inos_workspaces_changed (compositor);
  return true;
}

bool inos_workspace_show_on (struct inos_compositor *compositor, unsigned int index,
                             struct inos_output *output)
{
  unsigned int before = output->workspace;
  if (!compositor->config.workspaces_per_output || index >= compositor->workspaces->len ||
      !output->placed)
    return false;
  if (before == index)
    return true;
  struct inos_output *other;
  wl_list_for_each (other, &compositor->outputs, link) {
    if (other->workspace == index)
      other->workspace = before;
  }
  output->workspace = index;
  if (compositor->active_workspace == before && output == inos_output_active (compositor))
    compositor->active_workspace = index;
  inos_workspace_settle (compositor, index);
  inos_workspace_settle (compositor, before);
  show (compositor, 0);
  return true;
}

/* Those that were called and laid out as the settings said, and not as a person did, still are. */
static void follow_standards (struct inos_compositor *compositor, const struct inos_config *before)
{
  const struct inos_config *config = &compositor->config;
  for (guint i = 0; i < compositor->workspaces->len; i++) {
    struct inos_workspace *workspace = at (compositor, i);
    g_autofree char *name = standard_name (before, i);
    if (g_str_equal (workspace->name, name)) {
      g_free (workspace->name);
      workspace->name = standard_name (config, i);
    }
    if (workspace->layout == standard_layout (before) &&
        standard_layout (config) != standard_layout (before))
      inos_tiles_set_layout (compositor, i, standard_layout (config));
  }
}

/* Those that are one too many stay for as long as they have windows or are shown. */
static void follow_count (struct inos_compositor *compositor)
{
  GPtrArray *workspaces = compositor->workspaces;
  guint count = (guint)compositor->config.workspaces;
  if (compositor->config.dynamic_workspaces)
    return;
  while (workspaces->len < count)
    add (compositor);
  while (workspaces->len > count && !is_kept (compositor, workspaces->len - 1))
    take_off_last (compositor);
}

/* What is seen stays where it is seen: one workspace becomes one for each output, or the other way
 * round. */
static void share_or_part (struct inos_compositor *compositor)
{
  unsigned int active = compositor->active_workspace;
  bool part = compositor->config.workspaces_per_output;
  struct inos_output *output, *here = inos_output_active (compositor);
  struct inos_view *view;
  if (part) {
    wl_list_for_each (output, &compositor->outputs, link)
      output->workspace = output == here || !output->placed ? active : UINT_MAX;
    wl_list_for_each (output, &compositor->outputs, link) {
      if (output != here && output->placed)
        inos_workspace_give (output);
    }
  }
  wl_list_for_each (view, &compositor->views, link) {
    output = inos_view_output (view);
    if (!output || view->sticky)
      continue;
    if (part && view->workspace == active)
      view->workspace = output->workspace;
    else if (!part && view->workspace == output->workspace)
      view->workspace = active;
  }
}

void inos_workspaces_configure (struct inos_compositor *compositor,
                                const struct inos_config *before)
{
  follow_standards (compositor, before);
  follow_count (compositor);
  if (before->workspaces_per_output != compositor->config.workspaces_per_output) {
    share_or_part (compositor);
    follow_count (compositor);
  }
  show (compositor, 0);
}
