#include "ext_workspace.h"

#include <wlr/types/wlr_output.h>

#include "ext-workspace-v1-protocol.h"
#include "listener.h"
#include "output.h"
#include "view.h"
#include "workspace.h"

struct manager {
  struct inos_compositor *compositor;
  struct wl_global *global;
  struct wl_list panels;  /* struct panel.link */
  struct wl_list outputs; /* struct watched.link */

  struct wl_listener workspace_change, output_add;
};

/* What one client sees: every workspace, and one group with every output, or where each output has
 * its own workspaces a group for each. */
struct panel {
  struct wl_list link;
  struct manager *manager;
  struct wl_resource *resource;
  struct wl_list groups; /* struct group.link */
  GPtrArray *handles;    /* struct handle, by index of the workspace */
  unsigned int wanted;   /* to be activated with the next commit; UINT_MAX for none */
};

/* A group, as one client sees it. */
struct group {
  struct wl_list link;
  struct panel *panel;
  struct wl_resource *resource; /* NULL: the client let go of it */
  struct inos_output *output;   /* NULL: all of them; to be compared with those that are there */
};

/* A workspace, as one client sees it. The client's resource owns it. */
struct handle {
  struct wl_resource *resource;
  struct panel *panel; /* NULL: the workspace or the panel is gone */
  unsigned int index;
  struct group *group; /* may be NULL */
  char *name;          /* as it was told */
  uint32_t state;      /* likewise; UINT32_MAX for not yet */
};

/* An output, for clients that bind it later. */
struct watched {
  struct wl_list link;
  struct manager *manager;
  struct wlr_output *wlr;
  const struct inos_output *output; /* to be compared with those that are there */

  struct wl_listener bind, destroy;
};

