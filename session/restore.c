/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "restore.h"

#include "desk_apps.h"
#include "desk_file.h"
#include "settings_file.h"

#include "inos-config.h"
#include "inos-session1.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#define COMPOSITOR "org.inos.Compositor1"
#define COMPOSITOR_PATH "/org/inos/Compositor1"
#define WINDOWS COMPOSITOR ".Windows"
#define SHELL "org.inos.Shell1"
#define SHELL_PATH "/org/inos/Shell1"
#define PATH "/org/inos/Session1"
#define GROUP "restore"
#define KEY "windows"
#define CALL_TIMEOUT 10000 /* ms */
/* A compositor that dies so soon after programs were started again may die of one of them. */
#define SOON (120 * G_USEC_PER_SEC)

static const char *const whens[] = {"never", "crash", "always", NULL};
enum { WHEN_NEVER, WHEN_CRASH, WHEN_ALWAYS };

struct inos_restore {
  GDBusConnection *bus; /* NULL until there is one */
  GCancellable *cancellable;
  InosSession1Windows *object;
  char *roll;          /* what is open now */
  char *before;        /* what was open at the end of the session before */
  char *kept;          /* what a person wanted to have kept */
  char *settings;      /* the file that says when */
  GPtrArray *lost;     /* of struct inos_desk_window: the dead compositor's; may be NULL */
  GPtrArray *programs; /* desktop ids that are to be started, owned */
  char *last;          /* the windows that were restored last; NULL: none were */
  gint64 restored;     /* when, monotonic µs */
  gboolean keeps, has_begun, withheld;
};

/* When */

static int read_when (struct inos_restore *restore)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autoptr (GError) error = NULL;
  g_autofree char *word = NULL;
  if (g_key_file_load_from_file (file, restore->settings, G_KEY_FILE_NONE, &error))
    word = g_key_file_get_string (file, GROUP, KEY, NULL);
  else if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_message ("%s: %s", restore->settings, error->message);
  if (word == NULL)
    return WHEN_CRASH;
  for (int i = 0; whens[i] != NULL; i++)
    if (g_str_equal (word, whens[i]))
      return i;
  g_message (_ ("%s: [%s] %s is never, crash or always, not '%s'; crash is meant"),
             restore->settings, GROUP, KEY, word);
  return WHEN_CRASH;
}

static gboolean write_when (struct inos_restore *restore, const char *word, GError **error)
{
  g_autoptr (GKeyFile) file = inos_settings_file_open (restore->settings, error);
  if (file == NULL)
    return FALSE;
  g_key_file_set_string (file, GROUP, KEY, word);
  return inos_settings_file_save (file, restore->settings, error);
}

/* Starting */

static void start_next (struct inos_restore *restore);

/* Whether to go on: it was not given up, and with it all that it is of. error: why it failed. */
static gboolean finish_call (GObject *bus, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, error);
  return !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void on_started (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  if (!finish_call (bus, result, &error))
    return;
  if (error != NULL)
    g_message (_ ("a program that was open is not started again: %s"), error->message);
  start_next (data);
}

/* One after the other, by the shell, as a person would from the launcher. */
static void start_next (struct inos_restore *restore)
{
  if (restore->programs->len == 0)
    return;
  const char *id = g_ptr_array_index (restore->programs, 0);
  g_dbus_connection_call (restore->bus, SHELL, SHELL_PATH, SHELL, "Launch",
                          g_variant_new ("(s)", id), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          CALL_TIMEOUT, restore->cancellable, on_started, restore);
  g_ptr_array_remove_index (restore->programs, 0);
}

static void on_expected (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  if (!finish_call (bus, result, &error))
    return;
  if (error != NULL)
    g_message (_ ("windows do not return to where they were: %s"), error->message);
  start_next (data);
}

/* How many programs are going to be started. */
static guint start (struct inos_restore *restore, GPtrArray *windows)
{
  g_clear_pointer (&restore->programs, g_ptr_array_unref);
  restore->programs = inos_desk_programs (windows);
  guint n = restore->programs->len;
  if (n == 0)
    return 0;
  g_message (_ ("starting %u programs that were open"), n);
  restore->withheld = FALSE;
  g_free (restore->last);
  restore->last = inos_desk_format (windows, NULL);
  restore->restored = g_get_monotonic_time();
  g_dbus_connection_call (restore->bus, COMPOSITOR, COMPOSITOR_PATH, WINDOWS, "Expect",
                          g_variant_new ("(s)", restore->last), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT, restore->cancellable,
                          on_expected, restore);
  return n;
}

static GPtrArray *load (const char *path)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *windows = inos_desk_load (path, &error);
  if (windows != NULL)
    return windows;
  g_message ("%s: %s", path, error->message);
  return inos_desk_new();
}

