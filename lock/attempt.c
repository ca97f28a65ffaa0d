/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attempt.h"

#include <glib.h>
#include <string.h>

/* Persian and Indic words are written with these two, which nobody sees; they turn nothing round.
 */
static bool is_joiner (gunichar c)
{
  return c == 0x200c || c == 0x200d;
}

static bool is_harmful (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return g_unichar_iscntrl (c) || (type == G_UNICODE_FORMAT && !is_joiner (c)) ||
         type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* Text from a PAM module: one line of UTF-8 without controls. */
static void keep (char kept[INOS_TALK_TEXT_MAX + 1], const char *text, size_t length)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize)length);
  for (char *c = valid; *c; c = g_utf8_next_char (c))
    if (is_harmful (g_utf8_get_char (c)))
      memset (c, ' ', (size_t)(g_utf8_next_char (c) - c));
  g_strstrip (valid);
  /* What was mended may have grown. */
  if (g_strlcpy (kept, valid, INOS_TALK_TEXT_MAX + 1) > INOS_TALK_TEXT_MAX) {
    const char *end;
    g_utf8_validate (kept, -1, &end);
    kept[end - kept] = 0;
  }
}

static uint32_t doubled (uint32_t first, unsigned int times)
{
  uint32_t pause = first;
  while (times-- > 0 && pause < INOS_ATTEMPT_LAST_PAUSE)
    pause *= 2;
  return MIN (pause, (uint32_t)INOS_ATTEMPT_LAST_PAUSE);
}

static uint32_t pause_of (const struct inos_attempt *attempt)
{
  uint32_t ours = attempt->failures < INOS_ATTEMPT_FREE
                    ? 0
                    : doubled (INOS_ATTEMPT_FIRST_PAUSE, attempt->failures - INOS_ATTEMPT_FREE);
  return MAX (ours, MIN (attempt->pam_pause, (uint32_t)INOS_ATTEMPT_PAUSE_MAX));
}

static void start (struct inos_attempt *attempt)
{
  attempt->phase = INOS_ATTEMPT_LISTENING;
  attempt->answered = attempt->heard = attempt->noticed = attempt->echo = false;
  attempt->pam_pause = 0;
  attempt->prompt[0] = 0;
  attempt->wanted |= INOS_ATTEMPT_START;
}

/* The conversation is over; the next begins in so many ms. */
static void rest (struct inos_attempt *attempt, enum inos_attempt_phase phase,
                  enum inos_attempt_outcome outcome, uint32_t pause, int64_t now)
{
  attempt->wanted |= INOS_ATTEMPT_KILL;
  attempt->outcome = outcome;
  attempt->prompt[0] = 0;
  attempt->echo = false;
  if (attempt->answered)
    attempt->wanted |= INOS_ATTEMPT_WIPE;
  attempt->phase = phase;
  attempt->until = now + pause;
  if (pause == 0)
    start (attempt);
}

static void rest_broken (struct inos_attempt *attempt, enum inos_attempt_outcome outcome,
                         int64_t now)
{
  uint32_t pause = doubled (INOS_ATTEMPT_BROKEN_PAUSE, attempt->ills++);
  attempt->lasting = attempt->answered;
  rest (attempt, INOS_ATTEMPT_BROKEN, outcome, MAX (pause, attempt->pam_pause), now);
}

static void rest_failed (struct inos_attempt *attempt, enum inos_attempt_outcome outcome,
                         uint32_t least, int64_t now)
{
  attempt->failures++;
  attempt->ills = 0;
  rest (attempt, INOS_ATTEMPT_PAUSED, outcome, MAX (pause_of (attempt), least), now);
}

/* PAM works again. */
static void forget_ills (struct inos_attempt *attempt)
{
  bool ill = attempt->outcome >= INOS_OUTCOME_REFUSED && attempt->outcome != INOS_OUTCOME_STOPPED;
  if (ill && !attempt->lasting)
    attempt->outcome = INOS_OUTCOME_NONE;
}

