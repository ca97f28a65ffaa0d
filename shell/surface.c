/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "surface.h"

#include "page.h"

#include <glib/gi18n.h>
#include <gtk4-layer-shell.h>
#include <math.h>
#include <systemd/sd-daemon.h>

#define PANEL_HEIGHT 32 /* with letters of the usual size; what is larger follows these */
#define KEYBOARD_HEIGHT 276
/* Of an output: what is typed is to be seen. */
#define KEYBOARD_MOST 0.45
#define CARD_MARGIN 8
#define LETTERS_MOST 3.0
#define CARD_MIN_HEIGHT 120
/* How long an overlay waits for its page. */
#define REVEAL_TIMEOUT_MS 1000
/* The least that is not nothing: GTK does not draw what is wholly see-through, and WebKit on a GPU
 * makes no frame before its last one was drawn. */
#define CONCEALED (1 / 255.0)

static const struct {
  const char *page;
  const char *title; /* as a screen reader calls it */
  const char *name_space;
  GtkLayerShellLayer layer;
  GtkLayerShellKeyboardMode keyboard;
  int exclusive_zone;
  int height; /* 0: as high as the output */
} kinds[] = {
  [INOS_SURFACE_WALLPAPER] = {"wallpaper", N_ ("Wallpaper"), "inos-wallpaper",
                              GTK_LAYER_SHELL_LAYER_BACKGROUND, GTK_LAYER_SHELL_KEYBOARD_MODE_NONE,
                              -1, 0},
  [INOS_SURFACE_PANEL] = {"panel", N_ ("Panel"), "inos-panel", GTK_LAYER_SHELL_LAYER_TOP,
                          GTK_LAYER_SHELL_KEYBOARD_MODE_ON_DEMAND, PANEL_HEIGHT, PANEL_HEIGHT},
  [INOS_SURFACE_OVERLAY] = {"overlay", "Inos", "inos-overlay", GTK_LAYER_SHELL_LAYER_OVERLAY,
                            GTK_LAYER_SHELL_KEYBOARD_MODE_EXCLUSIVE, -1, 0},
  [INOS_SURFACE_POPUPS] = {"popups", N_ ("Notifications"), "inos-popups",
                           GTK_LAYER_SHELL_LAYER_OVERLAY, GTK_LAYER_SHELL_KEYBOARD_MODE_NONE, 0, 0},
  [INOS_SURFACE_PROMPT] = {"prompt", N_ ("Permission"), "inos-prompt",
                           GTK_LAYER_SHELL_LAYER_OVERLAY, GTK_LAYER_SHELL_KEYBOARD_MODE_EXCLUSIVE,
                           -1, 0},
  [INOS_SURFACE_AUTHENTICATION] = {"authentication", N_ ("Authentication"), "inos-authentication",
                                   GTK_LAYER_SHELL_LAYER_OVERLAY,
                                   GTK_LAYER_SHELL_KEYBOARD_MODE_EXCLUSIVE, -1, 0},
  /* The compositor knows it by its name, and keeps it above what is typed into. */
  [INOS_SURFACE_KEYBOARD] = {"keyboard", N_ ("On-screen keyboard"), "inos-keyboard",
                             GTK_LAYER_SHELL_LAYER_OVERLAY, GTK_LAYER_SHELL_KEYBOARD_MODE_NONE,
                             KEYBOARD_HEIGHT, KEYBOARD_HEIGHT},
};

struct InosSurface {
  InosSurfaceKind kind;
  InosSurfaceHooks hooks;
  gpointer data;

  GtkWindow *window;
  InosPage *page;
  GtkWidget *frame; /* the page's */

  guint reveal_source; /* of an overlay that is up but waits for its page */
  InosCard card;       /* width 0: none was set */
  int covered;         /* by the keyboard */
};

/* How much larger letters are than usual, at least 1: GTK's own figure, by which WebKit enlarges
 * all of a page. */
static double letters (void)
{
  int dpi = -1;

  g_object_get (gtk_settings_get_default(), "gtk-xft-dpi", &dpi, NULL);
  return CLAMP (dpi / (96.0 * 1024), 1, LETTERS_MOST);
}

/* Of the lowest output; 0 where there is none. */
static int lowest (void)
{
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default());
  int height = 0;

  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++) {
    g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
    GdkRectangle geometry;

    gdk_monitor_get_geometry (monitor, &geometry);
    if (geometry.height > 0 && (height == 0 || geometry.height < height))
      height = geometry.height;
  }
  return height;
}

