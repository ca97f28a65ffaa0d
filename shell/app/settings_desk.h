/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What there is to be set, as the compositor and the shell say it, read anew whenever they say that
 * it has changed; for a page:
 *
 *     { "present", "outputs": {PATH: properties}, "devices": {PATH: properties}, "input", "idle",
 *       "night", "config": {GROUP: {KEY: text}}, "actions": [[name, argument]],
 *       "notes": {…} or null }
 *
 * with the properties of compositor/org.inos.Compositor1.xml and
 * shell/notify/org.inos.Shell1.Notifications.xml. Titles of windows are not among them.
 */

#include "../reply.h"

#include <gio/gio.h>

typedef struct InosSettingsDesk InosSettingsDesk;

/* state is the callee's to take. */
typedef void (*InosSettingsDeskFunc) (JsonNode *state, gpointer data);

InosSettingsDesk *inos_settings_desk_create (GDBusConnection *bus, InosSettingsDeskFunc changed,
                                             gpointer data);
void inos_settings_desk_destroy (InosSettingsDesk *self);
/* The last that was told, NULL at first. Transfer full. */
JsonNode *inos_settings_desk_get_state (InosSettingsDesk *self);

/* Properties of an output, a{sv}; NULL where there is no such one. Transfer full. */
GVariant *inos_settings_desk_get_output (InosSettingsDesk *self, const char *path);
/* How many outputs are on. */
guint inos_settings_desk_count_on (InosSettingsDesk *self);
/* a(sss) and a(sb) of the compositor; NULL while it is not there. Transfer full. */
GVariant *inos_settings_desk_get_bindings (InosSettingsDesk *self);
GVariant *inos_settings_desk_get_actions (InosSettingsDesk *self);
/* a{sv} of the notifications; NULL while there are none. Transfer full. */
GVariant *inos_settings_desk_get_notes (InosSettingsDesk *self);
