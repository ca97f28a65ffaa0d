/*
 * Spending less: what follows in the parts of a mesh from thrift.h. On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/service/thrift.h"

struct inos_mesh_parts;
struct inos_saving_mode;

/** inos_saving_new: @parts, all there, outlive it. */
struct inos_saving_mode *inos_saving_new (struct inos_mesh_parts *parts,
                                          const struct inos_mesh_config *config,
                                          GMainContext *context);
/** inos_saving_free: before any of them is; takes NULL. */
void inos_saving_free (struct inos_saving_mode *mode);
/** inos_saving_set_power: see inos_thrift_set_power(). */
void inos_saving_set_power (struct inos_saving_mode *mode, enum inos_power power);
/** inos_saving_may_describe: whether others are to hear of this machine again, who then do. */
bool inos_saving_may_describe (struct inos_saving_mode *mode);
/** inos_saving_add_status: appends what it is and why to @status, of the type a{sv}. */
void inos_saving_add_status (const struct inos_saving_mode *mode, GVariantBuilder *status);
