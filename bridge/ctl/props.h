/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading an a{sv} of properties that another program sent: a missing or mistyped one is its type's
 * nothing. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

double props_double (GVariant *props, const char *name); /* always finite */
guint64 props_uint64 (GVariant *props, const char *name);
gint64 props_int64 (GVariant *props, const char *name);
guint32 props_uint32 (GVariant *props, const char *name);
gint32 props_int32 (GVariant *props, const char *name);
bool props_bool (GVariant *props, const char *name);
char *props_string (GVariant *props, const char *name); /* of type s or o, "" where missing */

/* Of exactly that type; an array's nothing is the empty array, another type's NULL. */
GVariant *props_value (GVariant *props, const char *name, const char *type);

/* x where it is a number JSON can hold, else 0. */
double props_finite (double x);

/* Adds "key": value to the object that is being built. */
void json_add_string (JsonBuilder *json, const char *key, const char *value);
void json_add_int (JsonBuilder *json, const char *key, gint64 value);
void json_add_uint (JsonBuilder *json, const char *key, guint64 value);
void json_add_double (JsonBuilder *json, const char *key, double value);
void json_add_bool (JsonBuilder *json, const char *key, bool value);
void json_add_null (JsonBuilder *json, const char *key);

/* Prints what was built, on one line or indented, safe for a terminal. */
void json_print (JsonBuilder *json, bool one_line);
