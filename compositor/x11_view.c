#include "x11_view_private.h"

#include <wlr/types/wlr_compositor.h>

#include "listener.h"
#include "responsive.h"
#include "rule.h"
#include "seats.h"
#include "window_frame.h"
#include "x11_scale.h"
#include "x11_state.h"
#include "xwayland.h"

static struct wlr_xwayland_surface *x11_of (struct inos_view *base)
{
  struct x11_view *view = wl_container_of (base, view, base);
  return view->x11;
}

static const char *title (struct inos_view *view)
{
  return x11_of (view)->title;
}

static const char *app_id (struct inos_view *view)
{
  return x11_of (view)->class;
}

static pid_t pid (struct inos_view *view)
{
  return x11_of (view)->pid;
}

static struct wlr_box geometry (struct inos_view *view)
{
  const struct wlr_surface *surface = view->surface;
  if (!surface)
    return (struct wlr_box){0, 0, inos_x11_size (view->compositor, x11_of (view)->width),
                            inos_x11_size (view->compositor, x11_of (view)->height)};
  return (struct wlr_box){0, 0, surface->current.width, surface->current.height};
}

static int limit (struct inos_view *view, int px)
{
  return px > 0 ? inos_x11_size (view->compositor, px) : 0;
}

static struct inos_size_limits limits (struct inos_view *view)
{
  const xcb_size_hints_t *hints = x11_of (view)->size_hints;
  struct inos_size_limits limits = {0};
  if (hints && hints->flags & XCB_ICCCM_SIZE_HINT_P_MIN_SIZE) {
    limits.min_width = limit (view, hints->min_width);
    limits.min_height = limit (view, hints->min_height);
  }
  if (hints && hints->flags & XCB_ICCCM_SIZE_HINT_P_MAX_SIZE) {
    limits.max_width = MAX (limit (view, hints->max_width), limits.min_width);
    limits.max_height = MAX (limit (view, hints->max_height), limits.min_height);
  }
  return limits;
}

static void configure (struct inos_view *view, int width, int height)
{
  wlr_xwayland_surface_configure (x11_of (view), (int16_t)inos_x11_px (view->compositor, view->x),
                                  (int16_t)inos_x11_px (view->compositor, view->y),
                                  (uint16_t)CLAMP (width, 1, INT16_MAX),
                                  (uint16_t)CLAMP (height, 1, INT16_MAX));
}

static void on_due (void *data)
{
  struct x11_view *view = data;
  struct wlr_xwayland_surface *x11 = view->x11;
  view->due = NULL;
  configure (&view->base, view->width ? view->width : x11->width,
             view->height ? view->height : x11->height);
  view->width = view->height = 0;
  wlr_xwayland_surface_set_maximized (x11, view->base.maximized);
  wlr_xwayland_surface_set_fullscreen (x11, view->base.fullscreen);
  wlr_xwayland_surface_set_minimized (x11, view->base.minimized);
}

/* A program may change its mind faster than the X server can follow, and writing to one that is
 * busy blocks us: what is asked for in one go is answered once. */
void inos_x11_view_tell_later (struct x11_view *view)
{
  if (!view->due)
    view->due = wl_event_loop_add_idle (view->base.compositor->loop, on_due, view);
}

/* A size of ours as X11 has it: one that its program gave stays what it is, to the pixel. */
static struct wlr_box px_of (struct x11_view *view, int width, int height)
{
  struct inos_compositor *compositor = view->base.compositor;
  const struct wlr_xwayland_surface *x11 = view->x11;
  struct inos_output *output = view->base.fullscreen ? inos_view_output (&view->base) : NULL;
  if (output && width == inos_output_box (output).width)
    return inos_x11_output_px (compositor, output->wlr);
  bool same_width = width == inos_x11_size (compositor, x11->width);
  bool same_height = height == inos_x11_size (compositor, x11->height);
  return (struct wlr_box){.width = same_width ? x11->width : inos_x11_px (compositor, width),
                          .height = same_height ? x11->height : inos_x11_px (compositor, height)};
}

static uint32_t resize (struct inos_view *base, int width, int height)
{
  struct x11_view *view = wl_container_of (base, view, base);
  struct wlr_box px = px_of (view, width, height);
  view->width = px.width;
  view->height = px.height;
  inos_x11_view_tell_later (view);
  return 0;
}

static struct inos_view *parent (struct inos_view *view)
{
  struct wlr_xwayland_surface *x11 = x11_of (view)->parent;
  struct x11_view *found = x11 ? x11->data : NULL;
  return found && found->base.mapped ? &found->base : NULL;
}

