/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "app.h"

#include "../appearance.h"
#include "../language.h"
#include "guard/bus_guard.h"
#include "app_window.h"
#include "files.h"
#include "manager.h"
#include "settings.h"
#include "terminal.h"
#include "welcome.h"

#include <glib-unix.h>
#include <string.h>

#define SETTINGS_MAX_BYTES (16 * 1024)
/* What is told to end may take so long for what it is doing. */
#define PATIENCE (5 * G_TIME_SPAN_SECOND)
#define PATIENCE_STEP_MS 50

struct InosApp {
  const InosAppKind *kind;
  GtkApplication *application;
  InosWeb *web; /* NULL until the first window */
  InosThumbs *thumbs;
  InosCapability *capability;
  InosAppearance *appearance;
  JsonNode *settings;
  GPtrArray *windows; /* InosAppWindow */
  gpointer service;   /* may be NULL */
  guint end_source;   /* it ends when nothing is being done any more */
  gint64 deadline;    /* or then, monotonic */
};

static const InosAppKind *const kinds[] = {&inos_files_app, &inos_manager_app, &inos_settings_app,
                                           &inos_terminal_app, &inos_welcome_app};

const InosAppKind *inos_app_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i]->id, id))
      return kinds[i];
  return NULL;
}

static void send_to_all (InosApp *self, const char *name, JsonNode *value)
{
  for (guint i = 0; i < self->windows->len; i++)
    inos_page_send (inos_app_window_get_page (self->windows->pdata[i]), name,
                    json_node_copy (value));
}

/* Settings */

static char *settings_path (InosApp *self)
{
  g_autofree char *file = g_strconcat (self->kind->page, ".json", NULL);

  return g_build_filename (g_get_user_config_dir(), "inos", file, NULL);
}

static JsonNode *load_settings (InosApp *self)
{
  g_autofree char *path = settings_path (self);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  JsonNode *node = NULL;

  if (g_file_get_contents (path, &text, &length, NULL) && length <= SETTINGS_MAX_BYTES)
    node = json_from_string (text, &error);
  if (node && JSON_NODE_HOLDS_OBJECT (node))
    return node;
  if (text)
    g_warning ("%s holds no settings and is not used: %s", path,
               error ? error->message : "it is not a JSON object");
  g_clear_pointer (&node, json_node_unref);
  return json_from_string ("{}", NULL);
}

JsonNode *inos_app_get_settings (InosApp *self)
{
  return json_node_copy (self->settings);
}

gboolean inos_app_set_settings (InosApp *self, JsonObject *settings, GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *path = settings_path (self);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;

  json_node_set_object (node, settings);
  text = json_to_string (node, TRUE);
  if (strlen (text) > SETTINGS_MAX_BYTES) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "there are too many settings");
    return FALSE;
  }
  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents (path, text, -1, error))
    return FALSE;
  g_clear_pointer (&self->settings, json_node_unref);
  self->settings = g_steal_pointer (&node);
  send_to_all (self, "settings", self->settings);
  return TRUE;
}

/* What windows need */

static void on_appearance_changed (gpointer data)
{
  InosApp *self = data;
  g_autoptr (JsonNode) appearance = inos_appearance_describe (self->appearance);

  send_to_all (self, "appearance", appearance);
}

JsonNode *inos_app_describe_appearance (InosApp *self)
{
  return inos_appearance_describe (self->appearance);
}

GDBusConnection *inos_app_get_bus (InosApp *self)
{
  return g_application_get_dbus_connection (G_APPLICATION (self->application));
}

InosThumbs *inos_app_get_thumbs (InosApp *self)
{
  return self->thumbs;
}

static GBytes *on_picture (guint64 id, gpointer data)
{
  return inos_thumbs_get (((InosApp *)data)->thumbs, id);
}

static void on_stream (WebKitURISchemeRequest *request, guint64 id, gpointer data)
{
  InosApp *self = data;
  InosAppWindow *window =
    inos_app_window_of_view (webkit_uri_scheme_request_get_web_view (request));

  if (window)
    self->kind->stream (inos_app_window_get_part (window), request, id);
  else
    inos_scheme_answer (request, NULL);
}

static void on_window_closed (InosAppWindow *window, gpointer data)
{
  g_ptr_array_remove (((InosApp *)data)->windows, window);
}

static InosAppWindow *open_window (InosApp *self, GFile *file)
{
  InosAppWindow *window;

  if (self->kind->single && self->windows->len > 0) {
    window = self->windows->pdata[0];
    gtk_window_present (inos_app_window_get_window (window));
    return window;
  }
  if (!self->web) {
    self->web = inos_web_create (self->kind->stream ? on_stream : NULL, self);
    inos_web_set_pictures (self->web, on_picture, self);
  }
  window =
    inos_app_window_create (self, self->kind, self->application, self->web, self->capability, file);
  inos_app_window_on_closed (window, on_window_closed, self);
  g_ptr_array_add (self->windows, window);
  return window;
}