/* 0: as high as the output. */
static int height_of (InosSurfaceKind kind)
{
  int height = (int)ceil (kinds[kind].height * letters());
  int most = kind == INOS_SURFACE_KEYBOARD ? (int)(lowest() * KEYBOARD_MOST) : 0;

  return most > 0 ? MIN (height, most) : height;
}

/* Who waits for the shell learns that it gets on: a web engine may be long in coming from a slow
 * disk. */
static void on_load_changed (WebKitWebView *view, WebKitLoadEvent event, gpointer data)
{
  sd_notify (0, "EXTEND_TIMEOUT_USEC=60000000");
}

static void on_created (InosPage *page, WebKitWebView *view, gpointer data)
{
  InosSurface *self = data;

  if (kinds[self->kind].height > 0)
    gtk_widget_set_size_request (GTK_WIDGET (view), -1, height_of (self->kind));
  g_signal_connect (view, "load-changed", G_CALLBACK (on_load_changed), self);
}

static void on_message (InosPage *page, const char *text, gsize length, InosReply *reply,
                        gpointer data)
{
  InosSurface *self = data;

  self->hooks.message (self, text, length, reply, self->data);
}

static void on_lost (InosPage *page, gpointer data)
{
  InosSurface *self = data;

  self->hooks.lost (self, self->data);
}

static void on_failed (InosPage *page, gpointer data)
{
  inos_surface_reveal (data);
}

static gboolean on_key_pressed (GtkEventControllerKey *controller, guint key, guint code,
                                GdkModifierType modifiers, gpointer data)
{
  InosSurface *self = data;

  if (key != GDK_KEY_Escape || inos_page_is_listening (self->page))
    return GDK_EVENT_PROPAGATE;
  self->hooks.escape (self, self->data);
  return GDK_EVENT_STOP;
}

static void on_pressed (GtkGestureClick *gesture, int n_presses, double x, double y, gpointer data)
{
  InosSurface *self = data;
  graphene_rect_t card;

  if (gtk_widget_compute_bounds (self->frame, GTK_WIDGET (self->window), &card) &&
      !graphene_rect_contains_point (&card, &GRAPHENE_POINT_INIT ((float)x, (float)y)))
    self->hooks.escape (self, self->data);
}

/* The compositor closes a layer surface when its output goes; the owner destroys this then. */
static gboolean on_close_request (GtkWindow *window, gpointer data)
{
  InosSurface *self = data;

  if (self->kind == INOS_SURFACE_OVERLAY || self->kind == INOS_SURFACE_POPUPS)
    self->hooks.escape (self, self->data);
  else if (self->kind == INOS_SURFACE_PROMPT || self->kind == INOS_SURFACE_AUTHENTICATION ||
           self->kind == INOS_SURFACE_KEYBOARD)
    self->hooks.closed (self, self->data);
  return TRUE;
}

static void on_active (GtkWindow *window, GParamSpec *property, gpointer data)
{
  InosSurface *self = data;

  if (gtk_window_is_active (window))
    self->hooks.focused (self, self->data);
}

/* Popups are as large as their card, in the corner where a line of text ends; the others go from
 * side to side. */
static void set_anchors (InosSurface *self, GtkWindow *window)
{
  gboolean rtl = gtk_widget_get_default_direction() == GTK_TEXT_DIR_RTL;
  gboolean corner = self->kind == INOS_SURFACE_POPUPS;
  gboolean below = self->kind == INOS_SURFACE_KEYBOARD;

  gtk_layer_set_anchor (window, GTK_LAYER_SHELL_EDGE_LEFT, !corner || rtl);
  gtk_layer_set_anchor (window, GTK_LAYER_SHELL_EDGE_RIGHT, !corner || !rtl);
  gtk_layer_set_anchor (window, GTK_LAYER_SHELL_EDGE_TOP, !below);
  gtk_layer_set_anchor (window, GTK_LAYER_SHELL_EDGE_BOTTOM,
                        below || (!corner && kinds[self->kind].height == 0));
}

