#include "shared_settings.h"

#include <gio/gio.h>
#include <string.h>
#include <wlr/util/log.h>
#include <xkbcommon/xkbcommon.h>

#include "keyboard_layout.h"
#include "listener.h"
#include "reload.h"
#include "shared_values.h"

enum {
  LATER = 300,      /* ms after the first program drew something */
  VALUE_MOST = 512, /* bytes */
};

#define KEYBOARD "keyboard"

struct inos_shared_settings {
  struct inos_compositor *compositor;
  struct inos_shared_source source;
  GKeyFile *file;                /* NULL: nothing is set */
  char *asked;                   /* the names of a keyboard that were looked at last; may be NULL */
  struct wl_event_source *timer; /* until they were looked up */
  struct wl_event_source *idle;  /* may be NULL: nothing changed */
  struct wl_listener surface_commit;
};

/* One line of text, as short as anybody needs. */
static bool is_plain (const char *value)
{
  for (const char *c = value; *c; c++) {
    if (g_ascii_iscntrl (*c))
      return false;
  }
  return strlen (value) <= VALUE_MOST;
}

/* XKB takes these for names of files. */
static bool is_names (const char *text)
{
  return text[strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-:,()")] == '\0';
}

static void refuse (const char *origin, const char *why)
{
  wlr_log (WLR_ERROR, "%s in GSettings is passed over: %s", origin, why);
}

/* Takes what compositor.ini could say. */
static void on_value (const char *group, const char *key, const char *value, const char *origin,
                      void *data)
{
  GKeyFile *file = data;
  g_autoptr (GKeyFile) one = g_key_file_new();
  g_autoptr (GError) error = NULL;
  size_t length;
  if (!is_plain (value) || (g_str_equal (group, KEYBOARD) && !is_names (value))) {
    refuse (origin, "it has characters that do not belong there, or too many");
    return;
  }
  g_key_file_set_string (one, group, key, value);
  g_autofree char *text = g_key_file_to_data (one, &length, NULL);
  if (inos_config_check (text, length, &error))
    g_key_file_set_string (file, group, key, value);
  else
    refuse (origin, error->message);
}

/* Takes the value out where the names, it among them, make no keyboard. */
static bool check_name (GKeyFile *file, const struct xkb_rule_names *names, const char *key,
                        const char *value)
{
  if (!value || inos_keyboard_layout_exists (names))
    return true;
  g_autofree char *why = g_strdup_printf ("there is no keyboard with the %s '%s'", key, value);
  refuse (inos_shared_schema_name (INOS_SHARED_SOURCES), why);
  g_key_file_remove_key (file, KEYBOARD, key, NULL);
  return false;
}

/* What cannot be typed with is not taken; the rest of it is. */
static void check_names (GKeyFile *file)
{
  g_autofree char *layout = g_key_file_get_string (file, KEYBOARD, "layout", NULL);
  g_autofree char *variant = g_key_file_get_string (file, KEYBOARD, "variant", NULL);
  g_autofree char *model = g_key_file_get_string (file, KEYBOARD, "model", NULL);
  g_autofree char *options = g_key_file_get_string (file, KEYBOARD, "options", NULL);
  struct xkb_rule_names names = {.layout = layout, .variant = variant};
  if (!check_name (file, &names, "layout", layout)) {
    g_key_file_remove_key (file, KEYBOARD, "variant", NULL);
    names.layout = names.variant = NULL;
  }
  names.model = model;
  if (!check_name (file, &names, "model", model))
    names.model = NULL;
  names.options = options;
  check_name (file, &names, "options", options);
}

static const char *const name_keys[] = {"layout", "variant", "model", "options"};

/* All of them in one text, that of one that is not set empty. The caller's to free. */
static char *join_names (GKeyFile *file)
{
  GString *text = g_string_new (NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (name_keys); i++) {
    g_autofree char *name = g_key_file_get_string (file, KEYBOARD, name_keys[i], NULL);
    g_string_append_printf (text, "%s\n", name ? name : "");
  }
  return g_string_free (text, FALSE);
}

/* XKB takes its time: names that were looked at before are not looked at again, and what was
 * refused of them then is refused now. */
static void check_keyboard (struct inos_shared_settings *shared, GKeyFile *file)
{
  char *asked = join_names (file);
  if (g_strcmp0 (asked, shared->asked) != 0) {
    check_names (file);
  } else {
    for (size_t i = 0; i < G_N_ELEMENTS (name_keys); i++) {
      if (!shared->file || !g_key_file_has_key (shared->file, KEYBOARD, name_keys[i], NULL))
        g_key_file_remove_key (file, KEYBOARD, name_keys[i], NULL);
    }
  }
  g_free (shared->asked);
  shared->asked = asked;
}

/* NULL where nothing is set. */
static GKeyFile *read_all (struct inos_shared_settings *shared)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  inos_shared_values_for_each (&shared->source, on_value, file);
  check_keyboard (shared, file);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  return groups[0] ? g_steal_pointer (&file) : NULL;
}