/* What a person wanted kept, else what was open. */
static GPtrArray *load_kept (struct inos_restore *restore)
{
  GPtrArray *withheld =
    restore->withheld ? inos_desk_parse (restore->last, strlen (restore->last), NULL) : NULL;
  if (withheld != NULL)
    return withheld;
  return load (g_file_test (restore->kept, G_FILE_TEST_EXISTS) ? restore->kept : restore->before);
}

/* Started once more they would take the desktop along again and again: they wait until a person
 * asks for them. What is in the roll may be a part of them. */
static void keep_for_later (struct inos_restore *restore)
{
  g_autoptr (GError) error = NULL;
  restore->withheld = TRUE;
  if (restore->keeps && !g_file_set_contents_full (restore->before, restore->last, -1,
                                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_message ("%s", error->message);
}

gboolean inos_restore_note_crash (struct inos_restore *restore)
{
  gboolean again = restore->last != NULL && g_get_monotonic_time() - restore->restored < SOON;
  if (again)
    keep_for_later (restore);
  else if (restore->lost == NULL)
    restore->lost = load (restore->roll);
  return !again;
}

void inos_restore_begin (struct inos_restore *restore, gboolean cut_off)
{
  int when = read_when (restore);
  g_autoptr (GPtrArray) lost = g_steal_pointer (&restore->lost);
  if (restore->has_begun) {
    if (lost != NULL && when != WHEN_NEVER)
      start (restore, lost);
    return;
  }
  restore->has_begun = TRUE;
  if (!restore->keeps || (when != WHEN_ALWAYS && !(when == WHEN_CRASH && cut_off)))
    return;
  g_autoptr (GPtrArray) windows = load (restore->before);
  start (restore, windows);
}

/* org.inos.Session1.Windows */

struct request {
  struct inos_restore *restore;
  GDBusMethodInvocation *invocation; /* its reference is taken by the answer */
};

/* The compositor's list, or NULL after the answer that there is none. */
static GVariant *finish_describe (GObject *bus, GAsyncResult *result,
                                  GDBusMethodInvocation *invocation)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);
  if (reply == NULL)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                           _ ("the compositor does not say which windows are "
                                              "open: %s"),
                                           error->message);
  return reply;
}

static void describe (struct inos_restore *restore, GDBusMethodInvocation *invocation,
                      GAsyncReadyCallback answered)
{
  struct request *request = g_new0 (struct request, 1);
  *request = (struct request){.restore = restore, .invocation = invocation};
  g_dbus_connection_call (restore->bus, COMPOSITOR, COMPOSITOR_PATH, WINDOWS, "Describe", NULL,
                          G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT,
                          restore->cancellable, answered, request);
}

static void on_described_to_save (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autofree struct request *request = data;
  g_autoptr (GVariant) reply = finish_describe (bus, result, request->invocation);
  g_autoptr (GError) error = NULL;
  const char *text;
  if (reply == NULL)
    return;
  g_variant_get (reply, "(&s)", &text);
  g_autofree char *folder = g_path_get_dirname (request->restore->kept);
  g_mkdir_with_parents (folder, 0700);
  if (g_file_set_contents_full (request->restore->kept, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                0600, &error))
    inos_session1_windows_complete_save (request->restore->object, request->invocation);
  else
    g_dbus_method_invocation_return_error_literal (request->invocation, G_DBUS_ERROR,
                                                   G_DBUS_ERROR_FAILED, error->message);
}

/* Each open window is one of those that need no start. */
static void leave_out_open (GPtrArray *windows, GPtrArray *open)
{
  for (guint i = 0; i < open->len; i++) {
    const struct inos_desk_window *one = g_ptr_array_index (open, i);
    for (guint j = 0; j < windows->len; j++) {
      const struct inos_desk_window *other = g_ptr_array_index (windows, j);
      if (!g_str_equal (one->app_id, other->app_id))
        continue;
      g_ptr_array_remove_index (windows, j);
      break;
    }
  }
}

static void on_described_to_restore (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autofree struct request *request = data;
  g_autoptr (GVariant) reply = finish_describe (bus, result, request->invocation);
  const char *text;
  if (reply == NULL)
    return;
  g_variant_get (reply, "(&s)", &text);
  g_autoptr (GPtrArray) windows = load_kept (request->restore);
  g_autoptr (GPtrArray) open = inos_desk_parse (text, strlen (text), NULL);
  if (open != NULL)
    leave_out_open (windows, open);
  inos_session1_windows_complete_restore (request->restore->object, request->invocation,
                                          start (request->restore, windows));
}