/* What every output has room for: the overlay may come up on any. */
static GdkRectangle fitting (InosSurface *self)
{
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default());
  const InosCard *card = &self->card;
  double larger = letters();
  /* Those that cover the panel begin below it. */
  gboolean covers = self->kind == INOS_SURFACE_OVERLAY;
  int top = card->top + (covers ? height_of (INOS_SURFACE_PANEL) - PANEL_HEIGHT : 0);
  GdkRectangle box = {0, top, (int)ceil (card->width * larger), (int)ceil (card->height * larger)};

  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++) {
    g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
    GdkRectangle geometry;

    gdk_monitor_get_geometry (monitor, &geometry);
    box.width = MIN (box.width, MAX (geometry.width - 2 * CARD_MARGIN, card->width));
    box.height =
      MIN (box.height, MAX (geometry.height - top - self->covered - CARD_MARGIN, CARD_MIN_HEIGHT));
  }
  return box;
}

static void place_card (InosSurface *self)
{
  GdkRectangle box = fitting (self);

  gtk_widget_set_margin_top (self->frame, box.y);
  gtk_widget_set_size_request (self->frame, box.width, box.height);
  if (self->kind == INOS_SURFACE_POPUPS)
    gtk_window_set_default_size (self->window, box.width + 2 * CARD_MARGIN,
                                 box.y + box.height + CARD_MARGIN);
}

/* Its own, and the room that windows leave it. */
static void set_height (InosSurface *self, GtkWindow *window)
{
  int height = height_of (self->kind);

  gtk_layer_set_exclusive_zone (window, height > 0 ? height : kinds[self->kind].exclusive_zone);
  if (height > 0)
    gtk_window_set_default_size (window, -1, height);
}

static void on_letters (GtkSettings *settings, GParamSpec *property, gpointer data)
{
  InosSurface *self = data;
  GtkWidget *view = inos_page_get_view (self->page);

  set_height (self, self->window);
  if (view && kinds[self->kind].height > 0)
    gtk_widget_set_size_request (view, -1, height_of (self->kind));
  if (self->card.width > 0)
    place_card (self);
}

static GtkWindow *create_window (InosSurface *self, GdkMonitor *monitor)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new());
  GtkEventController *keys = gtk_event_controller_key_new();

  gtk_window_set_title (window, inos_surface_get_title (self));
  gtk_window_set_decorated (window, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (window), "inos-surface");
  gtk_widget_add_css_class (GTK_WIDGET (window), kinds[self->kind].page);
  gtk_layer_init_for_window (window);
  gtk_layer_set_namespace (window, kinds[self->kind].name_space);
  gtk_layer_set_layer (window, kinds[self->kind].layer);
  gtk_layer_set_keyboard_mode (window, kinds[self->kind].keyboard);
  gtk_layer_set_monitor (window, monitor);
  set_anchors (self, window);
  set_height (self, window);
  g_signal_connect (gtk_settings_get_default(), "notify::gtk-xft-dpi", G_CALLBACK (on_letters),
                    self);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (window), keys);
  if (self->kind == INOS_SURFACE_OVERLAY) {
    GtkGesture *click = gtk_gesture_click_new();

    gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
    g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
    gtk_widget_add_controller (GTK_WIDGET (window), GTK_EVENT_CONTROLLER (click));
    g_signal_connect (window, "notify::is-active", G_CALLBACK (on_active), self);
  }
  g_signal_connect (window, "close-request", G_CALLBACK (on_close_request), self);
  return window;
}

InosSurface *inos_surface_create (InosSurfaceKind kind, InosWeb *web, GdkMonitor *monitor,
                                  const InosSurfaceHooks *hooks, gpointer data)
{
  static const InosPageHooks page_hooks = {
    .message = on_message, .created = on_created, .lost = on_lost, .failed = on_failed};
  InosSurface *self = g_new0 (InosSurface, 1);

  self->kind = kind;
  self->hooks = *hooks;
  self->data = data;
  self->window = g_object_ref (create_window (self, monitor));
  self->page = inos_page_create (kinds[kind].page, web, &page_hooks, self);
  self->frame = inos_page_get_widget (self->page);
  gtk_window_set_child (self->window, self->frame);
  inos_page_load (self->page);
  if (kind == INOS_SURFACE_WALLPAPER || kind == INOS_SURFACE_PANEL)
    gtk_window_present (self->window);
  return self;
}