static void destroy_resource (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static void handle_activate (struct wl_client *client, struct wl_resource *resource)
{
  struct handle *handle = wl_resource_get_user_data (resource);
  if (handle->panel)
    handle->panel->wanted = handle->index;
}

static void handle_nothing (struct wl_client *client, struct wl_resource *resource)
{
}

static void handle_assign (struct wl_client *client, struct wl_resource *resource,
                           struct wl_resource *group)
{
}

static const struct ext_workspace_handle_v1_interface handle_interface = {
  .destroy = destroy_resource,
  .activate = handle_activate,
  .deactivate = handle_nothing,
  .assign = handle_assign,
  .remove = handle_nothing,
};

static void on_handle_gone (struct wl_resource *resource)
{
  struct handle *handle = wl_resource_get_user_data (resource);
  if (handle->panel)
    g_ptr_array_index (handle->panel->handles, handle->index) = NULL;
  g_free (handle->name);
  g_free (handle);
}

static void group_create_workspace (struct wl_client *client, struct wl_resource *resource,
                                    const char *name)
{
}

static const struct ext_workspace_group_handle_v1_interface group_interface = {
  .create_workspace = group_create_workspace,
  .destroy = destroy_resource,
};

static void on_group_gone (struct wl_resource *resource)
{
  struct group *group = wl_resource_get_user_data (resource);
  if (group)
    group->resource = NULL;
}

static void put_in (struct handle *handle, struct group *group)
{
  if (handle->group == group)
    return;
  if (handle->group && handle->group->resource)
    ext_workspace_group_handle_v1_send_workspace_leave (handle->group->resource, handle->resource);
  handle->group = group;
  if (group && group->resource)
    ext_workspace_group_handle_v1_send_workspace_enter (group->resource, handle->resource);
}

static bool has (const struct group *group, const struct inos_output *output)
{
  return !group->output || group->output == output;
}

/* Tells the client that the output belongs to the group, or no longer does. */
static void send_output (struct group *group, struct wl_resource *output, bool enters)
{
  if (!group->resource ||
      wl_resource_get_client (output) != wl_resource_get_client (group->panel->resource))
    return;
  if (enters)
    ext_workspace_group_handle_v1_send_output_enter (group->resource, output);
  else
    ext_workspace_group_handle_v1_send_output_leave (group->resource, output);
}

static void send_outputs (struct group *group)
{
  struct inos_output *output;
  wl_list_for_each (output, &group->panel->manager->compositor->outputs, link) {
    struct wl_resource *resource;
    wl_resource_for_each (resource, &output->wlr->resources)
    {
      if (has (group, output))
        send_output (group, resource, true);
    }
  }
}

static void add_group (struct panel *panel, struct inos_output *output)
{
  struct wl_client *client = wl_resource_get_client (panel->resource);
  struct wl_resource *resource = wl_resource_create (
    client, &ext_workspace_group_handle_v1_interface, wl_resource_get_version (panel->resource), 0);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  struct group *group = g_new0 (struct group, 1);
  group->panel = panel;
  group->resource = resource;
  group->output = output;
  wl_list_insert (panel->groups.prev, &group->link);
  wl_resource_set_implementation (resource, &group_interface, group, on_group_gone);
  ext_workspace_manager_v1_send_workspace_group (panel->resource, resource);
  ext_workspace_group_handle_v1_send_capabilities (resource, 0);
  send_outputs (group);
}

static void group_free (struct group *group)
{
  if (group->resource)
    wl_resource_set_user_data (group->resource, NULL);
  wl_list_remove (&group->link);
  g_free (group);
}

static void remove_group (struct group *group)
{
  for (guint i = 0; i < group->panel->handles->len; i++) {
    struct handle *handle = g_ptr_array_index (group->panel->handles, i);
    if (handle && handle->group == group)
      put_in (handle, NULL);
  }
  if (group->resource)
    ext_workspace_group_handle_v1_send_removed (group->resource);
  group_free (group);
}

static struct group *find_group (struct panel *panel, const struct inos_output *output)
{
  struct group *group;
  wl_list_for_each (group, &panel->groups, link) {
    if (group->output == output)
      return group;
  }
  return NULL;
}

/* Whether there should be a group of that output, or one of all. */
static bool is_wanted (struct inos_compositor *compositor, const struct inos_output *output)
{
  struct inos_output *each;
  if (!output || !compositor->config.workspaces_per_output)
    return !output && !compositor->config.workspaces_per_output;
  wl_list_for_each (each, &compositor->outputs, link) {
    if (each == output)
      return each->placed;
  }
  return false;
}

static void remove_groups (struct panel *panel)
{
  struct group *group, *next;
  wl_list_for_each_safe (group, next, &panel->groups, link) {
    if (!is_wanted (panel->manager->compositor, group->output))
      remove_group (group);
  }
}

static void add_groups (struct panel *panel)
{
  struct inos_compositor *compositor = panel->manager->compositor;
  struct inos_output *output;
  if (is_wanted (compositor, NULL) && !find_group (panel, NULL))
    add_group (panel, NULL);
  wl_list_for_each (output, &compositor->outputs, link) {
    if (is_wanted (compositor, output) && !find_group (panel, output))
      add_group (panel, output);
  }
}

static void add_handle (struct panel *panel, unsigned int index)
{
  struct wl_client *client = wl_resource_get_client (panel->resource);
  struct wl_resource *resource = wl_resource_create (client, &ext_workspace_handle_v1_interface,
                                                     wl_resource_get_version (panel->resource), 0);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  struct handle *handle = g_new0 (struct handle, 1);
  *handle =
    (struct handle){.resource = resource, .panel = panel, .index = index, .state = UINT32_MAX};
  wl_resource_set_implementation (resource, &handle_interface, handle, on_handle_gone);
  g_ptr_array_add (panel->handles, handle);
  ext_workspace_manager_v1_send_workspace (panel->resource, resource);
  struct wl_array coordinates;
  wl_array_init (&coordinates);
  *(uint32_t *)wl_array_add (&coordinates, sizeof (uint32_t)) = index;
  ext_workspace_handle_v1_send_coordinates (resource, &coordinates);
  wl_array_release (&coordinates);
  ext_workspace_handle_v1_send_capabilities (
    resource, EXT_WORKSPACE_HANDLE_V1_WORKSPACE_CAPABILITIES_ACTIVATE);
}

static void remove_handle (struct panel *panel, unsigned int index)
{
  struct handle *handle = g_ptr_array_steal_index (panel->handles, index);
  if (!handle)
    return;
  put_in (handle, NULL);
  ext_workspace_handle_v1_send_removed (handle->resource);
  handle->panel = NULL;
}

static void tell (struct handle *handle, struct inos_compositor *compositor)
{
  const struct inos_workspace *workspace =
    g_ptr_array_index (compositor->workspaces, handle->index);
  uint32_t state =
    inos_workspace_is_shown (compositor, handle->index) ? EXT_WORKSPACE_HANDLE_V1_STATE_ACTIVE : 0;
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (view->urgent && view->workspace == handle->index)
      state |= EXT_WORKSPACE_HANDLE_V1_STATE_URGENT;
  }
  if (g_strcmp0 (handle->name, workspace->name) != 0) {
    g_autofree char *name = g_utf8_make_valid (workspace->name, -1);
    ext_workspace_handle_v1_send_name (handle->resource, name);
    g_free (handle->name);
    handle->name = g_strdup (workspace->name);
  }
  if (handle->state != state)
    ext_workspace_handle_v1_send_state (handle->resource, state);
  handle->state = state;
}

/* Workspaces come and go at the end of the list. */
static void update (struct panel *panel)
{
  struct inos_compositor *compositor = panel->manager->compositor;
  add_groups (panel);
  while (panel->handles->len > compositor->workspaces->len)
    remove_handle (panel, panel->handles->len - 1);
  while (panel->handles->len < compositor->workspaces->len) {
    unsigned int before = panel->handles->len;
    add_handle (panel, before);
    if (panel->handles->len == before)
      return;
  }
  for (guint i = 0; i < panel->handles->len; i++) {
    struct handle *handle = g_ptr_array_index (panel->handles, i);
    if (!handle)
      continue;
    put_in (handle, find_group (panel, inos_workspace_output (compositor, i)));
    tell (handle, compositor);
  }
  remove_groups (panel);
  ext_workspace_manager_v1_send_done (panel->resource);
}

