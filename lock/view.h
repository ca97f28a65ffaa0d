/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the lock screen shows, whatever draws it: words, marks, what has the focus. */
#pragma once

#include "attempt.h"
#include "board.h"
#include "look.h"
#include "people.h"
#include "secret.h"

enum inos_part { /* what can be pointed at, and, but for NONE, focused with Tab */
                 INOS_PART_NONE,
                 INOS_PART_FIELD,
                 INOS_PART_BOARD, /* shows and hides the keyboard on the screen */
                 INOS_PART_PEEK,
                 INOS_PART_SUBMIT, /* or stop, while it is checked */
                 INOS_PART_PERSON, /* the greeter's, for the first of those whom it offers */
                 INOS_PART_SESSION =
                   INOS_PART_PERSON + INOS_PEOPLE_MOST, /* the greeter's, as the last two */
                 INOS_PART_SUSPEND,
                 INOS_PART_RESTART,
                 INOS_PART_POWER_OFF,
                 INOS_PART_KEY, /* the first of the keyboard's, which Tab leaves out */
                 INOS_PART_COUNT = INOS_PART_KEY + INOS_BOARD_KEYS,
};

enum inos_mood { INOS_MOOD_PLAIN, INOS_MOOD_BAD, INOS_MOOD_BUSY };

struct inos_view {
  char *time, *date;
  char *name;              /* the person's */
  char *hint;              /* in the empty field */
  char *state;             /* what is going on or went wrong, "" for nothing */
  char *notes;             /* PAM's own words, "" for none */
  char *layout;            /* of the keyboard, NULL where there is only one */
  char *power;             /* of the battery, NULL where there is none */
  char *session;           /* that is going to be started, NULL where there is no choice */
  const GPtrArray *people; /* struct inos_person whom one may choose; NULL for none; borrowed */
  int charge;              /* percent */
  bool charging, caps, can_suspend, can_restart, can_power_off, can_submit, busy, peek, rtl;
  enum inos_mood mood;
  enum inos_part focus, hover, pressed;
  const struct inos_board *board;   /* while it is shown; borrowed */
  const struct inos_secret *secret; /* borrowed */
  bool shown;                       /* the text may be read: it is no secret, or is peeked at */
  double shake;                     /* 0…1 of the way, 1 for still */
};

/* Frees the texts. */
void inos_view_clear (struct inos_view *view);

/* Says in words what `attempt` is at. `now` is its clock's. */
void inos_view_describe (struct inos_view *view, const struct inos_attempt *attempt, int64_t now);
/* Time and date of the day. */
void inos_view_set_time (struct inos_view *view, GDateTime *time, bool twelve);
/* When what inos_view_describe() said changes by itself, -1 for never. */
int64_t inos_view_deadline (const struct inos_attempt *attempt, int64_t now);
/* Whether the language that a word is in is written from right to left. */
bool inos_view_reads_from_right (const char *word);
