/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "osd.h"

#include "../style.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <gtk4-layer-shell.h>

#define SHOWN_MS 1500
#define FADE_MS 120
#define BOTTOM 72
#define BAR_WIDTH 180
#define MAX_CHARS 32
/* How long the window is kept for the next key. */
#define LINGER_SECONDS 30

struct InosOsd {
  void (*changed) (gpointer data);
  gpointer data;
  GtkWindow *window; /* NULL where there is none */
  GtkRevealer *revealer;
  GtkWidget *card;
  GtkImage *icon;
  GtkLevelBar *bar;
  GtkLabel *label;
  GtkLabel *number;
  const char *kind; /* static */
  guint source;     /* until it goes */
  guint linger_source;
  gboolean dark;
  gboolean high_contrast;
};

/* The colours of shell/ui/src/lib/tokens.css. */
static const char style[] =
  "window.inos-osd { background: transparent; }"
  ".inos-osd .osd-card { background: #ffffff; color: #12171e; border-radius: 16px; padding: 12px "
  "20px; margin: 12px; font-family: Inter, 'Noto Sans', sans-serif; font-size: 15px; box-shadow: "
  "0 0 0 1px rgba(128, 140, 155, 0.35), 0 2px 10px rgba(0, 0, 0, 0.25); }"
  ".inos-osd .osd-card label { color: inherit; font-feature-settings: 'tnum'; }"
  ".inos-osd .osd-card image { color: inherit; -gtk-icon-size: 20px; }"
  ".inos-osd .osd-card levelbar trough { background: #dfe3e9; border: 0; border-radius: 3px; "
  "min-height: 6px; padding: 0; }"
  ".inos-osd .osd-card levelbar block { background: transparent; border: 0; border-radius: 3px; "
  "min-height: 6px; min-width: 0; margin: 0; }"
  ".inos-osd .osd-card levelbar block.filled { background: #0b6e66; }"
  ".inos-osd .dark.osd-card { background: #161b22; color: #eef2f6; }"
  ".inos-osd .dark.osd-card levelbar trough { background: #2a333f; }"
  ".inos-osd .dark.osd-card levelbar block.filled { background: #5fd0c0; }"
  ".inos-osd .contrast.osd-card { color: #000000; box-shadow: 0 0 0 2px #000000; }"
  ".inos-osd .dark.contrast.osd-card { background: #000000; color: #ffffff; "
  "box-shadow: 0 0 0 2px #ffffff; }";

static void set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void update_look (InosOsd *self)
{
  if (!self->window)
    return;
  set_class (self->card, "dark", self->dark);
  set_class (self->card, "contrast", self->high_contrast);
}

static void set_kind (InosOsd *self, const char *kind)
{
  if (g_str_equal (self->kind, kind))
    return;
  self->kind = kind;
  self->changed (self->data);
}

static gboolean on_linger (gpointer data)
{
  InosOsd *self = data;

  self->linger_source = 0;
  g_clear_pointer (&self->window, gtk_window_destroy);
  return G_SOURCE_REMOVE;
}

/* It has faded out. */
static void on_revealed (GtkRevealer *revealer, GParamSpec *property, gpointer data)
{
  InosOsd *self = data;

  if (gtk_revealer_get_child_revealed (revealer) || gtk_revealer_get_reveal_child (revealer))
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->window), FALSE);
  g_clear_handle_id (&self->linger_source, g_source_remove);
  self->linger_source = g_timeout_add_seconds (LINGER_SECONDS, on_linger, self);
}

static gboolean on_over (gpointer data)
{
  InosOsd *self = data;

  self->source = 0;
  set_kind (self, "");
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  return G_SOURCE_REMOVE;
}

/* Clicks go to what is under it. */
static void on_realize (GtkWidget *widget, gpointer data)
{
  cairo_region_t *nothing = cairo_region_create();

  gdk_surface_set_input_region (gtk_native_get_surface (GTK_NATIVE (widget)), nothing);
  cairo_region_destroy (nothing);
}

static void create_card (InosOsd *self)
{
  self->card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14);
  self->icon = GTK_IMAGE (gtk_image_new());
  self->bar = GTK_LEVEL_BAR (gtk_level_bar_new_for_interval (0, 100));
  self->label = GTK_LABEL (gtk_label_new (NULL));
  self->number = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (self->card, "osd-card");
  /* Its colours are of no level. */
  gtk_level_bar_remove_offset_value (self->bar, NULL);
  gtk_widget_set_size_request (GTK_WIDGET (self->bar), BAR_WIDTH, -1);
  gtk_widget_set_valign (GTK_WIDGET (self->bar), GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (self->label, MAX_CHARS);
  gtk_label_set_width_chars (self->number, 5);
  gtk_label_set_xalign (self->number, 1);
  gtk_box_append (GTK_BOX (self->card), GTK_WIDGET (self->icon));
  gtk_box_append (GTK_BOX (self->card), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (self->card), GTK_WIDGET (self->bar));
  gtk_box_append (GTK_BOX (self->card), GTK_WIDGET (self->number));
}

