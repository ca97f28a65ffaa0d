/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "surface.h"

#include "crash_guard.h"
#include "scheme.h"

#include <glib/gi18n.h>
#include <gtk4-layer-shell.h>
#include <systemd/sd-daemon.h>

#define PANEL_HEIGHT 32
#define CARD_MARGIN 8
#define CARD_MIN_HEIGHT 120
/* How long an overlay waits for its page. */
#define REVEAL_TIMEOUT_MS 1000
/* The least that is not nothing: GTK does not draw what is wholly see-through, and WebKit on a GPU
 * makes no frame before its last one was drawn. */
#define CONCEALED (1 / 255.0)

static const struct {
  const char *page;
  const char *name_space;
  GtkLayerShellLayer layer;
  GtkLayerShellKeyboardMode keyboard;
  int exclusive_zone;
  int height; /* 0: as high as the output */
} kinds[] = {
  [INOS_SURFACE_WALLPAPER] = {"wallpaper", "inos-wallpaper", GTK_LAYER_SHELL_LAYER_BACKGROUND,
                              GTK_LAYER_SHELL_KEYBOARD_MODE_NONE, -1, 0},
  [INOS_SURFACE_PANEL] = {"panel", "inos-panel", GTK_LAYER_SHELL_LAYER_TOP,
                          GTK_LAYER_SHELL_KEYBOARD_MODE_ON_DEMAND, PANEL_HEIGHT, PANEL_HEIGHT},
  [INOS_SURFACE_OVERLAY] = {"overlay", "inos-overlay", GTK_LAYER_SHELL_LAYER_OVERLAY,
                            GTK_LAYER_SHELL_KEYBOARD_MODE_EXCLUSIVE, -1, 0},
};

struct InosSurface {
  InosSurfaceKind kind;
  InosWeb *web;
  InosSurfaceHooks hooks;
  gpointer data;

  GtkWindow *window;
  GtkWidget *frame; /* holds the view */
  WebKitUserContentManager *content;
  WebKitWebView *view; /* NULL while the native button stands in for it */

  JsonObject *pending; /* name → newest value, not yet sent */
  gboolean listening;
  guint flush_source;

  InosCrashGuard crashes;
  guint reload_source;

  guint reveal_source; /* of an overlay that is up but waits for its page */
};

static void show_page (InosSurface *self);

/* What an answer needs; it may come after the surface is gone. */
typedef struct {
  WebKitScriptMessageReply *reply;
  JSCContext *context;
} Answer;

static void on_reply (const char *json, const char *error, gpointer data)
{
  Answer *answer = data;

  if (error) {
    webkit_script_message_reply_return_error_message (answer->reply, error);
  } else {
    g_autoptr (JSCValue) value = jsc_value_new_string (answer->context, json);

    webkit_script_message_reply_return_value (answer->reply, value);
  }
  webkit_script_message_reply_unref (answer->reply);
  g_object_unref (answer->context);
  g_free (answer);
}

static gboolean on_script_message (WebKitUserContentManager *content, JSCValue *value,
                                   WebKitScriptMessageReply *script_reply, gpointer data)
{
  InosSurface *self = data;
  Answer *answer = g_new0 (Answer, 1);
  InosReply *reply = inos_reply_new (on_reply, answer);
  g_autoptr (GBytes) text = NULL;
  gsize length;
  const char *bytes;

  answer->reply = webkit_script_message_reply_ref (script_reply);
  answer->context = g_object_ref (jsc_value_get_context (value));
  if (!jsc_value_is_string (value)) {
    g_warning ("the page '%s' sent a message that is not a string; refused",
               inos_surface_get_page (self));
    inos_reply_fail (reply, "the message is not a string");
    return TRUE;
  }
  text = jsc_value_to_string_as_bytes (value);
  bytes = g_bytes_get_data (text, &length);
  self->hooks.message (self, bytes ? bytes : "", length, reply, self->data);
  return TRUE;
}

static gboolean on_flush (gpointer data)
{
  InosSurface *self = data;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *json = NULL;
  GVariantDict arguments;

  self->flush_source = 0;
  json_node_take_object (node, g_steal_pointer (&self->pending));
  self->pending = json_object_new();
  json = json_to_string (node, FALSE);
  g_variant_dict_init (&arguments, NULL);
  g_variant_dict_insert (&arguments, "state", "s", json);
  webkit_web_view_call_async_javascript_function (
    self->view, "window.inosReceive(JSON.parse(state))", -1, g_variant_dict_end (&arguments), NULL,
    NULL, NULL, NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* From an idle callback, so that all that changes in one turn of the loop goes in one call. */
static void schedule_flush (InosSurface *self)
{
  if (self->listening && self->view && !self->flush_source &&
      json_object_get_size (self->pending) > 0)
    self->flush_source = g_idle_add (on_flush, self);
}

static void stop_listening (InosSurface *self)
{
  self->listening = FALSE;
  g_clear_handle_id (&self->flush_source, g_source_remove);
}

static void remove_children (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)))
    gtk_box_remove (GTK_BOX (box), child);
}

