/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

/*
 * A page begins: what it is told first.
 */

#include "application_private.h"

#include <systemd/sd-daemon.h>

JsonNode *inos_application_describe_overlay (InosApplication *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "name", self->overlay);
  json_object_set_int_member (object, "serial", self->opened);
  json_node_take_object (node, object);
  return node;
}

JsonNode *inos_application_greet (InosApplication *self, InosSurface *surface)
{
  JsonNode *node = json_node_copy (self->language);
  JsonObject *object = json_node_get_object (node);

  json_object_set_string_member (object, "title", inos_surface_get_title (surface));
  json_object_set_member (object, "appearance", inos_appearance_describe (self->appearance));
  if (inos_surface_get_kind (surface) == INOS_SURFACE_OVERLAY) {
    json_object_set_member (object, "overlay", inos_application_describe_overlay (self));
    json_object_set_member (object, "apps", inos_launcher_list (self->launcher));
    if (g_str_equal (self->overlay, "notifications"))
      json_object_set_member (object, "history", inos_notifier_list (self->notifier));
    json_object_set_member (object, "quick", inos_quick_describe (self->quick, TRUE));
    json_object_set_member (object, "tray", inos_tray_describe (self->tray));
    if (g_str_equal (self->overlay, "clipboard"))
      json_object_set_member (object, "clipboard", inos_clipboard_describe (self->clipboard));
    json_object_set_member (object, "notifications", inos_notifier_describe (self->notifier));
    json_object_set_member (object, "keyboard", inos_keyboard_describe_switch (self->keyboard));
  } else if (inos_surface_get_kind (surface) == INOS_SURFACE_KEYBOARD) {
    inos_keyboard_forget_page (self->keyboard);
    json_object_set_member (object, "keys", inos_keyboard_describe (self->keyboard));
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
    json_object_set_member (object, "keyboard", inos_keyboard_describe_switch (self->keyboard));
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
