#include "places.h"

#include <string.h>
#include <wlr/util/log.h>

#include "stack.h"
#include "written_file.h"

enum {
  SOON = 200,     /* ms after the last window closed: many close at the same time */
  BETWEEN = 1000, /* ms between writes, at the least */
  MAX_APP_ID = 200,
  MAX_SIZE = 16384,
  MAX_PLACE = 65536
};

struct place {
  struct wlr_box box;
  gint64 used; /* s since 1970 */
};

struct inos_places {
  struct inos_compositor *compositor;
  struct inos_written_file *file;
  GHashTable *programs; /* of struct place, by app id */
  struct wl_event_source *timer;
  bool dirty;              /* to be written soon */
  bool stale;              /* when programs were last used is to be written at the end */
  gint64 changed, written; /* µs: the first change that is not written, and the last write */
};

/* What a program's windows are known by; NULL where it does not say what it is called. */
static const char *key_of (struct inos_view *view)
{
  const char *app_id = inos_view_app_id (view);
  return app_id[0] == '\0' || strlen (app_id) > MAX_APP_ID ? NULL : app_id;
}

/* The file's text: a group for each program. */
static char *describe (struct inos_places *places, size_t *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  GHashTableIter programs;
  void *app_id, *value;
  g_hash_table_iter_init (&programs, places->programs);
  while (g_hash_table_iter_next (&programs, &app_id, &value)) {
    const struct place *place = value;
    g_autofree char *group = g_uri_escape_string (app_id, NULL, FALSE);
    g_key_file_set_integer (file, group, "x", place->box.x);
    g_key_file_set_integer (file, group, "y", place->box.y);
    g_key_file_set_integer (file, group, "width", place->box.width);
    g_key_file_set_integer (file, group, "height", place->box.height);
    g_key_file_set_int64 (file, group, "used", place->used);
  }
  return g_key_file_to_data (file, length, NULL);
}

static void write_out (struct inos_places *places)
{
  size_t length;
  char *text = describe (places, &length);
  places->dirty = places->stale = false;
  places->written = g_get_monotonic_time();
  inos_written_file_write (places->file, text, length, NULL, NULL);
}

/* Soon after the last change, but not often. */
static void arm (struct inos_places *places)
{
  gint64 now = g_get_monotonic_time();
  gint64 due = MIN (now + SOON * 1000, places->changed + BETWEEN * 1000);
  if (places->written)
    due = MAX (due, places->written + BETWEEN * 1000);
  wl_event_source_timer_update (places->timer, (int)MAX ((due - now) / 1000, 1));
}

static int on_delay_ends (void *data)
{
  struct inos_places *places = data;
  if (places->dirty)
    write_out (places);
  return 0;
}

/* The program whose windows were closed the longest ago makes room. */
static void make_room (struct inos_places *places)
{
  while (g_hash_table_size (places->programs) >= INOS_PLACES_MOST) {
    GHashTableIter programs;
    void *app_id, *value;
    const char *oldest = NULL;
    gint64 least = G_MAXINT64;
    g_hash_table_iter_init (&programs, places->programs);
    while (g_hash_table_iter_next (&programs, &app_id, &value)) {
      const struct place *place = value;
      if (!oldest || place->used < least) {
        oldest = app_id;
        least = place->used;
      }
    }
    g_hash_table_remove (places->programs, oldest);
  }
}

void inos_places_remember (struct inos_view *view)
{
  struct inos_places *places = view->compositor->places;
  const char *app_id = places ? key_of (view) : NULL;
  struct wlr_box box = view->floating;
  if (!app_id || !view->has_floated || view->is_private || inos_stack_parent (view) ||
      box.width <= 0 || box.height <= 0)
    return;
  struct place *place = g_hash_table_lookup (places->programs, app_id);
  if (!place) {
    make_room (places);
    place = g_new0 (struct place, 1);
    g_hash_table_insert (places->programs, g_strdup (app_id), place);
  }
  bool moved = !wlr_box_equal (&place->box, &box);
  place->box = box;
  place->used = g_get_real_time() / G_USEC_PER_SEC;
  places->stale = true;
  if (!moved)
    return;
  if (!places->dirty)
    places->changed = g_get_monotonic_time();
  places->dirty = true;
  arm (places);
}

bool inos_places_waits (const struct inos_places *places)
{
  return places->dirty;
}

static bool read_number (GKeyFile *file, const char *group, const char *key, int least, int most,
                         int *value)
{
  g_autoptr (GError) error = NULL;
  *value = g_key_file_get_integer (file, group, key, &error);
  return !error && *value >= least && *value <= most;
}

/* Takes what the file says that can be; the rest is forgotten. */
static void read_places (struct inos_places *places, GKeyFile *file)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group; group++) {
    g_autofree char *app_id = g_uri_unescape_string (*group, NULL);
    struct place place = {.used = g_key_file_get_int64 (file, *group, "used", NULL)};
    if (!app_id || strlen (app_id) > MAX_APP_ID ||
        !read_number (file, *group, "x", -MAX_PLACE, MAX_PLACE, &place.box.x) ||
        !read_number (file, *group, "y", -MAX_PLACE, MAX_PLACE, &place.box.y) ||
        !read_number (file, *group, "width", 1, MAX_SIZE, &place.box.width) ||
        !read_number (file, *group, "height", 1, MAX_SIZE, &place.box.height))
      continue;
    g_hash_table_replace (places->programs, g_steal_pointer (&app_id),
                          g_memdup2 (&place, sizeof place));
  }
}

bool inos_places_recall (struct inos_view *view, struct wlr_box *box)
{
  struct inos_places *places = view->compositor->places;
  const char *app_id = places ? key_of (view) : NULL;
  const struct place *place = app_id ? g_hash_table_lookup (places->programs, app_id) : NULL;
  if (!place || inos_stack_parent (view))
    return false;
  struct inos_view *other;
  wl_list_for_each (other, &view->compositor->views, link) {
    if (other != view && g_str_equal (inos_view_app_id (other), app_id))
      return false;
  }
  *box = place->box;
  return true;
}

struct inos_places *inos_places_create (struct inos_compositor *compositor, const char *path)
{
  struct inos_places *places = g_new0 (struct inos_places, 1);
  g_autoptr (GError) error = NULL;
  places->compositor = compositor;
  places->file = inos_written_file_create (path, "where windows were is forgotten");
  places->programs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  places->timer = wl_event_loop_add_timer (compositor->loop, on_delay_ends, places);
  g_autoptr (GKeyFile) file = g_key_file_new();
  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error))
    read_places (places, file);
  else if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    wlr_log (WLR_ERROR, "%s: %s; places of windows begin anew", path, error->message);
  return places;
}

void inos_places_destroy (struct inos_places *places)
{
  if (!places)
    return;
  wl_event_source_remove (places->timer);
  if (places->dirty || places->stale)
    write_out (places);
  inos_written_file_destroy (places->file);
  g_hash_table_unref (places->programs);
  g_free (places);
}
