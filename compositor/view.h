/* A view: one application window, its place and its state. */
#pragma once

#include "output.h"

struct inos_frame;
struct inos_home;
struct inos_motion;
struct inos_icon;
struct inos_view;
struct wlr_scene_tree;
struct wlr_surface;

/* Sizes in px that a client can draw its window in; 0 for no limit. */
struct inos_size_limits {
  int min_width, min_height, max_width, max_height;
};

/* What differs between the protocols that windows come from. */
struct inos_view_impl {
  /* May return NULL: the client gave none. */
  const char *(*title) (struct inos_view *view);
  const char *(*app_id) (struct inos_view *view);
  pid_t (*pid) (struct inos_view *view);
  /* The window inside its surface: what is left of shadows. */
  struct wlr_box (*geometry) (struct inos_view *view);
  struct inos_size_limits (*limits) (struct inos_view *view);
  /* Asks the client for a size; 0 for "you choose". Returns a serial, see drawn_serial. */
  uint32_t (*resize) (struct inos_view *view, int width, int height);
  /* The serial of the size that the client drew last. */
  uint32_t (*drawn_serial) (struct inos_view *view);
  /* The window that this one is a dialog of; may return NULL, may be NULL. */
  struct inos_view *(*parent) (struct inos_view *view);
  /* Tells the client where its window now is; NULL where clients are not told. */
  void (*moved) (struct inos_view *view);
  /* Tells the client what it is now: activated, resizing, maximized, tiled. */
  void (*show_state) (struct inos_view *view);
  void (*close) (struct inos_view *view);
  /* Asks the program whether it is there, and whether it has answered; see responsive.h. NULL
   * where it cannot be asked. */
  void (*ping) (struct inos_view *view);
  bool (*answered) (struct inos_view *view);
  /* Ends the program. */
  void (*kill) (struct inos_view *view);
};

/* The window as one seat has used it. */
struct inos_use {
  struct wl_list link; /* inos_seat.views */
  struct inos_view *view;
  bool own; /* the seat opened or used it, and may come back to it by itself */
};

struct inos_view {
  struct wl_list link; /* inos_compositor.views while mapped */
  struct inos_compositor *compositor;
  struct inos_use uses[INOS_SEATS_MOST]; /* by inos_seat.index, while mapped */
  uint32_t id;                           /* never used again in this compositor */
  const struct inos_view_impl *impl;
  struct wlr_surface *surface; /* its root surface; may be NULL while not mapped */
  struct wlr_scene_tree *tree; /* its node's data is the view */
  unsigned int workspace;
  bool mapped, activated, resizing, maximized, fullscreen;
  uint32_t snapped;    /* enum wlr_edges: the half or quarter that it takes, 0 for none */
  bool tiled;          /* its workspace's layout says where it is */
  bool floats;         /* a person took it out of that */
  bool tile_hidden;    /* its place is beyond the edge of the output */
  double share;        /* of the room that the layout gives it; 0: the usual one */
  unsigned int column; /* of a strip; those next to each other with one number are one column */
  struct wlr_box tile;
  struct inos_output *tile_output; /* to be compared with those that are there */
  bool minimized;                  /* hidden until it is focused */
  bool suspended;                  /* told that nobody sees it, whatever the reason */
  bool on_top;                     /* above those that are not */
  bool below;                      /* below those that are not; never with on_top */
  bool sticky;                     /* on every workspace */
  bool is_private;                 /* black in what programs capture, and not remembered */
  bool urgent;                     /* asks for attention until it is focused */
  bool unresponsive;               /* its program does not answer */
  bool modal;                      /* a dialog that takes the focus of what it belongs to */
  struct inos_frame *frame;        /* may be NULL: the client draws its own, or none */
  struct inos_icon *icon;          /* may be NULL: the application's own */
  struct inos_motion *motion;      /* NULL: it is drawn where it is */
  int drawn_x, drawn_y;            /* px beside that while it moves */
  int x, y;                        /* layout coordinates of the window geometry */
  struct inos_home *home;          /* may be NULL: its own output is there */
  int seen_width, seen_height;     /* of what the client drew last */
  struct wlr_box floating;         /* where it goes when no longer maximized or full screen */
  bool has_floated;                /* since it is mapped: that is a place to remember */
  /* A place that it takes when the client has drawn the size for it. */
  struct {
    struct wl_event_source *timer; /* NULL: it waits for none */
    struct wlr_box box;
    uint32_t serial;
  } placing;
  struct wlr_box redraw; /* see recovery.h; empty: none is waited for */
  /* Of the question whether its program is there. */
  struct {
    struct wl_event_source *timer; /* NULL: nothing was left unanswered */
    gint64 asked;                  /* µs, monotonic */
    bool waiting;
  } answer;
};

