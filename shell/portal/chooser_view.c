/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "chooser_view.h"

#include "../permit/dead_time.h"

#include <glib/gi18n.h>
#include <gtk4-layer-shell.h>

#define LEAST 4 /* px; a shorter way was a click */
#define STEP 10 /* px of a key; with Control 1 */
#define CROSS 14.0
#define FRAMES 2 /* with the second the first has been shown */

struct InosChooserView {
  InosChooserKind kind;
  InosChooserViewHooks hooks;
  gpointer data;
  GdkRectangle monitor; /* in the desktop */
  GtkWindow *window;
  GtkWidget *over;
  GtkWidget *area;
  GdkRectangle part; /* of the monitor; of width 0 for none */
  GtkGesture *drag;
  GtkEventController *controller; /* of keys */
  double from_x, from_y;
  gboolean cancelled; /* the drag */
  gboolean keys;      /* move the part, or the cross */
  gboolean live;      /* it takes what chooses */
  guint tick, frames, source;
};

/* Drawing */

static void draw_part (InosChooserView *self, cairo_t *cairo, int width, int height)
{
  const GdkRectangle *part = &self->part;

  cairo_rectangle (cairo, 0, 0, width, height);
  cairo_rectangle (cairo, part->x, part->y, part->width, part->height);
  cairo_set_fill_rule (cairo, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_set_source_rgba (cairo, 0, 0, 0, 0.4);
  cairo_fill (cairo);
  /* Light in dark: to be seen on any ground. */
  for (int i = 0; i < 2; i++) {
    cairo_rectangle (cairo, part->x - 0.5, part->y - 0.5, part->width + 1, part->height + 1);
    cairo_set_line_width (cairo, i == 0 ? 4 : 1.5);
    cairo_set_source_rgb (cairo, i, i, i);
    cairo_stroke (cairo);
  }
}

/* The point itself stays free. */
static void draw_cross (InosChooserView *self, cairo_t *cairo)
{
  double x = self->part.x + 0.5, y = self->part.y + 0.5;

  for (int i = 0; i < 2; i++) {
    cairo_set_line_width (cairo, i == 0 ? 4 : 1.5);
    cairo_set_source_rgb (cairo, i, i, i);
    cairo_arc (cairo, x, y, CROSS, 0, 2 * G_PI);
    for (int side = -1; side <= 1; side += 2) {
      cairo_new_sub_path (cairo);
      cairo_move_to (cairo, x + side * 4, y);
      cairo_line_to (cairo, x + side * CROSS, y);
      cairo_move_to (cairo, x, y + side * 4);
      cairo_line_to (cairo, x, y + side * CROSS);
    }
    cairo_stroke (cairo);
  }
}

static void on_draw (GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer data)
{
  InosChooserView *self = data;

  if (self->kind == INOS_CHOOSER_PLACE) {
    if (self->keys)
      draw_cross (self, cairo);
    return;
  }
  if (self->part.width > 0) {
    draw_part (self, cairo, width, height);
    return;
  }
  cairo_set_source_rgba (cairo, 0, 0, 0, 0.25);
  cairo_paint (cairo);
}

static void redraw (InosChooserView *self)
{
  gtk_widget_queue_draw (self->area);
}

/* Choosing */

static void choose (InosChooserView *self, const GdkRectangle *part)
{
  GdkRectangle area = {self->monitor.x + part->x, self->monitor.y + part->y, part->width,
                       part->height};

  self->hooks.chosen (&area, self->data);
}

static void set_part (InosChooserView *self, double x, double y, double width, double height)
{
  int left = CLAMP ((int)x, 0, self->monitor.width - 1);
  int top = CLAMP ((int)y, 0, self->monitor.height - 1);

  self->part = (GdkRectangle){left, top, CLAMP ((int)width, 1, self->monitor.width - left),
                              CLAMP ((int)height, 1, self->monitor.height - top)};
  redraw (self);
}

GdkRectangle inos_chooser_view_part (int width, int height, double x, double y, double other_x,
                                     double other_y)
{
  int left = (int)CLAMP (MIN (x, other_x), 0, width - 1);
  int top = (int)CLAMP (MIN (y, other_y), 0, height - 1);
  int right = (int)CLAMP (MAX (x, other_x), left + 1, width);
  int bottom = (int)CLAMP (MAX (y, other_y), top + 1, height);

  return (GdkRectangle){left, top, right - left, bottom - top};
}

static void on_begin (GtkGestureDrag *drag, double x, double y, gpointer data)
{
  InosChooserView *self = data;

  self->cancelled = FALSE;
  self->from_x = x;
  self->from_y = y;
}

static gboolean is_click (double x, double y)
{
  return ABS (x) < LEAST && ABS (y) < LEAST;
}

static void on_update (GtkGestureDrag *drag, double x, double y, gpointer data)
{
  InosChooserView *self = data;

  if (self->kind != INOS_CHOOSER_PICTURE || is_click (x, y))
    return;
  self->part = inos_chooser_view_part (self->monitor.width, self->monitor.height, self->from_x,
                                       self->from_y, self->from_x + x, self->from_y + y);
  redraw (self);
}

/* Comes before the end of that drag. */
static void on_cancel (GtkGesture *drag, GdkEventSequence *sequence, gpointer data)
{
  InosChooserView *self = data;

  self->cancelled = TRUE;
  if (self->keys)
    return;
  self->part = (GdkRectangle){0};
  redraw (self);
}

static void on_end (GtkGestureDrag *drag, double x, double y, gpointer data)
{
  InosChooserView *self = data;
  GdkRectangle place = {CLAMP ((int)(self->from_x + x), 0, self->monitor.width - 1),
                        CLAMP ((int)(self->from_y + y), 0, self->monitor.height - 1), 1, 1};

  if (self->cancelled)
    return;
  if (self->kind == INOS_CHOOSER_PLACE)
    choose (self, &place);
  else if (!is_click (x, y))
    choose (self, &self->part);
}

static gboolean move (InosChooserView *self, guint key, GdkModifierType state)
{
  int step = state & GDK_CONTROL_MASK ? 1 : STEP;
  int x = key == GDK_KEY_Left ? -step : key == GDK_KEY_Right ? step : 0;
  int y = key == GDK_KEY_Up ? -step : key == GDK_KEY_Down ? step : 0;
  GdkRectangle part = self->part;

  if (x == 0 && y == 0)
    return FALSE;
  if (state & GDK_SHIFT_MASK && self->kind == INOS_CHOOSER_PICTURE)
    set_part (self, part.x, part.y, part.width + x, part.height + y);
  else
    set_part (self, CLAMP (part.x + x, 0, self->monitor.width - part.width),
              CLAMP (part.y + y, 0, self->monitor.height - part.height), part.width, part.height);
  return TRUE;
}

static gboolean is_choice (guint key)
{
  return key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter ||
         key == GDK_KEY_space || key == GDK_KEY_KP_Space;
}

static gboolean on_key (GtkEventControllerKey *controller, guint key, guint code,
                        GdkModifierType state, gpointer data)
{
  InosChooserView *self = data;
  GdkRectangle part = self->part;

  if (key == GDK_KEY_Escape) {
    self->hooks.cancelled (self->data);
    return TRUE;
  }
  if (!self->live && is_choice (key))
    return TRUE;
  if (!self->keys || !gtk_widget_has_focus (self->area))
    return FALSE;
  if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) {
    choose (self, &part);
    return TRUE;
  }
  return move (self, key, state);
}

