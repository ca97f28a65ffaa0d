#include "key_access.h"

#include <glib.h>
#include <linux/input-event-codes.h>

enum {
  CODES = KEY_CNT,
  MOVE_DELAY = 160, /* ms until a key of the keypad that is held moves on */
  MOVE_PERIOD = 16, /* ms */
  MOST_STEP = 16,   /* px */
};

/* A modifier: up, pressed, or held for a person who let go of it. */
enum sticky { UP, HELD, LATCHED, LOCKING, LOCKED, UNLOCKING };

static const uint32_t modifiers[] = {
  KEY_LEFTSHIFT, KEY_RIGHTSHIFT, KEY_LEFTCTRL, KEY_RIGHTCTRL,
  KEY_LEFTALT,   KEY_RIGHTALT,   KEY_LEFTMETA, KEY_RIGHTMETA,
};

/* Where the keys of the keypad go. */
static const struct direction {
  uint32_t code;
  int dx, dy;
} directions[] = {
  {KEY_KP1, -1, 1}, {KEY_KP2, 0, 1},   {KEY_KP3, 1, 1},  {KEY_KP4, -1, 0},
  {KEY_KP6, 1, 0},  {KEY_KP7, -1, -1}, {KEY_KP8, 0, -1}, {KEY_KP9, 1, -1},
};

struct inos_key_access {
  struct inos_key_access_settings settings;
  struct inos_key_access_sink sink;

  bool down[CODES];        /* came out pressed, and not yet released */
  bool ignored[CODES];     /* its press bounced: so does its release */
  int64_t released[CODES]; /* when; 0 for never */
  int64_t accepted[CODES]; /* when the press that is waited for will count; 0 for none */

  enum sticky sticky[G_N_ELEMENTS (modifiers)];
  bool used[G_N_ELEMENTS (modifiers)]; /* another key came while it was held */

  bool moving[G_N_ELEMENTS (directions)];
  int64_t next_move; /* 0: nothing moves */
  int steps;         /* so far */
  uint32_t button;   /* that the keypad presses */
  bool button_down;
};

static void send (struct inos_key_access *access, int64_t time, uint32_t code, bool down)
{
  if (access->down[code] == down)
    return;
  access->down[code] = down;
  access->sink.key (access->sink.data, time, code, down);
}

/*
 * Sticky keys.
 */

static void modifier (struct inos_key_access *access, int64_t time, size_t i, bool down)
{
  enum sticky *state = &access->sticky[i];
  if (down) {
    access->used[i] = false;
    *state = *state == LATCHED ? LOCKING : *state == LOCKED ? UNLOCKING : HELD;
    send (access, time, modifiers[i], true);
    return;
  }
  if (*state == HELD && !access->used[i])
    *state = LATCHED;
  else if (*state == LOCKING && !access->used[i])
    *state = LOCKED;
  else
    *state = UP;
  if (*state == UP)
    send (access, time, modifiers[i], false);
}

static void release_latched (struct inos_key_access *access, int64_t time)
{
  for (size_t i = 0; i < G_N_ELEMENTS (modifiers); i++) {
    if (access->sticky[i] != LATCHED)
      continue;
    access->sticky[i] = UP;
    send (access, time, modifiers[i], false);
  }
}

static void stick (struct inos_key_access *access, int64_t time, uint32_t code, bool down)
{
  for (size_t i = 0; access->settings.sticky && i < G_N_ELEMENTS (modifiers); i++) {
    if (modifiers[i] == code) {
      modifier (access, time, i, down);
      return;
    }
    access->used[i] |= down;
  }
  send (access, time, code, down);
  if (!down && access->settings.sticky)
    release_latched (access, time);
}

/*
 * Mouse keys.
 */

static void move (struct inos_key_access *access, int64_t time)
{
  int dx = 0, dy = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (directions); i++) {
    dx += access->moving[i] ? directions[i].dx : 0;
    dy += access->moving[i] ? directions[i].dy : 0;
  }
  int step = MIN (1 + access->steps / 4, MOST_STEP);
  access->steps++;
  access->sink.motion (access->sink.data, time, dx * step, dy * step);
}

static bool is_moving (const struct inos_key_access *access)
{
  for (size_t i = 0; i < G_N_ELEMENTS (directions); i++) {
    if (access->moving[i])
      return true;
  }
  return false;
}