/*
 * For the protocols' own files. A view is a member of the struct that the protocol keeps of a
 * window: init and finish come with it.
 */
void inos_view_init (struct inos_view *view, struct inos_compositor *compositor,
                     const struct inos_view_impl *impl);
void inos_view_finish (struct inos_view *view);
/* The window has its first content; maximized and fullscreen say what the client asked for. */
void inos_view_mapped (struct inos_view *view);
void inos_view_unmapped (struct inos_view *view);
/* The client drew it anew, perhaps in another size. */
void inos_view_committed (struct inos_view *view);
/* Title, app id, place or state changed: tells those who watch. */
void inos_view_changed (struct inos_view *view);
/* Before the view is first enlarged: remembers where it was. */
void inos_view_remember_place (struct inos_view *view);
/* Whether the view is where and as large as people made it. */
bool inos_view_is_floating (struct inos_view *view);
/* Puts the view where its state says on `output`, NULL for the one it is on, and tells the
 * client. */
void inos_view_apply_state (struct inos_view *view, struct inos_output *output);
/* It is now a dialog of another window, or of none. */
void inos_view_parent_changed (struct inos_view *view);
/* The client asks to be dragged or resized, by the press with that serial. */
void inos_view_request_move (struct inos_view *view, uint32_t serial);
void inos_view_request_resize (struct inos_view *view, uint32_t serial, uint32_t edges);

/* The view of a surface or of any of its subsurfaces and popups, or NULL. */
struct inos_view *inos_view_from_surface (struct wlr_surface *surface);

/* The mapped view with that id, or NULL. */
struct inos_view *inos_view_find (struct inos_compositor *compositor, uint32_t id);

/* Shows the view's workspace, raises the view and gives it the keyboard of the seat that was used
 * last. */
void inos_view_focus (struct inos_view *view);

/* The view with the main seat's keyboard, or NULL. */
struct inos_view *inos_view_focused (struct inos_compositor *compositor);

void inos_view_close (struct inos_view *view);
/* Ends the program that the view is of, with all of its windows: work that is not saved is lost. */
void inos_view_kill (struct inos_view *view);
void inos_view_set_maximized (struct inos_view *view, bool maximized);
/* output: may be NULL for the one the view is on. */
void inos_view_set_fullscreen (struct inos_view *view, bool fullscreen, struct inos_output *output);
void inos_view_move (struct inos_view *view, int x, int y);
/* Asks for a size of the window geometry; the client answers when it has drawn it. */
void inos_view_resize (struct inos_view *view, int width, int height);
void inos_view_set_workspace (struct inos_view *view, unsigned int workspace);

/* Hidden until it is focused again; its dialogs go with it. */
void inos_view_set_minimized (struct inos_view *view, bool minimized);
void inos_view_set_on_top (struct inos_view *view, bool on_top);
void inos_view_set_below (struct inos_view *view, bool below);
/* On every workspace. */
void inos_view_set_sticky (struct inos_view *view, bool sticky);
/* Black in what programs capture. */
void inos_view_set_private (struct inos_view *view, bool is_private);
void inos_view_set_modal (struct inos_view *view, bool modal);
/* It asks for attention, or no longer; what has the focus has it already. */
void inos_view_set_urgent (struct inos_view *view, bool urgent);

/* Whether the view is on a workspace that is shown, and neither it nor what it belongs to is
 * minimized. */
bool inos_view_is_shown (struct inos_view *view);

/* The layer of the scene that it is drawn in: a dialog is never below what it belongs to. */
enum inos_layer inos_view_layer (struct inos_view *view);

/* Asks for a size and moves the view when the client has drawn it, or after 100 ms: an edge that
 * should stay where it is does not jump. */
void inos_view_place (struct inos_view *view, struct wlr_box box);
/* Forgets the place that the view waits for. */
void inos_view_end_placing (struct inos_view *view);
/* The client drew. Returns false where it has yet to draw the size of the view's place. */
bool inos_view_placing_committed (struct inos_view *view);

/* Where each output has a workspace of its own: the view belongs to that of the output it is on. */
void inos_view_join_output (struct inos_view *view);

/* Shows or hides the view as its workspace and state ask. */
void inos_view_update_visibility (struct inos_view *view);

/* The window geometry in layout coordinates. */
struct wlr_box inos_view_box (struct inos_view *view);

/* The output that holds the view's centre, else the active one. May be NULL while ending. */
struct inos_output *inos_view_output (struct inos_view *view);

/* Never NULL. */
const char *inos_view_title (struct inos_view *view);
const char *inos_view_app_id (struct inos_view *view);
pid_t inos_view_pid (struct inos_view *view);

/* Makes every view fit the outputs as they are now. gone: an output that just left, or NULL. */
void inos_views_settle (struct inos_compositor *compositor, struct inos_output *gone);
