/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "arena.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>

#define MESSAGE "inos-arena" /* shell/extension/page_arena.c */

typedef struct {
  GWeakRef view; /* may go meanwhile */
  InosReply *reply;
} Hand;

static void hand_free (Hand *hand)
{
  g_weak_ref_clear (&hand->view);
  g_free (hand);
}

static void fail (Hand *hand, const char *why)
{
  g_message ("a page gets no arena: %s", why);
  inos_reply_fail (hand->reply, _ ("The node’s figures cannot be read: %s"), why);
  hand_free (hand);
}

static void on_mapped (GObject *source, GAsyncResult *result, gpointer data)
{
  Hand *hand = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebKitUserMessage) answer =
    webkit_web_view_send_message_to_page_finish (WEBKIT_WEB_VIEW (source), result, &error);
  GVariant *wrong = answer ? webkit_user_message_get_parameters (answer) : NULL;

  if (!answer) {
    fail (hand, error->message);
  } else if (!wrong || !g_variant_is_of_type (wrong, G_VARIANT_TYPE_STRING)) {
    fail (hand, "the web process does not answer");
  } else if (*g_variant_get_string (wrong, NULL) != '\0') {
    fail (hand, g_variant_get_string (wrong, NULL));
  } else {
    inos_reply_ok (hand->reply, NULL);
    hand_free (hand);
  }
}

static void on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  Hand *hand = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_proxy_call_with_unix_fd_list_finish (G_DBUS_PROXY (source), &fds, result, &error);
  g_autoptr (WebKitWebView) view = g_weak_ref_get (&hand->view);

  if (!answer)
    fail (hand, error->message);
  else if (!view || !fds)
    fail (hand, view ? "its descriptors did not come" : "the page has gone");
  else
    webkit_web_view_send_message_to_page (
      view, webkit_user_message_new_with_fd_list (MESSAGE, NULL, fds), NULL, on_mapped, hand);
}

void inos_arena_open (InosBusClient *node, WebKitWebView *view, InosReply *reply)
{
  GDBusProxy *proxy = inos_bus_client_get_proxy (node);
  Hand *hand = g_new0 (Hand, 1);

  g_weak_ref_init (&hand->view, view);
  hand->reply = reply;
  if (!proxy || !view) { /* the page asks again when it is */
    inos_reply_fail (reply, "%s", _ ("The node of this computer is not there yet."));
    hand_free (hand);
  } else
    g_dbus_proxy_call_with_unix_fd_list (proxy, "OpenArena", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                         NULL, on_opened, hand);
}
