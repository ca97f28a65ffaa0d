/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "language.h"

#include "inos-session1.h"
#include "settings_file.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#define PATH "/org/inos/Session1"
#define GROUP "language"
#define NAME_MOST 64

enum { MESSAGES, FORMATS, KEYS };
static const char *const keys[KEYS] = {"messages", "formats"};

/* What is written as the formats say; what these leave is as the language has it. */
static const char *const format_names[] = {"LC_TIME",        "LC_NUMERIC", "LC_MONETARY",
                                           "LC_MEASUREMENT", "LC_PAPER",   "LC_ADDRESS",
                                           "LC_TELEPHONE",   "LC_NAME"};
/* What would go before LANG. */
static const char *const message_names[] = {"LC_ALL", "LANGUAGE", "LC_MESSAGES", "LC_CTYPE",
                                            "LC_COLLATE"};

struct inos_locale {
  InosSession1Language *object;
  char *path;
};

gboolean inos_locale_exists (const char *name)
{
  static const char allowed[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.@";
  gsize length = strlen (name);
  if (length == 0 || length > NAME_MOST || strspn (name, allowed) != length || *name == '.')
    return FALSE;
  locale_t found = newlocale (LC_ALL_MASK, name, (locale_t)0);
  if (found == (locale_t)0)
    return FALSE;
  freelocale (found);
  return TRUE;
}

static char *path_in (const char *config_home)
{
  return g_build_filename (config_home, "inos", "session.ini", NULL);
}

/* "" where nothing is set, or what is set is not on this machine. */
static char *read_key (const char *path, int key)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autofree char *word = NULL;
  /* What is wrong with the file is said by who asks when windows are restored. */
  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    word = g_key_file_get_string (file, GROUP, keys[key], NULL);
  if (word == NULL || *word == '\0')
    return g_strdup ("");
  if (inos_locale_exists (word))
    return g_steal_pointer (&word);
  g_message (_ ("%s: [%s] %s: this machine has no locale '%s'; its own is used"), path, GROUP,
             keys[key], word);
  return g_strdup ("");
}

void inos_locale_apply (const char *config_home)
{
  g_autofree char *path = path_in (config_home);
  g_autofree char *messages = read_key (path, MESSAGES);
  g_autofree char *formats = read_key (path, FORMATS);
  if (*messages != '\0') {
    for (gsize i = 0; i < G_N_ELEMENTS (message_names); i++)
      g_unsetenv (message_names[i]);
    for (gsize i = 0; i < G_N_ELEMENTS (format_names); i++)
      g_unsetenv (format_names[i]);
    g_setenv ("LANG", messages, TRUE);
  }
  if (*formats != '\0') {
    /* It would go before the formats; what it said of the rest stays. */
    g_autofree char *all = g_strdup (g_getenv ("LC_ALL"));
    g_unsetenv ("LC_ALL");
    if (all != NULL && *all != '\0')
      g_setenv ("LANG", all, TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS (format_names); i++)
      g_setenv (format_names[i], formats, TRUE);
  }
  if (*messages != '\0' || *formats != '\0')
    setlocale (LC_ALL, "");
}

/* org.inos.Session1.Language */

static void set_key (GKeyFile *file, int key, const char *value)
{
  if (*value == '\0')
    g_key_file_remove_key (file, GROUP, keys[key], NULL);
  else
    g_key_file_set_string (file, GROUP, keys[key], value);
}

static gboolean write_keys (const char *path, const char *messages, const char *formats,
                            GError **error)
{
  g_autoptr (GKeyFile) file = inos_settings_file_open (path, error);
  if (file == NULL)
    return FALSE;
  set_key (file, MESSAGES, messages);
  set_key (file, FORMATS, formats);
  return inos_settings_file_save (file, path, error);
}

static gboolean on_set (InosSession1Language *object, GDBusMethodInvocation *invocation,
                        const char *messages, const char *formats, gpointer data)
{
  struct inos_locale *locale = data;
  g_autoptr (GError) error = NULL;
  const char *wanted[KEYS] = {messages, formats};
  for (int i = 0; i < KEYS; i++)
    if (*wanted[i] != '\0' && !inos_locale_exists (wanted[i])) {
      g_dbus_method_invocation_return_error (
        invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
        _ ("This machine has no locale “%s”. Those it has are what 'locale -a' lists; an "
           "administrator adds more."),
        wanted[i]);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  if (!write_keys (locale->path, messages, formats, &error)) {
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                                   error->message);
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  }
  inos_session1_language_set_messages (object, messages);
  inos_session1_language_set_formats (object, formats);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (object));
  inos_session1_language_complete_set (object, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

struct inos_locale *inos_locale_new (GDBusConnection *bus, const char *config_home, GError **error)
{
  struct inos_locale *locale = g_new0 (struct inos_locale, 1);
  locale->path = path_in (config_home);
  locale->object = inos_session1_language_skeleton_new();
  g_autofree char *messages = read_key (locale->path, MESSAGES);
  g_autofree char *formats = read_key (locale->path, FORMATS);
  inos_session1_language_set_messages (locale->object, messages);
  inos_session1_language_set_formats (locale->object, formats);
  g_signal_connect (locale->object, "handle-set", G_CALLBACK (on_set), locale);
  if (g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (locale->object), bus, PATH,
                                        error))
    return locale;
  inos_locale_free (locale);
  return NULL;
}

void inos_locale_free (struct inos_locale *locale)
{
  if (locale == NULL)
    return;
  g_signal_handlers_disconnect_by_data (locale->object, locale);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (locale->object));
  g_object_unref (locale->object);
  g_free (locale->path);
  g_free (locale);
}
