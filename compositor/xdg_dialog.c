#include "xdg_dialog.h"

#include <wlr/types/wlr_xdg_shell.h>

#include "listener.h"
#include "view.h"
#include "xdg-dialog-v1-protocol.h"

struct manager {
  struct wl_global *global;
  struct wl_list dialogs; /* struct dialog.link */
};

struct dialog {
  struct wl_list link;
  struct wl_resource *resource;
  struct wlr_xdg_toplevel *toplevel; /* NULL when it is gone */

  struct wl_listener destroy;
};

static void destroy_resource (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static void set_modal (struct dialog *dialog, bool modal)
{
  struct inos_view *view = dialog->toplevel ? dialog->toplevel->base->surface->data : NULL;
  if (view)
    inos_view_set_modal (view, modal);
}

static void dialog_set_modal (struct wl_client *client, struct wl_resource *resource)
{
  set_modal (wl_resource_get_user_data (resource), true);
}

static void dialog_unset_modal (struct wl_client *client, struct wl_resource *resource)
{
  set_modal (wl_resource_get_user_data (resource), false);
}

static const struct xdg_dialog_v1_interface dialog_interface = {
  .destroy = destroy_resource,
  .set_modal = dialog_set_modal,
  .unset_modal = dialog_unset_modal,
};

/* The toplevel goes: what the client still has of the dialog does nothing any more. */
static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct dialog *dialog = wl_container_of (listener, dialog, destroy);
  DISCONNECT (dialog->destroy);
  dialog->toplevel = NULL;
}

static void on_dialog_gone (struct wl_resource *resource)
{
  struct dialog *dialog = wl_resource_get_user_data (resource);
  set_modal (dialog, false);
  DISCONNECT (dialog->destroy);
  wl_list_remove (&dialog->link);
  g_free (dialog);
}

static bool is_used (struct manager *manager, struct wlr_xdg_toplevel *toplevel)
{
  struct dialog *dialog;
  wl_list_for_each (dialog, &manager->dialogs, link) {
    if (dialog->toplevel == toplevel)
      return true;
  }
  return false;
}

static void manager_get_xdg_dialog (struct wl_client *client, struct wl_resource *manager_resource,
                                    uint32_t id, struct wl_resource *toplevel_resource)
{
  struct manager *manager = wl_resource_get_user_data (manager_resource);
  struct wlr_xdg_toplevel *toplevel = wlr_xdg_toplevel_from_resource (toplevel_resource);
  if (toplevel && is_used (manager, toplevel)) {
    wl_resource_post_error (manager_resource, XDG_WM_DIALOG_V1_ERROR_ALREADY_USED,
                            "the toplevel is a dialog already");
    return;
  }
  struct wl_resource *resource = wl_resource_create (
    client, &xdg_dialog_v1_interface, wl_resource_get_version (manager_resource), id);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  struct dialog *dialog = g_new0 (struct dialog, 1);
  dialog->resource = resource;
  dialog->toplevel = toplevel;
  wl_list_insert (&manager->dialogs, &dialog->link);
  wl_resource_set_implementation (resource, &dialog_interface, dialog, on_dialog_gone);
  if (toplevel)
    CONNECT_SIGNAL (toplevel, dialog, destroy);
}

static const struct xdg_wm_dialog_v1_interface manager_interface = {
  .destroy = destroy_resource,
  .get_xdg_dialog = manager_get_xdg_dialog,
};

static void bind (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *resource =
    wl_resource_create (client, &xdg_wm_dialog_v1_interface, (int)version, id);
  if (resource)
    wl_resource_set_implementation (resource, &manager_interface, data, NULL);
  else
    wl_client_post_no_memory (client);
}

void *inos_xdg_dialog_create (struct inos_compositor *compositor, int version)
{
  struct manager *manager = g_new0 (struct manager, 1);
  wl_list_init (&manager->dialogs);
  manager->global =
    wl_global_create (compositor->display, &xdg_wm_dialog_v1_interface, version, manager, bind);
  return manager;
}

/* Clients are gone by then. */
void inos_xdg_dialog_destroy (void *state)
{
  struct manager *manager = state;
  wl_global_destroy (manager->global);
  g_free (manager);
}