/* A view that lost its web process does not draw all of itself again: a new one does. */
static void drop_view (InosSurface *self)
{
  if (self->view)
    g_signal_handlers_disconnect_by_data (self->view, self);
  self->view = NULL;
  remove_children (self->frame);
}

static gboolean on_reload (gpointer data)
{
  InosSurface *self = data;

  self->reload_source = 0;
  drop_view (self);
  show_page (self);
  return G_SOURCE_REMOVE;
}

static void on_try_again (GtkButton *button, gpointer data)
{
  InosSurface *self = data;

  inos_crash_guard_reset (&self->crashes);
  if (!self->reload_source)
    self->reload_source = g_idle_add (on_reload, self);
}

static void show_failure (InosSurface *self)
{
  GtkWidget *button =
    gtk_button_new_with_label (_ ("This part of the desktop keeps stopping. Try again"));

  gtk_button_set_has_frame (GTK_BUTTON (button), FALSE);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect (button, "clicked", G_CALLBACK (on_try_again), self);
  drop_view (self);
  gtk_box_append (GTK_BOX (self->frame), button);
  inos_surface_reveal (self);
}

static void on_web_process_terminated (WebKitWebView *view,
                                       WebKitWebProcessTerminationReason reason, gpointer data)
{
  InosSurface *self = data;
  guint delay;

  stop_listening (self);
  if (reason == WEBKIT_WEB_PROCESS_TERMINATED_BY_API)
    return;
  if (!inos_crash_guard_count (&self->crashes, g_get_monotonic_time(), &delay)) {
    g_warning ("the web process of the page '%s' keeps dying; giving up until the person asks",
               inos_surface_get_page (self));
    show_failure (self);
    return;
  }
  g_warning ("the web process of the page '%s' died (reason %d); loading it again in %u ms",
             inos_surface_get_page (self), reason, delay);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  self->reload_source = g_timeout_add (delay, on_reload, self);
}

/* Who waits for the shell learns that it gets on: a web engine may be long in coming from a slow
 * disk. */
static void on_load_changed (WebKitWebView *view, WebKitLoadEvent event, gpointer data)
{
  sd_notify (0, "EXTEND_TIMEOUT_USEC=60000000");
}

static gboolean on_load_failed (WebKitWebView *view, WebKitLoadEvent event, const char *uri,
                                GError *error, gpointer data)
{
  g_warning ("could not load %s: %s", uri, error->message);
  return TRUE;
}

/* Loads the page, into a new view where there is none. */
static void show_page (InosSurface *self)
{
  static const GdkRGBA clear = {0};
  g_autofree char *uri = g_strconcat (INOS_SCHEME_ORIGIN, kinds[self->kind].page, ".html", NULL);

  stop_listening (self);
  if (!self->view) {
    GtkWidget *view = inos_web_create_view (self->web, self->content);

    self->view = WEBKIT_WEB_VIEW (view);
    webkit_web_view_set_background_color (self->view, &clear);
    if (kinds[self->kind].height > 0)
      gtk_widget_set_size_request (view, -1, kinds[self->kind].height);
    g_signal_connect (view, "web-process-terminated", G_CALLBACK (on_web_process_terminated), self);
    g_signal_connect (view, "load-changed", G_CALLBACK (on_load_changed), self);
    g_signal_connect (view, "load-failed", G_CALLBACK (on_load_failed), self);
    gtk_widget_set_hexpand (view, TRUE);
    gtk_widget_set_vexpand (view, TRUE);
    gtk_box_append (GTK_BOX (self->frame), view);
  }
  webkit_web_view_load_uri (self->view, uri);
}

static gboolean on_key_pressed (GtkEventControllerKey *controller, guint key, guint code,
                                GdkModifierType modifiers, gpointer data)
{
  InosSurface *self = data;

  if (key != GDK_KEY_Escape || (self->view && self->listening))
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

  if (self->kind == INOS_SURFACE_OVERLAY)
    self->hooks.escape (self, self->data);
  return TRUE;
}

static void on_active (GtkWindow *window, GParamSpec *property, gpointer data)
{
  InosSurface *self = data;

  if (gtk_window_is_active (window))
    self->hooks.focused (self, self->data);
}

