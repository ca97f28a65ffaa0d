/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One of the shell's interfaces: each of these asks it once. `what` is what is not done where it
 * does not answer, which the person is told then; status is the exit status. */
#pragma once

#include "ctl.h"

struct ctl_mesh_list;

/* A method whose answer, of this type, is nothing to show. parameters: floating, may be NULL. */
int ctl_shell_do (struct ctl *ctl, const char *interface, const char *method, GVariant *parameters,
                  const char *type, const char *what);
/* value: floating. */
int ctl_shell_set (struct ctl *ctl, const char *interface, const char *property, GVariant *value,
                   const char *what);
/* (transfer full) (nullable): a property of this type. */
GVariant *ctl_shell_get (struct ctl *ctl, const char *interface, const char *property,
                         const char *type, const char *what, int *status);
/* (transfer full) (nullable): all of its properties, a{sv}. */
GVariant *ctl_shell_get_all (struct ctl *ctl, const char *interface, const char *what, int *status);
/* Prints what its method List answers. */
int ctl_shell_list (struct ctl *ctl, const char *interface, const struct ctl_mesh_list *list,
                    const char *what);
