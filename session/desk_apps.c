/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk_apps.h"

#include "desk_file.h"

#include <gio/gdesktopappinfo.h>
#include <string.h>

/* Applications of the desktop itself have one process for all of their windows, and open another
 * one each time they are started. */
#define OWN "org.inos."

/* One that a launcher shows; others (D-Bus services, our own rescue window) are not started. */
static char *id_if_shown (GAppInfo *application)
{
  const char *id = g_app_info_get_id (application);
  return id != NULL && g_app_info_should_show (application) ? g_strdup (id) : NULL;
}

static char *find_by_class (GList *all, const char *app_id)
{
  for (GList *link = all; link != NULL; link = link->next) {
    const char *class = g_desktop_app_info_get_startup_wm_class (link->data);
    if (class != NULL && g_ascii_strcasecmp (class, app_id) == 0)
      return id_if_shown (link->data);
  }
  return NULL;
}

/* NULL where nothing that is installed has the name. Lower case too: of X11 programs it is the
 * name of a class. */
static char *find (GList *all, const char *app_id)
{
  g_autofree char *lower = g_ascii_strdown (app_id, -1);
  const char *const names[] = {app_id, lower};
  for (GList *link = all; link != NULL; link = link->next) {
    const char *id = g_app_info_get_id (link->data);
    for (gsize i = 0; id != NULL && i < G_N_ELEMENTS (names); i++) {
      gsize length = strlen (names[i]);
      if (strncmp (id, names[i], length) == 0 && g_str_equal (id + length, ".desktop"))
        return id_if_shown (link->data);
    }
  }
  return find_by_class (all, app_id);
}

static gboolean is_started (GPtrArray *windows, guint n)
{
  const struct inos_desk_window *window = g_ptr_array_index (windows, n);
  for (guint i = 0; i < n && !g_str_has_prefix (window->app_id, OWN); i++) {
    const struct inos_desk_window *earlier = g_ptr_array_index (windows, i);
    if (earlier->program == window->program && g_str_equal (earlier->app_id, window->app_id))
      return TRUE;
  }
  return FALSE;
}

GPtrArray *inos_desk_programs (GPtrArray *windows)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  GList *all = g_app_info_get_all();
  for (guint i = 0; i < windows->len; i++) {
    const struct inos_desk_window *window = g_ptr_array_index (windows, i);
    char *id = is_started (windows, i) ? NULL : find (all, window->app_id);
    if (id != NULL)
      g_ptr_array_add (ids, id);
  }
  g_list_free_full (all, g_object_unref);
  return ids;
}
