/*
 * Whether the mesh is to spend less: because the network costs by what goes by (NetworkManager says
 * so), or the machine lives on its battery (UPower says so); or because a person says so.
 *
 * It looks at the system bus, and comes back to it where it goes; where nobody is there, neither
 * is. On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/service/mesh_config.h"

#include <gio/gio.h>

struct inos_thrift;

struct inos_thrift_state {
  bool metered, battery;
  const char *metered_why, *battery_why; /* "set", "system", or "unknown": nobody says; static */
};

typedef void (*inos_thrift_changed) (void *data, const struct inos_thrift_state *state);

/** inos_thrift_new: @changed is told with @data, later, when it is not as it was; at the beginning
 * neither is, unless that is set. */
struct inos_thrift *inos_thrift_new (GMainContext *context, enum inos_saving metered,
                                     enum inos_saving battery, inos_thrift_changed changed,
                                     void *data);
/** inos_thrift_free: takes NULL. */
void inos_thrift_free (struct inos_thrift *thrift);
/** inos_thrift_set: from now on; may tell from inside. */
void inos_thrift_set (struct inos_thrift *thrift, enum inos_saving metered,
                      enum inos_saving battery);
void inos_thrift_look (const struct inos_thrift *thrift, struct inos_thrift_state *state);
