/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What applications in a sandbox were granted, and what was decided about them, as the bridge has
 * it (org.inos.Node1.Permissions). For a page:
 *
 *     { "grants": [{"app", "capability", "since": ms}], the audit's last lines as it has them:
 *       "audit": [{"time", "app", "capability", "decision", "by", "times"}],
 *       "apps": {APP: {"name", "desktop"}} }
 *
 * with the names that their desktop files have, where there is one.
 */

#include "settings_undo.h"

#include <gio/gio.h>

typedef struct InosPermits InosPermits;

/* state: a number that grows with each change; the callee's to take. */
typedef void (*InosPermitsFunc) (JsonNode *state, gpointer data);

InosPermits *inos_permits_create (GDBusConnection *bus, InosPermitsFunc changed, gpointer data);
void inos_permits_destroy (InosPermits *self);

void inos_permits_read (InosPermits *self, InosReply *reply);
/* {"app", "capability"}, which may be missing: all of the application's. It may ask again then.
 * Answers {"undo"}, which grants the same anew. */
void inos_permits_revoke (InosPermits *self, JsonObject *args, InosUndos *undos, InosReply *reply);

/* Lists (a(ssx)) and an audit's lines (as) as the page gets them; transfer full. */
JsonNode *inos_permits_describe (GVariant *grants, GVariant *lines);
