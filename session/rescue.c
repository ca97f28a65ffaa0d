/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inos-rescue NAME REASON LOG [NAME REASON LOG…]: the window that says which parts of the desktop
 * were given up, and offers what a person can do without them.
 */
#include "inos-config.h"
#include "inos-session1.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

#define SETTINGS "org.inos.desktop"

struct rescue {
  char **failures;       /* triples of name, reason, log; borrowed */
  InosSession1 *session; /* NULL: the session cannot be reached */
  GtkLabel *message;     /* what went wrong with a button */
};

static void show_error (struct rescue *rescue, const char *text)
{
  gtk_label_set_text (rescue->message, text);
  gtk_widget_set_visible (GTK_WIDGET (rescue->message), TRUE);
  gtk_accessible_announce (GTK_ACCESSIBLE (rescue->message), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* What a person calls the component. */
static const char *component_title (const char *name)
{
  if (g_str_equal (name, "shell"))
    return _ ("The panel and the launcher (shell)");
  if (g_str_equal (name, "node"))
    return _ ("This machine's figures and services (node)");
  if (g_str_equal (name, "bridge"))
    return _ ("The connection between the node and the desktop (bridge)");
  return name;
}

static gboolean call (struct rescue *rescue, const char *component)
{
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;
  if (rescue->session == NULL)
    show_error (rescue, _ ("The session cannot be reached over D-Bus."));
  else if (component != NULL)
    done = inos_session1_call_restart_sync (rescue->session, component, NULL, &error);
  else
    done = inos_session1_call_logout_sync (rescue->session, NULL, &error);
  if (error != NULL)
    show_error (rescue, error->message);
  return done;
}

static void on_try_again (GtkButton *button, gpointer data)
{
  struct rescue *rescue = data;
  gboolean all = TRUE;
  for (char **failure = rescue->failures; *failure != NULL; failure += 3)
    all = call (rescue, *failure) && all;
  if (all)
    gtk_window_destroy (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (button))));
}

static void on_log_out (GtkButton *button, gpointer data)
{
  call (data, NULL);
}

/* The command for a terminal: the person's choice, else what there is. NULL: none. */
static char *terminal_command (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source != NULL ? g_settings_schema_source_lookup (source, SETTINGS, TRUE) : NULL;
  if (schema != NULL) {
    g_autoptr (GSettings) settings = g_settings_new (SETTINGS);
    g_autofree char *chosen = g_settings_get_string (settings, "rescue-terminal");
    if (*chosen != '\0')
      return g_steal_pointer (&chosen);
  }
  static const char *const known[] = {"xdg-terminal-exec", "foot"};
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++) {
    g_autofree char *path = g_find_program_in_path (known[i]);
    if (path != NULL)
      return g_steal_pointer (&path);
  }
  return NULL;
}

static void on_terminal (GtkButton *button, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *command = terminal_command();
  if (command == NULL)
    show_error (data, _ ("No terminal was found. Install foot, or name one with: gsettings set "
                         "org.inos.desktop rescue-terminal PROGRAM"));
  else if (!g_spawn_command_line_async (command, &error))
    show_error (data, error->message);
}

static GtkWidget *new_text (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 60);
  gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *new_failure (char **failure)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *reason = g_strdup_printf (_ ("Last time it %s."), failure[1]);
  g_autofree char *log = g_strdup_printf (_ ("Its log: %s"), failure[2]);
  gtk_box_append (GTK_BOX (box), new_text (component_title (failure[0]), "heading"));
  gtk_box_append (GTK_BOX (box), new_text (reason, "body"));
  GtkWidget *path = new_text (log, "dim-label");
  gtk_label_set_selectable (GTK_LABEL (path), TRUE);
  gtk_widget_set_focusable (path, FALSE); /* the buttons come first for the keyboard */
  gtk_box_append (GTK_BOX (box), path);
  return box;
}

static GtkWidget *add_button (GtkWidget *box, const char *label, GCallback callback,
                              struct rescue *rescue)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);
  g_signal_connect (button, "clicked", callback, rescue);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void on_activate (GtkApplication *application, gpointer data)
{
  struct rescue *rescue = data;
  GtkWidget *window = gtk_application_window_new (application);
  gtk_window_set_title (GTK_WINDOW (window), _ ("A part of the desktop does not run"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);
  gtk_widget_set_margin_top (box, 24);
  gtk_widget_set_margin_bottom (box, 24);
  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_box_append (GTK_BOX (box),
                  new_text (_ ("These parts of the desktop do not keep running and are no longer "
                               "started. Your windows and files are not affected."),
                            "body"));
  for (char **failure = rescue->failures; *failure != NULL; failure += 3)
    gtk_box_append (GTK_BOX (box), new_failure (failure));

  GtkWidget *message = new_text ("", "error");
  gtk_widget_set_visible (message, FALSE);
  rescue->message = GTK_LABEL (message);
  gtk_box_append (GTK_BOX (box), message);

  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  add_button (buttons, _ ("_Log out"), G_CALLBACK (on_log_out), rescue);
  add_button (buttons, _ ("Open a _terminal"), G_CALLBACK (on_terminal), rescue);
  GtkWidget *again = add_button (buttons, _ ("Try _again"), G_CALLBACK (on_try_again), rescue);
  gtk_widget_add_css_class (again, "suggested-action");
  gtk_box_append (GTK_BOX (box), buttons);

  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_widget (GTK_WINDOW (window), again);
  gtk_window_set_focus (GTK_WINDOW (window), again);
  gtk_window_present (GTK_WINDOW (window));
}

int main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc == 2 && g_str_equal (argv[1], "--version")) {
    g_print ("inos-rescue %s\n", INOS_VERSION);
    return EXIT_SUCCESS;
  }
  if (argc < 4 || argc % 3 != 1) {
    g_printerr (_ ("Usage: inos-rescue NAME REASON LOG [NAME REASON LOG…]\n"
                   "The session starts this when a part of the desktop was given up.\n"));
    return 2;
  }
  g_autoptr (GError) error = NULL;
  struct rescue rescue = {.failures = argv + 1};
  rescue.session =
    inos_session1_proxy_new_for_bus_sync (G_BUS_TYPE_SESSION, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START,
                                          "org.inos.Session1", "/org/inos/Session1", NULL, &error);
  if (error != NULL)
    g_message ("%s", error->message);
  /* Not unique and without a name on the bus: nothing may keep this window from showing. */
  g_autoptr (GtkApplication) application =
    gtk_application_new ("org.inos.Rescue", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &rescue);
  int status = g_application_run (G_APPLICATION (application), 1, argv);
  g_clear_object (&rescue.session);
  return status;
}
