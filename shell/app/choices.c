/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "choices.h"

#include "settings_config.h"
#include "settings_machine.h"
#include "settings_session.h"

static void on_desk (JsonNode *state, gpointer data)
{
  inos_choices_send (data, "desk", state);
}

static void on_look (JsonNode *state, gpointer data)
{
  inos_choices_send (data, "look", state);
}

static void on_mesh (JsonNode *serial, gpointer data)
{
  inos_choices_send (data, "meshNews", serial);
}

void inos_choices_init (InosChoices *self, InosAppWindow *window)
{
  self->window = window;
  self->undos = inos_undos_new();
  self->desk = inos_settings_desk_create (inos_choices_get_bus (self), on_desk, self);
  self->look = inos_look_create (on_look, self);
  self->mesh = inos_mesh_news_create (inos_choices_get_bus (self), on_mesh, self);
}

void inos_choices_finish (InosChoices *self)
{
  inos_mesh_news_destroy (self->mesh);
  inos_look_destroy (self->look);
  inos_settings_desk_destroy (self->desk);
  inos_undos_unref (self->undos);
}

void inos_choices_greet (InosChoices *self, JsonObject *greeting)
{
  JsonNode *desk = inos_settings_desk_get_state (self->desk);

  if (desk)
    json_object_set_member (greeting, "desk", desk);
  json_object_set_member (greeting, "look", inos_look_describe (self->look));
}

InosChoices *inos_choices_of (gpointer context)
{
  return inos_app_window_get_part (context);
}

GDBusConnection *inos_choices_get_bus (InosChoices *self)
{
  return inos_app_get_bus (inos_app_window_get_app (self->window));
}

void inos_choices_send (InosChoices *self, const char *name, JsonNode *state)
{
  inos_page_send (inos_app_window_get_page (self->window), name, state);
}

void inos_choices_run_config_change (gpointer context, JsonObject *args, InosReply *reply)
{
  InosChoices *self = inos_choices_of (context);
  g_autoptr (GError) error = NULL;
  GVariant *settings = inos_settings_take (args, &error);

  if (settings)
    inos_settings_change (settings, inos_choices_get_bus (self), self->undos, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

void inos_choices_run_layouts_list (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, inos_layouts_list());
}

void inos_choices_run_look_set (gpointer context, JsonObject *args, InosReply *reply)
{
  InosChoices *self = inos_choices_of (context);

  inos_look_set (self->look, args, self->undos, reply);
}

void inos_choices_run_session_language (gpointer context, JsonObject *args, InosReply *reply)
{
  InosChoices *self = inos_choices_of (context);

  inos_session_settings_set_language (inos_choices_get_bus (self), args, self->undos, reply);
}

void inos_choices_run_session_read (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_session_settings_read (inos_choices_get_bus (inos_choices_of (context)), reply);
}
