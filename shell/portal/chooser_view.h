/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One monitor of the chooser: a clear window over all of it, in which a part is drawn out, or a
 * cross moved. It knows of places in the monitor alone.
 */

#include "chooser.h"

#include <gtk/gtk.h>

typedef struct InosChooserView InosChooserView;

typedef struct {
  /* A part was drawn out, or a place chosen, for which both sizes are 1; in the desktop. */
  void (*chosen) (const GdkRectangle *area, gpointer data);
  void (*cancelled) (gpointer data);
} InosChooserViewHooks;

/* keys: it takes the keyboard, with which the part or the cross is moved. */
InosChooserView *inos_chooser_view_create (GdkMonitor *monitor, InosChooserKind kind, gboolean keys,
                                           const InosChooserViewHooks *hooks, gpointer data);
void inos_chooser_view_destroy (InosChooserView *self); /* self may be NULL */

/* Puts a card over it. */
void inos_chooser_view_add (InosChooserView *self, GtkWidget *card);
/* From when what is on it has been seen for a while, it takes what chooses: a key or a click that
 * was meant for something else is no choice. Escape counts before. */
void inos_chooser_view_begin (InosChooserView *self);
/* Begins a part that keys move: arrows the part, with Shift its size; Enter takes it. */
void inos_chooser_view_begin_part (InosChooserView *self);

/* Of a monitor of that size, between two places that may lie outside. */
GdkRectangle inos_chooser_view_part (int width, int height, double x, double y, double other_x,
                                     double other_y);
