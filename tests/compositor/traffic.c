#include "traffic.h"

#include <ctype.h>
#include <wayland-server-core.h>

#include "fixture.h"

struct traffic {
  struct client *client;
  struct wl_protocol_logger *logger;
  GString *text;
  GHashTable *names;  /* "interface id" → its number, from 1 */
  GHashTable *counts; /* interface → how many have a number */
};

static const char *const left_out[] = {
  "wl_display",  "wl_registry",         "wl_callback",   "wl_shm",      "wl_buffer",
  "wl_shm_pool", "zwp_linux_dmabuf_v1", "wl_compositor", "xdg_wm_base", "xdg_positioner",
  NULL,
};

/* Arguments that differ from run to run, by their place in the message. */
static const struct {
  const char *message;
  unsigned int serials; /* bit by bit */
} unsteady[] = {
  {"xdg_surface.configure", 1},
  {"xdg_surface.ack_configure", 1},
  {"wl_pointer.enter", 1},
  {"wl_pointer.leave", 1},
  {"wl_pointer.button", 3},
  {"wl_pointer.motion", 1},
  {"wl_pointer.axis", 1},
  {"wl_keyboard.enter", 1},
  {"wl_keyboard.leave", 1},
  {"wl_keyboard.key", 3},
  {"wl_keyboard.modifiers", 1},
  {"wl_keyboard.keymap", 2 | 4},
  {"xdg_toplevel.move", 2},
  {"xdg_toplevel.resize", 2},
  {"xdg_popup.grab", 2},
  {"ext_session_lock_surface_v1.configure", 1},
  {"ext_session_lock_surface_v1.ack_configure", 1},
};

static unsigned int number_of (struct traffic *traffic, struct wl_resource *resource)
{
  const char *interface = wl_resource_get_class (resource);
  char *key = g_strdup_printf ("%s %u", interface, wl_resource_get_id (resource));
  unsigned int number = GPOINTER_TO_UINT (g_hash_table_lookup (traffic->names, key));
  if (number > 0) {
    g_free (key);
    return number;
  }
  number = 1 + GPOINTER_TO_UINT (g_hash_table_lookup (traffic->counts, interface));
  g_hash_table_insert (traffic->counts, g_strdup (interface), GUINT_TO_POINTER (number));
  g_hash_table_insert (traffic->names, key, GUINT_TO_POINTER (number));
  return number;
}

static void append_states (GString *text, const struct wl_array *array, bool toplevel)
{
  static const char *const states[] = {
    "?",          "maximized",   "fullscreen", "resizing",     "activated",
    "tiled-left", "tiled-right", "tiled-top",  "tiled-bottom", "suspended"};
  const uint32_t *values = array->data;
  g_string_append_c (text, '[');
  for (size_t i = 0; i < array->size / sizeof *values; i++) {
    if (i > 0)
      g_string_append_c (text, ' ');
    if (toplevel && values[i] < G_N_ELEMENTS (states))
      g_string_append (text, states[values[i]]);
    else
      g_string_append_printf (text, "%u", values[i]);
  }
  g_string_append_c (text, ']');
}

static void append_argument (struct traffic *traffic, const struct wl_protocol_logger_message *said,
                             char type, int i)
{
  GString *text = traffic->text;
  const union wl_argument *argument = &said->arguments[i];
  const struct wl_interface *of = said->message->types[i];
  switch (type) {
  case 'i':
    g_string_append_printf (text, "%d", argument->i);
    break;
  case 'u':
    g_string_append_printf (text, "%u", argument->u);
    break;
  case 'f':
    g_string_append_printf (text, "%g", wl_fixed_to_double (argument->f));
    break;
  case 's':
    g_string_append_printf (text, argument->s ? "\"%s\"" : "nil", argument->s);
    break;
  case 'o':
    if (argument->o)
      g_string_append_printf (text, "%s#%u",
                              wl_resource_get_class ((struct wl_resource *)argument->o),
                              number_of (traffic, (struct wl_resource *)argument->o));
    else
      g_string_append (text, "nil");
    break;
  case 'n':
    g_string_append_printf (text, "new %s", of ? of->name : "object");
    break;
  case 'a':
    append_states (text, argument->a,
                   g_str_equal (wl_resource_get_class (said->resource), "xdg_toplevel") &&
                     g_str_equal (said->message->name, "configure"));
    break;
  default:
    g_string_append (text, "fd");
  }
}

static void on_message (void *data, enum wl_protocol_logger_type direction,
                        const struct wl_protocol_logger_message *said)
{
  struct traffic *traffic = data;
  const char *interface = wl_resource_get_class (said->resource);
  if (wl_resource_get_client (said->resource) != traffic->client->server_side ||
      g_strv_contains (left_out, interface))
    return;
  g_autofree char *message = g_strdup_printf ("%s.%s", interface, said->message->name);
  unsigned int serials = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (unsteady); i++)
    serials |= g_str_equal (unsteady[i].message, message) ? unsteady[i].serials : 0;
  g_string_append_printf (traffic->text, "%s %s#%u.%s(",
                          direction == WL_PROTOCOL_LOGGER_REQUEST ? "->" : "<-", interface,
                          number_of (traffic, said->resource), said->message->name);
  int i = 0;
  /* A signature begins with the version that brought the message; "?" says that what follows may be
   * nil. */
  for (const char *type = said->message->signature; *type; type++) {
    if (*type == '?' || isdigit ((unsigned char)*type))
      continue;
    if (i > 0)
      g_string_append (traffic->text, ", ");
    if (serials & 1U << i)
      g_string_append (traffic->text, "~");
    else
      append_argument (traffic, said, *type, i);
    i++;
  }
  g_string_append (traffic->text, ")\n");
}

struct traffic *traffic_listen (struct client *client)
{
  struct traffic *traffic = g_new0 (struct traffic, 1);
  traffic->client = client;
  traffic->text = g_string_new (NULL);
  traffic->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  traffic->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  traffic->logger =
    wl_display_add_protocol_logger (client->compositor->display, on_message, traffic);
  return traffic;
}

void traffic_heading (struct traffic *traffic, const char *text)
{
  g_string_append_printf (traffic->text, "%s# %s\n", traffic->text->len > 0 ? "\n" : "", text);
}

void traffic_assert (struct traffic *traffic, const char *name)
{
  wl_protocol_logger_destroy (traffic->logger);
  g_autofree char *said = g_string_free (traffic->text, FALSE);
  /* wlroots counts headless outputs through the life of the process. */
  g_autoptr (GRegex) number = g_regex_new ("(HEADLESS-|Headless output )[0-9]+", 0, 0, NULL);
  g_autofree char *text = g_regex_replace (number, said, -1, 0, "\\1N", 0, NULL);
  g_hash_table_unref (traffic->names);
  g_hash_table_unref (traffic->counts);
  g_free (traffic);
  g_autofree char *path = g_strdup_printf ("%s/traffic/%s.txt", GOLDEN_DIR, name);
  if (g_getenv ("INOS_WRITE_GOLDEN"))
    g_file_set_contents (path, text, -1, NULL);
  g_autofree char *golden = NULL;
  assert_true (g_file_get_contents (path, &golden, NULL, NULL));
  assert_string_equal (text, golden);
}
