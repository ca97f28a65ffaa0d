/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "application.h"

#include "appearance.h"
#include "capability.h"
#include "clipboard/clipboard_service.h"
#include "commands.h"
#include "desktop.h"
#include "language.h"
#include "media/media_service.h"
#include "node_client.h"
#include "overlay.h"
#include "portal/portal.h"
#include "quick/controls_service.h"
#include "service.h"
#include "tray/tray_service.h"

#include <glib/gi18n.h>
#include <systemd/sd-daemon.h>

struct InosApplication {
  void (*quit) (gpointer data);
  gpointer data;

  InosCapability *capabilities[INOS_SURFACE_KINDS]; /* by InosSurfaceKind */
  JsonNode *language;                               /* see language.h */
  InosAppearance *appearance;
  InosLauncher *launcher;
  InosPower *power;
  InosBusClient *node;
  InosBusClient *compositor;
  InosBusClient *session;
  InosService *service;
  InosNotifier *notifier;
  InosPrompter *prompter;
  InosPortal *portal;
  InosAuthenticator *authenticator;
  InosQuick *quick;
  InosControlsService *controls;
  InosMediaService *media;
  InosThumbs *thumbs;
  InosTray *tray;
  InosTrayService *tray_service;
  InosClipboard *clipboard;
  InosClipboardService *clipboard_service;

  InosWeb *web;
  InosDesktop *desktop;
  InosSurface *overlay_surface;
  const char *overlay; /* static, of overlay.h or "" */
  guint opened;        /* how often an overlay was opened */

  JsonNode *node_state;       /* the newest, or NULL */
  JsonNode *compositor_state; /* as above */
  JsonNode *quick_state;      /* what panels have of it, or NULL */
  InosPanelFigures figures;
  gboolean announced; /* READY=1 was said */
};

static JsonNode *describe_overlay (InosApplication *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "name", self->overlay);
  json_object_set_int_member (object, "serial", self->opened);
  json_node_take_object (node, object);
  return node;
}

static void on_node_changed (JsonNode *state, gpointer data)
{
  InosApplication *self = data;

  /* Figures change all the time, and pages read those in the arena. */
  if (self->node_state && json_node_equal (self->node_state, state)) {
    json_node_unref (state);
    return;
  }
  g_clear_pointer (&self->node_state, json_node_unref);
  self->node_state = state;
  inos_desktop_send (self->desktop, INOS_SURFACE_PANEL, "node", state);
  inos_desktop_send (self->desktop, INOS_SURFACE_WALLPAPER, "node", state);
}

static void tell_notifier (InosApplication *self, JsonObject *compositor)
{
  gboolean locked = json_object_get_boolean_member_with_default (compositor, "locked", FALSE);

  inos_notifier_set_locked (self->notifier, locked);
  inos_authenticator_set_locked (self->authenticator, locked);
  inos_prompter_set_locked (self->prompter, locked);
  inos_notifier_set_window (
    self->notifier, json_object_get_string_member_with_default (compositor, "focused", "/"));
}

static void on_compositor_changed (JsonNode *state, gpointer data)
{
  InosApplication *self = data;

  g_clear_pointer (&self->compositor_state, json_node_unref);
  self->compositor_state = state;
  tell_notifier (self, json_node_get_object (state));
  inos_desktop_send (self->desktop, INOS_SURFACE_PANEL, "compositor", state);
}

static void on_action (const char *name, gpointer data)
{
  InosApplication *self = data;
  const char *overlay = g_str_equal (name, "power-menu")       ? "power"
                        : g_str_equal (name, "quick-settings") ? "quick"
                                                               : name;

  if (inos_overlay_find (overlay))
    inos_application_toggle_overlay (self, overlay, NULL);
  else
    inos_quick_act (self->quick, name);
}

static void on_quick_changed (gpointer data)
{
  InosApplication *self = data;
  g_autoptr (JsonNode) state = inos_quick_describe (self->quick, FALSE);

  if (g_str_equal (self->overlay, "quick"))
    inos_surface_send (self->overlay_surface, "quick", inos_quick_describe (self->quick, TRUE));
  if (self->quick_state && json_node_equal (self->quick_state, state))
    return;
  g_clear_pointer (&self->quick_state, json_node_unref);
  self->quick_state = json_node_ref (state);
  inos_desktop_send (self->desktop, INOS_SURFACE_PANEL, "quick", state);
}

static void on_controls_changed (gpointer data)
{
  inos_controls_service_update (((InosApplication *)data)->controls);
}

static void on_media_changed (gpointer data)
{
  inos_media_service_update (((InosApplication *)data)->media);
}

