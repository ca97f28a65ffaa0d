/* [output NAME] of compositor.ini: what is set for the outputs that the name fits, with * and ? for
 * any text and any character. It is the name that an output is plugged in under, or what a monitor
 * calls itself: make, model and serial with spaces in between. Where several fit, the later one in
 * the file has the last word on what it speaks of. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "output_setup.h"

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

/* What holds for one output. */
struct inos_output_config {
  char *mirror;    /* name of the output whose picture it shows; NULL: its own */
  int render_time; /* ms, or one of those */
  enum inos_vrr vrr;
  struct {
    char *mirror;
    int render_time;
    enum inos_vrr vrr;
    char *words[INOS_OUTPUT_WORD_COUNT]; /* NULL: nothing is said of it */
  } said; /* by the file; the others may have been chosen over the bus since */
};

/* What the file says, and what holds for each output that somebody asked of. */
struct inos_output_configs {
  GPtrArray *sections; /* owned, in the order of the file */
  GHashTable *held;    /* name → owned struct inos_output_config */
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

void inos_output_configs_init (struct inos_output_configs *configs);
void inos_output_configs_finish (struct inos_output_configs *configs);
/* Reads all sections; *group and *key are where a mistake is. */
bool inos_output_configs_read (struct inos_output_configs *configs, GKeyFile *file, char **group,
                               char **key, GError **error);
/* Writes the sections as a file would have them, with what was chosen since. */
void inos_output_configs_describe (const struct inos_output_configs *configs, GKeyFile *file);

/* What holds for an output: what the file says, from the first time on that it is asked of. Never
 * NULL. monitor: what it calls itself, or NULL. */
struct inos_output_config *inos_output_configs_get (struct inos_output_configs *configs,
                                                    const char *name, const char *monitor);
/* The output of that name is pulled out: another monitor may come. */
void inos_output_configs_forget (struct inos_output_configs *configs, const char *name);

/* The same of an output that is there, in the settings that hold. */
struct inos_output_config *inos_output_config_of (struct inos_output *output);
/* Likewise in other settings. */
struct inos_output_config *inos_output_config_in (struct inos_output_configs *configs,
                                                  struct inos_output *output);
