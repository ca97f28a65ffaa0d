/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The mesh, as far as a person sets it: who is in it, who comes in, what is shared, what it may
 * cost. All of it is the node's (org.inos.Node1.Mesh); what Node Manager shows besides is not here.
 */

#include "settings_undo.h"

#include <gio/gio.h>

typedef struct InosMeshNews InosMeshNews;
/* Membership has changed, or somebody asks for it: a number that grows. */
typedef void (*InosMeshNewsFunc) (JsonNode *serial, gpointer data);

InosMeshNews *inos_mesh_news_create (GDBusConnection *bus, InosMeshNewsFunc changed, gpointer data);
void inos_mesh_news_destroy (InosMeshNews *self);

/* which: the second part of a command such as "peer.invite". */
void inos_mesh_settings_ask (GDBusConnection *bus, const char *which, JsonObject *args,
                             InosReply *reply);
/* {"metered", "battery"}, each "auto", "yes" or "no"; answers {"undo"}. */
void inos_mesh_settings_save (GDBusConnection *bus, JsonObject *args, InosUndos *undos,
                              InosReply *reply);
