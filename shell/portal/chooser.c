/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "chooser.h"

#include "../notify/text.h"
#include "../style.h"
#include "chooser_view.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <string.h>

#define COMPOSITOR "org.inos.Compositor1"
#define COMPOSITOR_PATH "/org/inos/Compositor1"
#define WINDOW_INTERFACE "org.inos.Compositor1.Window"
#define PATIENCE 500 /* ms; the card waits for it */
#define MAX_TITLE 80
#define MAX_CHARS 44
#define CARD_HEIGHT 420 /* px, of the list at most */

struct InosChooser {
  InosChooserKind kind;
  InosChooserFunc done;
  gpointer data;
  char *app;
  GCancellable *cancellable; /* of the question for windows */
  GPtrArray *views;          /* InosChooserView; the first has the keyboard */
  GPtrArray *paths;          /* of windows, as their buttons have their numbers */
  GtkWidget *list, *first;   /* NULL for a place */
  GdkRectangle area;         /* that was chosen */
  char *what;                /* as above; NULL where nothing was */
  gboolean closed;           /* nothing can be chosen any more */
  guint source;              /* to end */
};

/* The colours of shell/ui/src/lib/tokens.css. */
static const char style[] =
  "window.inos-chooser { background: transparent; }"
  ".inos-chooser .chooser-card { background: #ffffff; color: #12171e; border-radius: 16px; "
  "padding: 16px 20px; margin: 48px; font-family: Inter, 'Noto Sans', sans-serif; "
  "font-size: 15px; box-shadow: 0 0 0 1px rgba(128, 140, 155, 0.5), 0 4px 18px rgba(0, 0, 0, "
  "0.35); }"
  ".inos-chooser .chooser-card label { color: inherit; }"
  ".inos-chooser .chooser-card .chooser-title { font-weight: 600; font-size: 17px; }"
  ".inos-chooser .chooser-card button { background: transparent; border: 0; box-shadow: none; "
  "color: inherit; padding: 8px 12px; border-radius: 10px; outline: none; }"
  ".inos-chooser .chooser-card button:hover { background: rgba(128, 140, 155, 0.25); }"
  ".inos-chooser .chooser-card button:focus { box-shadow: inset 0 0 0 2px currentcolor; }"
  ".inos-chooser .dark.chooser-card { background: #161b22; color: #eef2f6; }";

/* The end */

static void chooser_free (InosChooser *self)
{
  self->closed = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_handle_id (&self->source, g_source_remove);
  g_ptr_array_unref (self->views);
  g_ptr_array_unref (self->paths);
  g_free (self->what);
  g_free (self->app);
  g_free (self);
}

/* Not in a window's own call, which goes here. */
static gboolean on_end (gpointer data)
{
  InosChooser *self = data;
  const GdkRectangle *area = &self->area;

  self->source = 0;
  g_ptr_array_set_size (self->views, 0);
  gdk_display_sync (gdk_display_get_default()); /* it has left the compositor's scene too */
  const InosChoice choice = {self->what, area->x, area->y, area->width, area->height};

  self->done (self->what ? &choice : NULL, self->data);
  chooser_free (self);
  return G_SOURCE_REMOVE;
}

/* what: NULL for nothing. */
static void end (InosChooser *self, const char *what, const GdkRectangle *area)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  self->what = g_strdup (what);
  if (area)
    self->area = *area;
  self->source = g_idle_add (on_end, self);
}

static void on_chosen (const GdkRectangle *area, gpointer data)
{
  end (data, "/", area);
}

static void on_cancelled (gpointer data)
{
  end (data, NULL, NULL);
}

/* The card */

static void on_all (GtkButton *button, gpointer data)
{
  end (data, "/", NULL);
}

static void on_none (GtkButton *button, gpointer data)
{
  end (data, NULL, NULL);
}

static void on_part (GtkButton *button, gpointer data)
{
  InosChooser *self = data;

  inos_chooser_view_begin_part (g_ptr_array_index (self->views, 0));
}

static void on_monitor (GtkButton *button, gpointer data)
{
  const GdkRectangle *area = g_object_get_data (G_OBJECT (button), "area");

  end (data, "/", area);
}

static void on_window (GtkButton *button, gpointer data)
{
  end (data, g_object_get_data (G_OBJECT (button), "path"), NULL);
}

static GtkWidget *add_button (InosChooser *self, GtkWidget *box, const char *text,
                              void (*pressed) (GtkButton *button, gpointer data))
{
  GtkWidget *button = gtk_button_new();
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_button_set_child (GTK_BUTTON (button), label);
  g_signal_connect (button, "clicked", G_CALLBACK (pressed), self);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static GtkWidget *add_label (GtkWidget *box, const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (class)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

/* One monitor is all. */
static void add_monitors (InosChooser *self)
{
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default());

  for (guint i = 0; g_list_model_get_n_items (monitors) > 1 && i < self->views->len; i++) {
    g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
    GdkRectangle *area = g_new (GdkRectangle, 1);
    g_autofree char *text =
      g_strdup_printf (_ ("Monitor: %s"), gdk_monitor_get_connector (monitor));
    GtkWidget *button = add_button (self, self->list, text, on_monitor);

    gdk_monitor_get_geometry (monitor, area);
    g_object_set_data_full (G_OBJECT (button), "area", area, g_free);
  }
}

static char *title_of (InosChooser *self)
{
  if (self->kind == INOS_CHOOSER_PLACE)
    return self->app ? g_strdup_printf (_ ("Choose a colour for %s"), self->app)
                     : g_strdup (_ ("Choose a colour"));
  return self->app ? g_strdup_printf (_ ("What does %s get a picture of?"), self->app)
                   : g_strdup (_ ("What is the picture to be of?"));
}

static gboolean is_dark (void)
{
  gboolean dark = FALSE;

  g_object_get (gtk_settings_get_default(), "gtk-application-prefer-dark-theme", &dark, NULL);
  return dark;
}

static GtkWidget *create_list (InosChooser *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new();

  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), CARD_HEIGHT);
  self->first = add_button (self, self->list, _ ("Everything"), on_all);
  add_monitors (self);
  add_button (self, self->list, _ ("A part of the screen"), on_part);
  return scroller;
}

