#include "x11_view.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/xwayland/xwayland.h>

#include "grab.h"
#include "listener.h"
#include "responsive.h"
#include "rule.h"
#include "seats.h"
#include "view.h"
#include "window_frame.h"
#include "x11_desk.h"
#include "x11_scale.h"
#include "xwayland.h"

enum { SIZE_MOST = 8192 /* px of a window's width and height that are always granted */ };

struct x11_view {
  struct inos_view base;
  struct wlr_xwayland_surface *x11;
  /* A menu or tooltip, which its program puts where it wants: no view of it is ever mapped. */
  bool unmanaged;
  struct wlr_scene_tree *scene; /* may be NULL: of the surface, or of one that is unmanaged */
  struct wl_event_source *due;  /* NULL: the X server has been told all */
  int width, height;            /* X11's px, to be told; 0: as it is */
  bool was_activated;           /* as it was told */
  uint32_t states;              /* what it asks to be, see x11_desk.h */

  struct wl_listener map_request, associate, dissociate, map, unmap, commit, destroy;
  struct wl_listener request_configure, request_maximize, request_fullscreen, request_minimize,
    request_activate, request_move, request_resize, set_title, set_class, set_parent, set_geometry,
    set_decorations, set_window_type, set_hints, set_override_redirect, ping_timeout;
};

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
static void tell_later (struct x11_view *view)
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
  tell_later (view);
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
  tell_later (view);
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
  tell_later (view);
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

bool inos_x11_is_menu_of (struct wlr_surface *surface, struct inos_view *view)
{
  const struct wlr_xwayland_surface *x11 = wlr_xwayland_surface_try_from_wlr_surface (surface);
  return x11 && x11->override_redirect && view->impl == &impl;
}

static enum inos_x11_type type_of (struct x11_view *view)
{
  return inos_x11_types_look_up (inos_xwayland_types (view->base.compositor), view->x11);
}

/* X11 programs count on a title bar unless they say that they draw their own. */
static void decorate (struct x11_view *view)
{
  int rule = inos_rules_decoration (&view->base);
  bool titled = !(view->x11->decorations & WLR_XWAYLAND_SURFACE_DECORATIONS_NO_TITLE) &&
                type_of (view) < INOS_X11_BARE;
  inos_frame_set (&view->base, rule >= 0 ? rule : titled);
}

static void read_hints (struct x11_view *view)
{
  const xcb_icccm_wm_hints_t *hints = view->x11->hints;
  inos_view_set_urgent (&view->base, hints && hints->flags & XCB_ICCCM_WM_HINT_X_URGENCY);
}

/* What is dragged lies under the pointer, and is not what that points at. */
static bool accept_none (struct wlr_scene_buffer *buffer, double *sx, double *sy)
{
  return false;
}

static void let_through (struct wlr_scene_buffer *buffer, int sx, int sy, void *data)
{
  buffer->point_accepts_input = accept_none;
}

static void place_unmanaged (struct x11_view *view)
{
  const struct inos_compositor *compositor = view->base.compositor;
  wlr_scene_node_set_position (&view->scene->node, inos_x11_place (compositor, view->x11->x),
                               inos_x11_place (compositor, view->x11->y));
}

/* One that its program places; the keyboard goes only to those that may be typed into. */
static void map_unmanaged (struct x11_view *view)
{
  struct inos_compositor *compositor = view->base.compositor;
  view->unmanaged = true;
  view->scene = wlr_scene_subsurface_tree_create (compositor->layers[INOS_LAYER_FULLSCREEN],
                                                  view->x11->surface);
  place_unmanaged (view);
  if (type_of (view) == INOS_X11_DRAGGED)
    wlr_scene_node_for_each_buffer (&view->scene->node, let_through, NULL);
  inos_seats_refresh_cursor_later (compositor);
  if (wlr_xwayland_or_surface_wants_focus (view->x11) &&
      wlr_xwayland_icccm_input_model (view->x11) != WLR_ICCCM_INPUT_MODEL_NONE)
    inos_seat_lend_focus (inos_seats_opener (&view->base), view->x11->surface);
}

static void handle_map (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, map);
  inos_xwayland_shown (view->base.compositor, true);
  if (view->x11->override_redirect) {
    map_unmanaged (view);
    return;
  }
  view->scene = wlr_scene_subsurface_tree_create (view->base.tree, view->x11->surface);
  view->base.surface = view->x11->surface;
  view->base.surface->data = &view->base;
  view->base.modal = view->x11->modal;
  view->base.maximized = view->x11->maximized_horz && view->x11->maximized_vert;
  view->base.fullscreen = view->x11->fullscreen;
  view->base.floats = type_of (view) != INOS_X11_NORMAL;
  decorate (view);
  inos_view_mapped (&view->base);
  inos_x11_desk_add (&view->base, view->states);
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

