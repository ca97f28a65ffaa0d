/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "method.h"

#include "protocols.h"

#include <gdk/wayland/gdkwayland.h>

struct InosMethod {
  InosMethodHooks hooks;
  gpointer data;
  struct wl_registry *registry;
  struct wl_proxy *manager;
  struct wl_proxy *method; /* NULL: another program is it */
  guint32 serial;          /* how often it was done */
  gboolean active, again;
  gboolean pending; /* will be active */
  guint purpose;
};

static void on_activate (void *data, struct wl_proxy *method)
{
  InosMethod *self = data;

  self->pending = TRUE;
  self->again = TRUE;
  self->purpose = INOS_PURPOSE_NORMAL;
}

static void on_deactivate (void *data, struct wl_proxy *method)
{
  ((InosMethod *)data)->pending = FALSE;
}

/* What a person writes is not ours to read. */
static void on_surrounding_text (void *data, struct wl_proxy *method, const char *text,
                                 uint32_t cursor, uint32_t anchor)
{
}

static void on_cause (void *data, struct wl_proxy *method, uint32_t cause)
{
}

static void on_content_type (void *data, struct wl_proxy *method, uint32_t hint, uint32_t purpose)
{
  ((InosMethod *)data)->purpose = purpose < INOS_PURPOSES ? purpose : INOS_PURPOSE_NORMAL;
}

static void on_done (void *data, struct wl_proxy *method)
{
  InosMethod *self = data;
  gboolean again = self->again && self->pending;

  self->serial++;
  self->active = self->pending;
  self->again = FALSE;
  self->hooks.changed (self->active, again, self->purpose, self->data);
}

static void forget (InosMethod *self)
{
  if (self->method)
    wl_proxy_marshal_flags (self->method, INOS_METHOD_DESTROY, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  self->method = NULL;
  self->active = self->pending = self->again = FALSE;
  self->serial = 0;
}

static void on_unavailable (void *data, struct wl_proxy *method)
{
  InosMethod *self = data;

  g_info ("another program composes text: the on-screen keyboard is raised by hand");
  forget (self);
  self->hooks.available (FALSE, self->data);
}

static void ask (InosMethod *self)
{
  static const InosMethodListener listener = {on_activate,   on_deactivate,   on_surrounding_text,
                                              on_cause,      on_content_type, on_done,
                                              on_unavailable};
  GdkSeat *seat = gdk_display_get_default_seat (gdk_display_get_default());

  if (self->method || !self->manager || !seat)
    return;
  self->method =
    wl_proxy_marshal_flags (self->manager, INOS_METHOD_MANAGER_GET, &inos_method_interface, 1, 0,
                            gdk_wayland_seat_get_wl_seat (seat), NULL);
  wl_proxy_add_listener (self->method, (void (**) (void))&listener, self);
  self->hooks.available (TRUE, self->data);
}

void inos_method_retry (InosMethod *self)
{
  ask (self);
}

gboolean inos_method_is_available (const InosMethod *self)
{
  return self->method != NULL;
}

gboolean inos_method_write (InosMethod *self, const char *text)
{
  if (!self->active)
    return FALSE;
  wl_proxy_marshal_flags (self->method, INOS_METHOD_COMMIT_STRING, NULL, 1, 0, text);
  wl_proxy_marshal_flags (self->method, INOS_METHOD_COMMIT, NULL, 1, 0, self->serial);
  return TRUE;
}

/* Life */

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  InosMethod *self = data;

  if (self->manager || !g_str_equal (interface, inos_method_manager_interface.name))
    return;
  self->manager = wl_registry_bind (registry, name, &inos_method_manager_interface, 1);
  ask (self);
}

static void on_global_removed (void *data, struct wl_registry *registry, uint32_t name)
{
}

InosMethod *inos_method_create (const InosMethodHooks *hooks, gpointer data)
{
  static const struct wl_registry_listener listener = {on_global, on_global_removed};
  InosMethod *self = g_new0 (InosMethod, 1);

  self->hooks = *hooks;
  self->data = data;
  self->registry =
    wl_display_get_registry (gdk_wayland_display_get_wl_display (gdk_display_get_default()));
  wl_registry_add_listener (self->registry, &listener, self);
  return self;
}

void inos_method_destroy (InosMethod *self)
{
  if (!self)
    return;
  forget (self);
  if (self->manager)
    wl_proxy_marshal_flags (self->manager, INOS_METHOD_MANAGER_DESTROY, NULL, 1,
                            WL_MARSHAL_FLAG_DESTROY);
  wl_registry_destroy (self->registry);
  g_free (self);
}
