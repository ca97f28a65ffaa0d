/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "page.h"

#include "crash_guard.h"
#include "scheme.h"

#include <glib/gi18n.h>

struct InosPage {
  const char *name;
  InosWeb *web;
  InosPageHooks hooks;
  gpointer data;

  GtkWidget *frame; /* holds the view */
  WebKitUserContentManager *content;
  WebKitWebView *view; /* NULL while the native button stands in for it */

  JsonObject *pending; /* name → newest value, not yet sent */
  gboolean listening;
  guint flush_source;

  InosCrashGuard crashes;
  guint reload_source;
};

/* What an answer needs; it may come after the page is gone. */
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
  InosPage *self = data;
  Answer *answer = g_new0 (Answer, 1);
  InosReply *reply = inos_reply_new (on_reply, answer);
  g_autoptr (GBytes) text = NULL;
  gsize length;
  const char *bytes;

  answer->reply = webkit_script_message_reply_ref (script_reply);
  answer->context = g_object_ref (jsc_value_get_context (value));
  if (!jsc_value_is_string (value)) {
    g_warning ("the page '%s' sent a message that is not a string; refused", self->name);
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
  InosPage *self = data;
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
static void schedule_flush (InosPage *self)
{
  if (self->listening && self->view && !self->flush_source &&
      json_object_get_size (self->pending) > 0)
    self->flush_source = g_idle_add (on_flush, self);
}

static void stop_listening (InosPage *self)
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
static void drop_view (InosPage *self)
{
  if (self->view)
    g_signal_handlers_disconnect_by_data (self->view, self);
  self->view = NULL;
  remove_children (self->frame);
}

static gboolean on_reload (gpointer data)
{
  InosPage *self = data;

  self->reload_source = 0;
  drop_view (self);
  inos_page_load (self);
  return G_SOURCE_REMOVE;
}

static void on_try_again (GtkButton *button, gpointer data)
{
  InosPage *self = data;

  inos_crash_guard_reset (&self->crashes);
  if (!self->reload_source)
    self->reload_source = g_idle_add (on_reload, self);
}

static void show_failure (InosPage *self)
{
  GtkWidget *button =
    gtk_button_new_with_label (_ ("This part of the desktop keeps stopping. Try again"));

  gtk_button_set_has_frame (GTK_BUTTON (button), FALSE);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect (button, "clicked", G_CALLBACK (on_try_again), self);
  drop_view (self);
  gtk_box_append (GTK_BOX (self->frame), button);
  if (self->hooks.failed)
    self->hooks.failed (self, self->data);
}

static void on_web_process_terminated (WebKitWebView *view,
                                       WebKitWebProcessTerminationReason reason, gpointer data)
{
  InosPage *self = data;
  guint delay;

  stop_listening (self);
  if (reason == WEBKIT_WEB_PROCESS_TERMINATED_BY_API)
    return;
  if (self->hooks.lost)
    self->hooks.lost (self, self->data);
  if (!inos_crash_guard_count (&self->crashes, g_get_monotonic_time(), &delay)) {
    g_warning ("the web process of the page '%s' keeps dying; giving up until the person asks",
               self->name);
    show_failure (self);
    return;
  }
  g_warning ("the web process of the page '%s' died (reason %d); loading it again in %u ms",
             self->name, reason, delay);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  self->reload_source = g_timeout_add (delay, on_reload, self);
}

static gboolean on_load_failed (WebKitWebView *view, WebKitLoadEvent event, const char *uri,
                                GError *error, gpointer data)
{
  g_warning ("could not load %s: %s", uri, error->message);
  return TRUE;
}

static void create_view (InosPage *self)
{
  static const GdkRGBA clear = {0};
  GtkWidget *view = inos_web_create_view (self->web, self->content);

  self->view = WEBKIT_WEB_VIEW (view);
  webkit_web_view_set_background_color (self->view, &clear);
  g_signal_connect (view, "web-process-terminated", G_CALLBACK (on_web_process_terminated), self);
  g_signal_connect (view, "load-failed", G_CALLBACK (on_load_failed), self);
  gtk_widget_set_hexpand (view, TRUE);
  gtk_widget_set_vexpand (view, TRUE);
  if (self->hooks.created)
    self->hooks.created (self, self->view, self->data);
  gtk_box_append (GTK_BOX (self->frame), view);
}

InosPage *inos_page_create (const char *name, InosWeb *web, const InosPageHooks *hooks,
                            gpointer data)
{
  InosPage *self = g_new0 (InosPage, 1);

  self->name = name;
  self->web = web;
  self->hooks = *hooks;
  self->data = data;
  self->pending = json_object_new();
  self->frame = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->content = webkit_user_content_manager_new();
  webkit_user_content_manager_register_script_message_handler_with_reply (self->content, "inos",
                                                                          NULL);
  g_signal_connect (self->content, "script-message-with-reply-received::inos",
                    G_CALLBACK (on_script_message), self);
  return self;
}

void inos_page_destroy (InosPage *self)
{
  if (!self)
    return;
  stop_listening (self);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->content, self);
  if (self->view)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_clear_object (&self->frame);
  g_clear_object (&self->content);
  g_clear_pointer (&self->pending, json_object_unref);
  g_free (self);
}

const char *inos_page_get_name (InosPage *self)
{
  return self->name;
}

GtkWidget *inos_page_get_widget (InosPage *self)
{
  return self->frame;
}

GtkWidget *inos_page_get_view (InosPage *self)
{
  return self->view ? GTK_WIDGET (self->view) : NULL;
}

void inos_page_load (InosPage *self)
{
  g_autofree char *uri = g_strconcat (INOS_SCHEME_ORIGIN, self->name, ".html", NULL);

  stop_listening (self);
  if (!self->view)
    create_view (self);
  webkit_web_view_load_uri (self->view, uri);
}

void inos_page_set_listening (InosPage *self)
{
  self->listening = TRUE;
  schedule_flush (self);
}

gboolean inos_page_is_listening (InosPage *self)
{
  return self->view && self->listening;
}

void inos_page_send (InosPage *self, const char *name, JsonNode *value)
{
  json_object_set_member (self->pending, name, value);
  schedule_flush (self);
}
