#include "x11_drag.h"

#include <string.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/xwayland/server.h>
#include <wlr/xwayland/xwayland.h>
#include <xcb/xfixes.h>

#include "listener.h"
#include "seat.h"
#include "x11_offer.h"
#include "x11_transfer.h"
#include "xwayland.h"

enum {
  VERSION = 5,
  OLDEST = 3,
  WHOLE_SCREEN = 32767,
  DECIDES_MS = 2000,  /* that a program has to say what becomes of it when the button is up */
  ENTERS_MS = 300,    /* and to notice that it is over us */
  FINISHES_MS = 60000 /* that the receiver has to take it all */
};

struct inos_x11_drag {
  struct inos_x11_link *link;
  struct inos_x11_transfers *transfers;
  struct inos_seat *seat; /* that drags; NULL: none does */
  xcb_window_t proxy;
  bool covers;                  /* the proxy is above all X11 windows */
  xcb_window_t owner;           /* of what is dragged; XCB_WINDOW_NONE: nothing is */
  xcb_window_t source;          /* whose drag is over the proxy, or XCB_WINDOW_NONE */
  xcb_timestamp_t time;         /* of what a person did last in it */
  struct inos_x11_offer *offer; /* may be NULL: nothing has come over the proxy */
  uint32_t wanted;              /* enum wl_data_device_manager_dnd_action */
  struct wlr_drag *wlr;         /* may be NULL: the offer is not yet known */
  struct wl_event_source *timer;
  bool released;
  struct wl_list sources; /* struct source.link */

  struct wl_listener wlr_gone;
};

/* What is dropped, and is read by its receiver; a new drag may begin meanwhile. */
struct source {
  struct wlr_data_source base;
  struct wl_list link;
  struct inos_x11_drag *drag;
  struct inos_x11_offer *offer;
  xcb_window_t window; /* of the X11 program */
  xcb_timestamp_t time;
  bool dropped, finished;
  struct wl_event_source *late, *over; /* may be NULL */
};

static void send_to (struct inos_x11_drag *drag, xcb_window_t window, enum inos_x11_atom type,
                     uint32_t second, uint32_t third, uint32_t fifth)
{
  struct inos_x11_link *link = drag->link;
  const xcb_client_message_event_t event = {
    .response_type = XCB_CLIENT_MESSAGE,
    .format = 32,
    .window = window,
    .type = link->atoms[type],
    .data.data32 = {drag->proxy, second, third, 0, fifth},
  };
  xcb_send_event (link->connection, 0, window, XCB_EVENT_MASK_NO_EVENT, (const char *)&event);
  inos_x11_flush (link);
}

static void send_finished (struct inos_x11_drag *drag, xcb_window_t window, uint32_t action)
{
  send_to (drag, window, INOS_X11_XDND_FINISHED, action ? 1 : 0,
           inos_x11_offer_atom (drag->link, action), 0);
}

/* Whether what is under the pointer would take it, and what it would do. */
static void send_status (struct inos_x11_drag *drag)
{
  const struct wlr_data_source *source = drag->wlr ? drag->wlr->source : NULL;
  bool takes = source && drag->wlr->focus && source->accepted && source->current_dnd_action;
  if (drag->source)
    send_to (drag, drag->source, INOS_X11_XDND_STATUS, (takes ? 1 : 0) | 2, 0,
             takes ? inos_x11_offer_atom (drag->link, source->current_dnd_action) : 0);
}

static void source_send (struct wlr_data_source *base, const char *mime, int32_t fd)
{
  struct source *source = wl_container_of (base, source, base);
  inos_x11_offer_send (source->offer, source->drag->transfers, mime, source->time, fd);
}

static void source_accept (struct wlr_data_source *base, uint32_t serial, const char *mime)
{
  struct source *source = wl_container_of (base, source, base);
  if (!source->dropped)
    send_status (source->drag);
}

static void source_action (struct wlr_data_source *base,
                           enum wl_data_device_manager_dnd_action action)
{
  struct source *source = wl_container_of (base, source, base);
  if (!source->dropped)
    send_status (source->drag);
}

static void on_over (void *data)
{
  struct source *source = data;
  source->over = NULL;
  wlr_data_source_destroy (&source->base);
}

/* Receivers that are of an old version do not let go of it themselves. */
static void source_finish (struct wlr_data_source *base)
{
  struct source *source = wl_container_of (base, source, base);
  if (!source->dropped || source->finished)
    return;
  source->finished = true;
  send_finished (source->drag, source->window, base->current_dnd_action);
  source->over = wl_event_loop_add_idle (source->drag->link->compositor->loop, on_over, source);
}

