/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typed: by characters, within bounds, and gone when it is wiped. */
#include "secret.h"
#include "test.h"

#include <string.h>

static void characters_come_and_go (void **state)
{
  struct inos_secret secret;
  inos_secret_init (&secret);
  inos_secret_erase (&secret);
  assert_int_equal (secret.length, 0);
  assert_true (inos_secret_append (&secret, "a"));
  assert_true (inos_secret_append (&secret, "ß"));
  assert_true (inos_secret_append (&secret, "漢"));
  assert_true (inos_secret_append (&secret, "🔑"));
  assert_string_equal (inos_secret_text (&secret), "aß漢🔑");
  assert_int_equal (inos_secret_count (&secret), 4);
  static const char *const left[] = {"aß漢", "aß", "a", "", ""};
  for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
    inos_secret_erase (&secret);
    assert_string_equal (inos_secret_text (&secret), left[i]);
  }
  inos_secret_finish (&secret);
}

static void no_more_than_fits (void **state)
{
  struct inos_secret secret;
  inos_secret_init (&secret);
  assert_false (inos_secret_append (&secret, ""));
  for (int i = 0; i < INOS_TALK_TEXT_MAX - 1; i++)
    assert_true (inos_secret_append (&secret, "x"));
  assert_false (inos_secret_append (&secret, "ß"));
  assert_true (inos_secret_append (&secret, "y"));
  assert_false (inos_secret_append (&secret, "z"));
  assert_int_equal (strlen (inos_secret_text (&secret)), INOS_TALK_TEXT_MAX);
  inos_secret_finish (&secret);
}

static void nothing_is_left (void **state)
{
  static const uint8_t nothing[sizeof (struct inos_secret)];
  struct inos_secret secret;
  inos_secret_init (&secret);
  inos_secret_append (&secret, "hunter2");
  inos_talk_head (secret.frame, INOS_TALK_ANSWER, 0, secret.length);
  inos_secret_wipe (&secret);
  assert_memory_equal (secret.frame, nothing, sizeof secret.frame);
  assert_int_equal (secret.length, 0);
  /* Nor of a character that was taken back. */
  inos_secret_append (&secret, "🔑");
  inos_secret_erase (&secret);
  assert_memory_equal (secret.frame, nothing, sizeof secret.frame);
  inos_secret_finish (&secret);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (characters_come_and_go),
    cmocka_unit_test (no_more_than_fits),
    cmocka_unit_test (nothing_is_left),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
