/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message.h"

#include "test.h"

#include <string.h>

static void assert_refused (const char *text, gsize length, InosMessageError code)
{
  InosMessage message;
  g_autoptr (GError) error = NULL;

  if (inos_message_parse (&message, text, length, &error))
    fail_msg ("accepted: %s", text);
  assert_non_null (error);
  assert_int_equal (error->domain, INOS_MESSAGE_ERROR);
  assert_int_equal (error->code, code);
  assert_null (message.command);
  assert_null (message.args);
}

static void parses_a_command (void **state)
{
  static const char text[] = "{\"command\":\"workspace.switch\",\"args\":{\"index\":3}}";
  g_auto (InosMessage) message = {0};
  guint index = 0;

  assert_true (inos_message_parse (&message, text, strlen (text), NULL));
  assert_string_equal (message.command, "workspace.switch");
  assert_true (inos_args_get_uint (message.args, "index", 9, &index, NULL));
  assert_int_equal (index, 3);
}

static void args_may_be_left_out (void **state)
{
  static const char text[] = "{\"command\":\"hello\"}";
  g_auto (InosMessage) message = {0};

  assert_true (inos_message_parse (&message, text, strlen (text), NULL));
  assert_int_equal (json_object_get_size (message.args), 0);
}

static void refuses_what_is_not_a_message (void **state)
{
  static const struct {
    const char *text;
    InosMessageError code;
  } cases[] = {
    {"", INOS_MESSAGE_ERROR_MALFORMED},
    {"nonsense", INOS_MESSAGE_ERROR_MALFORMED},
    {"{\"command\":\"a\"", INOS_MESSAGE_ERROR_MALFORMED},
    {"{\"command\":\"a\"} {}", INOS_MESSAGE_ERROR_MALFORMED},
    {"/* c */ {\"command\":\"a\"}", INOS_MESSAGE_ERROR_MALFORMED},
    {"{\"command\":\"\xff\"}", INOS_MESSAGE_ERROR_MALFORMED},
    {"null", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"[]", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"7", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"{}", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"{\"command\":7}", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"{\"command\":null}", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"{\"command\":\"\"}", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"{\"command\":\"A B\"}", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"{\"command\":\"a\\u0000b\"}", INOS_MESSAGE_ERROR_MALFORMED},
    {"{\"command\":\"a\",\"args\":[]}", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"{\"command\":\"a\",\"args\":null}", INOS_MESSAGE_ERROR_WRONG_TYPE},
    {"{\"command\":\"a\",\"more\":1}", INOS_MESSAGE_ERROR_WRONG_TYPE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, strlen (cases[i].text), cases[i].code);
  assert_refused ("{\"command\":\"a\"}\0", 16, INOS_MESSAGE_ERROR_MALFORMED);
}

static void refuses_a_huge_message (void **state)
{
  g_autofree char *text = g_strnfill (INOS_MESSAGE_MAX_BYTES + 1, ' ');

  assert_refused (text, INOS_MESSAGE_MAX_BYTES + 1, INOS_MESSAGE_ERROR_TOO_LARGE);
}

static void refuses_a_deep_message (void **state)
{
  g_autofree char *text = g_strnfill (60000, '[');
  static const char hidden[] =
    "{\"command\":\"a\",\"args\":{\"x\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[\"}}";
  g_auto (InosMessage) message = {0};

  assert_refused (text, 60000, INOS_MESSAGE_ERROR_TOO_DEEP);
  /* Brackets in a string are no depth. */
  assert_true (inos_message_parse (&message, hidden, strlen (hidden), NULL));
}

static void refuses_arguments_of_other_types (void **state)
{
  static const char text[] =
    "{\"command\":\"a\",\"args\":{\"s\":\"\",\"n\":-1,\"f\":1e400,\"h\":1.5,"
    "\"o\":{},\"b\":1,\"long\":\"abcdef\"}}";
  g_auto (InosMessage) message = {0};
  double number;
  guint whole;
  gboolean flag;

  assert_true (inos_message_parse (&message, text, strlen (text), NULL));
  assert_null (inos_args_get_string (message.args, "s", 9, NULL));
  assert_null (inos_args_get_string (message.args, "n", 9, NULL));
  assert_null (inos_args_get_string (message.args, "o", 9, NULL));
  assert_null (inos_args_get_string (message.args, "long", 5, NULL));
  assert_null (inos_args_get_string (message.args, "missing", 5, NULL));
  assert_false (inos_args_get_double (message.args, "f", 0, 1, &number, NULL));
  assert_false (inos_args_get_double (message.args, "s", 0, 1, &number, NULL));
  assert_false (inos_args_get_double (message.args, "n", 0, 1, &number, NULL));
  assert_false (inos_args_get_uint (message.args, "n", 9, &whole, NULL));
  assert_false (inos_args_get_uint (message.args, "h", 9, &whole, NULL));
  assert_false (inos_args_get_boolean (message.args, "b", &flag, NULL));
  assert_false (inos_args_get_boolean (message.args, "o", &flag, NULL));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (parses_a_command),
    cmocka_unit_test (args_may_be_left_out),
    cmocka_unit_test (refuses_what_is_not_a_message),
    cmocka_unit_test (refuses_a_huge_message),
    cmocka_unit_test (refuses_a_deep_message),
    cmocka_unit_test (refuses_arguments_of_other_types),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
