/* Popups of windows and of layer surfaces: menus, tooltips, lists. */
#pragma once

#include "compositor.h"

struct wlr_scene_tree;
struct wlr_xdg_popup;
struct wlr_xdg_surface;

/* Takes over a popup whose parent is drawn in `parent`, and keeps it on its output. */
void inos_popup_create (struct inos_compositor *compositor, struct wlr_xdg_popup *wlr,
                        struct wlr_scene_tree *parent);

/* The window or popup moved: its popups that asked for it find their place on the output anew. */
void inos_popups_parent_moved (struct wlr_xdg_surface *parent);
