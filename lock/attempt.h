/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One person at a locked screen: what PAM asked and said, what is being waited for, and when it may
 * be tried again. It does nothing by itself: it is told what happened and when, in ms of any clock
 * that does not go back, and says what is to be done (inos_attempt_take).
 *
 * A checker is one conversation with PAM. It is started as soon as the screen is locked, so that
 * modules that ask for no password, a fingerprint reader's say, work without a key. After each
 * conversation that did not unlock the next one begins, at once or after a pause:
 *  - PAM's own (pam_fail_delay), which is counted here, where it is seen and Escape is heard;
 *  - ours, from the third failure on 2 s, doubled each time, 30 s at most;
 *  - where nothing could be checked, 1 s, doubled likewise.
 * A check that is stopped after the answer went out counts as a failure with a pause of at least 2
 * s: else Escape would be a way around PAM's.
 *
 * PAM that unlocks without having said or asked anything, as for an account without a password, is
 * asked again when somebody presses Enter: else the screen would not stay locked for a moment. What
 * it says of the account ("your password expires in 3 days") does not count: it says that to
 * nobody, too.
 *
 * What was typed before a question whose answer is no secret is wiped when that comes: it was typed
 * where it could not be read. */
#pragma once

#include "talk.h"

enum {
  INOS_ATTEMPT_FREE = 3,            /* failures before we add a pause */
  INOS_ATTEMPT_FIRST_PAUSE = 2000,  /* ms */
  INOS_ATTEMPT_LAST_PAUSE = 30000,  /* ms */
  INOS_ATTEMPT_PAUSE_MAX = 600000,  /* ms; PAM may ask for no longer one */
  INOS_ATTEMPT_BROKEN_PAUSE = 1000, /* ms */
  INOS_ATTEMPT_FORGET = 60000,      /* ms without a key after which what was typed is wiped */
};

enum inos_attempt_phase {
  INOS_ATTEMPT_LISTENING, /* a checker runs, or is about to, and has asked nothing yet */
  INOS_ATTEMPT_ASKED,
  INOS_ATTEMPT_CHECKING, /* it has the answer */
  INOS_ATTEMPT_PAUSED,
  INOS_ATTEMPT_BROKEN, /* like a pause, but nothing could be checked */
  INOS_ATTEMPT_READY,  /* PAM asks nothing: Enter unlocks */
  INOS_ATTEMPT_DONE,
};

enum inos_attempt_outcome { /* of the conversation before */
                            INOS_OUTCOME_NONE,
                            INOS_OUTCOME_WRONG,
                            INOS_OUTCOME_TOO_MANY,
                            INOS_OUTCOME_EXPIRED,
                            INOS_OUTCOME_DENIED,
                            INOS_OUTCOME_REFUSED, /* before anything was answered */
                            INOS_OUTCOME_BROKEN,  /* PAM could not check; its words are in `reason`
                                                   */
                            INOS_OUTCOME_DIED,    /* the checker did, or said what is no message */
                            INOS_OUTCOME_NO_START,
                            INOS_OUTCOME_STOPPED, /* by the person */
};

enum { /* what is to be done, in this order */
       INOS_ATTEMPT_KILL = 1,
       INOS_ATTEMPT_START = 2,
       INOS_ATTEMPT_SEND = 4, /* what was typed, and wipe it */
       INOS_ATTEMPT_WIPE = 8,
       INOS_ATTEMPT_UNLOCK = 16,
};

struct inos_attempt {
  enum inos_attempt_phase phase;
  enum inos_attempt_outcome outcome;
  char who[INOS_TALK_TEXT_MAX + 1];    /* it is, "" while that is not known */
  char prompt[INOS_TALK_TEXT_MAX + 1]; /* PAM's, "" for none; all texts are valid UTF-8 */
  bool echo;                           /* the answer to it is no secret */
  char info[INOS_TALK_TEXT_MAX + 1], error[INOS_TALK_TEXT_MAX + 1]; /* the last of each */
  char reason[INOS_TALK_TEXT_MAX + 1];
  bool queued;                 /* Enter was pressed before PAM asked */
  int64_t until;               /* when a pause ends */
  int64_t since;               /* when the check began */
  int64_t forget;              /* when what was typed is wiped, 0 for never */
  unsigned int failures, ills; /* one after the other */
  bool answered, heard, willing;
  bool noticed; /* PAM said or asked what is for somebody who is there */
  bool lasting; /* the outcome is that of a person's answer: it stays until they type */
  uint32_t pam_pause;
  unsigned int wanted;
};

/* The screen is locked. */
void inos_attempt_begin (struct inos_attempt *attempt, int64_t now);
/* What the checker says. */
void inos_attempt_hear (struct inos_attempt *attempt, const struct inos_talk *talk, int64_t now);
/* The checker ended without a result, spoke nonsense or could not be started; `why` is one of DIED
 * and NO_START. text: may be NULL. */
void inos_attempt_lost (struct inos_attempt *attempt, enum inos_attempt_outcome why,
                        const char *text, int64_t now);

/* A key was typed. */
void inos_attempt_type (struct inos_attempt *attempt, int64_t now);
/* Enter. empty: nothing is typed, which is no answer to a question for a secret. */
void inos_attempt_submit (struct inos_attempt *attempt, bool empty, int64_t now);
/* Escape. */
void inos_attempt_cancel (struct inos_attempt *attempt, int64_t now);
/* It is begun anew, for somebody else: what is asked counts for nothing, and nobody has failed. */
void inos_attempt_again (struct inos_attempt *attempt);
/* Time has passed. */
void inos_attempt_tick (struct inos_attempt *attempt, int64_t now);

/* When inos_attempt_tick() is next to be called; -1 for not by itself. */
int64_t inos_attempt_deadline (const struct inos_attempt *attempt);
/* What is to be done; asked after each of the above. */
unsigned int inos_attempt_take (struct inos_attempt *attempt);
