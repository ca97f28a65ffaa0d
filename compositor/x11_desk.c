#include "x11_desk.h"

#include <string.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/xwayland/xwayland.h>

#include "listener.h"
#include "output.h"
#include "view.h"
#include "window_frame.h"
#include "workspace.h"
#include "x11_restack.h"
#include "x11_scale.h"
#include "x11_state.h"
#include "x11_view.h"

enum {
  ALL_DESKTOPS = 0xFFFFFFFF,
  STATIC_GRAVITY = 10,
  SOURCE_PROGRAM = 1, /* the program itself asks; tools that people use say 2, or nothing */
};

/* What of a window the X server was told. */
struct told {
  uint32_t desktop, extents[4], states;
};

/* What of the desk it was told. */
struct area {
  uint32_t count, current, width, height;
  struct wlr_box usable;
};

struct inos_x11_desk {
  struct inos_x11_link *link;
  GHashTable *windows; /* owned struct told by the number of the window */
  struct area area;
  char *names; /* of workspaces, each with its zero; may be NULL */
  size_t names_length;
  struct wl_event_source *due; /* NULL: all is told */
  struct wl_listener view_map, view_unmap, view_change, workspace_change, output_change, output_add,
    output_remove, config_change;
};

static struct inos_view *find (struct inos_x11_desk *desk, xcb_window_t window)
{
  return inos_x11_view_find (desk->link->compositor, window);
}

static void set_extents (struct inos_x11_desk *desk, xcb_window_t window, const uint32_t *extents)
{
  inos_x11_set (desk->link, window, INOS_X11_NET_FRAME_EXTENTS, XCB_ATOM_CARDINAL, extents, 4);
}

/* What the frame takes: left, right, top, bottom. */
static void extents_of (struct inos_view *view, uint32_t extents[4])
{
  const struct inos_compositor *compositor = view->compositor;
  struct wlr_box outer = inos_frame_outer (view, (struct wlr_box){0, 0, 100, 100});
  extents[0] = (uint32_t)inos_x11_px (compositor, -outer.x);
  extents[1] = (uint32_t)inos_x11_px (compositor, outer.width - 100 + outer.x);
  extents[2] = (uint32_t)inos_x11_px (compositor, -outer.y);
  extents[3] = (uint32_t)inos_x11_px (compositor, outer.height - 100 + outer.y);
}

/* A program wants to know before it shows its window; it has a title bar, as most do. */
static void tell_usual_extents (struct inos_x11_desk *desk, xcb_window_t window)
{
  struct inos_compositor *compositor = desk->link->compositor;
  uint32_t title = (uint32_t)inos_x11_px (compositor, inos_frame_title (compositor));
  uint32_t line = (uint32_t)inos_x11_px (compositor, INOS_FRAME_LINE);
  const uint32_t extents[] = {line, line, title, line};
  set_extents (desk, window, extents);
}

static void tell_window (struct inos_x11_desk *desk, struct inos_view *view, xcb_window_t window)
{
  struct told *told = g_hash_table_lookup (desk->windows, GUINT_TO_POINTER (window));
  struct told now = {.desktop = view->sticky ? ALL_DESKTOPS : view->workspace,
                     .states = inos_x11_states_of (view)};
  if (!told)
    return;
  extents_of (view, now.extents);
  if (now.desktop != told->desktop)
    inos_x11_set (desk->link, window, INOS_X11_NET_WM_DESKTOP, XCB_ATOM_CARDINAL, &now.desktop, 1);
  if (memcmp (now.extents, told->extents, sizeof now.extents) != 0)
    set_extents (desk, window, now.extents);
  if (now.states != told->states)
    inos_x11_states_look (desk->link, window);
  *told = now;
}

static char *names_of (struct inos_compositor *compositor, size_t *length)
{
  GString *names = g_string_new (NULL);
  for (unsigned int i = 0; i < compositor->workspaces->len; i++) {
    const struct inos_workspace *workspace = g_ptr_array_index (compositor->workspaces, i);
    g_string_append_len (names, workspace->name, (gssize)strlen (workspace->name) + 1);
  }
  *length = names->len;
  return g_string_free (names, FALSE);
}

