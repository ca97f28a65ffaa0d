/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "portal_screenshot.h"

#include "../exported.h"
#include "chooser.h"
#include "inos-portal-dbus.h"
#include "pictures.h"
#include "portal_pause.h"
#include "portal_request.h"

#include <gio/gdesktopappinfo.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <gtk/gtk.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION 1
#define COMPOSITOR "org.inos.Compositor1"
#define COMPOSITOR_PATH "/org/inos/Compositor1"
#define PATIENCE 60000 /* ms */
/* The question goes when the bridge has said that it is answered; another may come. */
#define LOOK_MS 20
#define LOOKS_MOST 50
#define MAX_COLOUR_FILE 65536 /* bytes, of a picture of one point */

typedef enum {
  SHOT_ALL,    /* of all screens */
  SHOT_CHOSEN, /* of what the person chooses */
  SHOT_COLOUR, /* of a point that the person chooses */
} ShotKind;

struct InosPortalScreenshot {
  GDBusConnection *bus;
  InosPrompter *prompter;
  InosImplPortalScreenshot *object;
  InosPortalPause *pause; /* of who was refused a choice */
  GPtrArray *shots;       /* Shot, that wait for the question to go, or for a choice */
  struct Shot *choosing;  /* one of them, that the person is asked about; or NULL */
};

typedef struct Shot {
  InosPortalScreenshot *portal; /* not used once the compositor was asked */
  GDBusConnection *bus;
  GDBusMethodInvocation *invocation;
  ShotKind kind;
  char *app, *handle;
  InosChooser *chooser;           /* NULL while nothing is chosen */
  InosImplPortalRequest *request; /* closes it; NULL while the bridge or the compositor is asked */
  char *what;                     /* as the compositor takes it */
  int x, y, width, height;        /* likewise */
  char *path;                     /* of the file; NULL until there is one, and for a colour */
  int fd;                         /* of the colour's file, or -1 */
  guint source, looks;
} Shot;

static Shot *shot_new (InosPortalScreenshot *self, GDBusMethodInvocation *invocation, ShotKind kind,
                       const char *handle, const char *app)
{
  Shot *shot = g_new0 (Shot, 1);

  *shot = (Shot){.portal = self,
                 .bus = g_object_ref (self->bus),
                 .invocation = invocation,
                 .kind = kind,
                 .app = g_strdup (app),
                 .handle = g_strdup (handle),
                 .what = g_strdup ("/"),
                 .fd = -1};
  g_ptr_array_add (self->shots, shot);
  return shot;
}

static void hide_request (Shot *shot)
{
  if (!shot->request)
    return;
  inos_exported_hide (shot->request, shot);
  shot->request = NULL;
}

/* Answers, and frees it. results: floating, NULL for none. */
static void answer (Shot *shot, guint response, GVariant *results)
{
  if (!results)
    results = g_variant_new ("a{sv}", NULL);
  g_dbus_method_invocation_return_value (shot->invocation,
                                         g_variant_new ("(u@a{sv})", response, results));
  if (response != INOS_PORTAL_DONE && shot->path)
    unlink (shot->path);
  g_clear_handle_id (&shot->source, g_source_remove);
  inos_chooser_close (shot->chooser);
  hide_request (shot);
  g_object_unref (shot->bus);
  if (shot->fd >= 0)
    close (shot->fd);
  g_free (shot->app);
  g_free (shot->handle);
  g_free (shot->what);
  g_free (shot->path);
  g_free (shot);
}

static void end (Shot *shot, guint response)
{
  answer (shot, response, NULL);
}

/* The portal knows of it no more, and it cannot be closed. */
static void leave (Shot *shot)
{
  InosPortalScreenshot *self = shot->portal;

  g_ptr_array_remove (self->shots, shot);
  if (self->choosing == shot)
    self->choosing = NULL;
  hide_request (shot);
}

static void drop (Shot *shot, guint response)
{
  leave (shot);
  end (shot, response);
}

/* The compositor */

static void end_with_picture (Shot *shot)
{
  g_autofree char *uri = g_filename_to_uri (shot->path, NULL, NULL);
  GVariantBuilder results;

  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "uri", g_variant_new_string (uri));
  answer (shot, INOS_PORTAL_DONE, g_variant_builder_end (&results));
}

static GBytes *read_file (int fd)
{
  g_autofree char *bytes = g_malloc (MAX_COLOUR_FILE);
  struct stat status;

  if (fstat (fd, &status) != 0 || status.st_size <= 0 || status.st_size > MAX_COLOUR_FILE ||
      pread (fd, bytes, (size_t)status.st_size, 0) != status.st_size)
    return NULL;
  return g_bytes_new (bytes, (gsize)status.st_size);
}

