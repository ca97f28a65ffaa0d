/* The compositor's settings, read from compositor.ini. Every default is good without a file. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "night_schedule.h"
#include "output_config.h"
#include "title_buttons.h"

enum { INOS_CURSOR_LEAST = 8, INOS_CURSOR_MOST = 256 }; /* px */
enum { INOS_KEYS_MOST = 5000 };                         /* ms, of slow and bounce keys */
enum { INOS_CORNERS_MOST = 5000 };                      /* ms */
enum { INOS_ZOOM_MOST = 2000 };                         /* hundredths */

enum { INOS_IDLE_MOST = 24 * 60 * 60 }; /* s */

/* After how many seconds without input something happens; 0: never, -1: see idle_stage.h. */
struct inos_idle_times {
  int dim, blank, lock, suspend;
};

struct inos_config {
  char *layout, *variant, *model, *options, *rules; /* XKB names; NULL for the default */
  int repeat_rate;                                  /* keys a second */
  int repeat_delay;                                 /* ms */
  char *cursor_theme;                               /* NULL: see cursor_theme.h */
  int cursor_size;                                  /* px; 0: likewise */
  int snap_distance;        /* px from an edge at which a dragged window snaps; 0: never */
  int edge_resistance;      /* px; 0: none */
  char *tiling_layout;      /* of every workspace; NULL for floating */
  int gap;                  /* px between tiled windows */
  int unresponsive_after;   /* ms without an answer; 0: programs are not asked */
  bool shadows;             /* around windows that have a title bar of ours */
  char *title_buttons_text; /* as the file has them; NULL for the standard */
  struct inos_title_buttons title_buttons;
  bool title_bars;             /* ours on every window that lets us draw them */
  bool workspaces_per_output;  /* each output shows one of its own */
  bool dynamic_workspaces;     /* as many as are used, and one more */
  bool follow_window;          /* to the workspace it is moved to */
  char *workspace_names;       /* with ; in between; may be NULL */
  int workspaces;              /* 1 to 16 */
  GPtrArray *rules_of_windows; /* owned struct inos_rule, in the order of the file */
  GHashTable *bindings;        /* key combination as written → action as written */
  bool xwayland;               /* X11 programs are served */
  char *xwayland_scale;        /* as in x11_scale.h; may be NULL */
  int magnifier;               /* how large all is, in hundredths */
  bool invert_colours, high_contrast_pointer;
  bool sticky_keys, mouse_keys;
  int slow_keys, bounce_keys;                                    /* ms; 0: off */
  GHashTable *modes;                                             /* mode → table like bindings */
  char *lid_close, *lid_open, *tablet_mode_on, *tablet_mode_off; /* actions; NULL for none */
  struct {
    char *top_left, *top_right, *bottom_left, *bottom_right; /* actions; NULL for none */
    int delay;                                               /* ms that the pointer stays */
  } corners;
  bool swipe_workspaces, swipe_overview; /* with three fingers */
  GHashTable *devices;                   /* section as written → struct inos_device_config */
  struct inos_output_configs outputs;
  bool animations;
  int animation_speed;     /* percent of the usual */
  unsigned int wrong_line; /* where the mistake is that inos_config_load found; 0: not known */
  bool hide_while_typing;  /* the pointer */
  char *allowed_programs;  /* as in privilege.h */
  char *lock_command;      /* the program that locks the session; may be NULL */
  bool greeter_people;     /* the greeter offers those who have an account */
  struct inos_idle_times idle, idle_battery;
  int blank_locked; /* s; likewise, of a session that is locked */
  struct inos_night_schedule night_light;
  char *shortcuts_escape; /* combination that takes back what an inhibitor took */
};

/* Fills `config` with the defaults, and with what is below the file; below: may be NULL. */
void inos_config_start_over (struct inos_config *config, GKeyFile *below);

/* Fills `config` with the defaults and then with what `path` says; a missing file is fine.
 * Returns false, sets error and leaves the defaults where the file cannot be read or a value is
 * wrong; the message names the file, the line, the group and the key. */
bool inos_config_load (struct inos_config *config, const char *path, GError **error);

/* The same over another file, which counts where that one says nothing. below: may be NULL; what is
 * in it is known to be good. It holds too where the file is not. */
bool inos_config_load_over (struct inos_config *config, const char *path, GKeyFile *below,
                            GError **error);
/* Where the file says that, for who knows better whether it is right; 0 where it does not. */
unsigned int inos_config_line (const char *path, const char *group, const char *key);

/* Whether a file with that text would be taken; error says what is wrong with it. */
bool inos_config_check (const char *text, size_t length, GError **error);

/* All that holds, defaults too, as a file would say it, but for the bindings. */
GKeyFile *inos_config_describe (const struct inos_config *config);

/* Frees what `config` holds. */
void inos_config_finish (struct inos_config *config);