void inos_chooser_view_begin_part (InosChooserView *self)
{
  int width = self->monitor.width / 2, height = self->monitor.height / 2;

  self->keys = TRUE;
  if (self->kind == INOS_CHOOSER_PLACE)
    set_part (self, width, height, 1, 1);
  else
    set_part (self, width / 2.0, height / 2.0, width, height);
  gtk_widget_grab_focus (self->area);
}

/* When it counts */

static gboolean on_live (gpointer data)
{
  InosChooserView *self = data;

  self->source = 0;
  self->live = TRUE;
  gtk_widget_set_can_target (self->over, TRUE);
  return G_SOURCE_REMOVE;
}

static gboolean on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  InosChooserView *self = data;

  if (++self->frames < FRAMES)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  self->source =
    g_timeout_add ((guint)(INOS_PROMPT_DEAD_TIME / G_TIME_SPAN_MILLISECOND), on_live, self);
  return G_SOURCE_REMOVE;
}

void inos_chooser_view_begin (InosChooserView *self)
{
  gtk_widget_queue_draw (self->over);
  self->tick = gtk_widget_add_tick_callback (self->over, on_frame, self, NULL);
}

/* Life */

static gboolean on_close_request (GtkWindow *window, gpointer data)
{
  InosChooserView *self = data;

  self->hooks.cancelled (self->data); /* its monitor went */
  return TRUE;
}