void inos_app_open_window (InosApp *self, GFile *file)
{
  open_window (self, file);
}

/* The application */

static void on_startup (GApplication *application, gpointer data)
{
  InosApp *self = data;
  g_autoptr (JsonNode) language = inos_language_describe();
  const char *dir = json_object_get_string_member (json_node_get_object (language), "dir");

  gtk_widget_set_default_direction (g_str_equal (dir, "rtl") ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  self->capability = inos_command_load_capability (self->kind->page);
  self->settings = load_settings (self);
  self->appearance = inos_appearance_create (on_appearance_changed, self);
  if (self->kind->serve && inos_app_get_bus (self))
    self->service = self->kind->serve (self, inos_app_get_bus (self));
}

static void on_activate (GApplication *application, gpointer data)
{
  inos_app_open_window (data, NULL);
}

static void on_open (GApplication *application, GFile **files, int n_files, const char *hint,
                     gpointer data)
{
  for (int i = 0; i < n_files; i++)
    inos_app_open_window (data, files[i]);
}

static void on_new_window (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  inos_app_open_window (data, NULL);
}

static void on_place (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static guint serial;
  JsonObject *object = json_object_new();
  JsonNode *place = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "page", g_action_get_name (G_ACTION (action)));
  json_object_set_int_member (object, "serial", ++serial);
  json_node_take_object (place, object);
  inos_page_send (inos_app_window_get_page (open_window (data, NULL)), "goTo", place);
}

static void add_places (InosApp *self)
{
  for (const char *const *name = self->kind->places; name && *name; name++) {
    g_autoptr (GSimpleAction) action = g_simple_action_new (*name, NULL);

    g_signal_connect (action, "activate", G_CALLBACK (on_place), self);
    g_action_map_add_action (G_ACTION_MAP (self->application), G_ACTION (action));
  }
}

static gboolean on_patience (gpointer data)
{
  InosApp *self = data;

  if (self->kind->busy() && g_get_monotonic_time() < self->deadline)
    return G_SOURCE_CONTINUE;
  self->end_source = 0;
  g_application_quit (G_APPLICATION (self->application));
  return G_SOURCE_REMOVE;
}

/* What works still is ended with its windows, and takes away what it has not finished. */
static gboolean on_terminate (gpointer data)
{
  InosApp *self = data;

  if (!self->kind->busy || !self->kind->busy()) {
    g_application_quit (G_APPLICATION (self->application));
  } else if (!self->end_source) {
    self->deadline = g_get_monotonic_time() + PATIENCE;
    self->end_source = g_timeout_add (PATIENCE_STEP_MS, on_patience, self);
    for (guint i = 0; i < self->windows->len; i++)
      inos_app_window_close (self->windows->pdata[i]);
  }
  return G_SOURCE_CONTINUE;
}

static void finish (InosApp *self)
{
  g_clear_handle_id (&self->end_source, g_source_remove);
  if (self->service)
    self->kind->end (self->service);
  g_ptr_array_unref (self->windows);
  inos_appearance_destroy (self->appearance);
  inos_web_destroy (self->web);
  inos_thumbs_destroy (self->thumbs);
  inos_capability_free (self->capability);
  g_clear_pointer (&self->settings, json_node_unref);
  g_object_unref (self->application);
}

/* Applications in a sandbox open no windows of ours, and do nothing in them. NULL without a bus. */
static struct inos_bus_guard *guard (const InosAppKind *kind)
{
  /* GApplication has the same connection, and nothing on it yet. */
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  static const char *paths[3];

  paths[0] = kind->path;
  paths[1] = kind->service_path;
  return bus ? inos_bus_guard_create (bus, NULL, paths) : NULL;
}

int inos_app_run (const InosAppKind *kind, int argc, char **argv)
{
  static const GActionEntry actions[] = {{.name = "new-window", .activate = on_new_window}};
  InosApp self = {.kind = kind, .windows = g_ptr_array_new(), .thumbs = inos_thumbs_create()};
  struct inos_bus_guard *bus_guard = guard (kind);
  int status;

  self.application = gtk_application_new (kind->id, G_APPLICATION_HANDLES_OPEN);
  g_action_map_add_action_entries (G_ACTION_MAP (self.application), actions, G_N_ELEMENTS (actions),
                                   &self);
  add_places (&self);
  g_signal_connect (self.application, "startup", G_CALLBACK (on_startup), &self);
  g_signal_connect (self.application, "activate", G_CALLBACK (on_activate), &self);
  g_signal_connect (self.application, "open", G_CALLBACK (on_open), &self);
  g_unix_signal_add (SIGTERM, on_terminate, &self);
  g_unix_signal_add (SIGINT, on_terminate, &self);
  status = g_application_run (G_APPLICATION (self.application), argc, argv);
  finish (&self);
  inos_bus_guard_destroy (bus_guard);
  return status;
}
