/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What Settings and the welcome have in common: a window in which a person chooses how the machine
 * is to be. It is the first thing of what such a window has, so that the commands here, which get
 * the window as their context, find it.
 */

#include "app_window.h"
#include "settings_desk.h"
#include "settings_look.h"
#include "settings_mesh.h"

typedef struct {
  InosAppWindow *window;
  InosUndos *undos;
  InosSettingsDesk *desk;
  InosLook *look;
  InosMeshNews *mesh;
} InosChoices;

void inos_choices_init (InosChoices *self, InosAppWindow *window);
void inos_choices_finish (InosChoices *self);
/* What the page learns when it comes. */
void inos_choices_greet (InosChoices *self, JsonObject *greeting);

/* Those of a command's context. */
InosChoices *inos_choices_of (gpointer context);
/* Both stay the window's. */
GDBusConnection *inos_choices_get_bus (InosChoices *self);
/* Tells the page; takes state. */
void inos_choices_send (InosChoices *self, const char *name, JsonNode *state);

/* Commands */
void inos_choices_run_config_change (gpointer context, JsonObject *args, InosReply *reply);
void inos_choices_run_layouts_list (gpointer context, JsonObject *args, InosReply *reply);
void inos_choices_run_look_set (gpointer context, JsonObject *args, InosReply *reply);
void inos_choices_run_session_language (gpointer context, JsonObject *args, InosReply *reply);
void inos_choices_run_session_read (gpointer context, JsonObject *args, InosReply *reply);

/* A command that is a question to the node, by the name that inos_mesh_settings_ask() has for it.
 */
#define INOS_CHOICES_ASK(function, which)                                                          \
  static void function (gpointer context, JsonObject *args, InosReply *reply)                      \
  {                                                                                                \
    inos_mesh_settings_ask (inos_choices_get_bus (inos_choices_of (context)), which, args, reply); \
  }
