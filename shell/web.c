/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "web.h"

#include "inos-config.h"

#define WEB_PROCESS_DIR INOS_LIBDIR "/web-process"

struct InosWeb {
  WebKitWebContext *context;
  WebKitNetworkSession *network;
  WebKitSettings *settings;
  InosScheme *scheme; /* the context's */
  /* The first view; later ones are related to it, which puts them into its web process. It is never
   * shown and lives as long as this. */
  WebKitWebView *root; /* may be NULL */
};

void inos_web_set_environment (void)
{
  g_setenv ("GIO_USE_POWER_PROFILE_MONITOR", "dbus", TRUE);
}

static gboolean have_render_node (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/dev/dri", 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;
  }
  return FALSE;
}

/* Under cairo, which the session asks for where the compositor has no GPU, there is nothing to
 * accelerate; a render node alone may be a virtual machine's, with OpenGL in software. */
static gboolean have_gpu (void)
{
  return have_render_node() && g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") != 0;
}

static WebKitSettings *create_settings (void)
{
  WebKitHardwareAccelerationPolicy acceleration = have_gpu()
                                                    ? WEBKIT_HARDWARE_ACCELERATION_POLICY_ALWAYS
                                                    : WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER;
  gboolean debug = g_strcmp0 (g_getenv ("INOS_SHELL_DEBUG"), "1") == 0;

  return g_object_new (
    WEBKIT_TYPE_SETTINGS, "default-font-family", "Inter", "sans-serif-font-family", "Inter",
    "hardware-acceleration-policy", acceleration, "enable-developer-extras", FALSE,
    "enable-write-console-messages-to-stdout", debug, "enable-media", FALSE, "enable-media-stream",
    FALSE, "enable-mediasource", FALSE, "enable-media-capabilities", FALSE,
    "enable-encrypted-media", FALSE, "enable-webrtc", FALSE, "enable-webgl", FALSE,
    "enable-webaudio", FALSE, "enable-fullscreen", FALSE, "enable-page-cache", FALSE,
    "enable-html5-database", FALSE, "enable-html5-local-storage", FALSE,
    "enable-back-forward-navigation-gestures", FALSE, "enable-site-specific-quirks", FALSE,
    "enable-smooth-scrolling", FALSE, "javascript-can-open-windows-automatically", FALSE,
    "javascript-can-access-clipboard", FALSE, "allow-modal-dialogs", FALSE,
    "allow-file-access-from-file-urls", FALSE, "allow-universal-access-from-file-urls", FALSE,
    "allow-top-navigation-to-data-urls", FALSE, NULL);
}

static void on_download_started (WebKitNetworkSession *network, WebKitDownload *download,
                                 gpointer data)
{
  g_warning ("a page tried to download something; refused");
  webkit_download_cancel (download);
}

/* Only whole pages of the bundle may be opened, and nothing in a new window. */
static gboolean on_decide_policy (WebKitWebView *view, WebKitPolicyDecision *decision,
                                  WebKitPolicyDecisionType type, gpointer data)
{
  WebKitNavigationAction *action;
  const char *uri;

  if (type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE) {
    WebKitResponsePolicyDecision *response = WEBKIT_RESPONSE_POLICY_DECISION (decision);

    if (webkit_response_policy_decision_is_mime_type_supported (response))
      webkit_policy_decision_use (decision);
    else
      webkit_policy_decision_ignore (decision);
    return TRUE;
  }
  action = webkit_navigation_policy_decision_get_navigation_action (
    WEBKIT_NAVIGATION_POLICY_DECISION (decision));
  uri = webkit_uri_request_get_uri (webkit_navigation_action_get_request (action));
  if (type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION &&
      g_str_has_prefix (uri, INOS_SCHEME_ORIGIN)) {
    webkit_policy_decision_use (decision);
  } else {
    g_warning ("a page tried to open %s; refused", uri);
    webkit_policy_decision_ignore (decision);
  }
  return TRUE;
}

