#include "mirror_choice.h"

#include <wlr/types/wlr_output.h>

#include "listener.h"
#include "mirror.h"
#include "output_config.h"

struct inos_mirrors {
  struct inos_compositor *compositor;
  bool updating;
  struct wl_event_source *idle; /* may be NULL */
  struct wl_listener output_change, output_remove, config_change;
};

static struct inos_output *find (struct inos_compositor *compositor, const char *name)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (g_str_equal (output->wlr->name, name))
      return output;
  }
  return NULL;
}

/* The output that it would mirror, whatever else there is; NULL for none. */
static struct inos_output *named_by (struct inos_output *output)
{
  const char *name = inos_output_config_of (output)->mirror;
  struct inos_output *source = name ? find (output->compositor, name) : NULL;
  return source == output ? NULL : source;
}

static struct inos_output *wanted_by (struct inos_output *output)
{
  struct inos_output *source = named_by (output);
  return source && source->placed && !named_by (source) ? source : NULL;
}

void inos_mirrors_update (struct inos_compositor *compositor)
{
  struct inos_mirrors *mirrors = compositor->mirrors;
  if (!mirrors || mirrors->updating || compositor->ending)
    return;
  mirrors->updating = true;
  struct inos_output *output;
  /* First those that end: another one may want to show one of them. */
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output->mirror && wanted_by (output) != inos_mirror_shown (output))
      inos_mirror_end (output);
  }
  wl_list_for_each (output, &compositor->outputs, link) {
    struct inos_output *source = wanted_by (output);
    if (source && !output->mirror)
      inos_mirror_begin (output, source);
  }
  mirrors->updating = false;
}

static bool refuse (GError **error, const char *format, const char *a, const char *b)
{
  g_autofree char *message = g_strdup_printf (format, a, b);
  g_set_error_literal (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG, message);
  return false;
}

bool inos_mirrors_set (struct inos_output *output, const char *source, GError **error)
{
  struct inos_compositor *compositor = output->compositor;
  const char *name = output->wlr->name;
  struct inos_output *shown = find (compositor, source), *other;
  if (source[0] != '\0' && !shown)
    return refuse (error, "output %s cannot mirror %s: there is no such output", name, source);
  if (shown == output)
    return refuse (error, "output %s cannot mirror %s, which is itself", name, source);
  if (shown && named_by (shown))
    return refuse (error, "output %s cannot mirror %s, which mirrors another one", name, source);
  wl_list_for_each (other, &compositor->outputs, link) {
    if (shown && named_by (other) == output)
      return refuse (error, "output %s cannot mirror: %s mirrors it", name, other->wlr->name);
  }
  struct inos_output_config *config = inos_output_config_of (output);
  g_free (config->mirror);
  config->mirror = shown ? g_strdup (source) : NULL;
  inos_mirrors_update (compositor);
  return true;
}

static void on_idle (void *data)
{
  struct inos_mirrors *mirrors = data;
  mirrors->idle = NULL;
  inos_mirrors_update (mirrors->compositor);
}

/* Whether an output is to mirror. */
static bool is_any (struct inos_compositor *compositor)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (inos_output_config_of (output)->mirror)
      return true;
  }
  return false;
}

/* Not in the middle of what changes the layout. */
static void later (struct inos_mirrors *mirrors)
{
  if (!mirrors->idle && !mirrors->updating && !mirrors->compositor->ending &&
      is_any (mirrors->compositor))
    mirrors->idle = wl_event_loop_add_idle (mirrors->compositor->loop, on_idle, mirrors);
}

static void handle_output_change (struct wl_listener *listener, void *data)
{
  struct inos_mirrors *mirrors = wl_container_of (listener, mirrors, output_change);
  later (mirrors);
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct inos_mirrors *mirrors = wl_container_of (listener, mirrors, output_remove);
  later (mirrors);
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_mirrors *mirrors = wl_container_of (listener, mirrors, config_change);
  inos_mirrors_update (mirrors->compositor);
}

struct inos_mirrors *inos_mirrors_create (struct inos_compositor *compositor)
{
  struct inos_mirrors *mirrors = g_new0 (struct inos_mirrors, 1);
  mirrors->compositor = compositor;
  CONNECT_SIGNAL (compositor, mirrors, output_change);
  CONNECT_SIGNAL (compositor, mirrors, output_remove);
  CONNECT_SIGNAL (compositor, mirrors, config_change);
  return mirrors;
}

void inos_mirrors_destroy (struct inos_mirrors *mirrors)
{
  if (!mirrors)
    return;
  DISCONNECT (mirrors->output_change);
  DISCONNECT (mirrors->output_remove);
  DISCONNECT (mirrors->config_change);
  if (mirrors->idle)
    wl_event_source_remove (mirrors->idle);
  g_free (mirrors);
}
