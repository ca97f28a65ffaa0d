/*
 * Fuzz target of what the process that asks PAM says to the lock screen, and of what becomes of it:
 * whatever comes, texts can be shown, and nothing unlocks but a result that is right.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "lock/attempt.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_text (const char *text)
{
  if (strlen (text) > INOS_TALK_TEXT_MAX || !g_utf8_validate (text, -1, NULL))
    g_error ("a text is too long, or no UTF-8");
  for (const char *c = text; *c; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      g_error ("a text has a control");
}

/* One message; in between the person presses keys, which its first byte says. */
static bool step (struct inos_attempt *attempt, const uint8_t *data, size_t size, uint8_t key,
                  int64_t now)
{
  struct inos_talk talk;
  bool right = false;
  if (inos_talk_parse (data, size, &talk)) {
    if (talk.length > size || talk.length > INOS_TALK_TEXT_MAX)
      g_error ("a text goes beyond its datagram");
    right = talk.type == INOS_TALK_RESULT && talk.value == INOS_VERDICT_RIGHT;
    inos_attempt_hear (attempt, &talk, now);
  } else {
    inos_attempt_lost (attempt, INOS_OUTCOME_DIED, NULL, now);
  }
  if (inos_attempt_take (attempt) & INOS_ATTEMPT_UNLOCK) {
    if (!right)
      g_error ("it is unlocked without a right result");
    return false;
  }
  if (key % 4 == 1)
    inos_attempt_submit (attempt, key & 16, now);
  else if (key % 4 == 2)
    inos_attempt_cancel (attempt, now);
  else if (key % 4 == 3)
    inos_attempt_tick (attempt, attempt->until);
  if (inos_attempt_take (attempt) & INOS_ATTEMPT_UNLOCK)
    g_error ("a key unlocks");
  return true;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_attempt attempt;
  int64_t now = 0;
  inos_attempt_begin (&attempt, now);
  /* A byte for the key, two for the length, the datagram. */
  while (size >= 3) {
    size_t length = MIN ((size_t)data[1] | (size_t)data[2] << 8, size - 3);
    if (!step (&attempt, data + 3, length, data[0], now += data[0]))
      break;
    data += 3 + length;
    size -= 3 + length;
  }
  check_text (attempt.who);
  check_text (attempt.prompt);
  check_text (attempt.info);
  check_text (attempt.error);
  check_text (attempt.reason);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GByteArray *bytes, uint8_t key, enum inos_talk_type type, uint32_t value,
                 const char *text)
{
  uint8_t frame[INOS_TALK_MAX];
  size_t size = inos_talk_write (frame, type, value, text);
  const uint8_t head[] = {key, (uint8_t)(size & 0xff), (uint8_t)(size >> 8)};
  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, frame, (guint)size);
}

static GPtrArray *make_corpus (void)
{
  static const enum inos_verdict verdicts[] = {INOS_VERDICT_RIGHT, INOS_VERDICT_WRONG,
                                               INOS_VERDICT_BROKEN};
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (size_t i = 0; i < G_N_ELEMENTS (verdicts); i++) {
    GByteArray *bytes = g_byte_array_new();
    add (bytes, 0, INOS_TALK_WHO, 0, "Ada Lovelace");
    add (bytes, 0, INOS_TALK_INFO, 0, "Lege den Finger auf den Leser — größer");
    add (bytes, 1, INOS_TALK_ASK_SECRET, 0, "Password: ");
    add (bytes, 0, INOS_TALK_ERROR, 0, "\033[31mno\n\xff");
    add (bytes, 1, INOS_TALK_ASK_SHOWN, 0, "Code:");
    add (bytes, 0, INOS_TALK_PAUSE, 2000, NULL);
    add (bytes, 3, INOS_TALK_RESULT, verdicts[i], "Authentication failure");
    g_ptr_array_add (corpus, g_byte_array_free_to_bytes (bytes));
  }
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "lock_talk", make_corpus());
}

#endif