/* What is said in this conversation takes the place of what was said in the one before. */
static void hear_text (struct inos_attempt *attempt, char kept[INOS_TALK_TEXT_MAX + 1],
                       const struct inos_talk *talk)
{
  if (!attempt->heard) {
    attempt->info[0] = attempt->error[0] = 0;
    forget_ills (attempt);
  }
  attempt->heard = true;
  attempt->noticed |= talk->value == INOS_TALK_OF_PERSON;
  keep (kept, talk->text, talk->length);
}

static void hear_question (struct inos_attempt *attempt, const struct inos_talk *talk)
{
  forget_ills (attempt);
  attempt->ills = 0;
  attempt->heard = attempt->noticed = true;
  keep (attempt->prompt, talk->text, talk->length);
  attempt->echo = talk->type == INOS_TALK_ASK_SHOWN;
  if (attempt->echo) {
    attempt->wanted |= INOS_ATTEMPT_WIPE;
    attempt->queued = false;
    attempt->forget = 0;
  }
  attempt->phase = INOS_ATTEMPT_ASKED;
}

static void answer (struct inos_attempt *attempt, int64_t now)
{
  attempt->phase = INOS_ATTEMPT_CHECKING;
  attempt->outcome = INOS_OUTCOME_NONE;
  attempt->info[0] = attempt->error[0] = 0;
  attempt->queued = false;
  attempt->answered = true;
  attempt->since = now;
  attempt->forget = 0;
  attempt->wanted |= INOS_ATTEMPT_SEND;
}

static void hear_right (struct inos_attempt *attempt)
{
  if (attempt->noticed || attempt->willing) {
    attempt->phase = INOS_ATTEMPT_DONE;
    attempt->wanted |= INOS_ATTEMPT_KILL | INOS_ATTEMPT_WIPE | INOS_ATTEMPT_UNLOCK;
    return;
  }
  attempt->phase = INOS_ATTEMPT_READY;
  attempt->ills = 0;
  attempt->wanted |= INOS_ATTEMPT_KILL;
}

static void hear_result (struct inos_attempt *attempt, const struct inos_talk *talk, int64_t now)
{
  static const enum inos_attempt_outcome outcomes[INOS_VERDICTS] = {
    [INOS_VERDICT_WRONG] = INOS_OUTCOME_WRONG,
    [INOS_VERDICT_TOO_MANY] = INOS_OUTCOME_TOO_MANY,
    [INOS_VERDICT_EXPIRED] = INOS_OUTCOME_EXPIRED,
    [INOS_VERDICT_DENIED] = INOS_OUTCOME_DENIED,
  };
  keep (attempt->reason, talk->text, talk->length);
  if (talk->value == INOS_VERDICT_RIGHT)
    hear_right (attempt);
  else if (talk->value == INOS_VERDICT_BROKEN)
    rest_broken (attempt, INOS_OUTCOME_BROKEN, now);
  else if (!attempt->answered)
    /* Without an answer of a person's the same comes again, and must not go round and round. */
    rest_broken (attempt,
                 talk->value == INOS_VERDICT_WRONG ? INOS_OUTCOME_REFUSED : outcomes[talk->value],
                 now);
  else
    rest_failed (attempt, outcomes[talk->value], 0, now);
  attempt->willing = false;
}

void inos_attempt_begin (struct inos_attempt *attempt, int64_t now)
{
  *attempt = (struct inos_attempt){0};
  start (attempt);
}