static GtkWindow *create_window (InosSurface *self, GdkMonitor *monitor)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new());
  GtkEventController *keys = gtk_event_controller_key_new();

  gtk_window_set_decorated (window, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (window), "inos-surface");
  gtk_layer_init_for_window (window);
  gtk_layer_set_namespace (window, kinds[self->kind].name_space);
  gtk_layer_set_layer (window, kinds[self->kind].layer);
  gtk_layer_set_keyboard_mode (window, kinds[self->kind].keyboard);
  gtk_layer_set_monitor (window, monitor);
  gtk_layer_set_anchor (window, GTK_LAYER_SHELL_EDGE_LEFT, TRUE);
  gtk_layer_set_anchor (window, GTK_LAYER_SHELL_EDGE_RIGHT, TRUE);
  gtk_layer_set_anchor (window, GTK_LAYER_SHELL_EDGE_TOP, TRUE);
  gtk_layer_set_anchor (window, GTK_LAYER_SHELL_EDGE_BOTTOM, kinds[self->kind].height == 0);
  gtk_layer_set_exclusive_zone (window, kinds[self->kind].exclusive_zone);
  if (kinds[self->kind].height > 0)
    gtk_window_set_default_size (window, -1, kinds[self->kind].height);

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
  InosSurface *self = g_new0 (InosSurface, 1);

  self->kind = kind;
  self->web = web;
  self->hooks = *hooks;
  self->data = data;
  self->pending = json_object_new();
  self->window = g_object_ref (create_window (self, monitor));
  self->frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_window_set_child (self->window, self->frame);
  self->content = webkit_user_content_manager_new();
  webkit_user_content_manager_register_script_message_handler_with_reply (self->content, "inos",
                                                                          NULL);
  g_signal_connect (self->content, "script-message-with-reply-received::inos",
                    G_CALLBACK (on_script_message), self);
  show_page (self);
  if (kind != INOS_SURFACE_OVERLAY)
    gtk_window_present (self->window);
  return self;
}

void inos_surface_destroy (InosSurface *self)
{
  if (!self)
    return;
  stop_listening (self);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_clear_handle_id (&self->reveal_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->content, self);
  if (self->view)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_signal_handlers_disconnect_by_data (self->window, self);
  gtk_window_destroy (self->window);
  g_clear_object (&self->window);
  g_clear_object (&self->content);
  g_clear_pointer (&self->pending, json_object_unref);
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

WebKitWebView *inos_surface_get_view (InosSurface *self)
{
  return self->view;
}

/* The height that every output has room for: the overlay may come up on any. */
static int fitting_height (const InosCard *card)
{
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default());
  int height = card->height;

  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++) {
    g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
    GdkRectangle geometry;

    gdk_monitor_get_geometry (monitor, &geometry);
    height = MIN (height, MAX (geometry.height - card->top - CARD_MARGIN, CARD_MIN_HEIGHT));
  }
  return height;
}

void inos_surface_set_card (InosSurface *self, const InosCard *card)
{
  GtkWidget *window = GTK_WIDGET (self->window);

  gtk_widget_add_css_class (self->frame, "card");
  gtk_widget_set_overflow (self->frame, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_halign (self->frame, card->align);
  gtk_widget_set_valign (self->frame, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->frame, card->top);
  gtk_widget_set_margin_end (self->frame, CARD_MARGIN);
  gtk_widget_set_margin_start (self->frame, CARD_MARGIN);
  gtk_widget_set_size_request (self->frame, card->width, fitting_height (card));
  if (card->dims)
    gtk_widget_add_css_class (window, "dims");
  else
    gtk_widget_remove_css_class (window, "dims");
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
  if (!self->view)
    return;
  gtk_widget_set_opacity (GTK_WIDGET (self->window), CONCEALED);
  self->reveal_source = g_timeout_add (REVEAL_TIMEOUT_MS, on_reveal_timeout, self);
}

void inos_surface_set_visible (InosSurface *self, gboolean visible)
{
  if (visible)
    conceal (self);
  gtk_widget_set_visible (GTK_WIDGET (self->window), visible);
  if (!visible)
    g_clear_handle_id (&self->reveal_source, g_source_remove);
  if (visible && self->view)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

gboolean inos_surface_is_focused (InosSurface *self)
{
  return gtk_window_is_active (self->window);
}

void inos_surface_set_listening (InosSurface *self)
{
  self->listening = TRUE;
  schedule_flush (self);
}

void inos_surface_send (InosSurface *self, const char *name, JsonNode *value)
{
  json_object_set_member (self->pending, name, value);
  schedule_flush (self);
}