static struct area area_of (struct inos_compositor *compositor)
{
  struct inos_output *active = inos_output_active (compositor);
  struct wlr_box box;
  wlr_output_layout_get_box (compositor->layout, NULL, &box);
  return (struct area){
    .count = compositor->workspaces->len,
    .current = inos_workspace_of_output (compositor, active),
    .width = (uint32_t)inos_x11_px (compositor, MAX (box.x + box.width, 0)),
    .height = (uint32_t)inos_x11_px (compositor, MAX (box.y + box.height, 0)),
    .usable = inos_x11_box_px (compositor, active ? active->usable : box),
  };
}

/* One place of each workspace after the other, the same for all of them. */
static void tell_for_each (struct inos_x11_desk *desk, enum inos_x11_atom property,
                           const uint32_t *values, size_t count)
{
  g_autofree uint32_t *all = g_new0 (uint32_t, desk->area.count *count + 1);
  for (size_t i = 0; i < desk->area.count * count; i++)
    all[i] = values[i % count];
  inos_x11_set (desk->link, desk->link->screen->root, property, XCB_ATOM_CARDINAL, all,
                desk->area.count * count);
}

static void tell_names (struct inos_x11_desk *desk)
{
  struct inos_x11_link *link = desk->link;
  size_t length;
  g_autofree char *names = names_of (link->compositor, &length);
  if (desk->names && length == desk->names_length && memcmp (names, desk->names, length) == 0)
    return;
  xcb_change_property (link->connection, XCB_PROP_MODE_REPLACE, link->screen->root,
                       link->atoms[INOS_X11_NET_DESKTOP_NAMES], link->atoms[INOS_X11_UTF8_STRING],
                       8, (uint32_t)length, names);
  g_free (desk->names);
  desk->names = g_steal_pointer (&names);
  desk->names_length = length;
}

static void tell_area (struct inos_x11_desk *desk)
{
  struct inos_x11_link *link = desk->link;
  const xcb_window_t root = link->screen->root;
  struct area now = area_of (link->compositor), last = desk->area;
  desk->area = now;
  tell_names (desk);
  if (now.count != last.count) {
    inos_x11_set (link, root, INOS_X11_NET_NUMBER_OF_DESKTOPS, XCB_ATOM_CARDINAL, &now.count, 1);
    tell_for_each (desk, INOS_X11_NET_DESKTOP_VIEWPORT, (const uint32_t[]){0, 0}, 2);
  }
  if (now.current != last.current || now.count != last.count)
    inos_x11_set (link, root, INOS_X11_NET_CURRENT_DESKTOP, XCB_ATOM_CARDINAL, &now.current, 1);
  if (now.width != last.width || now.height != last.height)
    inos_x11_set (link, root, INOS_X11_NET_DESKTOP_GEOMETRY, XCB_ATOM_CARDINAL,
                  (const uint32_t[]){now.width, now.height}, 2);
  if (!wlr_box_equal (&now.usable, &last.usable) || now.count != last.count) {
    const struct wlr_box *box = &now.usable;
    const uint32_t values[] = {(uint32_t)box->x, (uint32_t)box->y, (uint32_t)box->width,
                               (uint32_t)box->height};
    tell_for_each (desk, INOS_X11_NET_WORKAREA, values, G_N_ELEMENTS (values));
  }
}

static void on_due (void *data)
{
  struct inos_x11_desk *desk = data;
  struct inos_view *view;
  desk->due = NULL;
  tell_area (desk);
  wl_list_for_each (view, &desk->link->compositor->views, link) {
    xcb_window_t window = inos_x11_view_window (view);
    if (window)
      tell_window (desk, view, window);
  }
  inos_x11_flush (desk->link);
}

/* All that changes in one go is told at once, and only what is new. */
static void tell_later (struct inos_x11_desk *desk)
{
  if (!desk->due && !desk->link->compositor->ending)
    desk->due = wl_event_loop_add_idle (desk->link->compositor->loop, on_due, desk);
}

void inos_x11_desk_update (struct inos_x11_desk *desk)
{
  tell_later (desk);
}