static void moved (struct inos_view *base)
{
  struct x11_view *view = wl_container_of (base, view, base);
  inos_x11_view_tell_later (view);
}

static void show_state (struct inos_view *base)
{
  struct x11_view *view = wl_container_of (base, view, base);
  if (view->was_activated != base->activated) {
    view->was_activated = base->activated;
    wlr_xwayland_surface_activate (view->x11, base->activated);
    if (base->activated)
      wlr_xwayland_surface_restack (view->x11, NULL, XCB_STACK_MODE_ABOVE);
  }
  inos_x11_view_tell_later (view);
}

static void send_close (struct inos_view *view)
{
  wlr_xwayland_surface_close (x11_of (view));
}

/* One that does not say that it answers is not asked, and never late. */
static bool can_answer (const struct wlr_xwayland_surface *x11, xcb_atom_t ping)
{
  for (size_t i = 0; i < x11->protocols_len; i++) {
    if (ping != XCB_ATOM_NONE && x11->protocols[i] == ping)
      return true;
  }
  return false;
}

static void ping (struct inos_view *base)
{
  const struct inos_x11_link *link = inos_xwayland_link (base->compositor);
  if (link && can_answer (x11_of (base), link->atoms[INOS_X11_NET_WM_PING]))
    wlr_xwayland_surface_ping (x11_of (base));
}

static bool answered (struct inos_view *view)
{
  return !x11_of (view)->pinging;
}

/* The process may be anybody's who says so; the connection is the window's own. */
static void end_client (struct inos_view *base)
{
  inos_xwayland_kill (base->compositor, x11_of (base)->window_id);
}

static const struct inos_view_impl impl = {
  .title = title,
  .app_id = app_id,
  .pid = pid,
  .geometry = geometry,
  .limits = limits,
  .resize = resize,
  .parent = parent,
  .moved = moved,
  .show_state = show_state,
  .close = send_close,
  .ping = ping,
  .answered = answered,
  .kill = end_client,
};

bool inos_x11_view_is (struct inos_view *view)
{
  return view->impl == &impl;
}

struct inos_view *inos_x11_view_find (struct inos_compositor *compositor, uint32_t window)
{
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (window && inos_x11_view_window (view) == window)
      return view;
  }
  return NULL;
}

uint32_t inos_x11_view_window (struct inos_view *view)
{
  return view->impl == &impl ? x11_of (view)->window_id : 0;
}

void inos_x11_view_restacked (struct inos_view *view, struct inos_view *sibling,
                              enum xcb_stack_mode_t mode)
{
  wlr_xwayland_surface_restack (x11_of (view), sibling ? x11_of (sibling) : NULL, mode);
}

bool inos_x11_is_menu_of (struct wlr_surface *surface, struct inos_view *view)
{
  const struct wlr_xwayland_surface *x11 = wlr_xwayland_surface_try_from_wlr_surface (surface);
  return x11 && x11->override_redirect && view->impl == &impl;
}

enum inos_x11_type inos_x11_view_type (struct x11_view *view)
{
  return inos_x11_types_look_up (inos_xwayland_types (view->base.compositor), view->x11);
}

/* X11 programs count on a title bar unless they say that they draw their own. */
static void decorate (struct x11_view *view)
{
  int rule = inos_rules_decoration (&view->base);
  bool titled = !(view->x11->decorations & WLR_XWAYLAND_SURFACE_DECORATIONS_NO_TITLE) &&
                inos_x11_view_type (view) < INOS_X11_BARE;
  inos_frame_set (&view->base, rule >= 0 ? rule : titled);
}

static void read_hints (struct x11_view *view)
{
  const xcb_icccm_wm_hints_t *hints = view->x11->hints;
  inos_view_set_urgent (&view->base, hints && hints->flags & XCB_ICCCM_WM_HINT_X_URGENCY);
}

static void handle_map (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, map);
  inos_xwayland_shown (view->base.compositor, true);
  if (view->x11->override_redirect) {
    inos_x11_menu_map (view);
    return;
  }
  view->scene = wlr_scene_subsurface_tree_create (view->base.tree, view->x11->surface);
  view->base.surface = view->x11->surface;
  view->base.surface->data = &view->base;
  view->base.modal = view->x11->modal;
  view->base.maximized = view->x11->maximized_horz && view->x11->maximized_vert;
  view->base.fullscreen = view->x11->fullscreen;
  view->base.floats = inos_x11_view_type (view) != INOS_X11_NORMAL;
  decorate (view);
  inos_view_mapped (&view->base);
  inos_x11_states_add (&view->base, view->states);
  read_hints (view);
}