/* A window far larger than the desktop would only take memory, of which the X server has to make
 * all at once. */
static struct wlr_box size_most (struct x11_view *view)
{
  struct wlr_box box;
  wlr_output_layout_get_box (view->base.compositor->layout, NULL, &box);
  box = inos_x11_box_px (view->base.compositor, box);
  return (struct wlr_box){0, 0, MAX (box.width, SIZE_MOST), MAX (box.height, SIZE_MOST)};
}

static void handle_map_request (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, map_request);
  struct wlr_xwayland_surface *x11 = view->x11;
  struct wlr_box most = size_most (view);
  if (x11->width > most.width || x11->height > most.height)
    wlr_xwayland_surface_configure (x11, x11->x, x11->y, (uint16_t)MIN (x11->width, most.width),
                                    (uint16_t)MIN (x11->height, most.height));
  const struct inos_x11_link *link = inos_xwayland_link (view->base.compositor);
  view->states = link ? inos_x11_desk_read (link->desk, x11->window_id) : 0;
}

void inos_x11_view_ask_size (struct inos_view *base, int width, int height)
{
  struct x11_view *view = wl_container_of (base, view, base);
  struct wlr_box most = size_most (view);
  if (inos_view_is_floating (base)) {
    view->width = MIN (width, most.width);
    view->height = MIN (height, most.height);
  }
  tell_later (view);
}

/* A window that is not yet shown may be where it likes; later it may ask for a size alone. */
static void handle_request_configure (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_configure);
  const struct wlr_xwayland_surface_configure_event *event = data;
  struct wlr_box most = size_most (view);
  int width = MIN (event->width, most.width), height = MIN (event->height, most.height);
  if (!view->base.mapped)
    wlr_xwayland_surface_configure (view->x11, event->x, event->y, (uint16_t)width,
                                    (uint16_t)height);
  else
    inos_x11_view_ask_size (&view->base, width, height);
}

static void handle_set_geometry (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, set_geometry);
  if (view->unmanaged)
    place_unmanaged (view);
}

static void handle_request_maximize (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_maximize);
  if (view->base.mapped)
    inos_view_set_maximized (&view->base, view->x11->maximized_horz && view->x11->maximized_vert);
}

static void handle_request_fullscreen (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_fullscreen);
  if (view->base.mapped)
    inos_view_set_fullscreen (&view->base, view->x11->fullscreen, NULL);
}

static void handle_request_minimize (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_minimize);
  const struct wlr_xwayland_minimize_event *event = data;
  if (view->base.mapped)
    inos_view_set_minimized (&view->base, event->minimize);
}

/* Only a program that a person uses already may bring another of its windows to the front; others
 * may say that they have something new. */
static void handle_request_activate (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_activate);
  struct inos_seat *seat = inos_seats_opener (&view->base);
  struct inos_view *active = seat->active;
  if (!view->base.mapped)
    return;
  if (active && active->impl == &impl && pid (active) == view->x11->pid)
    inos_seat_focus_view (seat, &view->base);
  else
    inos_view_set_urgent (&view->base, true);
}

/* X11 gives no serial to compare: a button must be down on the window. */
static struct inos_seat *holder (struct x11_view *view)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->base.compositor->seats, link) {
    if (view->base.mapped && seat->pressed && seat->active == &view->base)
      return seat;
  }
  return NULL;
}

static void handle_request_move (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_move);
  struct inos_seat *seat = holder (view);
  if (seat)
    inos_grab_move (seat, &view->base);
}

static void handle_request_resize (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_resize);
  const struct wlr_xwayland_resize_event *event = data;
  struct inos_seat *seat = holder (view);
  if (seat)
    inos_grab_resize (seat, &view->base, event->edges);
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
  DISCONNECT (view->map_request);
  DISCONNECT (view->associate);
  DISCONNECT (view->dissociate);
  DISCONNECT (view->destroy);
  DISCONNECT (view->request_configure);
  DISCONNECT (view->request_maximize);
  DISCONNECT (view->request_fullscreen);
  DISCONNECT (view->request_minimize);
  DISCONNECT (view->request_activate);
  DISCONNECT (view->request_move);
  DISCONNECT (view->request_resize);
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
  CONNECT_SIGNAL (x11, view, map_request);
  CONNECT_SIGNAL (x11, view, associate);
  CONNECT_SIGNAL (x11, view, dissociate);
  CONNECT_SIGNAL (x11, view, destroy);
  CONNECT_SIGNAL (x11, view, request_configure);
  CONNECT_SIGNAL (x11, view, request_maximize);
  CONNECT_SIGNAL (x11, view, request_fullscreen);
  CONNECT_SIGNAL (x11, view, request_minimize);
  CONNECT_SIGNAL (x11, view, request_activate);
  CONNECT_SIGNAL (x11, view, request_move);
  CONNECT_SIGNAL (x11, view, request_resize);
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
