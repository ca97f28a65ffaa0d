/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * An object on the session bus of a program that nobody vouches for: all properties of one of its
 * interfaces, read whole when any signal of it says that something may have changed, at most so
 * often however often it says so; one that does not stop saying so is not listened to for a while,
 * and the bus delivers nothing of it then. Nothing waits for it.
 */

#include <gio/gio.h>

/* Properties that are looked at. */
#define INOS_STRANGER_MAX_PROPERTIES 64

typedef struct InosStranger InosStranger;

typedef struct {
  const char *owner; /* the unique name of its connection */
  const char *path;
  const char *interface;
} InosStrangerAddress;

typedef struct {
  /* What the properties are now; see inos_stranger_for_each(). */
  void (*read) (GVariant *properties, gpointer data);
  /* They could not be read. May be NULL. */
  void (*failed) (const GError *error, gpointer data);
} InosStrangerHooks;

/* Begins to read. address and what it points to need not outlive the call; no hook is called within
 * it. */
InosStranger *inos_stranger_create (GDBusConnection *bus, const InosStrangerAddress *address,
                                    const InosStrangerHooks *hooks, gpointer data);
void inos_stranger_destroy (InosStranger *self); /* self may be NULL */

/* Reads it anew, when it is time. */
void inos_stranger_refresh (InosStranger *self);

/* Calls each with the first properties of properties, which is of type a{sv}. */
void inos_stranger_for_each (GVariant *properties,
                             void (*each) (gpointer data, const char *name, GVariant *value),
                             gpointer data);

/* Of a property: nothing where it is of another type. The string is the value's. */
gboolean inos_stranger_boolean (GVariant *value);
const char *inos_stranger_string (GVariant *value); /* of type s or o; never NULL */
