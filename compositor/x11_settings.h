/* How dense the screen is, for X11's toolkits: XSETTINGS, and resources (Xft.dpi) for those that
 * look there. Nothing is said where the scale is 1. */
#pragma once

#include "x11_link.h"

struct inos_x11_settings;

struct inos_x11_settings *inos_x11_settings_create (struct inos_x11_link *link);
/* NULL does nothing. */
void inos_x11_settings_destroy (struct inos_x11_settings *settings);
/* The scale or the pointer's size is another one. */
void inos_x11_settings_update (struct inos_x11_settings *settings);
/* For the X server that has just got ready, before its first program can ask: what that reads when
 * it starts is there. connection: the window manager's. */
void inos_x11_settings_begin (struct inos_compositor *compositor, xcb_connection_t *connection);

void inos_x11_settings_event (struct inos_x11_settings *settings, const xcb_generic_event_t *event);
