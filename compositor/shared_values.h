/* Keys of GSettings that mean what a key of compositor.ini means, and how. */
#pragma once

#include <gio/gio.h>

enum inos_shared_schema {
  INOS_SHARED_SOURCES,
  INOS_SHARED_KEYBOARD,
  INOS_SHARED_MOUSE,
  INOS_SHARED_TOUCHPAD,
  INOS_SHARED_TYPING, /* sticky keys and so on */
  INOS_SHARED_ACCESS, /* which of the programs for it run */
  INOS_SHARED_MAGNIFIER,
  INOS_SHARED_INTERFACE,
  INOS_SHARED_WINDOWS,
  INOS_SHARED_WORKSPACES,
  INOS_SHARED_NIGHT,
  INOS_SHARED_SCHEMA_COUNT,
};

/* The schema's name. */
const char *inos_shared_schema_name (enum inos_shared_schema schema);

/* What a program could ask: each may be NULL, where the schema is not installed. */
struct inos_shared_source {
  GSettings *settings[INOS_SHARED_SCHEMA_COUNT];
};

/* Called with what is set, and for whom a wrong value is told of where it came from. */
typedef void (*inos_shared_value_func) (const char *group, const char *key, const char *value,
                                        const char *origin, void *data);

/* Calls `each` with each setting that a person has set. Values may be anything. */
void inos_shared_values_for_each (const struct inos_shared_source *source,
                                  inos_shared_value_func each, void *data);