static void handle_workspace_change (struct wl_listener *listener, void *data)
{
  struct manager *manager = wl_container_of (listener, manager, workspace_change);
  struct panel *panel;
  wl_list_for_each (panel, &manager->panels, link)
    update (panel);
}

/* The output is told, or taken from, those of one client or of all. resource: of one client's, or
 * NULL. */
static void announce (struct watched *watched, struct wl_resource *resource, bool enters)
{
  struct panel *panel;
  wl_list_for_each (panel, &watched->manager->panels, link) {
    struct group *group;
    if (resource && wl_resource_get_client (panel->resource) != wl_resource_get_client (resource))
      continue;
    wl_list_for_each (group, &panel->groups, link) {
      struct wl_resource *each;
      if (!has (group, watched->output))
        continue;
      wl_resource_for_each (each, &watched->wlr->resources)
      {
        if (!resource || each == resource)
          send_output (group, each, enters);
      }
    }
    ext_workspace_manager_v1_send_done (panel->resource);
  }
}

static void handle_bind (struct wl_listener *listener, void *data)
{
  struct watched *watched = wl_container_of (listener, watched, bind);
  const struct wlr_output_event_bind *event = data;
  announce (watched, event->resource, true);
}

static void watched_free (struct watched *watched)
{
  DISCONNECT (watched->bind);
  DISCONNECT (watched->destroy);
  wl_list_remove (&watched->link);
  g_free (watched);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct watched *watched = wl_container_of (listener, watched, destroy);
  announce (watched, NULL, false);
  watched_free (watched);
}

static void handle_output_add (struct wl_listener *listener, void *data)
{
  struct manager *manager = wl_container_of (listener, manager, output_add);
  const struct inos_output *output = data;
  struct watched *watched = g_new0 (struct watched, 1);
  watched->manager = manager;
  watched->wlr = output->wlr;
  watched->output = output;
  wl_list_insert (&manager->outputs, &watched->link);
  CONNECT_SIGNAL (output->wlr, watched, bind);
  CONNECT_SIGNAL (output->wlr, watched, destroy);
}

/* A workspace is shown on the output of its group. */
static void panel_commit (struct wl_client *client, struct wl_resource *resource)
{
  struct panel *panel = wl_resource_get_user_data (resource);
  struct inos_compositor *compositor = panel->manager->compositor;
  unsigned int wanted = panel->wanted;
  struct inos_output *output = inos_workspace_output (compositor, wanted);
  panel->wanted = UINT_MAX;
  if (compositor->locked)
    return;
  if (output)
    inos_workspace_show_on (compositor, wanted, output);
  inos_workspace_switch (compositor, wanted);
}

static void panel_stop (struct wl_client *client, struct wl_resource *resource)
{
  ext_workspace_manager_v1_send_finished (resource);
  wl_resource_destroy (resource);
}

static const struct ext_workspace_manager_v1_interface panel_interface = {
  .commit = panel_commit,
  .stop = panel_stop,
};

static void on_panel_gone (struct wl_resource *resource)
{
  struct panel *panel = wl_resource_get_user_data (resource);
  for (guint i = 0; i < panel->handles->len; i++) {
    struct handle *handle = g_ptr_array_index (panel->handles, i);
    if (handle)
      handle->panel = NULL;
  }
  struct group *group, *next;
  wl_list_for_each_safe (group, next, &panel->groups, link)
    group_free (group);
  g_ptr_array_unref (panel->handles);
  wl_list_remove (&panel->link);
  g_free (panel);
}

static void bind (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct manager *manager = data;
  struct wl_resource *resource =
    wl_resource_create (client, &ext_workspace_manager_v1_interface, (int)version, id);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  struct panel *panel = g_new0 (struct panel, 1);
  *panel = (struct panel){.manager = manager, .resource = resource, .wanted = UINT_MAX};
  panel->handles = g_ptr_array_new();
  wl_list_init (&panel->groups);
  wl_list_insert (&manager->panels, &panel->link);
  wl_resource_set_implementation (resource, &panel_interface, panel, on_panel_gone);
  update (panel);
}

void *inos_ext_workspace_create (struct inos_compositor *compositor, int version)
{
  struct manager *manager = g_new0 (struct manager, 1);
  manager->compositor = compositor;
  wl_list_init (&manager->panels);
  wl_list_init (&manager->outputs);
  CONNECT_SIGNAL (compositor, manager, workspace_change);
  CONNECT_SIGNAL (compositor, manager, output_add);
  manager->global = wl_global_create (compositor->display, &ext_workspace_manager_v1_interface,
                                      version, manager, bind);
  return manager;
}

/* Clients are gone by then. */
void inos_ext_workspace_destroy (void *state)
{
  struct manager *manager = state;
  struct watched *watched, *next;
  wl_list_for_each_safe (watched, next, &manager->outputs, link)
    watched_free (watched);
  DISCONNECT (manager->workspace_change);
  DISCONNECT (manager->output_add);
  wl_global_destroy (manager->global);
  g_free (manager);
}
