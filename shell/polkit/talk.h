/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the shell and inos-polkit-agent say to each other, on a SOCK_SEQPACKET pair that nobody else
 * has.
 *
 * The agent says all that the person is to see, each time that any of it changes: a datagram is a
 * GVariant of the type a{sv}, empty where nothing is asked:
 *   id u         counts what was asked
 *   message s    the action's words, in the person's language
 *   action s     its name
 *   program s    the program that is to be allowed, by /proc; "" where it cannot be looked at
 *   command s    how it was started
 *   app s        the application in a sandbox that it is, "" for none
 *   pid u        its process, 0 where polkit does not say
 *   people a(ss) who may allow it: name of the account and of the person
 *   person u     whose password is asked for
 *   phase s      "waiting", "asked", "checking" or "failed"
 *   prompt s     PAM's question, "" for none
 *   shown b      whether the answer is no secret
 *   info s       what PAM said last, a fingerprint reader's module for instance
 *   error s      likewise, what went wrong
 *   wrong u      how many answers were wrong
 *   waiting u    how many more are asked after this
 * All texts are cleaned and bounded (shell/notify/text.h).
 *
 * The shell says a word: struct inos_polkit_word, as far as its text goes.
 */

#include <glib.h>

#define INOS_POLKIT_SOCKET 3        /* the agent's descriptor */
#define INOS_POLKIT_STATE_MAX 16384 /* bytes of a datagram of the agent's */
#define INOS_POLKIT_ANSWER_MAX 511  /* bytes; PAM's own PAM_MAX_RESP_SIZE is 512, with the zero */
#define INOS_POLKIT_PEOPLE_MAX 16   /* that there is to choose from */
#define INOS_POLKIT_STATUS_NO_BUS 3 /* exit status: there is no system bus */

enum inos_polkit_word_kind {
  INOS_POLKIT_LOCKED, /* value: whether the screen is; it is until this is said */
  INOS_POLKIT_CHOOSE, /* value: index into people */
  INOS_POLKIT_ANSWER,
  INOS_POLKIT_CANCEL,
  INOS_POLKIT_WORDS,
};

struct inos_polkit_word {
  guint32 kind;
  guint32 id; /* of what is asked; a word about something else is none */
  guint32 value;
  char text[INOS_POLKIT_ANSWER_MAX + 1]; /* of an answer, with the zero at its end */
};