static void move_window (struct inos_x11_desk *desk, struct inos_view *view, const uint32_t *data)
{
  const struct inos_compositor *compositor = view->compositor;
  struct wlr_box box = inos_view_box (view), outer = inos_frame_outer (view, box);
  bool inner = (data[0] & 0xFF) == STATIC_GRAVITY;
  if (!inos_view_is_floating (view))
    return;
  if (data[0] & 1 << 8)
    box.x = inos_x11_place (compositor, (int16_t)data[1]) + (inner ? 0 : box.x - outer.x);
  if (data[0] & 1 << 9)
    box.y = inos_x11_place (compositor, (int16_t)data[2]) + (inner ? 0 : box.y - outer.y);
  if (data[0] & (1 << 8 | 1 << 9))
    inos_view_move (view, box.x, box.y);
  if (data[0] & (1 << 10 | 1 << 11))
    inos_x11_view_ask_size (view, data[0] & 1 << 10 ? (int)CLAMP (data[3], 1, INT16_MAX) : 0,
                            data[0] & 1 << 11 ? (int)CLAMP (data[4], 1, INT16_MAX) : 0);
}

/* A program may have a window of its own step back; only tools, and the program that is used, may
 * have one come forward. */
static void restack_window (struct inos_x11_desk *desk, struct inos_view *view,
                            const uint32_t *data)
{
  struct inos_view *sibling = find (desk, data[1]);
  bool forward = data[2] != XCB_STACK_MODE_BELOW && data[2] != XCB_STACK_MODE_BOTTOM_IF;
  if ((data[1] && !sibling) || sibling == view || data[2] > XCB_STACK_MODE_OPPOSITE)
    return;
  if (!forward || data[0] != SOURCE_PROGRAM || inos_x11_view_is_used (view))
    inos_x11_restack (view, sibling, (enum xcb_stack_mode_t)data[2]);
}

static void send_to_desktop (struct inos_view *view, uint32_t desktop)
{
  if (desktop == ALL_DESKTOPS) {
    inos_view_set_sticky (view, true);
  } else if (desktop < view->compositor->workspaces->len) {
    inos_view_set_sticky (view, false);
    inos_view_set_workspace (view, desktop);
  }
}

static void handle_message (struct inos_x11_desk *desk, const xcb_client_message_event_t *event)
{
  struct inos_x11_link *link = desk->link;
  const uint32_t *data = event->data.data32;
  if (event->format != 32)
    return;
  if (event->type == link->atoms[INOS_X11_NET_CURRENT_DESKTOP]) {
    inos_workspace_switch (link->compositor, data[0]);
    return;
  }
  if (event->type == link->atoms[INOS_X11_NET_REQUEST_FRAME_EXTENTS]) {
    tell_usual_extents (desk, event->window);
    return;
  }
  struct inos_view *view = find (desk, event->window);
  if (!view)
    return;
  if (event->type == link->atoms[INOS_X11_NET_CLOSE_WINDOW])
    inos_view_close (view);
  else if (event->type == link->atoms[INOS_X11_NET_MOVERESIZE_WINDOW])
    move_window (desk, view, data);
  else if (event->type == link->atoms[INOS_X11_NET_WM_DESKTOP])
    send_to_desktop (view, data[0]);
  else if (event->type == link->atoms[INOS_X11_NET_WM_STATE])
    inos_x11_states_change (link, view, data);
  else if (event->type == link->atoms[INOS_X11_NET_RESTACK_WINDOW])
    restack_window (desk, view, data);
  else if (event->type == link->atoms[INOS_X11_NET_ACTIVE_WINDOW] && data[0] != SOURCE_PROGRAM &&
           !link->compositor->locked)
    inos_view_focus (view);
}

void inos_x11_desk_event (struct inos_x11_desk *desk, xcb_generic_event_t *event)
{
  switch (event->response_type & ~0x80) {
  case XCB_CLIENT_MESSAGE:
    handle_message (desk, (const xcb_client_message_event_t *)event);
    break;
  case XCB_PROPERTY_NOTIFY: {
    const xcb_property_notify_event_t *property = (const xcb_property_notify_event_t *)event;
    if (property->atom == desk->link->atoms[INOS_X11_NET_WM_STATE] && find (desk, property->window))
      inos_x11_states_look (desk->link, property->window);
    break;
  }
  default: /* is not for a window manager */
    break;
  }
}

