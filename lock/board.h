/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyboard on the lock screen, for who has no other one at hand: the keys of a keymap of XKB as
 * they are shown, and what pressing one types. It knows nothing of where the keys are drawn. */
#pragma once

#include "keycaps.h"

#include <stdbool.h>
#include <stdint.h>
#include <xkbcommon/xkbcommon-compose.h>
#include <xkbcommon/xkbcommon.h>

enum { INOS_BOARD_ROWS = 5, INOS_BOARD_KEYS = 64, INOS_BOARD_TEXT = 64 };

enum inos_board_kind {
  INOS_BOARD_TYPES,
  INOS_BOARD_BACKSPACE,
  INOS_BOARD_ENTER,
  INOS_BOARD_SHIFT,  /* once for the next key, twice until it is pressed again */
  INOS_BOARD_ALT_GR, /* for the next key */
  INOS_BOARD_LAYOUT, /* the next one of the keymap */
  INOS_BOARD_ESCAPE,
};

struct inos_board_key {
  enum inos_board_kind kind;
  int row;                       /* 0 is at the top */
  double units;                  /* of width; the keys of a row have INOS_BOARD_UNITS in all */
  uint32_t code;                 /* of XKB, for one that types */
  char label[INOS_KEYCAPS_TEXT]; /* "" where the kind says it all, or the key types nothing now */
  bool dead;                     /* it waits for the next one */
  bool held;                     /* of Shift and AltGr: the next key is with it */
};

#define INOS_BOARD_UNITS 15.0

struct inos_board {
  struct xkb_context *context;
  struct xkb_keymap *keymap;
  struct xkb_compose_table *table; /* may be NULL, as the next */
  struct xkb_compose_state *composing;
  xkb_layout_index_t layout;
  bool shift, locked, alt_gr;
  int count;
  struct inos_board_key keys[INOS_BOARD_KEYS];
};

/* What was typed. Wipe it. */
struct inos_board_typed {
  enum inos_board_kind kind;  /* TYPES, BACKSPACE, ENTER or ESCAPE; another one types nothing */
  char text[INOS_BOARD_TEXT]; /* UTF-8, "" while more is to come */
};

/* A keyboard of the names that the environment has for XKB (XKB_DEFAULT_LAYOUT and so on, which the
 * compositor sets as it types itself), or of the usual ones. Returns NULL where the machine has no
 * keymaps. */
struct inos_board *inos_board_create (void);
/* NULL does nothing. */
void inos_board_destroy (struct inos_board *board);

/* Nothing is held, and nothing waits. */
void inos_board_reset (struct inos_board *board);
/* Presses a key and lets it go. Returns false for one that does nothing. */
bool inos_board_press (struct inos_board *board, int key, struct inos_board_typed *typed);

/* The layout that is typed in: "German"; NULL where there is only one. */
const char *inos_board_layout (const struct inos_board *board);
/* Types in the layout of that name from now on, where there is one. name: may be NULL. */
void inos_board_follow (struct inos_board *board, const char *name);
