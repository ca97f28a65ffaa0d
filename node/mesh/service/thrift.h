/*
 * Whether the mesh is to spend less: because the network costs by what goes by (NetworkManager says
 * so), or the machine lives on its battery (UPower says so, and where that is missing the kernel);
 * or because a person says so.
 *
 * It looks at the system bus, and comes back to it where it goes; where nobody is there, neither
 * is, but for what the kernel says. On the mesh's thread.
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

/* What the kernel says of the battery. */
enum inos_power { INOS_POWER_UNKNOWN, INOS_POWER_MAINS, INOS_POWER_BATTERY };

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
/** inos_thrift_set_power: counts as long as UPower says nothing; may tell from inside. */
void inos_thrift_set_power (struct inos_thrift *thrift, enum inos_power power);
void inos_thrift_look (const struct inos_thrift *thrift, struct inos_thrift_state *state);