static void end_with_colour (Shot *shot)
{
  g_autoptr (GBytes) bytes = read_file (shot->fd);
  g_autoptr (GdkTexture) texture = bytes ? gdk_texture_new_from_bytes (bytes, NULL) : NULL;
  g_autoptr (GdkTextureDownloader) downloader = NULL;
  g_autoptr (GBytes) pixels = NULL;
  GVariantBuilder results;
  const guchar *first;
  gsize stride;

  if (!texture) {
    g_warning ("a portal gets no colour: the compositor's picture cannot be read");
    end (shot, INOS_PORTAL_ENDED);
    return;
  }
  downloader = gdk_texture_downloader_new (texture);
  gdk_texture_downloader_set_format (downloader, GDK_MEMORY_R8G8B8A8);
  pixels = gdk_texture_downloader_download_bytes (downloader, &stride);
  first = g_bytes_get_data (pixels, NULL);
  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (
    &results, "{sv}", "color",
    g_variant_new ("(ddd)", first[0] / 255.0, first[1] / 255.0, first[2] / 255.0));
  answer (shot, INOS_PORTAL_DONE, g_variant_builder_end (&results));
}

static void on_taken (GObject *source, GAsyncResult *result, gpointer data)
{
  Shot *shot = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
    G_DBUS_CONNECTION (source), NULL, result, &error);

  if (!reply) {
    g_warning ("a portal gets no picture: %s", error->message);
    end (shot, INOS_PORTAL_ENDED);
  } else if (shot->kind == SHOT_COLOUR) {
    end_with_colour (shot);
  } else {
    end_with_picture (shot);
  }
}

/* A descriptor for the compositor; -1 with error. */
static int open_file (Shot *shot, GError **error)
{
  if (shot->kind != SHOT_COLOUR)
    return inos_pictures_open (&shot->path, error);
  shot->fd = memfd_create ("inos-colour", MFD_CLOEXEC);
  if (shot->fd < 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "there is no memory for it");
  return shot->fd < 0 ? -1 : dup (shot->fd);
}