static void tell_actions (struct inos_x11_desk *desk, xcb_window_t window)
{
  uint32_t actions[INOS_X11_ATOM_COUNT];
  size_t count = 0;
  for (size_t i = INOS_X11_NET_WM_ACTION_MOVE; i <= INOS_X11_NET_WM_ACTION_BELOW; i++)
    actions[count++] = desk->link->atoms[i];
  inos_x11_set (desk->link, window, INOS_X11_NET_WM_ALLOWED_ACTIONS, XCB_ATOM_ATOM, actions, count);
}

static void watch (struct inos_x11_desk *desk, struct inos_view *view)
{
  xcb_window_t window = inos_x11_view_window (view);
  if (!window)
    return;
  struct told *told = g_new0 (struct told, 1);
  told->desktop = ALL_DESKTOPS - 1; /* none */
  g_hash_table_replace (desk->windows, GUINT_TO_POINTER (window), told);
  xcb_change_window_attributes (desk->link->connection, window, XCB_CW_EVENT_MASK,
                                (const uint32_t[]){XCB_EVENT_MASK_PROPERTY_CHANGE});
  tell_actions (desk, window);
  tell_later (desk);
}

static void handle_view_map (struct wl_listener *listener, void *data)
{
  struct inos_x11_desk *desk = wl_container_of (listener, desk, view_map);
  watch (desk, data);
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct inos_x11_desk *desk = wl_container_of (listener, desk, view_unmap);
  g_hash_table_remove (desk->windows, GUINT_TO_POINTER (inos_x11_view_window (data)));
}

#define TELL_LATER(name)                                                                           \
  static void handle_##name (struct wl_listener *listener, void *data)                             \
  {                                                                                                \
    struct inos_x11_desk *desk = wl_container_of (listener, desk, name);                           \
    tell_later (desk);                                                                             \
  }
TELL_LATER (view_change)
TELL_LATER (workspace_change)
TELL_LATER (output_change)
TELL_LATER (output_add)
TELL_LATER (output_remove)
TELL_LATER (config_change)

static void say_supported (struct inos_x11_desk *desk)
{
  struct inos_x11_link *link = desk->link;
  uint32_t atoms[INOS_X11_ATOM_COUNT];
  size_t count = 0;
  for (size_t i = INOS_X11_NET_CLOSE_WINDOW; i <= INOS_X11_NET_REQUEST_FRAME_EXTENTS; i++)
    atoms[count++] = link->atoms[i];
  xcb_change_property (link->connection, XCB_PROP_MODE_APPEND, link->screen->root,
                       link->atoms[INOS_X11_NET_SUPPORTED], XCB_ATOM_ATOM, 32, (uint32_t)count,
                       atoms);
}

struct inos_x11_desk *inos_x11_desk_create (struct inos_x11_link *link)
{
  struct inos_compositor *compositor = link->compositor;
  struct inos_x11_desk *desk = g_new0 (struct inos_x11_desk, 1);
  desk->link = link;
  desk->windows = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  desk->area.current = ALL_DESKTOPS;
  /* Tools send what they ask for to the root window. */
  xcb_change_window_attributes (link->connection, link->screen->root, XCB_CW_EVENT_MASK,
                                (const uint32_t[]){XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY});
  say_supported (desk);
  CONNECT_SIGNAL (compositor, desk, view_map);
  CONNECT_SIGNAL (compositor, desk, view_unmap);
  CONNECT_SIGNAL (compositor, desk, view_change);
  CONNECT_SIGNAL (compositor, desk, workspace_change);
  CONNECT_SIGNAL (compositor, desk, output_change);
  CONNECT_SIGNAL (compositor, desk, output_add);
  CONNECT_SIGNAL (compositor, desk, output_remove);
  CONNECT_SIGNAL (compositor, desk, config_change);
  tell_area (desk);
  return desk;
}

void inos_x11_desk_destroy (struct inos_x11_desk *desk)
{
  if (!desk)
    return;
  DISCONNECT (desk->view_map);
  DISCONNECT (desk->view_unmap);
  DISCONNECT (desk->view_change);
  DISCONNECT (desk->workspace_change);
  DISCONNECT (desk->output_change);
  DISCONNECT (desk->output_add);
  DISCONNECT (desk->output_remove);
  DISCONNECT (desk->config_change);
  if (desk->due)
    wl_event_source_remove (desk->due);
  g_hash_table_unref (desk->windows);
  g_free (desk->names);
  g_free (desk);
}