static gboolean on_save (InosSession1Windows *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  describe (data, invocation, on_described_to_save);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_restore (InosSession1Windows *object, GDBusMethodInvocation *invocation,
                            gpointer data)
{
  describe (data, invocation, on_described_to_restore);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_list (InosSession1Windows *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  g_autoptr (GPtrArray) windows = load_kept (data);
  GVariantBuilder list;
  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(suiiiis)"));
  for (guint i = 0; i < windows->len; i++) {
    const struct inos_desk_window *window = g_ptr_array_index (windows, i);
    g_autofree char *words = inos_desk_window_words (window);
    g_variant_builder_add (&list, "(suiiiis)", window->app_id, window->workspace, window->x,
                           window->y, window->width, window->height, words);
  }
  inos_session1_windows_complete_list (object, invocation, g_variant_builder_end (&list));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_forget (InosSession1Windows *object, GDBusMethodInvocation *invocation,
                           gpointer data)
{
  struct inos_restore *restore = data;
  const char *const paths[] = {restore->kept, restore->before};
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    if (g_unlink (paths[i]) == 0 || errno == ENOENT)
      continue;
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED, "%s: %s",
                                           paths[i], g_strerror (errno));
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  }
  inos_session1_windows_complete_forget (object, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* A client has set the property: what cannot be is set back. */
static void on_when (GObject *object, GParamSpec *property, gpointer data)
{
  struct inos_restore *restore = data;
  g_autoptr (GError) error = NULL;
  const char *word = inos_session1_windows_get_when (restore->object);
  int now = read_when (restore);
  if (g_str_equal (word, whens[now]))
    return;
  if (!g_strv_contains (whens, word) || !write_when (restore, word, &error)) {
    g_message ("%s", error != NULL ? error->message
                                   : _ ("windows are restored never, crash or "
                                        "always"));
    inos_session1_windows_set_when (restore->object, whens[now]);
  }
}

static void restore_export (struct inos_restore *restore)
{
  restore->object = inos_session1_windows_skeleton_new();
  inos_session1_windows_set_when (restore->object, whens[read_when (restore)]);
  g_signal_connect (restore->object, "handle-save", G_CALLBACK (on_save), restore);
  g_signal_connect (restore->object, "handle-restore", G_CALLBACK (on_restore), restore);
  g_signal_connect (restore->object, "handle-list", G_CALLBACK (on_list), restore);
  g_signal_connect (restore->object, "handle-forget", G_CALLBACK (on_forget), restore);
  g_signal_connect (restore->object, "notify::when", G_CALLBACK (on_when), restore);
}

gboolean inos_restore_connect (struct inos_restore *restore, GDBusConnection *bus, GError **error)
{
  restore->bus = g_object_ref (bus);
  restore_export (restore);
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (restore->object), bus, PATH,
                                           error);
}

struct inos_restore *inos_restore_new (const char *roll, const char *config_home, gboolean keeps)
{
  struct inos_restore *restore = g_new0 (struct inos_restore, 1);
  const char *state = g_get_user_state_dir();
  restore->cancellable = g_cancellable_new();
  restore->roll = g_strdup (roll);
  restore->before = g_build_filename (state, "inos", "windows-before.ini", NULL);
  restore->kept = g_build_filename (state, "inos", "windows-kept.ini", NULL);
  restore->settings = g_build_filename (config_home, "inos", "session.ini", NULL);
  restore->keeps = keeps;
  return restore;
}

void inos_restore_put_aside (struct inos_restore *restore, gboolean good)
{
  g_autoptr (GPtrArray) now = load (restore->roll);
  g_autoptr (GPtrArray) before = load (restore->before);
  if (!good && now->len < before->len)
    return;
  int result = g_rename (restore->roll, restore->before);
  if (result < 0 && errno == ENOENT) /* that session had none */
    result = g_unlink (restore->before);
  if (result < 0 && errno != ENOENT)
    g_message ("%s: %s", restore->roll, g_strerror (errno));
}

void inos_restore_free (struct inos_restore *restore)
{
  if (restore == NULL)
    return;
  g_cancellable_cancel (restore->cancellable);
  g_clear_object (&restore->cancellable);
  if (restore->object != NULL) {
    g_signal_handlers_disconnect_by_data (restore->object, restore);
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (restore->object));
  }
  g_clear_object (&restore->object);
  g_clear_object (&restore->bus);
  if (!restore->keeps)
    g_unlink (restore->roll);
  g_clear_pointer (&restore->lost, g_ptr_array_unref);
  g_clear_pointer (&restore->programs, g_ptr_array_unref);
  g_free (restore->last);
  g_free (restore->roll);
  g_free (restore->before);
  g_free (restore->kept);
  g_free (restore->settings);
  g_free (restore);
}