static int on_late (void *data)
{
  struct source *source = data;
  if (inos_x11_transfers_busy (source->drag->transfers))
    wl_event_source_timer_update (source->late, FINISHES_MS);
  else
    wlr_data_source_destroy (&source->base);
  return 0;
}

static void source_drop (struct wlr_data_source *base)
{
  struct source *source = wl_container_of (base, source, base);
  source->dropped = true;
  source->time = source->drag->time;
  source->late = wl_event_loop_add_timer (source->drag->link->compositor->loop, on_late, source);
  wl_event_source_timer_update (source->late, FINISHES_MS);
}

static void source_destroy (struct wlr_data_source *base)
{
  struct source *source = wl_container_of (base, source, base);
  if (source->dropped && !source->finished)
    send_finished (source->drag, source->window, 0);
  g_clear_pointer (&source->late, wl_event_source_remove);
  g_clear_pointer (&source->over, wl_event_source_remove);
  inos_x11_offer_unref (source->offer);
  wl_list_remove (&source->link);
  g_free (source);
}

static const struct wlr_data_source_impl source_impl = {
  .send = source_send,
  .accept = source_accept,
  .destroy = source_destroy,
  .dnd_drop = source_drop,
  .dnd_finish = source_finish,
  .dnd_action = source_action,
};

static void handle_wlr_gone (struct wl_listener *listener, void *data)
{
  struct inos_x11_drag *drag = wl_container_of (listener, drag, wlr_gone);
  DISCONNECT (drag->wlr_gone);
  drag->wlr = NULL;
}

/* wlroots tells what is under the pointer of a drag whose grabs are not begun: the X11 program
 * keeps the pointer and the keyboard. The seat's own start would take the selection from that
 * program. */
static bool make_wlr_drag (struct inos_x11_drag *drag)
{
  struct wlr_seat *seat = drag->seat->wlr;
  struct wlr_seat_client *client =
    wlr_seat_client_for_wl_client (seat, drag->link->xwayland->server->client);
  if (seat->drag || !client)
    return false;
  struct source *source = g_new0 (struct source, 1);
  wlr_data_source_init (&source->base, &source_impl);
  source->drag = drag;
  wl_list_insert (&drag->sources, &source->link);
  source->offer = inos_x11_offer_ref (drag->offer);
  source->window = drag->source;
  source->base.actions = (int32_t)inos_x11_offer_actions (drag->offer, drag->wanted);
  source->base.compositor_action = drag->wanted;
  inos_x11_offer_list (drag->offer, &source->base.mime_types);
  drag->wlr = wlr_drag_create (client, &source->base, NULL);
  if (!drag->wlr) {
    wlr_data_source_destroy (&source->base);
    return false;
  }
  drag->wlr->grab_type = WLR_DRAG_GRAB_KEYBOARD;
  drag->wlr->pointer_grab.seat = seat;
  drag->wlr->started = true;
  seat->drag = drag->wlr;
  CONNECT_TO (&drag->wlr->events.destroy, drag, wlr_gone);
  return true;
}

static void end_wlr_drag (struct inos_x11_drag *drag)
{
  if (drag->wlr)
    wlr_data_source_destroy (drag->wlr->source);
}

static void point (struct inos_x11_drag *drag, struct wlr_surface *surface, double sx, double sy,
                   uint32_t time)
{
  if (!drag->wlr)
    return;
  struct wlr_seat_pointer_grab *grab = &drag->wlr->pointer_grab;
  if (!surface || !drag->source) {
    grab->interface->clear_focus (grab);
    return;
  }
  grab->interface->enter (grab, surface, sx, sy);
  grab->interface->motion (grab, time, sx, sy);
}

static void cover (struct inos_x11_drag *drag, bool covers)
{
  xcb_connection_t *connection = drag->link->connection;
  if (drag->covers == covers)
    return;
  drag->covers = covers;
  if (covers) {
    xcb_configure_window (connection, drag->proxy, XCB_CONFIG_WINDOW_STACK_MODE,
                          (const uint32_t[]){XCB_STACK_MODE_ABOVE});
    xcb_map_window (connection, drag->proxy);
  } else {
    xcb_unmap_window (connection, drag->proxy);
  }
  inos_x11_flush (drag->link);
}

/* Finds what is under the pointer, tells it, and puts the proxy there, unless it is X11's. */
static void look (struct inos_x11_drag *drag, uint32_t time)
{
  struct inos_compositor *compositor = drag->link->compositor;
  struct inos_seat *seat = drag->seat;
  double sx, sy;
  struct wlr_surface *surface =
    inos_seat_surface_at (seat, seat->cursor->x, seat->cursor->y, &sx, &sy);
  bool x11 =
    surface && inos_xwayland_is_server (compositor, wl_resource_get_client (surface->resource));
  cover (drag, !x11);
  point (drag, x11 ? NULL : surface, sx, sy, time);
}