static void add_gestures (InosChooserView *self)
{
  self->drag = gtk_gesture_drag_new();
  g_signal_connect (self->drag, "drag-begin", G_CALLBACK (on_begin), self);
  g_signal_connect (self->drag, "drag-update", G_CALLBACK (on_update), self);
  g_signal_connect (self->drag, "cancel", G_CALLBACK (on_cancel), self);
  g_signal_connect (self->drag, "drag-end", G_CALLBACK (on_end), self);
  gtk_widget_add_controller (self->area, GTK_EVENT_CONTROLLER (self->drag));
  self->controller = gtk_event_controller_key_new();
  g_signal_connect (self->controller, "key-pressed", G_CALLBACK (on_key), self);
  gtk_event_controller_set_propagation_phase (self->controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self->window), self->controller);
}

static void create_window (InosChooserView *self, GdkMonitor *monitor, gboolean keys)
{
  self->window = GTK_WINDOW (gtk_window_new());
  gtk_window_set_decorated (self->window, FALSE);
  gtk_window_set_title (self->window, _ ("Choose a picture"));
  gtk_widget_add_css_class (GTK_WIDGET (self->window), "inos-chooser");
  gtk_layer_init_for_window (self->window);
  gtk_layer_set_namespace (self->window, "inos-chooser");
  gtk_layer_set_layer (self->window, GTK_LAYER_SHELL_LAYER_OVERLAY);
  gtk_layer_set_monitor (self->window, monitor);
  gtk_layer_set_exclusive_zone (self->window, -1);
  gtk_layer_set_keyboard_mode (self->window, keys ? GTK_LAYER_SHELL_KEYBOARD_MODE_EXCLUSIVE
                                                  : GTK_LAYER_SHELL_KEYBOARD_MODE_NONE);
  for (int edge = 0; edge < GTK_LAYER_SHELL_EDGE_ENTRY_NUMBER; edge++)
    gtk_layer_set_anchor (self->window, (GtkLayerShellEdge)edge, TRUE);
  g_signal_connect (self->window, "close-request", G_CALLBACK (on_close_request), self);
}

InosChooserView *inos_chooser_view_create (GdkMonitor *monitor, InosChooserKind kind, gboolean keys,
                                           const InosChooserViewHooks *hooks, gpointer data)
{
  InosChooserView *self = g_new0 (InosChooserView, 1);
  g_autoptr (GdkCursor) cross = gdk_cursor_new_from_name ("crosshair", NULL);

  *self = (InosChooserView){.kind = kind, .hooks = *hooks, .data = data};
  gdk_monitor_get_geometry (monitor, &self->monitor);
  create_window (self, monitor, keys);
  self->over = gtk_overlay_new();
  gtk_widget_set_can_target (self->over, FALSE);
  self->area = gtk_drawing_area_new();
  gtk_widget_set_focusable (self->area, TRUE);
  gtk_widget_set_cursor (self->area, cross);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), on_draw, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->area), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("The screen"), -1);
  gtk_overlay_set_child (GTK_OVERLAY (self->over), self->area);
  gtk_window_set_child (self->window, self->over);
  add_gestures (self);
  gtk_window_present (self->window);
  return self;
}

void inos_chooser_view_destroy (InosChooserView *self)
{
  if (!self)
    return;
  if (self->tick)
    gtk_widget_remove_tick_callback (self->over, self->tick);
  g_clear_handle_id (&self->source, g_source_remove);
  /* What is held down ends with the window. */
  g_signal_handlers_disconnect_by_data (self->drag, self);
  g_signal_handlers_disconnect_by_data (self->controller, self);
  g_signal_handlers_disconnect_by_data (self->window, self);
  gtk_window_destroy (self->window);
  g_free (self);
}

void inos_chooser_view_add (InosChooserView *self, GtkWidget *card)
{
  gtk_overlay_add_overlay (GTK_OVERLAY (self->over), card);
}