static gboolean on_lose (gpointer data)
{
  InosOsd *self = data;

  self->linger_source = 0;
  g_clear_handle_id (&self->source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->revealer, self);
  g_clear_pointer (&self->window, gtk_window_destroy);
  set_kind (self, "");
  return G_SOURCE_REMOVE;
}

/* It goes with its output; not now, since it is who calls. */
static gboolean on_close_request (GtkWindow *window, gpointer data)
{
  InosOsd *self = data;

  g_clear_handle_id (&self->linger_source, g_source_remove);
  self->linger_source = g_idle_add (on_lose, self);
  return TRUE;
}

static void create_window (InosOsd *self)
{
  static gboolean styled;

  inos_style_add (style, &styled);
  self->window = GTK_WINDOW (gtk_window_new());
  gtk_window_set_decorated (self->window, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->window), "inos-osd");
  gtk_layer_init_for_window (self->window);
  gtk_layer_set_namespace (self->window, "inos-osd");
  gtk_layer_set_layer (self->window, GTK_LAYER_SHELL_LAYER_OVERLAY);
  gtk_layer_set_keyboard_mode (self->window, GTK_LAYER_SHELL_KEYBOARD_MODE_NONE);
  gtk_layer_set_anchor (self->window, GTK_LAYER_SHELL_EDGE_BOTTOM, TRUE);
  gtk_layer_set_margin (self->window, GTK_LAYER_SHELL_EDGE_BOTTOM, BOTTOM);
  gtk_layer_set_exclusive_zone (self->window, -1);
  g_signal_connect (self->window, "realize", G_CALLBACK (on_realize), self);
  g_signal_connect (self->window, "close-request", G_CALLBACK (on_close_request), self);
  create_card (self);
  self->revealer = GTK_REVEALER (gtk_revealer_new());
  /* Where motion is not wanted GTK leaves it out. */
  gtk_revealer_set_transition_type (self->revealer, GTK_REVEALER_TRANSITION_TYPE_CROSSFADE);
  gtk_revealer_set_transition_duration (self->revealer, FADE_MS);
  gtk_revealer_set_child (self->revealer, self->card);
  g_signal_connect (self->revealer, "notify::child-revealed", G_CALLBACK (on_revealed), self);
  gtk_window_set_child (self->window, GTK_WIDGET (self->revealer));
  update_look (self);
}

InosOsd *inos_osd_create (void (*changed) (gpointer data), gpointer data)
{
  InosOsd *self = g_new0 (InosOsd, 1);

  *self = (InosOsd){.changed = changed, .data = data, .kind = ""};
  return self;
}

void inos_osd_destroy (InosOsd *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_handle_id (&self->linger_source, g_source_remove);
  if (self->window)
    g_signal_handlers_disconnect_by_data (self->revealer, self);
  g_clear_pointer (&self->window, gtk_window_destroy);
  g_free (self);
}

/* The window is as large as what it shows now; a layer surface that is in no corner has to say so.
 */
static void fit (InosOsd *self)
{
  int width, height;

  gtk_widget_measure (self->card, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  gtk_widget_measure (self->card, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  gtk_window_set_default_size (self->window, width, height);
}

static void announce (InosOsd *self, const InosOsdNews *news, const char *number)
{
  g_autofree char *text =
    news->percent < 0 ? g_strdup (news->label) : g_strdup_printf ("%s: %s", news->label, number);

  gtk_accessible_announce (GTK_ACCESSIBLE (self->card), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

void inos_osd_show (InosOsd *self, const InosOsdNews *news)
{
  gboolean bar = news->percent >= 0;
  g_autofree char *number = g_strdup_printf (_ ("%d%%"), news->percent);

  g_clear_handle_id (&self->linger_source, g_source_remove);
  g_clear_handle_id (&self->source, g_source_remove);
  if (!self->window)
    create_window (self);
  gtk_image_set_from_icon_name (self->icon, news->icon);
  gtk_label_set_text (self->label, news->label);
  gtk_widget_set_visible (GTK_WIDGET (self->label), !bar);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), bar);
  gtk_widget_set_visible (GTK_WIDGET (self->number), bar);
  if (bar) {
    gtk_level_bar_set_value (self->bar, MIN (news->percent, 100));
    gtk_label_set_text (self->number, number);
  }
  fit (self);
  gtk_widget_set_visible (GTK_WIDGET (self->window), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  announce (self, news, number);
  set_kind (self, news->kind);
  self->source = g_timeout_add (SHOWN_MS, on_over, self);
}

const char *inos_osd_get_kind (InosOsd *self)
{
  return self->kind;
}

void inos_osd_set_look (InosOsd *self, gboolean dark, gboolean high_contrast)
{
  self->dark = dark;
  self->high_contrast = high_contrast;
  update_look (self);
}
