/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services inosctl speaks to, and what to tell a person when one of them does not answer. */
#pragma once

#include "ctl.h"

enum ctl_service { CTL_SESSION, CTL_COMPOSITOR, CTL_NODE, CTL_SHELL };

const char *ctl_service_name (enum ctl_service service); /* also its main interface */
const char *ctl_service_path (enum ctl_service service);

/* Connects to the session bus once. */
bool ctl_bus_connect (struct ctl *ctl, GError **error);

/* Calls a method; takes floating parameters. NULL with an error set. */
GVariant *ctl_bus_call (struct ctl *ctl, enum ctl_service service, const char *path,
                        const char *interface, const char *method, GVariant *parameters,
                        GError **error);

/* The same of one that may take as long as it likes: the service bounds it. */
GVariant *ctl_bus_call_long (struct ctl *ctl, enum ctl_service service, const char *path,
                             const char *interface, const char *method, GVariant *parameters,
                             GError **error);

/* All properties of the service's main object as a{sv}. */
GVariant *ctl_bus_properties (struct ctl *ctl, enum ctl_service service, GError **error);

/* The compositor's objects that have the interface, as GVariant a{sv} of its properties. */
GPtrArray *ctl_bus_objects (struct ctl *ctl, const char *interface, GError **error);

/* Whether the error says that nobody owns the name, or that there is no bus. */
bool ctl_bus_is_absent (const GError *error);

/* Whether the error says that there is no such object. */
bool ctl_bus_is_missing (const GError *error);

/* (transfer full): @reply, which is handed over, where it is of this type; else NULL, and the
 * person is told. status: (out): the exit status. */
GVariant *ctl_bus_of_type (GVariant *reply, const char *type, const char *what, int *status);

/* Tells the person what could not be done and why; returns the exit status. */
int ctl_bus_fail (struct ctl *ctl, enum ctl_service service, const GError *error, const char *what);

/* (transfer full): what the shell answers, of this type; NULL, and the person is told, where it
 * does not. parameters: floating, may be NULL. what: what is not done then. status: (out): the exit
 * status, CTL_NO_OBJECT where it knows nothing of the kind. */
GVariant *ctl_bus_ask_shell (struct ctl *ctl, const char *interface, const char *method,
                             GVariant *parameters, const char *type, const char *what, int *status);