static void press_button (struct inos_key_access *access, int64_t time, bool down)
{
  if (access->button_down == down)
    return;
  access->button_down = down;
  access->sink.button (access->sink.data, time, access->button, down);
}

static void choose_button (struct inos_key_access *access, int64_t time, uint32_t button)
{
  press_button (access, time, false);
  access->button = button;
}

/* Returns false where the key is none of the mouse's. */
static bool mouse_key (struct inos_key_access *access, int64_t time, uint32_t code, bool down)
{
  for (size_t i = 0; i < G_N_ELEMENTS (directions); i++) {
    if (directions[i].code != code)
      continue;
    access->moving[i] = down;
    if (down) {
      access->steps = 0;
      access->next_move = time + MOVE_DELAY;
      move (access, time);
    } else if (!is_moving (access)) {
      access->next_move = 0;
    }
    return true;
  }
  switch (code) {
  case KEY_KP5:
    press_button (access, time, down);
    return true;
  case KEY_KP0:
    if (down)
      press_button (access, time, true);
    return true;
  case KEY_KPDOT:
    if (down)
      press_button (access, time, false);
    return true;
  case KEY_KPSLASH:
  case KEY_KPASTERISK:
  case KEY_KPMINUS:
    if (down)
      choose_button (access, time,
                     code == KEY_KPSLASH      ? BTN_LEFT
                     : code == KEY_KPASTERISK ? BTN_MIDDLE
                                              : BTN_RIGHT);
    return true;
  default:
    return false;
  }
}

static void pass (struct inos_key_access *access, int64_t time, uint32_t code, bool down)
{
  if (!access->settings.mouse || !mouse_key (access, time, code, down))
    stick (access, time, code, down);
}

/*
 * Slow and bounce keys.
 */

static void press (struct inos_key_access *access, int64_t time, uint32_t code)
{
  const struct inos_key_access_settings *settings = &access->settings;
  access->ignored[code] = settings->bounce > 0 && access->released[code] > 0 &&
                          time - access->released[code] < settings->bounce;
  if (access->ignored[code])
    return;
  if (settings->slow > 0)
    access->accepted[code] = time + settings->slow;
  else
    pass (access, time, code, true);
}

static void release (struct inos_key_access *access, int64_t time, uint32_t code)
{
  access->released[code] = MAX (time, 1);
  if (access->ignored[code])
    access->ignored[code] = false;
  else if (access->accepted[code])
    access->accepted[code] = 0;
  else
    pass (access, time, code, false);
}

void inos_key_access_key (struct inos_key_access *access, int64_t time, uint32_t code, bool down)
{
  if (code >= CODES)
    return;
  inos_key_access_tick (access, time);
  if (down)
    press (access, time, code);
  else
    release (access, time, code);
}

int64_t inos_key_access_next (const struct inos_key_access *access)
{
  int64_t next = access->next_move ? access->next_move : INT64_MAX;
  for (int i = 0; access->settings.slow > 0 && i < CODES; i++) {
    if (access->accepted[i])
      next = MIN (next, access->accepted[i]);
  }
  return next == INT64_MAX ? -1 : next;
}

void inos_key_access_tick (struct inos_key_access *access, int64_t time)
{
  for (uint32_t i = 0; access->settings.slow > 0 && i < CODES; i++) {
    if (access->accepted[i] == 0 || access->accepted[i] > time)
      continue;
    access->accepted[i] = 0;
    pass (access, time, i, true);
  }
  if (access->next_move == 0 || access->next_move > time)
    return;
  access->next_move = time + MOVE_PERIOD;
  move (access, time);
}

struct inos_key_access *inos_key_access_create (const struct inos_key_access_settings *settings,
                                                const struct inos_key_access_sink *sink)
{
  struct inos_key_access *access = g_new0 (struct inos_key_access, 1);
  access->settings = *settings;
  access->sink = *sink;
  access->button = BTN_LEFT;
  return access;
}

void inos_key_access_destroy (struct inos_key_access *access, int64_t time)
{
  if (!access)
    return;
  press_button (access, time, false);
  for (uint32_t i = 0; i < CODES; i++)
    send (access, time, i, false);
  g_free (access);
}
