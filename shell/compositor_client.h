/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The compositor as the pages see it: {"present", "title", "workspaces": [{"name", "windows"}],
 * "active"}, and its key bindings.
 */

#include "node_client.h"
#include "reply.h"

typedef struct InosCompositorClient InosCompositorClient;

typedef struct {
  InosStateFunc changed;
  /* A key binding that the shell acts on: "launcher", "power-menu". */
  void (*action) (const char *name, gpointer data);
} InosCompositorHooks;

InosCompositorClient *inos_compositor_client_create (GDBusConnection *bus,
                                                     const InosCompositorHooks *hooks,
                                                     gpointer data);
void inos_compositor_client_destroy (InosCompositorClient *self); /* self may be NULL */
void inos_compositor_client_switch_workspace (InosCompositorClient *self, guint index,
                                              InosReply *reply);
