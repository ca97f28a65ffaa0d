/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that asks PAM or greetd, as the screen sees it: started, heard, answered, ended. At
 * most one at a time, and one that was stopped is not heard any more. */
#pragma once

#include "secret.h"

#include <glib.h>

struct inos_checker;

struct inos_checker_events {
  /* A message that is the checker's to say. */
  void (*heard) (const struct inos_talk *talk, void *data);
  /* It ended, or said what is no message and was stopped. text: why, may be NULL. */
  void (*lost) (const char *text, void *data);
};

/* program: path of inos-lock-check or inos-greet; borrowed. events: borrowed. */
struct inos_checker *inos_checker_create (const char *program,
                                          const struct inos_checker_events *events, void *data);
/* Stops what runs. NULL does nothing. */
void inos_checker_destroy (struct inos_checker *checker);

/* Starts one, in the place of one that runs. arguments: ends with NULL, or is NULL for none.
 * Returns false and sets error where it cannot be. */
bool inos_checker_start (struct inos_checker *checker, const char *const *arguments,
                         GError **error);
/* Ends it by force: PAM's modules cannot be asked to stop. */
void inos_checker_stop (struct inos_checker *checker);
/* Tells one that was started with --account whose that is. */
void inos_checker_tell (struct inos_checker *checker, const char *text);
/* Tells which session is to be started, by its id. */
void inos_checker_choose (struct inos_checker *checker, const char *session);
/* Sends what is typed and wipes it. */
void inos_checker_answer (struct inos_checker *checker, struct inos_secret *secret);