void inos_attempt_hear (struct inos_attempt *attempt, const struct inos_talk *talk, int64_t now)
{
  if (attempt->phase > INOS_ATTEMPT_CHECKING)
    return; /* of one that is being ended */
  switch (talk->type) {
  case INOS_TALK_ASK_SECRET:
  case INOS_TALK_ASK_SHOWN:
    hear_question (attempt, talk);
    if (attempt->queued)
      answer (attempt, now);
    break;
  case INOS_TALK_INFO:
    hear_text (attempt, attempt->info, talk);
    break;
  case INOS_TALK_ERROR:
    hear_text (attempt, attempt->error, talk);
    break;
  case INOS_TALK_PAUSE:
    attempt->pam_pause = MIN (talk->value, (uint32_t)INOS_ATTEMPT_PAUSE_MAX);
    break;
  case INOS_TALK_RESULT:
    hear_result (attempt, talk, now);
    break;
  case INOS_TALK_WHO:
    keep (attempt->who, talk->text, talk->length);
    break;
  default: /* an answer, which is not a checker's to give */
    break;
  }
}

void inos_attempt_lost (struct inos_attempt *attempt, enum inos_attempt_outcome why,
                        const char *text, int64_t now)
{
  if (attempt->phase > INOS_ATTEMPT_CHECKING)
    return;
  keep (attempt->reason, text ? text : "", text ? strlen (text) : 0);
  attempt->willing = attempt->queued = false;
  rest_broken (attempt, why, now);
}

void inos_attempt_type (struct inos_attempt *attempt, int64_t now)
{
  attempt->forget = now + INOS_ATTEMPT_FORGET;
  /* What was said about the try before has been read. */
  if (attempt->phase <= INOS_ATTEMPT_ASKED)
    attempt->outcome = INOS_OUTCOME_NONE;
}

void inos_attempt_submit (struct inos_attempt *attempt, bool empty, int64_t now)
{
  switch (attempt->phase) {
  case INOS_ATTEMPT_READY:
    attempt->willing = true;
    attempt->wanted |= INOS_ATTEMPT_WIPE;
    start (attempt);
    break;
  case INOS_ATTEMPT_ASKED:
    if (!empty || attempt->echo)
      answer (attempt, now);
    break;
  case INOS_ATTEMPT_LISTENING:
  case INOS_ATTEMPT_PAUSED:
  case INOS_ATTEMPT_BROKEN:
    attempt->queued = !empty;
    break;
  default:
    break;
  }
}

void inos_attempt_cancel (struct inos_attempt *attempt, int64_t now)
{
  attempt->wanted |= INOS_ATTEMPT_WIPE;
  attempt->queued = attempt->willing = false;
  attempt->forget = 0;
  if (attempt->phase != INOS_ATTEMPT_CHECKING)
    return;
  attempt->info[0] = attempt->error[0] = 0;
  rest_failed (attempt, INOS_OUTCOME_STOPPED, INOS_ATTEMPT_FIRST_PAUSE, now);
}

void inos_attempt_again (struct inos_attempt *attempt)
{
  attempt->wanted |= INOS_ATTEMPT_KILL | INOS_ATTEMPT_WIPE;
  attempt->outcome = INOS_OUTCOME_NONE;
  attempt->info[0] = attempt->error[0] = attempt->who[0] = 0;
  attempt->queued = attempt->willing = false;
  attempt->forget = 0;
  start (attempt);
}

void inos_attempt_tick (struct inos_attempt *attempt, int64_t now)
{
  bool paused = attempt->phase == INOS_ATTEMPT_PAUSED || attempt->phase == INOS_ATTEMPT_BROKEN;
  if (paused && now >= attempt->until)
    start (attempt);
  if (attempt->forget && now >= attempt->forget) {
    attempt->forget = 0;
    attempt->queued = false;
    attempt->wanted |= INOS_ATTEMPT_WIPE;
  }
}

int64_t inos_attempt_deadline (const struct inos_attempt *attempt)
{
  int64_t deadline = attempt->forget ? attempt->forget : -1;
  if (attempt->phase == INOS_ATTEMPT_PAUSED || attempt->phase == INOS_ATTEMPT_BROKEN)
    deadline = deadline < 0 ? attempt->until : MIN (deadline, attempt->until);
  return deadline;
}

unsigned int inos_attempt_take (struct inos_attempt *attempt)
{
  unsigned int wanted = attempt->wanted;
  attempt->wanted = 0;
  return wanted;
}