static void look_now (struct inos_x11_drag *drag)
{
  look (drag, (uint32_t)(g_get_monotonic_time() / 1000));
}

static void stop (struct inos_x11_drag *drag)
{
  struct inos_seat *seat = drag->seat;
  drag->seat = NULL;
  wl_event_source_timer_update (drag->timer, 0);
  drag->owner = drag->source = XCB_WINDOW_NONE;
  cover (drag, false);
  inos_x11_offer_unref (drag->offer);
  drag->offer = NULL;
  if (seat && seat->x11_drag == drag) {
    seat->x11_drag = NULL;
    inos_seat_refresh_cursor_later (seat);
  }
}

void inos_x11_drag_cancel (struct inos_x11_drag *drag)
{
  if (!drag || !drag->owner)
    return;
  end_wlr_drag (drag);
  stop (drag);
}

static int on_timeout (void *data)
{
  inos_x11_drag_cancel (data);
  return 0;
}

bool inos_x11_drag_motion (struct inos_x11_drag *drag, uint32_t time)
{
  if (!drag->released)
    look (drag, time);
  return drag->released;
}

void inos_x11_drag_released (struct inos_x11_drag *drag)
{
  drag->released = true;
  if (!drag->covers)
    inos_x11_drag_cancel (drag);
  else
    wl_event_source_timer_update (drag->timer, drag->source ? DECIDES_MS : ENTERS_MS);
}

/* Programs have their numbers from one range each. */
static bool same_program (struct inos_x11_drag *drag, xcb_window_t a, xcb_window_t b)
{
  uint32_t range = ~xcb_get_setup (drag->link->connection)->resource_id_mask;
  return (a & range) == (b & range);
}

static bool is_window_managers (struct inos_x11_drag *drag, xcb_window_t window)
{
  xcb_connection_t *wm = wlr_xwayland_get_xwm_connection (drag->link->xwayland);
  return wm &&
         (window & ~xcb_get_setup (wm)->resource_id_mask) == xcb_get_setup (wm)->resource_id_base;
}

/* Only what a person drags counts: a button is down on a window of the X server's. Returns the seat
 * that it is down in, or NULL. */
static struct inos_seat *held_by (struct inos_x11_drag *drag)
{
  struct inos_compositor *compositor = drag->link->compositor;
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link) {
    const struct wlr_surface *focus = seat->wlr->pointer_state.focused_surface;
    if (focus && seat->pressed && !seat->wlr->drag && !compositor->locked &&
        inos_xwayland_is_server (compositor, wl_resource_get_client (focus->resource)))
      return seat;
  }
  return NULL;
}

static void handle_owner (struct inos_x11_drag *drag,
                          const xcb_xfixes_selection_notify_event_t *event)
{
  xcb_window_t owner = event->owner;
  if (owner != XCB_WINDOW_NONE && is_window_managers (drag, owner))
    owner = XCB_WINDOW_NONE;
  if (owner == drag->owner && owner != XCB_WINDOW_NONE && !drag->released)
    return;
  inos_x11_drag_cancel (drag);
  drag->seat = owner == XCB_WINDOW_NONE ? NULL : held_by (drag);
  if (!drag->seat)
    return;
  drag->owner = owner;
  drag->time = event->selection_timestamp;
  drag->released = false;
  drag->seat->x11_drag = drag;
  look_now (drag);
}

/* All that is to be known of the offer is there. */
static void on_offer (struct inos_x11_offer *offer, void *data)
{
  struct inos_x11_drag *drag = data;
  if (offer != drag->offer || !drag->source || drag->wlr || !make_wlr_drag (drag))
    return;
  if (!drag->released)
    look_now (drag);
  send_status (drag);
}

static void handle_enter (struct inos_x11_drag *drag, const uint32_t *data)
{
  uint32_t version = data[1] >> 24;
  if (!same_program (drag, data[0], drag->owner) || version < OLDEST)
    return;
  drag->source = data[0];
  if (!drag->offer)
    drag->offer =
      inos_x11_offer_create (drag->link, data[0], data[1] & 1 ? NULL : data + 2, on_offer, drag);
  else if (drag->wlr && !drag->released)
    look_now (drag);
}

static void handle_position (struct inos_x11_drag *drag, const uint32_t *data)
{
  uint32_t wanted = inos_x11_offer_action (drag->link, data[4]);
  drag->time = data[3];
  if (wanted != drag->wanted) {
    drag->wanted = wanted;
    /* A key that a person holds says what is to be done: who is under the pointer hears of it anew.
     */
    if (drag->wlr) {
      drag->wlr->source->compositor_action = wanted;
      drag->wlr->source->actions |= (int32_t)wanted;
      point (drag, NULL, 0, 0, 0);
    }
  }
  if (!drag->released)
    look_now (drag);
  send_status (drag);
}

