/* The overview's own parts. */
#pragma once

#include "overview_draw.h"
#include "overview_show.h"
#include "picture.h"
#include "thumbnail.h"
#include "workspace.h"

struct wlr_scene_buffer;
struct wlr_scene_rect;
struct wlr_scene_tree;

/* The four sides of a ring around something. */
struct inos_overview_ring {
  struct wlr_scene_rect *sides[4];
};

/* A window in the room for windows. Boxes are in px from the corner of its output. */
struct inos_overview_tile {
  struct inos_view *view;
  struct inos_thumbnail *thumbnail;
  struct wlr_box desk; /* where it is when the overview is closed; `place` where it is hidden */
  struct wlr_box old;  /* where it was drawn before it got this place */
  struct wlr_box place;
  struct inos_overview_ring edge; /* in high contrast: windows may be as bright as what is behind */
  struct wlr_scene_buffer *name;
  char *title; /* that is drawn */
  bool strong; /* it is drawn so */
  bool hidden; /* minimized, or beyond an edge: it fades in */
};

/* A workspace in the strip. */
struct inos_overview_cell {
  unsigned int workspace;
  struct wlr_box box; /* of the desk in small; the name is below */
  struct wlr_scene_rect *back;
  struct inos_overview_ring ring;
  struct wlr_scene_buffer *name;
  GPtrArray *windows; /* owned struct inos_thumbnail */
};

/* What one output shows. */
struct inos_overview_screen {
  struct wl_list link; /* inos_overview.screens */
  struct inos_overview *overview;
  struct inos_output *output;
  struct inos_overview_style style;
  unsigned int workspace;
  struct wlr_scene_tree *tree, *windows, *strip;
  struct wlr_scene_rect *back;
  struct wlr_scene_buffer *words; /* may be NULL: there are windows */
  struct wlr_scene_buffer *close; /* of the tile that is chosen */
  struct inos_overview_ring ring; /* likewise */
  GPtrArray *tiles;  /* owned struct inos_overview_tile: in the order in which they are read */
  GPtrArray *cells;  /* owned struct inos_overview_cell */
  char *strip_shows; /* all that the strip's nodes were made of; NULL: make them anew */
  int strip_height;  /* px, from the top of the usable area */
  bool goes_on;      /* nothing has another place than before the last change */
};

/* What is at a point. */
struct inos_overview_spot {
  struct inos_overview_screen *screen; /* may be NULL */
  struct inos_overview_tile *tile;     /* may be NULL */
  struct inos_overview_cell *cell;     /* may be NULL */
  bool close;                          /* on the button of the tile */
};

struct inos_overview {
  struct inos_compositor *compositor;
  bool shown;             /* its nodes are there, and windows are drawn by them only */
  bool open;              /* it has the input */
  bool pulled;            /* by fingers, and not by time */
  double part, part_from; /* of the way from the desk */
  gint64 start;           /* ms: when it began to go on from there */
  double settled;         /* of the way from old places to new ones */
  gint64 settle_start;    /* ms */
  struct wl_list screens; /* inos_overview_screen.link */
  uint32_t selected;      /* 0: none */
  bool on_close;          /* the pointer is on the button that closes */
  int over_cell;          /* the workspace that the pointer is on; -1: none */
  /* A button or a finger that is down in it. */
  struct {
    struct inos_seat *seat; /* NULL: none */
    uint32_t view;          /* 0: none */
    double x, y;            /* where it went down, of the layout */
    uint32_t button;
    bool close, moved;
  } press;
  GString *typed;
  bool asked;                           /* for the launcher, since it was opened */
  double scrolled;                      /* towards the next workspace */
  struct wl_event_source *timer, *idle; /* may be NULL while it is not shown */

  struct wl_listener view_map, view_unmap, view_change, workspace_change, surface_commit;
  struct wl_listener output_add, output_remove, output_change, config_change;
};

/* overview_screen.c */
struct inos_overview_screen *inos_overview_screen_create (struct inos_overview *overview,
                                                          struct inos_output *output);
void inos_overview_screen_destroy (struct inos_overview_screen *screen);
/* Windows, workspaces or the room for them may be others: what is as before stays. Returns whether
 * a window has another place. */
bool inos_overview_screen_update (struct inos_overview_screen *screen);
/* The window goes. */
void inos_overview_screen_forget (struct inos_overview_screen *screen, struct inos_view *view);
/* Puts everything where it is now to be drawn. */
void inos_overview_screen_show (struct inos_overview_screen *screen);
/* What is chosen, or under the pointer, is another one. */
void inos_overview_screen_mark (struct inos_overview_screen *screen);
/* The window was drawn anew. */
void inos_overview_screen_refresh (struct inos_overview_screen *screen, struct inos_view *view);
/* Where the tile is drawn now, from the corner of the output. */
struct wlr_box inos_overview_tile_box (const struct inos_overview_tile *tile,
                                       const struct inos_overview *overview);
struct wlr_box inos_overview_close_box (const struct inos_overview_screen *screen,
                                        const struct inos_overview_tile *tile);

/* The tile is dragged no more: it goes back from where it is. */
void inos_overview_put_down (struct inos_overview_screen *screen, struct inos_overview_tile *tile);

/* overview_strip.c: the workspaces of a screen. */
/* Does nothing where it shows what it showed. */
void inos_overview_strip_update (struct inos_overview_screen *screen);
void inos_overview_strip_show (struct inos_overview_screen *screen);
void inos_overview_strip_mark (struct inos_overview_screen *screen);
void inos_overview_strip_forget (struct inos_overview_screen *screen, struct inos_view *view);
void inos_overview_strip_clear (struct inos_overview_screen *screen);
/* px that it takes, with the names. */
int inos_overview_strip_height (const struct inos_overview_screen *screen);

/* overview_parts.c */
/* Shows the buffer, which it takes, in a size in px; buffer: may be NULL. */
void inos_overview_set_picture (struct wlr_scene_buffer *scene, struct wlr_buffer *buffer,
                                int width, int height);
/* above: a node of the parent's that it is drawn right above, or NULL: above all of them. */
void inos_overview_ring_create (struct inos_overview_ring *ring, struct wlr_scene_tree *parent,
                                struct wlr_scene_node *above);
void inos_overview_ring_destroy (struct inos_overview_ring *ring);
/* Around the box; width: px, 0 for none. */
void inos_overview_ring_place (struct inos_overview_ring *ring, const struct wlr_box *box,
                               int width, const float colour[static 4]);

/* overview_show.c */
/* The choice and what the pointer is on; tells who watches. */
void inos_overview_choose (struct inos_overview *overview, uint32_t view);
void inos_overview_mark (struct inos_overview *overview);
struct inos_overview_tile *inos_overview_find_tile (struct inos_overview *overview, uint32_t view,
                                                    struct inos_overview_screen **screen);
/* When all that is at hand is done. */
void inos_overview_arrange_later (struct inos_overview *overview);

/* overview_find.c */
struct inos_overview_spot inos_overview_spot_at (struct inos_overview *overview, double x,
                                                 double y);
/* The tile of the window that is chosen, and its screen; NULL where there is none. */
struct inos_overview_tile *inos_overview_chosen (struct inos_overview *overview,
                                                 struct inos_overview_screen **screen);
