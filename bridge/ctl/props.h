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

/* Of exactly that type, never NULL: a type's nothing is its zero, "" or empty array. */
GVariant *props_value (GVariant *props, const char *name, const char *type);

/* x where it is a number JSON can hold, else 0. */
double props_finite (double x);

/* Adds "key": value to the object that is being built. */
void json_add_int (JsonBuilder *json, const char *key, gint64 value);
void json_add_double (JsonBuilder *json, const char *key, double value);
void json_add_bool (JsonBuilder *json, const char *key, bool value);
void json_add_null (JsonBuilder *json, const char *key);

/* A property of a basic type, and what JSON calls it. */
struct json_property {
  const char *key, *property, *type;
};

/* Adds the properties to the object that is being built. */
void json_add_properties (JsonBuilder *json, GVariant *props, const struct json_property *list,
                          size_t n);

/* Adds the fields of a tuple of basic types; `names` has one for each field, then NULL. */
void json_add_fields (JsonBuilder *json, GVariant *row, const char *const *names);

/* Adds "key": the array of the objects that such rows make. */
void json_add_rows (JsonBuilder *json, const char *key, GVariant *rows, const char *const *names);

/* Prints what was built, on one line or indented, safe for a terminal. */
void json_print (JsonBuilder *json, bool one_line);
