/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "app_window.h"

#include "../language.h"

#include <glib/gi18n.h>

#define VIEW_KEY "inos-app-window"
/* A page that has not answered for so long is not asked again. */
#define PATIENCE (2 * G_TIME_SPAN_SECOND)
#define SIDE_MIN 200
#define SIDE_MAX 16384

struct InosAppWindow {
  InosApp *app;
  const InosAppKind *kind;
  const InosCapability *capability;
  GtkWindow *window;
  InosPage *page;
  gpointer part;
  InosAppWindowFunc closed;
  gpointer data;
  guint closing;    /* how often it was to be closed */
  gint64 asked;     /* when the page was asked first, monotonic; 0: it was not */
  guint end_source; /* it is being closed */
};

/* The size, from one run to the next */

static char *state_path (void)
{
  return g_build_filename (g_get_user_state_dir(), "inos", "apps.ini", NULL);
}

static int read_side (GKeyFile *file, const char *group, const char *key, int otherwise)
{
  int side = g_key_file_get_integer (file, group, key, NULL);

  return side >= SIDE_MIN && side <= SIDE_MAX ? side : otherwise;
}

static void restore_size (InosAppWindow *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autofree char *path = state_path();

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  gtk_window_set_default_size (self->window,
                               read_side (file, self->kind->id, "width", self->kind->width),
                               read_side (file, self->kind->id, "height", self->kind->height));
  if (g_key_file_get_boolean (file, self->kind->id, "maximized", NULL))
    gtk_window_maximize (self->window);
}

static void save_size (InosAppWindow *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = state_path();
  g_autofree char *folder = g_path_get_dirname (path);
  int width, height;

  g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL);
  gtk_window_get_default_size (self->window, &width, &height);
  g_key_file_set_integer (file, self->kind->id, "width", width);
  g_key_file_set_integer (file, self->kind->id, "height", height);
  g_key_file_set_boolean (file, self->kind->id, "maximized",
                          gtk_window_is_maximized (self->window));
  if (g_mkdir_with_parents (folder, 0700) < 0 || !g_key_file_save_to_file (file, path, &error))
    g_warning ("the window's size cannot be kept in %s: %s", path,
               error ? error->message : "there is no such folder");
}

/* The page */

static void on_message (InosPage *page, const char *text, gsize length, InosReply *reply,
                        gpointer data)
{
  InosAppWindow *self = data;

  /* One that speaks is alive, and asks the person perhaps. */
  self->asked = 0;
  inos_command_dispatch (self->kind->commands, self, self->capability, text, length, reply);
}

static void on_created (InosPage *page, WebKitWebView *view, gpointer data)
{
  g_object_set_data (G_OBJECT (view), VIEW_KEY, data);
}

static void on_lost (InosPage *page, gpointer data)
{
  InosAppWindow *self = data;

  self->asked = 0;
  if (self->kind->lost && self->part)
    self->kind->lost (self->part);
}

/* Life cycle */

static void destroy (InosAppWindow *self)
{
  save_size (self);
  if (inos_page_get_view (self->page))
    g_object_set_data (G_OBJECT (inos_page_get_view (self->page)), VIEW_KEY, NULL);
  self->kind->destroy (self->part);
  inos_page_destroy (self->page);
  g_signal_handlers_disconnect_by_data (self->window, self);
  gtk_window_destroy (self->window);
  if (self->closed)
    self->closed (self, self->data);
  g_object_unref (self->window);
  g_free (self);
}

static gboolean on_destroy (gpointer data)
{
  destroy (data);
  return G_SOURCE_REMOVE;
}

static gboolean on_close_request (GtkWindow *window, gpointer data)
{
  InosAppWindow *self = data;
  gint64 now = g_get_monotonic_time();
  JsonNode *serial;

  if (!inos_page_is_listening (self->page) || (self->asked && now - self->asked > PATIENCE)) {
    inos_app_window_close (self);
    return TRUE;
  }
  if (!self->asked)
    self->asked = now;
  serial = json_node_new (JSON_NODE_VALUE);
  json_node_set_int (serial, ++self->closing);
  inos_page_send (self->page, "closing", serial);
  return TRUE;
}

/* Also the page that comes after one that died has the keyboard. */
static void focus_page (InosAppWindow *self)
{
  if (inos_page_get_view (self->page))
    gtk_widget_grab_focus (inos_page_get_view (self->page));
}

static void on_map (GtkWidget *widget, gpointer data)
{
  focus_page (data);
}

InosAppWindow *inos_app_window_create (InosApp *app, const InosAppKind *kind,
                                       GtkApplication *application, InosWeb *web,
                                       const InosCapability *capability, GFile *file)
{
  static const InosPageHooks hooks = {
    .message = on_message, .created = on_created, .lost = on_lost};
  InosAppWindow *self = g_new0 (InosAppWindow, 1);

  *self = (InosAppWindow){.app = app, .kind = kind, .capability = capability};
  self->window = g_object_ref (GTK_WINDOW (gtk_application_window_new (application)));
  gtk_window_set_title (self->window, _ (kind->title));
  gtk_window_set_icon_name (self->window, kind->id);
  self->page = inos_page_create (kind->page, web, &hooks, self);
  self->part = kind->create (self, file);
  gtk_window_set_child (self->window, inos_page_get_widget (self->page));
  restore_size (self);
  g_signal_connect (self->window, "close-request", G_CALLBACK (on_close_request), self);
  g_signal_connect (self->window, "map", G_CALLBACK (on_map), self);
  inos_page_load (self->page);
  gtk_window_present (self->window);
  return self;
}

void inos_app_window_on_closed (InosAppWindow *self, InosAppWindowFunc closed, gpointer data)
{
  self->closed = closed;
  self->data = data;
}

InosAppWindow *inos_app_window_of_view (WebKitWebView *view)
{
  return view ? g_object_get_data (G_OBJECT (view), VIEW_KEY) : NULL;
}

InosApp *inos_app_window_get_app (InosAppWindow *self)
{
  return self->app;
}

gpointer inos_app_window_get_part (InosAppWindow *self)
{
  return self->part;
}

InosPage *inos_app_window_get_page (InosAppWindow *self)
{
  return self->page;
}

GtkWindow *inos_app_window_get_window (InosAppWindow *self)
{
  return self->window;
}

JsonNode *inos_app_window_greet (InosAppWindow *self)
{
  JsonNode *greeting = inos_language_describe();
  JsonObject *object = json_node_get_object (greeting);

  json_object_set_string_member (object, "title", _ (self->kind->title));
  json_object_set_member (object, "appearance", inos_app_describe_appearance (self->app));
  json_object_set_member (object, "settings", inos_app_get_settings (self->app));
  self->kind->greet (self->part, object);
  inos_page_set_listening (self->page);
  focus_page (self);
  return greeting;
}

/* Not here: it may be the page's own message that closes it. */
void inos_app_window_close (InosAppWindow *self)
{
  if (self->end_source)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->window), FALSE);
  self->end_source = g_idle_add (on_destroy, self);
}