static void handle_unmap (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, unmap);
  if (!view->unmanaged && view->base.mapped) {
    inos_view_unmapped (&view->base);
    view->base.surface->data = NULL;
    view->base.surface = NULL;
  }
  bool unmanaged = view->unmanaged;
  view->unmanaged = false;
  g_clear_pointer (&view->due, wl_event_source_remove);
  view->width = view->height = 0;
  if (view->scene) {
    wlr_scene_node_destroy (&view->scene->node);
    inos_xwayland_shown (view->base.compositor, false);
  }
  view->scene = NULL;
  inos_seats_refresh_cursor_later (view->base.compositor);
  if (unmanaged && !view->base.compositor->ending)
    inos_seats_refocus (view->base.compositor);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, commit);
  inos_view_committed (&view->base);
}

/* The X server tells us on two connections which surface a window has, so that its first picture
 * may be there already: wlroots maps it with the next one, which never comes before this one is
 * seen. */
static void handle_associate (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, associate);
  struct wlr_surface *surface = view->x11->surface;
  CONNECT_SIGNAL (surface, view, map);
  CONNECT_SIGNAL (surface, view, unmap);
  CONNECT_SIGNAL (surface, view, commit);
  if (wlr_surface_has_buffer (surface))
    wlr_surface_map (surface);
}

static void handle_dissociate (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, dissociate);
  handle_unmap (&view->unmap, NULL);
  DISCONNECT (view->map);
  DISCONNECT (view->unmap);
  DISCONNECT (view->commit);
}

static void handle_set_geometry (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, set_geometry);
  if (view->unmanaged)
    inos_x11_menu_place (view);
}

static void handle_ping_timeout (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, ping_timeout);
  inos_responsive_unanswered (&view->base);
}

static void handle_set_title (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, set_title);
  inos_view_changed (&view->base);
}

static void handle_set_class (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, set_class);
  inos_view_changed (&view->base);
}

static void handle_set_parent (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, set_parent);
  inos_view_parent_changed (&view->base);
}

static void handle_set_decorations (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, set_decorations);
  if (view->base.mapped)
    decorate (view);
}

static void handle_set_window_type (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, set_window_type);
  if (view->base.mapped)
    decorate (view);
}

static void handle_set_hints (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, set_hints);
  if (view->base.mapped)
    read_hints (view);
}

/* A window becomes a menu, or the other way round. */
static void handle_set_override_redirect (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, set_override_redirect);
  if (!view->scene || view->unmanaged == view->x11->override_redirect)
    return;
  handle_unmap (&view->unmap, NULL);
  handle_map (&view->map, NULL);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, destroy);
  handle_dissociate (&view->dissociate, NULL);
  g_clear_pointer (&view->due, wl_event_source_remove);
  inos_x11_requests_disconnect (view);
  DISCONNECT (view->associate);
  DISCONNECT (view->dissociate);
  DISCONNECT (view->destroy);
  DISCONNECT (view->set_title);
  DISCONNECT (view->set_class);
  DISCONNECT (view->set_parent);
  DISCONNECT (view->set_geometry);
  DISCONNECT (view->set_decorations);
  DISCONNECT (view->set_window_type);
  DISCONNECT (view->set_hints);
  DISCONNECT (view->set_override_redirect);
  DISCONNECT (view->ping_timeout);
  view->x11->data = NULL;
  inos_view_finish (&view->base);
  g_free (view);
}

void inos_x11_view_create (struct inos_compositor *compositor, struct wlr_xwayland_surface *x11)
{
  struct x11_view *view = g_new0 (struct x11_view, 1);
  view->x11 = x11;
  x11->data = view;
  inos_view_init (&view->base, compositor, &impl);
  inos_x11_requests_connect (view);
  CONNECT_SIGNAL (x11, view, associate);
  CONNECT_SIGNAL (x11, view, dissociate);
  CONNECT_SIGNAL (x11, view, destroy);
  CONNECT_SIGNAL (x11, view, set_title);
  CONNECT_SIGNAL (x11, view, set_class);
  CONNECT_SIGNAL (x11, view, set_parent);
  CONNECT_SIGNAL (x11, view, set_geometry);
  CONNECT_SIGNAL (x11, view, set_decorations);
  CONNECT_SIGNAL (x11, view, set_window_type);
  CONNECT_SIGNAL (x11, view, set_hints);
  CONNECT_SIGNAL (x11, view, set_override_redirect);
  CONNECT_SIGNAL (x11, view, ping_timeout);
}