static gboolean on_permission_request (WebKitWebView *view, WebKitPermissionRequest *request,
                                       gpointer data)
{
  webkit_permission_request_deny (request);
  return TRUE;
}

static gboolean on_context_menu (WebKitWebView *view, WebKitContextMenu *menu,
                                 WebKitHitTestResult *hit, gpointer data)
{
  return TRUE;
}

/* WebKit lets a text view of GTK's, which nobody sees, say what keys mean: with the menu's key that
 * shows its own menu over the page, beside the page's. */
static gboolean on_key (GtkEventControllerKey *keys, guint value, guint code, GdkModifierType state,
                        gpointer data)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (keys));

  for (GtkWidget *child = gtk_widget_get_first_child (view); child;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_TEXT_VIEW (child))
      gtk_widget_action_set_enabled (child, "menu.popup", FALSE);
  return FALSE;
}

/* That text view is nothing to a screen reader, and nowhere for the keyboard to go from the page's
 * end. Not earlier: what is shown is not hidden any more. */
static void on_map (GtkWidget *view, gpointer data)
{
  for (GtkWidget *child = gtk_widget_get_first_child (view); child;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_TEXT_VIEW (child)) {
      gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
      gtk_widget_set_can_focus (child, FALSE);
    }
}

static void add_keys (GtkWidget *view)
{
  GtkEventController *keys = gtk_event_controller_key_new();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), NULL);
  gtk_widget_add_controller (view, keys);
  g_signal_connect_after (view, "map", G_CALLBACK (on_map), NULL);
}

static WebKitWebView *new_view (InosWeb *self, WebKitUserContentManager *content)
{
  WebKitWebView *view;

  if (self->root)
    view = g_object_new (WEBKIT_TYPE_WEB_VIEW, "related-view", self->root, "settings",
                         self->settings, "user-content-manager", content, NULL);
  else
    view = g_object_new (WEBKIT_TYPE_WEB_VIEW, "web-context", self->context, "network-session",
                         self->network, "settings", self->settings, NULL);
  g_signal_connect (view, "decide-policy", G_CALLBACK (on_decide_policy), NULL);
  g_signal_connect (view, "permission-request", G_CALLBACK (on_permission_request), NULL);
  g_signal_connect (view, "context-menu", G_CALLBACK (on_context_menu), NULL);
  add_keys (GTK_WIDGET (view));
  return view;
}

static void on_web_process (WebKitWebContext *context, gpointer data)
{
  webkit_web_context_set_web_process_extensions_directory (context, WEB_PROCESS_DIR);
}

InosWeb *inos_web_create (InosStreamFunc streams, gpointer data)
{
  InosWeb *self = g_new0 (InosWeb, 1);

  self->context = webkit_web_context_new();
  webkit_web_context_set_cache_model (self->context, WEBKIT_CACHE_MODEL_DOCUMENT_VIEWER);
  webkit_web_context_set_spell_checking_enabled (self->context, FALSE);
  self->scheme = inos_scheme_register (self->context, streams, data);
  webkit_web_context_add_path_to_sandbox (self->context, WEB_PROCESS_DIR, TRUE);
  g_signal_connect (self->context, "initialize-web-process-extensions", G_CALLBACK (on_web_process),
                    NULL);
  self->network = webkit_network_session_new_ephemeral();
  g_signal_connect (self->network, "download-started", G_CALLBACK (on_download_started), NULL);
  self->settings = create_settings();
  self->root = g_object_ref_sink (new_view (self, NULL));
  return self;
}

void inos_web_destroy (InosWeb *self)
{
  if (!self)
    return;
  g_clear_object (&self->root);
  g_clear_object (&self->settings);
  g_clear_object (&self->network);
  g_clear_object (&self->context);
  g_free (self);
}

GtkWidget *inos_web_create_view (InosWeb *self, WebKitUserContentManager *content)
{
  return GTK_WIDGET (new_view (self, content));
}

void inos_web_set_pictures (InosWeb *self, InosPictureFunc pictures, gpointer data)
{
  inos_scheme_set_pictures (self->scheme, pictures, data);
}