static char *text_of (GKeyFile *file)
{
  return file ? g_key_file_to_data (file, NULL, NULL) : NULL;
}

static void update (struct inos_shared_settings *shared)
{
  g_autoptr (GKeyFile) before = shared->file;
  shared->file = read_all (shared);
  g_autofree char *old = text_of (before), *new = text_of (shared->file);
  if (g_strcmp0 (old, new) != 0)
    inos_reload (shared->compositor);
}

static void on_idle (void *data)
{
  struct inos_shared_settings *shared = data;
  shared->idle = NULL;
  update (shared);
}

/* A program that resets all of them changes many at once. */
static void on_changed (GSettings *settings, const char *key, void *data)
{
  struct inos_shared_settings *shared = data;
  if (!shared->idle)
    shared->idle = wl_event_loop_add_idle (shared->compositor->loop, on_idle, shared);
}

static void open_all (struct inos_shared_settings *shared)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  for (int i = 0; source && i < INOS_SHARED_SCHEMA_COUNT; i++) {
    const char *name = inos_shared_schema_name ((enum inos_shared_schema)i);
    g_autoptr (GSettingsSchema) schema = g_settings_schema_source_lookup (source, name, TRUE);
    /* One that is the same at every path, or at none of its own, is not what was meant. */
    if (!schema || !g_settings_schema_get_path (schema) || shared->source.settings[i])
      continue;
    shared->source.settings[i] = g_settings_new_full (schema, NULL, NULL);
    g_signal_connect (shared->source.settings[i], "changed", G_CALLBACK (on_changed), shared);
  }
}

static void stop_waiting (struct inos_shared_settings *shared)
{
  DISCONNECT (shared->surface_commit);
  g_clear_pointer (&shared->timer, wl_event_source_remove);
}

static int on_timer (void *data)
{
  struct inos_shared_settings *shared = data;
  inos_shared_settings_load (shared->compositor);
  return 0;
}

static void handle_surface_commit (struct wl_listener *listener, void *data)
{
  struct inos_shared_settings *shared = wl_container_of (listener, shared, surface_commit);
  DISCONNECT (shared->surface_commit);
  wl_event_source_timer_update (shared->timer, LATER);
}

static struct inos_shared_settings *shared_of (struct inos_compositor *compositor)
{
  if (!compositor->shared) {
    compositor->shared = g_new0 (struct inos_shared_settings, 1);
    compositor->shared->compositor = compositor;
  }
  return compositor->shared;
}

void inos_shared_settings_watch (struct inos_compositor *compositor)
{
  struct inos_shared_settings *shared = shared_of (compositor);
  shared->timer = wl_event_loop_add_timer (compositor->loop, on_timer, shared);
  CONNECT_SIGNAL (compositor, shared, surface_commit);
}

void inos_shared_settings_load (struct inos_compositor *compositor)
{
  struct inos_shared_settings *shared = shared_of (compositor);
  stop_waiting (shared);
  open_all (shared);
  update (shared);
}

void inos_shared_settings_destroy (struct inos_shared_settings *shared)
{
  if (!shared)
    return;
  stop_waiting (shared);
  g_clear_pointer (&shared->idle, wl_event_source_remove);
  for (int i = 0; i < INOS_SHARED_SCHEMA_COUNT; i++) {
    if (shared->source.settings[i])
      g_signal_handlers_disconnect_by_data (shared->source.settings[i], shared);
    g_clear_object (&shared->source.settings[i]);
  }
  g_clear_pointer (&shared->file, g_key_file_unref);
  g_free (shared->asked);
  g_free (shared);
}

GKeyFile *inos_shared_settings_file (const struct inos_shared_settings *shared)
{
  return shared ? shared->file : NULL;
}