static void handle_leave (struct inos_x11_drag *drag)
{
  drag->source = XCB_WINDOW_NONE;
  point (drag, NULL, 0, 0, 0);
  if (drag->released)
    inos_x11_drag_cancel (drag);
}

/* wlroots tells the receiver as if the button had gone up only now, and ends its drag. */
static void handle_drop (struct inos_x11_drag *drag, const uint32_t *data)
{
  xcb_window_t window = drag->source;
  if (data[2])
    drag->time = data[2];
  struct wlr_data_source *source = drag->wlr ? drag->wlr->source : NULL;
  bool taken = source && drag->wlr->focus_client && source->accepted && source->current_dnd_action;
  if (!taken) {
    inos_x11_drag_cancel (drag);
    send_finished (drag, window, 0);
    return;
  }
  struct wlr_seat_pointer_grab *grab = &drag->wlr->pointer_grab;
  grab->interface->button (grab, (uint32_t)(g_get_monotonic_time() / 1000),
                           grab->seat->pointer_state.grab_button, WL_POINTER_BUTTON_STATE_RELEASED);
  if (drag->wlr) /* another button is down again */
    grab->interface->cancel (grab);
  stop (drag);
}

static void handle_message (struct inos_x11_drag *drag, const xcb_client_message_event_t *event)
{
  const struct inos_x11_link *link = drag->link;
  const uint32_t *data = event->data.data32;
  if (event->window != drag->proxy || event->format != 32 || !drag->owner)
    return;
  if (event->type == link->atoms[INOS_X11_XDND_ENTER])
    handle_enter (drag, data);
  else if (!drag->source || data[0] != drag->source)
    return;
  else if (event->type == link->atoms[INOS_X11_XDND_POSITION])
    handle_position (drag, data);
  else if (event->type == link->atoms[INOS_X11_XDND_LEAVE])
    handle_leave (drag);
  else if (event->type == link->atoms[INOS_X11_XDND_DROP])
    handle_drop (drag, data);
}

void inos_x11_drag_event (struct inos_x11_drag *drag, const xcb_generic_event_t *event)
{
  uint8_t type = event->response_type & ~0x80;
  inos_x11_transfers_event (drag->transfers, event);
  if (type == XCB_CLIENT_MESSAGE)
    handle_message (drag, (const xcb_client_message_event_t *)event);
  else if (type == drag->link->xfixes_event + XCB_XFIXES_SELECTION_NOTIFY)
    handle_owner (drag, (const xcb_xfixes_selection_notify_event_t *)event);
}

struct inos_x11_drag *inos_x11_drag_create (struct inos_x11_link *link)
{
  struct inos_x11_drag *drag = g_new0 (struct inos_x11_drag, 1);
  xcb_connection_t *connection = link->connection;
  drag->link = link;
  wl_list_init (&drag->sources);
  drag->transfers = inos_x11_transfers_create (link);
  drag->timer = wl_event_loop_add_timer (link->compositor->loop, on_timeout, drag);
  drag->proxy = xcb_generate_id (connection);
  xcb_create_window (connection, 0, drag->proxy, link->screen->root, 0, 0, WHOLE_SCREEN,
                     WHOLE_SCREEN, 0, XCB_WINDOW_CLASS_INPUT_ONLY, XCB_COPY_FROM_PARENT,
                     XCB_CW_OVERRIDE_REDIRECT, (const uint32_t[]){1});
  inos_x11_set (link, drag->proxy, INOS_X11_XDND_AWARE, XCB_ATOM_ATOM, (const uint32_t[]){VERSION},
                1);
  xcb_xfixes_select_selection_input (connection, drag->proxy, link->atoms[INOS_X11_XDND_SELECTION],
                                     XCB_XFIXES_SELECTION_EVENT_MASK_SET_SELECTION_OWNER |
                                       XCB_XFIXES_SELECTION_EVENT_MASK_SELECTION_WINDOW_DESTROY |
                                       XCB_XFIXES_SELECTION_EVENT_MASK_SELECTION_CLIENT_CLOSE);
  return drag;
}

void inos_x11_drag_destroy (struct inos_x11_drag *drag)
{
  if (!drag)
    return;
  struct source *source, *next;
  inos_x11_drag_cancel (drag);
  wl_list_for_each_safe (source, next, &drag->sources, link)
    wlr_data_source_destroy (&source->base);
  wl_event_source_remove (drag->timer);
  inos_x11_transfers_destroy (drag->transfers);
  g_free (drag);
}
