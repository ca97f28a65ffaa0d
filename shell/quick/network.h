/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The network, as NetworkManager has it: Wi-Fi on and off, the networks that can be heard, joining
 * one, and cables. Names of networks are whatever whoever is near calls them.
 */

#include "objects.h"

#include <json-glib/json-glib.h>

typedef struct InosNetwork InosNetwork;

InosNetwork *inos_network_create (GDBusConnection *bus, void (*changed) (gpointer data),
                                  gpointer data);
void inos_network_destroy (InosNetwork *self); /* self may be NULL */

/* NULL where there is no NetworkManager, or nothing that it manages; see lib/quick.ts. all: with
 * the networks that can be heard, at most INOS_NETWORK_MAX_LISTED. */
JsonNode *inos_network_describe (InosNetwork *self, gboolean all);

#define INOS_NETWORK_MAX_LISTED 1024
#define INOS_NETWORK_MAX_PASSWORD 256
#define INOS_NETWORK_MAX_NAME 96

void inos_network_set_wifi (InosNetwork *self, gboolean on, InosReply *reply);
/* Looks around; answers at once. */
void inos_network_scan (InosNetwork *self, InosReply *reply);
/* Joins what describe() listed as id, or uses that cable. Answers {"password": true} where a
 * password is wanted that NetworkManager has not. password may be NULL. */
void inos_network_connect (InosNetwork *self, const char *id, const char *password,
                           InosReply *reply);
/* Leaves what the device of that id is connected to. */
void inos_network_disconnect (InosNetwork *self, const char *id, InosReply *reply);