static void on_tray_changed (gpointer data)
{
  InosApplication *self = data;
  g_autoptr (JsonNode) state = inos_tray_describe (self->tray);

  inos_desktop_send (self->desktop, INOS_SURFACE_PANEL, "tray", state);
  if (g_str_equal (self->overlay, "tray"))
    inos_surface_send (self->overlay_surface, "tray", json_node_copy (state));
}

static void on_tray_menu (gpointer data)
{
  InosApplication *self = data;

  if (g_str_equal (self->overlay, "tray"))
    on_tray_changed (self);
  else
    inos_application_set_overlay (self, "tray", NULL);
}

static void on_clipboard_changed (gpointer data)
{
  InosApplication *self = data;

  inos_clipboard_service_update (self->clipboard_service);
  if (g_str_equal (self->overlay, "clipboard"))
    inos_surface_send (self->overlay_surface, "clipboard",
                       inos_clipboard_describe (self->clipboard));
}

/* Those that are kept are notifications'. */
static GBytes *on_picture_wanted (guint64 number, gpointer data)
{
  InosApplication *self = data;

  return number < INOS_THUMBS_END ? inos_thumbs_get (self->thumbs, number)
                                  : inos_notifier_get_picture (self->notifier, number);
}

static void on_notifications_changed (gpointer data)
{
  InosApplication *self = data;
  g_autoptr (JsonNode) state = inos_notifier_describe (self->notifier);

  inos_desktop_send (self->desktop, INOS_SURFACE_PANEL, "notifications", state);
  /* Do not disturb is among the quick settings. */
  if (g_str_equal (self->overlay, "quick"))
    inos_surface_send (self->overlay_surface, "notifications", json_node_copy (state));
}

static void on_notifications_listed (gpointer data)
{
  InosApplication *self = data;

  inos_surface_send (self->overlay_surface, "history", inos_notifier_list (self->notifier));
}

static void on_applications_changed (gpointer data)
{
  InosApplication *self = data;

  inos_surface_send (self->overlay_surface, "apps", inos_launcher_list (self->launcher));
}

static void tell_osd (InosApplication *self)
{
  g_autoptr (JsonNode) appearance = inos_appearance_describe (self->appearance);
  JsonObject *object = json_node_get_object (appearance);

  inos_osd_set_look (inos_quick_get_osd (self->quick),
                     json_object_get_boolean_member (object, "dark"),
                     json_object_get_boolean_member (object, "highContrast"));
}

static void on_appearance_changed (gpointer data)
{
  InosApplication *self = data;
  g_autoptr (JsonNode) appearance = inos_appearance_describe (self->appearance);

  inos_desktop_send (self->desktop, INOS_SURFACE_PANEL, "appearance", appearance);
  inos_desktop_send (self->desktop, INOS_SURFACE_WALLPAPER, "appearance", appearance);
  inos_surface_send (self->overlay_surface, "appearance", json_node_copy (appearance));
  inos_notifier_send (self->notifier, "appearance", json_node_copy (appearance));
  inos_prompter_send (self->prompter, "appearance", json_node_copy (appearance));
  inos_authenticator_send (self->authenticator, "appearance", json_node_copy (appearance));
  tell_osd (self);
}

static void on_message (InosSurface *surface, const char *text, gsize length, InosReply *reply,
                        gpointer data)
{
  InosApplication *self = data;
  InosCommandContext context = {self, surface};

  inos_command_dispatch (&inos_commands, &context,
                         self->capabilities[inos_surface_get_kind (surface)], text, length, reply);
}

static void on_escape (InosSurface *surface, gpointer data)
{
  if (inos_surface_get_kind (surface) == INOS_SURFACE_OVERLAY)
    inos_application_set_overlay (data, "", NULL);
  else if (inos_surface_get_kind (surface) == INOS_SURFACE_POPUPS)
    inos_notifier_lose_surface (((InosApplication *)data)->notifier);
  else if (inos_surface_get_kind (surface) == INOS_SURFACE_PROMPT)
    inos_prompter_escape (((InosApplication *)data)->prompter);
  else if (inos_surface_get_kind (surface) == INOS_SURFACE_AUTHENTICATION)
    inos_authenticator_escape (((InosApplication *)data)->authenticator);
}

static void on_closed (InosSurface *surface, gpointer data)
{
  if (inos_surface_get_kind (surface) == INOS_SURFACE_PROMPT)
    inos_prompter_lose_surface (((InosApplication *)data)->prompter);
  else
    inos_authenticator_lose_surface (((InosApplication *)data)->authenticator);
}

