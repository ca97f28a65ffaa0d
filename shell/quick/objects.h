/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a service on the system bus says of its objects through org.freedesktop.DBus.ObjectManager
 * (NetworkManager, BlueZ), kept up to date. GDBusObjectManagerClient would do the same, but blocks
 * while a service that came back is read.
 */

#include "../reply.h"

#include <gio/gio.h>

typedef struct InosObjects InosObjects;

typedef struct {
  const char *name;
  const char *root;              /* path of the object manager */
  const char *const *interfaces; /* those that are kept, ended with NULL; static */
} InosObjectsAddress;

typedef void (*InosObjectFunc) (const char *path, gpointer data);

/* changed: the service came, left, or something of its objects is another. */
InosObjects *inos_objects_create (GDBusConnection *bus, const InosObjectsAddress *address,
                                  void (*changed) (gpointer data), gpointer data);
void inos_objects_destroy (InosObjects *self); /* self may be NULL */

/* The service is there and its objects have been read. self may be NULL: FALSE. */
gboolean inos_objects_are_there (InosObjects *self);
/* Calls each with the objects that have the interface, in no order. */
void inos_objects_for_each (InosObjects *self, const char *interface, InosObjectFunc each,
                            gpointer data);
gboolean inos_objects_has (InosObjects *self, const char *path, const char *interface);

/* Properties, with the type's nothing where they are missing or of another type. The string and the
 * path belong to self and last until something changes. */
GVariant *inos_objects_get (InosObjects *self, const char *path, const char *interface,
                            const char *property, const char *type); /* transfer full, or NULL */
gboolean inos_objects_get_boolean (InosObjects *self, const char *path, const char *interface,
                                   const char *property);
guint inos_objects_get_uint (InosObjects *self, const char *path, const char *interface,
                             const char *property);
const char *inos_objects_get_string (InosObjects *self, const char *path, const char *interface,
                                     const char *property); /* of type s or o; never NULL */

/* Calls a method for a person, who may be asked for a password by polkit meanwhile. NULL answer of
 * done where the bus has gone. */
void inos_objects_call (InosObjects *self, const char *path, const char *interface,
                        const char *method, GVariant *arguments, GAsyncReadyCallback done,
                        gpointer data);
/* The same, and answers a page: with null, or with failed, a sentence that has one %s for the
 * reason. */
void inos_objects_ask (InosObjects *self, const char *path, const char *interface,
                       const char *method, GVariant *arguments, const char *failed,
                       InosReply *reply);

/* What went wrong, in the service's words made fit to be shown. Free with g_free(). */
char *inos_objects_reason (const GError *error);
