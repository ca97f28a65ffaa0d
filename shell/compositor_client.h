/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The compositor as the pages see it: {"present", "title", "workspaces": [{"name", "windows"}],
 * "active", "locked", "focused"}, and its key bindings.
 */

#include "bus_client.h"

typedef struct {
  InosStateFunc changed;
  /* A key binding that the shell acts on: "launcher", "power-menu", "volume-up" … */
  void (*action) (const char *name, gpointer data);
} InosCompositorHooks;

InosBusClient *inos_compositor_client_create (GDBusConnection *bus,
                                              const InosCompositorHooks *hooks, gpointer data);
void inos_compositor_client_switch_workspace (InosBusClient *self, guint index, InosReply *reply);
/* Does what a binding would, such as "overview". */
void inos_compositor_client_run (InosBusClient *self, const char *action, InosReply *reply);
/* What was typed in the overview, which it then forgets: a string. */
void inos_compositor_client_take_typed (InosBusClient *self, InosReply *reply);
void inos_compositor_client_lock (InosBusClient *self, InosReply *reply);