/* It takes the keyboard. */
static void on_asking (gpointer data)
{
  inos_application_set_overlay (data, "", NULL);
}

/* What is typed for the one is not to answer the other. */
static void on_authenticating (gboolean busy, gpointer data)
{
  inos_prompter_hold (((InosApplication *)data)->prompter, busy);
}

/* Who types when the bus names an overlay types into it, not into the window beneath. */
static void on_focused (InosSurface *surface, gpointer data)
{
  inos_service_set_overlay (((InosApplication *)data)->service, ((InosApplication *)data)->overlay);
}

/* Nobody is left who would let go of the keyboard. */
static void on_page_lost (InosSurface *surface, gpointer data)
{
  if (inos_surface_get_kind (surface) == INOS_SURFACE_POPUPS)
    inos_notifier_forget_page (((InosApplication *)data)->notifier);
  else if (inos_surface_get_kind (surface) == INOS_SURFACE_PROMPT)
    inos_prompter_forget_page (((InosApplication *)data)->prompter);
  else if (inos_surface_get_kind (surface) == INOS_SURFACE_AUTHENTICATION)
    inos_authenticator_forget_page (((InosApplication *)data)->authenticator);
}

static void on_name_lost (gpointer data)
{
  InosApplication *self = data;

  self->quit (self->data);
}

static void create_surfaces (InosApplication *self, GDBusConnection *bus)
{
  static const InosNotifierHooks notifier_hooks = {.changed = on_notifications_changed,
                                                   .listed = on_notifications_listed};
  static const InosAuthenticatorHooks authenticator_hooks = {.asking = on_asking,
                                                             .busy = on_authenticating};
  static const InosSurfaceHooks hooks = {.message = on_message,
                                         .escape = on_escape,
                                         .focused = on_focused,
                                         .lost = on_page_lost,
                                         .closed = on_closed};

  self->web = inos_web_create (NULL, NULL);
  self->overlay_surface = inos_surface_create (INOS_SURFACE_OVERLAY, self->web, NULL, &hooks, self);
  self->desktop = inos_desktop_create (self->web, &hooks, self);
  self->notifier = inos_notifier_create (bus, self->web, &hooks, &notifier_hooks, self);
  inos_web_set_pictures (self->web, on_picture_wanted, self);
  self->prompter = inos_prompter_create (bus, self->web, &hooks, on_asking, self);
  self->authenticator = inos_authenticator_create (self->web, &hooks, &authenticator_hooks, self);
  self->portal = inos_portal_create (bus, self->prompter);
}

InosApplication *inos_application_create (GDBusConnection *bus, void (*quit) (gpointer data),
                                          gpointer data)
{
  static const InosCompositorHooks compositor_hooks = {.changed = on_compositor_changed,
                                                       .action = on_action};
  static const InosQuickHooks quick_hooks = {
    .changed = on_quick_changed, .controls = on_controls_changed, .media = on_media_changed};
  static const InosTrayHooks tray_hooks = {.changed = on_tray_changed, .menu = on_tray_menu};
  static const InosClipboardHooks clipboard_hooks = {.changed = on_clipboard_changed};
  InosApplication *self = g_new0 (InosApplication, 1);
  g_autofree char *history =
    g_build_filename (g_get_user_state_dir(), "inos", "launcher.json", NULL);

  self->quit = quit;
  self->data = data;
  self->overlay = "";
  self->capabilities[INOS_SURFACE_WALLPAPER] = inos_command_load_capability ("wallpaper");
  self->capabilities[INOS_SURFACE_PANEL] = inos_command_load_capability ("panel");
  self->capabilities[INOS_SURFACE_OVERLAY] = inos_command_load_capability ("overlay");
  self->capabilities[INOS_SURFACE_POPUPS] = inos_command_load_capability ("popups");
  self->capabilities[INOS_SURFACE_PROMPT] = inos_command_load_capability ("prompt");
  self->capabilities[INOS_SURFACE_AUTHENTICATION] = inos_command_load_capability ("authentication");
  self->language = inos_language_describe();
  gtk_widget_set_default_direction (inos_language_runs_rtl (self->language) ? GTK_TEXT_DIR_RTL
                                                                            : GTK_TEXT_DIR_LTR);
  self->appearance = inos_appearance_create (on_appearance_changed, self);
  self->launcher =
    inos_launcher_create (inos_history_load (history), on_applications_changed, self);
  self->power = inos_power_create();
  self->thumbs = inos_thumbs_create();
  create_surfaces (self, bus);
  self->node = inos_node_client_create (bus, on_node_changed, self);
  self->quick = inos_quick_create (bus, self->thumbs, &quick_hooks, self);
  self->controls = inos_controls_service_create (bus, self->quick);
  self->media = inos_media_service_create (bus, inos_quick_get_media (self->quick));
  tell_osd (self);
  self->tray = inos_tray_create (bus, self->thumbs, &tray_hooks, self);
  self->tray_service = inos_tray_service_create (bus, self->tray);
  self->clipboard = inos_clipboard_create (self->thumbs, &clipboard_hooks, self);
  self->clipboard_service = inos_clipboard_service_create (bus, self->clipboard);
  self->compositor = inos_compositor_client_create (bus, &compositor_hooks, self);
  self->session = inos_session_client_create (bus);
  self->service = inos_service_create (bus, self, on_name_lost, self);
  return self;
}