static void take (Shot *shot)
{
  g_autoptr (GError) error = NULL;
  g_autofd int fd = open_file (shot, &error);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new();

  if (fd < 0 || g_unix_fd_list_append (fds, fd, &error) < 0) {
    g_warning ("a portal gets no picture: %s", error ? error->message : "no file for it");
    end (shot, INOS_PORTAL_ENDED);
    return;
  }
  g_dbus_connection_call_with_unix_fd_list (
    shot->bus, COMPOSITOR, COMPOSITOR_PATH, COMPOSITOR ".Capture", "Screenshot",
    g_variant_new ("(o(iiii)bh)", shot->what, shot->x, shot->y, shot->width, shot->height, FALSE,
                   0),
    G_VARIANT_TYPE ("(uu)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, fds, NULL, on_taken, shot);
}

/* The person's choice */

static gint64 now (void)
{
  return g_get_monotonic_time() / 1000;
}

static void on_choice (const InosChoice *choice, gpointer data)
{
  Shot *shot = data;

  shot->chooser = NULL;
  inos_portal_pause_answered (shot->portal->pause, shot->app, choice != NULL, now());
  if (!choice) {
    drop (shot, INOS_PORTAL_REFUSED);
    return;
  }
  leave (shot);
  g_free (shot->what);
  shot->what = g_strdup (choice->what);
  shot->x = choice->x;
  shot->y = choice->y;
  shot->width = choice->width;
  shot->height = choice->height;
  take (shot);
}

/* Who takes back what the person was asked has to wait as if it were refused: else it could have
 * the keyboard for good, by asking over and over. */
static gboolean on_close (InosImplPortalRequest *object, GDBusMethodInvocation *invocation,
                          gpointer data)
{
  Shot *shot = data;

  inos_impl_portal_request_complete_close (object, invocation);
  if (shot->chooser)
    inos_portal_pause_answered (shot->portal->pause, shot->app, FALSE, now());
  drop (shot, INOS_PORTAL_ENDED);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Where it returns FALSE, the shot is answered and gone. */
static gboolean show_request (Shot *shot)
{
  g_autoptr (GError) error = NULL;

  shot->request = inos_impl_portal_request_skeleton_new();
  g_signal_connect (shot->request, "handle-close", G_CALLBACK (on_close), shot);
  if (g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (shot->request), shot->bus,
                                        shot->handle, &error))
    return TRUE;
  g_warning ("a picture for a portal could not be closed: %s", error->message);
  g_clear_object (&shot->request);
  drop (shot, INOS_PORTAL_ENDED);
  return FALSE;
}

/* As a person knows it; NULL for a program in no sandbox. */
static char *name_of (const char *app)
{
  g_autofree char *file = g_strconcat (app, ".desktop", NULL);
  g_autoptr (GDesktopAppInfo) info = *app ? g_desktop_app_info_new (file) : NULL;

  if (info)
    return g_strdup (g_app_info_get_name (G_APP_INFO (info)));
  return *app ? g_strdup (app) : NULL;
}

/* One at a time, and not again at once for whom it was refused. */
static void choose (Shot *shot)
{
  InosPortalScreenshot *self = shot->portal;
  g_autofree char *name = name_of (shot->app);

  if (self->choosing || inos_portal_pause_holds (self->pause, shot->app, now())) {
    g_info ("a portal may not have the person choose now");
    drop (shot, self->choosing ? INOS_PORTAL_ENDED : INOS_PORTAL_REFUSED);
    return;
  }
  self->choosing = shot;
  shot->chooser = inos_chooser_open (
    self->bus, shot->kind == SHOT_COLOUR ? INOS_CHOOSER_PLACE : INOS_CHOOSER_PICTURE, name,
    on_choice, shot);
}

/* The question */

static gboolean on_look (gpointer data)
{
  Shot *shot = data;

  if (inos_prompter_is_visible (shot->portal->prompter) && ++shot->looks < LOOKS_MOST)
    return G_SOURCE_CONTINUE;
  shot->source = 0;
  if (shot->kind == SHOT_CHOSEN) {
    choose (shot);
    return G_SOURCE_REMOVE;
  }
  leave (shot);
  gdk_display_sync (gdk_display_get_default()); /* it has left the compositor's scene too */
  take (shot);
  return G_SOURCE_REMOVE;
}

static void on_answered (const GError *error, gpointer data)
{
  Shot *shot = data;

  if (error) {
    g_info ("a portal was refused a picture of the screen: %s", error->message);
    drop (shot, INOS_PORTAL_REFUSED);
    return;
  }
  if (!show_request (shot))
    return;
  shot->source = g_timeout_add (LOOK_MS, on_look, shot);
}

static gboolean on_screenshot (InosImplPortalScreenshot *object, GDBusMethodInvocation *invocation,
                               const char *handle, const char *app, const char *parent,
                               GVariant *options, gpointer data)
{
  InosPortalScreenshot *self = data;
  gboolean interactive = FALSE;
  Shot *shot;

  g_variant_lookup (options, "interactive", "b", &interactive);
  shot = shot_new (self, invocation, interactive ? SHOT_CHOSEN : SHOT_ALL, handle, app);
  inos_portal_request (self->bus, handle, app, "screen.capture", on_answered, shot);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* The person who clicks on a place gives its colour: that is the question. */
static gboolean on_colour (InosImplPortalScreenshot *object, GDBusMethodInvocation *invocation,
                           const char *handle, const char *app, const char *parent,
                           GVariant *options, gpointer data)
{
  Shot *shot = shot_new (data, invocation, SHOT_COLOUR, handle, app);

  if (show_request (shot))
    choose (shot);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

InosPortalScreenshot *inos_portal_screenshot_create (GDBusConnection *bus, InosPrompter *prompter)
{
  InosPortalScreenshot *self = g_new0 (InosPortalScreenshot, 1);
  g_autoptr (GError) error = NULL;

  *self = (InosPortalScreenshot){.bus = g_object_ref (bus),
                                 .prompter = prompter,
                                 .object = inos_impl_portal_screenshot_skeleton_new(),
                                 .pause = inos_portal_pause_create(),
                                 .shots = g_ptr_array_new()};
  inos_impl_portal_screenshot_set_version (self->object, VERSION);
  g_signal_connect (self->object, "handle-screenshot", G_CALLBACK (on_screenshot), self);
  g_signal_connect (self->object, "handle-pick-color", G_CALLBACK (on_colour), self);
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

    if (shot->source || shot->chooser)
      end (shot, INOS_PORTAL_ENDED);
  }
  g_ptr_array_unref (self->shots);
  inos_portal_pause_destroy (self->pause);
  inos_exported_hide (self->object, self);
  g_object_unref (self->bus);
  g_free (self);
}