void inos_surface_destroy (InosSurface *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->reveal_source, g_source_remove);
  if (inos_page_get_view (self->page))
    g_signal_handlers_disconnect_by_data (inos_page_get_view (self->page), self);
  g_signal_handlers_disconnect_by_data (self->window, self);
  g_signal_handlers_disconnect_by_data (gtk_settings_get_default(), self);
  gtk_window_destroy (self->window);
  g_clear_object (&self->window);
  inos_page_destroy (self->page);
  g_free (self);
}

InosSurfaceKind inos_surface_get_kind (InosSurface *self)
{
  return self->kind;
}

const char *inos_surface_get_page (InosSurface *self)
{
  return kinds[self->kind].page;
}

const char *inos_surface_get_title (InosSurface *self)
{
  return _ (kinds[self->kind].title);
}

WebKitWebView *inos_surface_get_view (InosSurface *self)
{
  GtkWidget *view = inos_page_get_view (self->page);

  return view ? WEBKIT_WEB_VIEW (view) : NULL;
}

void inos_surface_set_card (InosSurface *self, const InosCard *card)
{
  GtkWidget *window = GTK_WIDGET (self->window);

  self->card = *card;
  gtk_widget_add_css_class (self->frame, "card");
  gtk_widget_set_overflow (self->frame, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_halign (self->frame, card->align);
  gtk_widget_set_valign (self->frame, GTK_ALIGN_START);
  gtk_widget_set_margin_end (self->frame, CARD_MARGIN);
  gtk_widget_set_margin_start (self->frame, CARD_MARGIN);
  if (self->kind == INOS_SURFACE_POPUPS)
    gtk_widget_set_margin_bottom (self->frame, CARD_MARGIN);
  place_card (self);
  if (card->dims)
    gtk_widget_add_css_class (window, "dims");
  else
    gtk_widget_remove_css_class (window, "dims");
}

int inos_surface_get_height (InosSurface *self)
{
  return height_of (self->kind);
}

void inos_surface_set_covered (InosSurface *self, int bottom)
{
  if (self->covered == bottom)
    return;
  self->covered = bottom;
  if (self->card.width > 0)
    place_card (self);
}

void inos_surface_reveal (InosSurface *self)
{
  g_clear_handle_id (&self->reveal_source, g_source_remove);
  gtk_widget_set_opacity (GTK_WIDGET (self->window), 1);
}

static gboolean on_reveal_timeout (gpointer data)
{
  InosSurface *self = data;

  g_info ("the page '%s' does not say that it was drawn; it is shown as it is",
          inos_surface_get_page (self));
  self->reveal_source = 0;
  inos_surface_reveal (self);
  return G_SOURCE_REMOVE;
}

/* The page draws only while its window is up, so that is there but cannot be seen. */
static void conceal (InosSurface *self)
{
  g_clear_handle_id (&self->reveal_source, g_source_remove);
  if (!inos_page_get_view (self->page))
    return;
  gtk_widget_set_opacity (GTK_WIDGET (self->window), CONCEALED);
  self->reveal_source = g_timeout_add (REVEAL_TIMEOUT_MS, on_reveal_timeout, self);
}

void inos_surface_set_visible (InosSurface *self, gboolean visible)
{
  /* Outputs may be others than when it was made. */
  if (visible && self->kind == INOS_SURFACE_KEYBOARD)
    on_letters (NULL, NULL, self);
  if (visible)
    conceal (self);
  gtk_widget_set_visible (GTK_WIDGET (self->window), visible);
  if (!visible)
    g_clear_handle_id (&self->reveal_source, g_source_remove);
  if (visible && inos_page_get_view (self->page) &&
      kinds[self->kind].keyboard == GTK_LAYER_SHELL_KEYBOARD_MODE_EXCLUSIVE)
    gtk_widget_grab_focus (inos_page_get_view (self->page));
}

void inos_surface_set_keyboard (InosSurface *self, gboolean on)
{
  gtk_layer_set_keyboard_mode (self->window, on ? GTK_LAYER_SHELL_KEYBOARD_MODE_EXCLUSIVE
                                                : kinds[self->kind].keyboard);
  if (on && inos_page_get_view (self->page))
    gtk_widget_grab_focus (inos_page_get_view (self->page));
}

gboolean inos_surface_is_focused (InosSurface *self)
{
  return gtk_window_is_active (self->window);
}

void inos_surface_set_listening (InosSurface *self)
{
  inos_page_set_listening (self->page);
}

void inos_surface_send (InosSurface *self, const char *name, JsonNode *value)
{
  inos_page_send (self->page, name, value);
}
