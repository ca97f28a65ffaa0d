/* Popups of windows and of layer surfaces: menus, tooltips, lists. */
#pragma once

#include "compositor.h"

struct inos_seat;
struct wlr_scene_tree;
struct wlr_xdg_popup;
struct wlr_xdg_surface;

/* Takes over a popup whose parent is drawn in `parent`, and keeps it on its output. */
void inos_popup_create (struct inos_compositor *compositor, struct wlr_xdg_popup *wlr,
                        struct wlr_scene_tree *parent);

/* The window or popup moved: its popups that asked for it find their place on the output anew. */
void inos_popups_parent_moved (struct wlr_xdg_surface *parent);

/* The seat goes: the popups that had its grab close. wlroots 0.18 frees the grab twice where one
 * outlives its seat. */
void inos_popups_forget_seat (struct inos_seat *seat);
