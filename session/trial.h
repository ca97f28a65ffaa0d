/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#define INOS_TRIAL_MOST 2     /* bad ends in a row, after which a session begins in safe mode */
#define INOS_TRIAL_TIME 20000 /* ms for which a desktop has to be there to have started well */

/*
 * Whether sessions of this person start well. A file counts those that began since one last did:
 * each is counted as bad until it says otherwise, so one that was killed, or took the machine
 * along, counts too.
 */
struct inos_trial;

/* How the last session ended. */
enum inos_trial_end {
  INOS_TRIAL_LOGGED_OUT, /* or there was none */
  INOS_TRIAL_CUT_OFF,    /* it crashed, or the machine did */
};

/* Counts the session that begins now, in the file at `path`. What is wrong with the file is logged,
 * and then there were no bad ones. Returns NULL, (nullable), where another session of this person
 * runs, whose file it is: until inos_trial_free() it is this one's. For one that is about to end it
 * waits, twenty seconds at most. */
struct inos_trial *inos_trial_begin (const char *path);
void inos_trial_free (struct inos_trial *trial);

/* How many sessions in a row ended badly before this one. */
unsigned inos_trial_bad (const struct inos_trial *trial);
enum inos_trial_end inos_trial_last_end (const struct inos_trial *trial);

/* This session has started well. */
void inos_trial_pass (struct inos_trial *trial);
/* It ends as it was asked to. */
void inos_trial_end (struct inos_trial *trial);
