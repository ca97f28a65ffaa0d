/*
 * polkit's word on what a user may do, asked over the system bus. Nobody waits for it; a system
 * without a bus or without polkit lets nobody do anything. Lives on the edge.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Questions that polkit has not answered; of one user guests.h has less. A system bus lets one
 * connection wait for 128 replies. */
#define INOS_AUTHORITY_QUESTIONS 100u
/* How long a person may take for a password, how long polkit where nobody is asked, which may have
 * to be started for it, and how long the bus to let the node in. */
#define INOS_AUTHORITY_PATIENCE_MS 120000u
#define INOS_AUTHORITY_PROMPT_MS 25000u
#define INOS_AUTHORITY_CONNECT_MS 4000u
/* That there is no word of polkit is logged once in this time, whoever asks how often. */
#define INOS_AUTHORITY_QUIET_S 60

enum inos_authority_word {
  INOS_AUTHORITY_YES,
  INOS_AUTHORITY_NO,
  INOS_AUTHORITY_CHALLENGE, /* a password would do, but nobody could be asked for it */
  INOS_AUTHORITY_DISMISSED, /* somebody was asked, and would not, or not in time */
  INOS_AUTHORITY_ABSENT,    /* there is no polkit, or it does not answer */
};

struct inos_authority;
struct inos_authority_question;

typedef void (*inos_authority_said) (enum inos_authority_word word, void *data);

/**
 * inos_authority_new:
 * @patience_ms: %INOS_AUTHORITY_PATIENCE_MS, or less in tests
 * @prompt_ms: %INOS_AUTHORITY_PROMPT_MS, or less in tests
 */
struct inos_authority *inos_authority_new (unsigned patience_ms, unsigned prompt_ms);
/** inos_authority_free: after its questions were answered or forgotten; takes NULL. */
void inos_authority_free (struct inos_authority *authority);

/**
 * inos_authority_ask:
 * @process: a pidfd of who asks; stays the caller's
 * @pid, @uid: the same process's number and user, as the kernel says
 * @action: static
 * @may_prompt: whether a person may be asked for a password
 * @said: called once, from the main loop, unless the question is forgotten before
 *
 * Returns: (nullable): what to forget it by until then; NULL: too many are asked already.
 */
struct inos_authority_question *inos_authority_ask (struct inos_authority *authority, int process,
                                                    pid_t pid, uid_t uid, const char *action,
                                                    bool may_prompt, inos_authority_said said,
                                                    void *data);

/** inos_authority_forget: nobody wants to know any more; a dialog that is up is taken away. */
void inos_authority_forget (struct inos_authority_question *question);
