/* The table of bindings: combinations of keys or buttons, and the actions that they stand for, by
 * mode. */
#pragma once

#include "config.h"

struct inos_bindings;

enum inos_binding_kind {
  INOS_BINDING_KEY,
  INOS_BINDING_BUTTON,
  INOS_BINDING_SCROLL,
  INOS_BINDING_GESTURE,
};

enum inos_scroll { INOS_SCROLL_UP, INOS_SCROLL_DOWN, INOS_SCROLL_LEFT, INOS_SCROLL_RIGHT };

/* Modes that no key is in: sections of their own in compositor.ini. */
#define INOS_MODE_SWITCHES "switches"
#define INOS_MODE_CORNERS "corners"

/* What fingers on a touchpad do. */
enum inos_finger_move {
  INOS_SWIPE_LEFT,
  INOS_SWIPE_RIGHT,
  INOS_SWIPE_UP,
  INOS_SWIPE_DOWN,
  INOS_PINCH_IN,
  INOS_PINCH_OUT,
  INOS_HOLD,
};

/* Those with fewer fingers are the programs'. */
enum { INOS_FINGERS_LEAST = 3, INOS_FINGERS_MOST = 5, INOS_FINGERS_FACTOR = 16 };

/* What a person does: keys and modifiers held, and what comes to it. */
struct inos_combination {
  uint32_t modifiers; /* enum wlr_keyboard_modifier */
  enum inos_binding_kind kind;
  uint32_t code; /* the key's symbol in lower case, the button, enum inos_scroll, or
                    fingers * INOS_FINGERS_FACTOR + enum inos_finger_move */
};

/* Whether the table understands a line of [bindings]. */
bool inos_bindings_check (const char *combination, const char *action, GError **error);
/* The same of what a switch or a corner does, which may be NULL for nothing. */
bool inos_bindings_check_action (const char *action, GError **error);
/* The same of the combination that takes shortcuts back; NULL for the usual one. */
bool inos_bindings_check_escape (const char *combination, GError **error);

/* Makes the table from the defaults and the configuration, which was checked: what cannot be
 * understood is left out. */
struct inos_bindings *inos_bindings_create (const struct inos_config *config);
void inos_bindings_destroy (struct inos_bindings *bindings);

/* The action of a combination in `mode`, "" for the usual one; NULL where there is none. */
const char *inos_bindings_find (struct inos_bindings *bindings, const char *mode,
                                const struct inos_combination *combination);
/* The same for a switch: "lid-close", "lid-open", "tablet-mode-on", "tablet-mode-off". */
const char *inos_bindings_find_switch (struct inos_bindings *bindings, const char *event);

/* The same for a corner of an output: "top-left", "top-right", "bottom-left", "bottom-right". */
const char *inos_bindings_find_corner (struct inos_bindings *bindings, const char *corner);
/* Whether any corner does something. */
bool inos_bindings_has_corners (struct inos_bindings *bindings);

/* Whether the combination takes back what an inhibitor of shortcuts took. */
bool inos_bindings_is_escape (struct inos_bindings *bindings,
                              const struct inos_combination *combination);

bool inos_bindings_has_mode (struct inos_bindings *bindings, const char *mode);

/* Calls `each` with every binding that does something. Switches are in the mode INOS_MODE_SWITCHES,
 * corners in INOS_MODE_CORNERS. */
void inos_bindings_for_each (struct inos_bindings *bindings,
                             void (*each) (const char *mode, const char *combination,
                                           const char *action, void *data),
                             void *data);