static void add_card (InosChooser *self)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autofree char *title = title_of (self);
  gboolean place = self->kind == INOS_CHOOSER_PLACE;

  gtk_widget_add_css_class (card, "chooser-card");
  if (is_dark())
    gtk_widget_add_css_class (card, "dark");
  gtk_widget_set_halign (card, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (card, GTK_ALIGN_END);
  add_label (card, title, "chooser-title");
  add_label (card,
             place ? _ ("Click where it is. Arrow keys move the cross, Enter takes the colour.")
                   : _ ("Draw out a part with the pointer, or choose here. Arrow keys move a "
                        "part, with Shift its edge; Enter takes it."),
             NULL);
  inos_chooser_view_add (g_ptr_array_index (self->views, 0), card);
  if (!place)
    gtk_box_append (GTK_BOX (card), create_list (self));
  add_button (self, card, _ ("Cancel"), on_none);
  if (self->first)
    gtk_widget_grab_focus (self->first);
  for (guint i = 0; i < self->views->len; i++)
    inos_chooser_view_begin (g_ptr_array_index (self->views, i));
}

/* Windows */

static void add_window (InosChooser *self, const char *path, GVariant *properties)
{
  const char *title = NULL, *id = NULL;
  gboolean private = FALSE, minimized = FALSE;
  g_autofree char *clean = NULL;
  g_autofree char *text = NULL;
  GtkWidget *button;

  g_variant_lookup (properties, "Title", "&s", &title);
  g_variant_lookup (properties, "AppId", "&s", &id);
  g_variant_lookup (properties, "Private", "b", &private);
  g_variant_lookup (properties, "Minimized", "b", &minimized);
  if (private || minimized || self->paths->len >= INOS_CHOOSER_WINDOWS_MAX)
    return;
  clean = inos_text_clean (title && *title ? title : id ? id : "", MAX_TITLE, FALSE);
  text = g_strdup_printf (_ ("Window: %s"), clean);
  button = add_button (self, self->list, text, on_window);
  g_object_set_data_full (G_OBJECT (button), "path", g_strdup (path), g_free);
  g_ptr_array_add (self->paths, g_strdup (path));
}

/* The card comes with all that is in it: nothing of it moves under a finger. */
static void on_windows (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariantIter) objects = NULL;
  InosChooser *self = data;
  const char *path;
  GVariant *interfaces;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* it is gone */
  add_card (self);
  if (!reply) {
    g_warning ("no windows to choose from: %s", error->message);
    return;
  }
  g_variant_get (reply, "(a{oa{sa{sv}}})", &objects);
  while (g_variant_iter_next (objects, "{&o@a{sa{sv}}}", &path, &interfaces)) {
    g_autoptr (GVariant) all = interfaces;
    g_autoptr (GVariant) window =
      g_variant_lookup_value (all, WINDOW_INTERFACE, G_VARIANT_TYPE_VARDICT);

    if (window)
      add_window (self, path, window);
  }
}

/* Life */

static void add_views (InosChooser *self)
{
  static const InosChooserViewHooks hooks = {on_chosen, on_cancelled};
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default());

  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++) {
    g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);

    g_ptr_array_add (self->views,
                     inos_chooser_view_create (monitor, self->kind, i == 0, &hooks, self));
  }
}

InosChooser *inos_chooser_open (GDBusConnection *bus, InosChooserKind kind, const char *app,
                                InosChooserFunc done, gpointer data)
{
  static gboolean styled;
  InosChooser *self = g_new0 (InosChooser, 1);

  *self = (InosChooser){.kind = kind, .done = done, .data = data};
  self->app = app ? inos_text_clean (app, MAX_TITLE, FALSE) : NULL;
  self->cancellable = g_cancellable_new();
  self->views = g_ptr_array_new_with_free_func ((GDestroyNotify)inos_chooser_view_destroy);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  inos_style_add (style, &styled);
  add_views (self);
  if (self->views->len == 0) {
    end (self, NULL, NULL);
    return self;
  }
  if (kind == INOS_CHOOSER_PLACE) {
    add_card (self);
    inos_chooser_view_begin_part (g_ptr_array_index (self->views, 0));
  } else {
    g_dbus_connection_call (bus, COMPOSITOR, COMPOSITOR_PATH, "org.freedesktop.DBus.ObjectManager",
                            "GetManagedObjects", NULL, G_VARIANT_TYPE ("(a{oa{sa{sv}}})"),
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, self->cancellable,
                            on_windows, self);
  }
  return self;
}

void inos_chooser_close (InosChooser *self)
{
  if (self)
    chooser_free (self);
}
