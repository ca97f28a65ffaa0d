/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How many peers the node is connected to. It says so when it is asked and not by itself, so it is
 * asked while somebody looks.
 */

#include <gio/gio.h>

typedef struct InosMeshCount InosMeshCount;

InosMeshCount *inos_mesh_count_create (GDBusConnection *bus, void (*changed) (gpointer data),
                                       gpointer data);
void inos_mesh_count_destroy (InosMeshCount *self); /* self may be NULL */

void inos_mesh_count_set_looking (InosMeshCount *self, gboolean looking);
/* -1 where the node does not answer. */
int inos_mesh_count_get (InosMeshCount *self);
