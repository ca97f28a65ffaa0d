/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "portal_screenshot.h"

#include "../exported.h"
#include "inos-portal-dbus.h"
#include "pictures.h"
#include "portal_request.h"

#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define VERSION 1
#define COMPOSITOR "org.inos.Compositor1"
#define COMPOSITOR_PATH "/org/inos/Compositor1"
#define PATIENCE 60000 /* ms */
/* The question goes when the bridge has said that it is answered; another may come. */
#define LOOK_MS 20
#define LOOKS_MOST 50

struct InosPortalScreenshot {
  GDBusConnection *bus;
  InosPrompter *prompter;
  InosImplPortalScreenshot *object;
  GPtrArray *shots; /* Shot, that wait for the question to go */
};

typedef struct {
  InosPortalScreenshot *portal; /* not used once the compositor was asked */
  GDBusConnection *bus;
  GDBusMethodInvocation *invocation;
  char *path; /* NULL until there is a file */
  guint source, looks;
} Shot;

/* Answers, and frees it. */
static void end (Shot *shot, guint response)
{
  GVariantBuilder results;

  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  if (response == INOS_PORTAL_DONE) {
    g_autofree char *uri = g_filename_to_uri (shot->path, NULL, NULL);

    g_variant_builder_add (&results, "{sv}", "uri", g_variant_new_string (uri));
  } else if (shot->path) {
    unlink (shot->path);
  }
  g_dbus_method_invocation_return_value (shot->invocation,
                                         g_variant_new ("(ua{sv})", response, &results));
  g_clear_handle_id (&shot->source, g_source_remove);
  g_object_unref (shot->bus);
  g_free (shot->path);
  g_free (shot);
}

static void on_taken (GObject *source, GAsyncResult *result, gpointer data)
{
  Shot *shot = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
    G_DBUS_CONNECTION (source), NULL, result, &error);

  if (!reply)
    g_warning ("a portal gets no picture: %s", error->message);
  end (shot, reply ? INOS_PORTAL_DONE : INOS_PORTAL_ENDED);
}

static void take (Shot *shot)
{
  g_autoptr (GError) error = NULL;
  g_autofd int fd = inos_pictures_open (&shot->path, &error);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new();

  if (fd < 0 || g_unix_fd_list_append (fds, fd, &error) < 0) {
    g_warning ("a portal gets no picture: %s", error->message);
    end (shot, INOS_PORTAL_ENDED);
    return;
  }
  g_dbus_connection_call_with_unix_fd_list (
    shot->bus, COMPOSITOR, COMPOSITOR_PATH, COMPOSITOR ".Capture", "Screenshot",
    g_variant_new ("(o(iiii)bh)", "/", 0, 0, 0, 0, FALSE, 0), G_VARIANT_TYPE ("(uu)"),
    G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, fds, NULL, on_taken, shot);
}

static gboolean on_look (gpointer data)
{
  Shot *shot = data;

  if (inos_prompter_is_visible (shot->portal->prompter) && ++shot->looks < LOOKS_MOST)
    return G_SOURCE_CONTINUE;
  shot->source = 0;
  g_ptr_array_remove (shot->portal->shots, shot);
  gdk_display_sync (gdk_display_get_default()); /* it has left the compositor's scene too */
  take (shot);
  return G_SOURCE_REMOVE;
}

static void on_answered (const GError *error, gpointer data)
{
  Shot *shot = data;

  if (error) {
    g_info ("a portal was refused a picture of the screen: %s", error->message);
    g_ptr_array_remove (shot->portal->shots, shot);
    end (shot, INOS_PORTAL_REFUSED);
    return;
  }
  shot->source = g_timeout_add (LOOK_MS, on_look, shot);
}

static gboolean on_screenshot (InosImplPortalScreenshot *object, GDBusMethodInvocation *invocation,
                               const char *handle, const char *app, const char *parent,
                               GVariant *options, gpointer data)
{
  InosPortalScreenshot *self = data;
  Shot *shot = g_new0 (Shot, 1);

  *shot = (Shot){.portal = self, .bus = g_object_ref (self->bus), .invocation = invocation};
  g_ptr_array_add (self->shots, shot);
  inos_portal_request (self->bus, handle, app, "screen.capture", on_answered, shot);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

InosPortalScreenshot *inos_portal_screenshot_create (GDBusConnection *bus, InosPrompter *prompter)
{
  InosPortalScreenshot *self = g_new0 (InosPortalScreenshot, 1);
  g_autoptr (GError) error = NULL;

  *self = (InosPortalScreenshot){g_object_ref (bus), prompter,
                                 inos_impl_portal_screenshot_skeleton_new(), g_ptr_array_new()};
  inos_impl_portal_screenshot_set_version (self->object, VERSION);
  g_signal_connect (self->object, "handle-screenshot", G_CALLBACK (on_screenshot), self);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->object), bus,
                                         INOS_PORTAL_PATH, &error))
    g_warning ("portals get no pictures of the screen: %s", error->message);
  return self;
}

/* What still waits for the bridge is not answered any more: the main loop has ended. */
void inos_portal_screenshot_destroy (InosPortalScreenshot *self)
{
  for (guint i = 0; i < self->shots->len; i++) {
    Shot *shot = self->shots->pdata[i];

    if (shot->source)
      end (shot, INOS_PORTAL_ENDED);
  }
  g_ptr_array_unref (self->shots);
  inos_exported_hide (self->object, self);
  g_object_unref (self->bus);
  g_free (self);
}