void inos_application_destroy (InosApplication *self)
{
  if (!self)
    return;
  inos_service_destroy (self->service);
  inos_bus_client_destroy (self->session);
  inos_bus_client_destroy (self->compositor);
  inos_clipboard_service_destroy (self->clipboard_service);
  inos_clipboard_destroy (self->clipboard);
  inos_tray_service_destroy (self->tray_service);
  inos_tray_destroy (self->tray);
  inos_media_service_destroy (self->media);
  inos_controls_service_destroy (self->controls);
  inos_quick_destroy (self->quick);
  inos_bus_client_destroy (self->node);
  inos_portal_destroy (self->portal);
  inos_authenticator_destroy (self->authenticator);
  inos_prompter_destroy (self->prompter);
  inos_notifier_destroy (self->notifier);
  inos_desktop_destroy (self->desktop);
  inos_surface_destroy (self->overlay_surface);
  inos_web_destroy (self->web);
  inos_thumbs_destroy (self->thumbs);
  inos_power_destroy (self->power);
  inos_launcher_destroy (self->launcher);
  inos_appearance_destroy (self->appearance);
  for (gsize i = 0; i < G_N_ELEMENTS (self->capabilities); i++)
    inos_capability_free (self->capabilities[i]);
  g_clear_pointer (&self->node_state, json_node_unref);
  g_clear_pointer (&self->compositor_state, json_node_unref);
  g_clear_pointer (&self->quick_state, json_node_unref);
  json_node_unref (self->language);
  g_free (self);
}

const char *inos_application_get_overlay (InosApplication *self)
{
  return self->overlay;
}

static void send_quick (InosApplication *self)
{
  inos_surface_send (self->overlay_surface, "quick", inos_quick_describe (self->quick, TRUE));
  inos_surface_send (self->overlay_surface, "notifications",
                     inos_notifier_describe (self->notifier));
}

gboolean inos_application_set_overlay (InosApplication *self, const char *overlay, GError **error)
{
  const InosOverlay *row = inos_overlay_find (overlay);
  const char *found = row ? row->name : "";

  if (!row && *overlay) {
    g_autofree char *names = inos_overlay_list();

    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "there is no overlay '%s'; there are %s", overlay, names);
    return FALSE;
  }
  if (g_str_equal (self->overlay, found))
    return TRUE;
  self->overlay = found;
  if (row) {
    self->opened++;
    inos_surface_set_card (self->overlay_surface, &row->card);
  }
  inos_notifier_set_open (self->notifier, g_str_equal (found, "notifications"));
  inos_quick_set_open (self->quick, g_str_equal (found, "quick"));
  if (g_str_equal (found, "notifications"))
    on_notifications_listed (self);
  if (g_str_equal (found, "quick"))
    send_quick (self);
  if (g_str_equal (found, "clipboard"))
    inos_surface_send (self->overlay_surface, "clipboard",
                       inos_clipboard_describe (self->clipboard));
  if (g_str_equal (found, "tray"))
    inos_surface_send (self->overlay_surface, "tray", inos_tray_describe (self->tray));
  else
    inos_tray_close_menu (self->tray);
  inos_surface_send (self->overlay_surface, "overlay", describe_overlay (self));
  inos_surface_set_visible (self->overlay_surface, *found != '\0');
  if (*found == '\0' || inos_surface_is_focused (self->overlay_surface))
    inos_service_set_overlay (self->service, found);
  return TRUE;
}

gboolean inos_application_toggle_overlay (InosApplication *self, const char *overlay,
                                          GError **error)
{
  return inos_application_set_overlay (self, g_str_equal (self->overlay, overlay) ? "" : overlay,
                                       error);
}

void inos_application_fit_overlay (InosApplication *self, guint height)
{
  const InosOverlay *row = inos_overlay_find (self->overlay);
  InosCard card;

  if (!row || !row->fits)
    return;
  card = row->card;
  card.height = (int)height;
  inos_surface_set_card (self->overlay_surface, &card);
}

