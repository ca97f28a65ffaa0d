/* A seat: one person's keyboard, pointer and what they are pointed at. */
#pragma once

#include "compositor.h"

enum inos_grab_kind { INOS_GRAB_NONE, INOS_GRAB_MOVE, INOS_GRAB_RESIZE };

struct inos_keyboard_access;
struct inos_gestures;
struct inos_x11_drag;
struct inos_tablets;
struct wlr_drag_icon;
struct wlr_keyboard_group;
struct wlr_scene_rect;
struct wlr_pointer_constraint_v1;
struct wlr_surface;
struct xkb_keymap;

/* The main seat's name. */
#define INOS_MAIN_SEAT "seat0"
/* The names of those of remote desktops begin with it. */
#define INOS_TRANSIENT_SEAT "transient"

struct inos_seat {
  struct wl_list link; /* inos_compositor.seats */
  struct inos_compositor *compositor;
  unsigned int index; /* of its place in inos_view.uses */
  uint32_t id;        /* never used again in this compositor */
  bool transient;     /* it goes with what asked for it */
  bool leaving;       /* nothing gets its focus any more */
  struct wlr_seat *wlr;
  struct wlr_cursor *cursor;
  struct wlr_xcursor_manager *xcursor;
  struct wl_list devices;   /* inos_device.link */
  struct wl_list keyboards; /* inos_keyboard.link */
  struct wl_list pointers;  /* inos_pointer.link */
  struct wl_list touches;   /* inos_touch.link */
  struct wl_list switches, tablets, pads;
  struct inos_tablets *pens;
  GHashTable *touch_points; /* id of a finger that is down → its struct, owned by touch.c */

  /* The real keyboards, which are one: see keyboard_layout.h. */
  struct wlr_keyboard_group *group; /* may be NULL: there has been none yet */
  struct wl_list members;
  struct xkb_keymap *keymap;           /* may be NULL likewise */
  char *keymap_names;                  /* what it was made of; may be NULL likewise */
  unsigned int layout;                 /* the one that is typed in */
  struct inos_keyboard_access *access; /* may be NULL: keys come as they are */

  char *mode; /* of the bindings; NULL: the usual one */

  struct wl_list views;              /* inos_use.link: mapped, the most recently used first */
  struct inos_view *chosen;          /* may be NULL: the view that was focused last */
  struct inos_view *active;          /* may be NULL: the view that is drawn as focused */
  struct wlr_surface *clicked_layer; /* may be NULL: see inos_seat_lend_focus */
  struct wlr_scene_tree *drag_icon;  /* may be NULL */
  struct inos_x11_drag *x11_drag;    /* may be NULL: nothing is dragged out of an X11 program */

  /* While a button is down the surface under it keeps the pointer. */
  double press_x, press_y; /* the surface's origin in layout coordinates */
  bool pressed;
  uint32_t swallowed_buttons[8]; /* their press was a binding */
  size_t swallowed_button_count;
  uint32_t acted;     /* ms, by the clock of the device: when a pointer did something */
  double scrolled[2]; /* towards a binding's next step, by enum wl_pointer_axis */
  bool gesturing;     /* a gesture does likewise */
  struct wl_event_source *refresh;  /* may be NULL: looks under the pointer again */
  struct wl_event_source *end_grab; /* may be NULL: ends what began behind the lock screen */
  struct inos_gestures *gestures;
  struct wlr_pointer_constraint_v1 *constraint; /* may be NULL: what holds the pointer */

  /* Where the pointer is: see pointer_place.h. */
  struct {
    struct wlr_box screen;        /* the output's that it is on; empty: not known */
    struct wl_event_source *draw; /* may be NULL: moves the picture */
    bool mapped;                  /* a device of the seat covers a part of the outputs */
  } place;

  /* The corner of an output that it is in: see corner.h. */
  struct {
    struct wl_event_source *timer; /* may be NULL: it never was in one */
    int at;                        /* 0: in none */
  } corner;

  /* The pointer's picture: one of the theme's, else what a client drew. */
  struct {
    char *name;                  /* may be NULL */
    struct wlr_surface *surface; /* may be NULL */
    int x, y;                    /* the surface's hot spot */
    bool hidden;                 /* a person is typing */
  } image;

  /* Interactive move or resize. */
  struct {
    enum inos_grab_kind kind;
    struct inos_view *view;
    double x, y;                    /* where the pointer was */
    struct wlr_box box;             /* where the view was */
    uint32_t edges;                 /* enum wlr_edges */
    uint32_t snap;                  /* where it would snap to now, see snap.h */
    struct wlr_scene_rect *preview; /* may be NULL: shows that place */
    bool tiled;                     /* it goes back into a layout, where it is dropped */
    bool settling;                  /* the button is up, the client still draws the last size */
    struct wlr_box wanted;
    bool keys; /* see grab_keys.h; this is what Escape brings back: */
    struct {
      struct wlr_box box; /* floating */
      uint32_t snapped;
      bool maximized, floats;
    } before;
  } grab;

