/* [output NAME] of compositor.ini: what is set for one output, by the name that it is plugged in
 * under. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* In place of the ms that are kept for drawing a frame: as the output is, drawn at once, or learned
 * from how long it takes. */
enum {
  INOS_RENDER_TIME_DEFAULT = 0,
  INOS_RENDER_TIME_OFF = -1,
  INOS_RENDER_TIME_AUTO = -2,
  INOS_RENDER_TIME_MOST = 100,
};

/* When the refresh rate follows what is shown. */
enum inos_vrr {
  INOS_VRR_DEFAULT, /* as the output is */
  INOS_VRR_OFF,
  INOS_VRR_ON,
  INOS_VRR_ON_DEMAND, /* while a window fills the screen */
  INOS_VRR_CONTENT,   /* while one does that says that it is a game or a video */
};

struct inos_output_config {
  char *mirror;    /* name of the output whose picture it shows; NULL: its own */
  int render_time; /* ms, or one of those */
  enum inos_vrr vrr;
  struct {
    char *mirror;
    int render_time;
    enum inos_vrr vrr;
  } said; /* by the file; the others may have been chosen over the bus since */
};

/* "auto", "off" or a number of ms. Returns false for anything else. */
bool inos_output_config_parse_render_time (const char *text, int *time);
/* The same the other way; NULL for the default, else to be freed. */
char *inos_output_config_render_time_text (int time);

/* "off", "on", "on-demand" or "content". Returns false for anything else. */
bool inos_output_config_parse_vrr (const char *text, enum inos_vrr *vrr);
/* The same the other way; "" for the default. */
const char *inos_output_config_vrr_text (enum inos_vrr vrr);

/* Whether the section is one of these. */
bool inos_output_config_is_section (const char *section);

/* Returns NULL, sets error and *wrong, the key, where a value cannot be. */
struct inos_output_config *inos_output_config_read (GKeyFile *file, const char *section,
                                                    char **wrong, GError **error);
/* NULL does nothing. */
void inos_output_config_free (struct inos_output_config *config);

/* A table of these by name, to be filled. */
GHashTable *inos_output_configs_new (void);
/* Of an output of that name, made where there is none yet. */
struct inos_output_config *inos_output_configs_get (GHashTable *configs, const char *name);
/* Reads all sections; *group and *key are where a mistake is. */
bool inos_output_configs_read (GHashTable *configs, GKeyFile *file, char **group, char **key,
                               GError **error);
/* Writes the sections as a file would have them. */
void inos_output_configs_describe (GHashTable *configs, GKeyFile *file);