void inos_application_overlay_painted (InosApplication *self, guint serial)
{
  if (*self->overlay && serial == self->opened)
    inos_surface_reveal (self->overlay_surface);
}

gboolean inos_application_launch (InosApplication *self, const char *id, const char *action,
                                  GError **error)
{
  g_autoptr (GdkAppLaunchContext) context =
    gdk_display_get_app_launch_context (gdk_display_get_default());

  return inos_launcher_launch (self->launcher, id, action, G_APP_LAUNCH_CONTEXT (context), error);
}

InosPanelFigures inos_application_get_figures (InosApplication *self)
{
  return self->figures;
}

void inos_application_set_figures (InosApplication *self, const InosPanelFigures *figures)
{
  self->figures = *figures;
  inos_service_set_figures (self->service, figures);
}

JsonNode *inos_application_greet (InosApplication *self, InosSurface *surface)
{
  JsonNode *node = json_node_copy (self->language);
  JsonObject *object = json_node_get_object (node);

  json_object_set_string_member (object, "title", inos_surface_get_title (surface));
  json_object_set_member (object, "appearance", inos_appearance_describe (self->appearance));
  if (inos_surface_get_kind (surface) == INOS_SURFACE_OVERLAY) {
    json_object_set_member (object, "overlay", describe_overlay (self));
    json_object_set_member (object, "apps", inos_launcher_list (self->launcher));
    if (g_str_equal (self->overlay, "notifications"))
      json_object_set_member (object, "history", inos_notifier_list (self->notifier));
    json_object_set_member (object, "quick", inos_quick_describe (self->quick, TRUE));
    json_object_set_member (object, "tray", inos_tray_describe (self->tray));
    if (g_str_equal (self->overlay, "clipboard"))
      json_object_set_member (object, "clipboard", inos_clipboard_describe (self->clipboard));
    json_object_set_member (object, "notifications", inos_notifier_describe (self->notifier));
  } else if (inos_surface_get_kind (surface) == INOS_SURFACE_POPUPS) {
    inos_notifier_forget_page (self->notifier);
    json_object_set_member (object, "popups", inos_notifier_describe_popups (self->notifier));
  } else if (inos_surface_get_kind (surface) == INOS_SURFACE_PROMPT) {
    inos_prompter_forget_page (self->prompter);
    json_object_set_member (object, "prompt", inos_prompter_describe (self->prompter));
  } else if (inos_surface_get_kind (surface) == INOS_SURFACE_AUTHENTICATION) {
    inos_authenticator_forget_page (self->authenticator);
    json_object_set_member (object, "authentication",
                            inos_authenticator_describe (self->authenticator));
  } else {
    if (self->node_state)
      json_object_set_member (object, "node", json_node_copy (self->node_state));
    if (self->compositor_state)
      json_object_set_member (object, "compositor", json_node_copy (self->compositor_state));
    json_object_set_member (object, "notifications", inos_notifier_describe (self->notifier));
    json_object_set_member (object, "quick", inos_quick_describe (self->quick, FALSE));
    json_object_set_member (object, "tray", inos_tray_describe (self->tray));
  }
  inos_surface_set_listening (surface);
  return node;
}

/* The session waits for this. Without a monitor there is no panel to wait for. */
void inos_application_page_ready (InosApplication *self, InosSurface *surface)
{
  if (self->announced || (inos_surface_get_kind (surface) != INOS_SURFACE_PANEL &&
                          inos_desktop_get_n_monitors (self->desktop) > 0))
    return;
  self->announced = TRUE;
  sd_notify (0, "READY=1");
  g_debug ("ready");
}

InosBusClient *inos_application_get_compositor (InosApplication *self)
{
  return self->compositor;
}

InosBusClient *inos_application_get_node (InosApplication *self)
{
  return self->node;
}

InosBusClient *inos_application_get_session (InosApplication *self)
{
  return self->session;
}

InosPower *inos_application_get_power (InosApplication *self)
{
  return self->power;
}

InosNotifier *inos_application_get_notifier (InosApplication *self)
{
  return self->notifier;
}

InosPrompter *inos_application_get_prompter (InosApplication *self)
{
  return self->prompter;
}

InosAuthenticator *inos_application_get_authenticator (InosApplication *self)
{
  return self->authenticator;
}

InosQuick *inos_application_get_quick (InosApplication *self)
{
  return self->quick;
}

InosTray *inos_application_get_tray (InosApplication *self)
{
  return self->tray;
}

InosClipboard *inos_application_get_clipboard (InosApplication *self)
{
  return self->clipboard;
}