  /* The pointer on frames of windows; each may be NULL. */
  struct {
    struct inos_view *hovered, *pressed, *clicked;
    unsigned int hover_part, pressed_part; /* enum inos_frame_part */
    double x, y;                           /* where the button went down */
    uint32_t time;                         /* when, ms */
    int slack;                             /* px that it may slip and still is no drag */
  } on_frame;

  struct inos_window_menu *menu; /* may be NULL: none is open */

  /* Alt+Tab. */
  struct {
    bool active;
    uint32_t shown; /* id of the view in front, which may be gone by now */
  } switcher;

  struct wl_listener motion, motion_absolute, button, axis, frame;
  struct wl_listener touch_down, touch_up, touch_motion, touch_cancel, touch_frame;
  struct wl_listener request_set_cursor, request_set_selection, request_set_primary_selection;
  struct wl_listener request_start_drag, start_drag, drag_icon_destroy;
  struct wl_listener keyboard_focus_change, keyboard_grab_end, clicked_layer_gone;
  struct wl_listener pointer_grab_begin, keyboard_grab_begin, touch_grab_begin;
  struct wl_listener pointer_focus_change, constraint_gone, constraint_region;
  struct wl_listener image_surface_gone;
};

/* For seats.h. */
struct inos_seat *inos_seat_create (struct inos_compositor *compositor, const char *name,
                                    unsigned int index);
/* NULL does nothing. */
void inos_seat_destroy (struct inos_seat *seat);

struct wlr_input_device;
struct wlr_keyboard;

/* Takes over an input device of any kind that we can use. */
void inos_seat_add_device (struct inos_seat *seat, struct wlr_input_device *device);
/* For device.h: what the device does is this seat's, or no longer is: keys and buttons that are
 * down go up, fingers too. */
void inos_seat_take_device (struct inos_seat *seat, struct wlr_input_device *device);
void inos_seat_drop_device (struct inos_seat *seat, struct wlr_input_device *device);

/* Tells clients which kinds of devices there are. */
void inos_seat_update_capabilities (struct inos_seat *seat);

/* What is drawn at a point of the layout, or NULL; what dims the screen is looked through. */
struct wlr_scene_node *inos_seat_node_at (struct inos_seat *seat, double x, double y, double *sx,
                                          double *sy);

/* The surface at a point of the layout, or NULL; sx and sy become the point in the surface's own
 * coordinates. */
struct wlr_surface *inos_seat_surface_at (struct inos_seat *seat, double x, double y, double *sx,
                                          double *sy);

/* The surface has the keyboard until it is unmapped or something else is clicked. */
void inos_seat_lend_focus (struct inos_seat *seat, struct wlr_surface *surface);
/* Click-to-focus: gives the keyboard to the window of `surface`, or to a layer surface that takes
 * it on demand. surface: may be NULL. */
void inos_seat_click_focus (struct inos_seat *seat, struct wlr_surface *surface);

/* Gives the keyboard to what should have it now: an exclusive layer surface, the layer surface
 * that was clicked, or the most recently focused window that is shown. */
void inos_seat_refocus (struct inos_seat *seat);

/* Whether a person sees the surface, and nothing else must have the keyboard: a menu of anything
 * else may not take it. */
bool inos_seat_may_focus (struct inos_seat *seat, struct wlr_surface *surface);
/* Gives the keyboard to a popup that has a grab. */
void inos_seat_focus_popup (struct inos_seat *seat, struct wlr_surface *surface);
/* A popup went: if it had the keyboard, its parent gets it, or who should have it now.
 * parent: may be NULL. */
void inos_seat_popup_gone (struct inos_seat *seat, struct wlr_surface *parent);
/* Ends the grabs of popups, which thus close: something else takes the keyboard. */
void inos_seat_end_popups (struct inos_seat *seat);

/* Ends all that a person is in the middle of, drags, menus, moving a window, fingers that are down,
 * and takes the focus from everybody. */
void inos_seat_let_go (struct inos_seat *seat);

/* The view with the seat's keyboard, or NULL. */
struct inos_view *inos_seat_focused (struct inos_seat *seat);
/* The view that should get its keyboard when nothing else asks for it, or NULL. */
struct inos_view *inos_seat_next_focus (struct inos_seat *seat);
/* Shows the view's workspace, raises the view and gives it this seat's keyboard. */
void inos_seat_focus_view (struct inos_seat *seat, struct inos_view *view);

/* The view goes away: it is no longer active, nor moved or resized. */
void inos_seat_forget_view (struct inos_seat *seat, struct inos_view *view);

/* While it is held, the surface under the pointer keeps it. */
void inos_seat_hold_pointer (struct inos_seat *seat, bool hold);

/* Finds again what is under the pointer, for something moved: at once, or once when all that is
 * at hand is done. NULL does nothing. */
void inos_seat_refresh_cursor (struct inos_seat *seat);
void inos_seat_refresh_cursor_later (struct inos_seat *seat);
