/* The pointer's picture: what the theme or a client shows, and nothing while a person types. */
#pragma once

#include "seat.h"

/* Shows the named image of the cursor theme, "default" for instance. */
void inos_cursor_image_set_name (struct inos_seat *seat, const char *name);
/* Shows what a client drew; NULL for nothing. */
void inos_cursor_image_set_surface (struct inos_seat *seat, struct wlr_surface *surface, int x,
                                    int y);

/* A key was typed: hides the picture where the settings say so. */
void inos_cursor_image_hide (struct inos_seat *seat);
/* The pointer was used: shows it again. */
void inos_cursor_image_show (struct inos_seat *seat);

/* The renderer is another one, or something that moves the pointer came or went. */
void inos_cursor_image_redraw (struct inos_seat *seat);
/* Loads the theme that the settings ask for now. */
void inos_cursor_image_reload (struct inos_seat *seat);
/* A large pointer in black and white, until the settings are read anew. */
void inos_cursor_image_set_high_contrast (struct inos_compositor *compositor, bool on);

/* The seat goes. */
void inos_cursor_image_finish (struct inos_seat *seat);
