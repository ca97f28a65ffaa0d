/* SPDX-License-Identifier: GPL-3.0-or-later */
/* greetd's protocol: what is asked, and what is an answer. */
#include "greetd.h"
#include "test.h"

#include <string.h>

static void assert_request (GString *request, const char *json)
{
  assert_string_equal (request->str, json);
  g_string_free (request, TRUE);
}

static void requests_are_json (void **state)
{
  const char *const command[] = {"/usr/bin/inos-session", "--safe \"mode\"", NULL};
  const char *const nothing[] = {NULL};
  assert_request (inos_greetd_create_session ("ada"),
                  "{\"type\":\"create_session\",\"username\":\"ada\"}");
  assert_request (inos_greetd_answer ("a\"b\\c\n\033ü"),
                  "{\"type\":\"post_auth_message_response\",\"response\":"
                  "\"a\\\"b\\\\c\\u000a\\u001bü\"}");
  assert_request (inos_greetd_answer (""),
                  "{\"type\":\"post_auth_message_response\",\"response\":\"\"}");
  assert_request (inos_greetd_answer (NULL), "{\"type\":\"post_auth_message_response\"}");
  assert_request (inos_greetd_start_session (command, nothing),
                  "{\"type\":\"start_session\",\"cmd\":[\"/usr/bin/inos-session\","
                  "\"--safe \\\"mode\\\"\"],\"env\":[]}");
  assert_request (inos_greetd_cancel_session(), "{\"type\":\"cancel_session\"}");
}

/* A copy of a secret that was left behind could not be wiped. */
static void an_answer_is_never_moved (void **state)
{
  char worst[512];
  memset (worst, 1, sizeof worst - 1);
  worst[sizeof worst - 1] = 0;
  GString *request = inos_greetd_answer (worst),
          *room = g_string_sized_new (strlen (worst) * 6 + 100);
  assert_int_equal (request->allocated_len, room->allocated_len);
  g_string_free (request, TRUE);
  g_string_free (room, TRUE);
}

static void assert_answer (const char *json, enum inos_greetd_kind kind, const char *text)
{
  struct inos_greetd_reply reply;
  assert_true (inos_greetd_parse (json, strlen (json), &reply, NULL));
  assert_int_equal (reply.kind, kind);
  assert_string_equal (reply.text, text);
  inos_greetd_reply_clear (&reply);
}

static void answers_are_read (void **state)
{
  assert_answer ("{\"type\":\"success\"}", INOS_GREETD_SUCCESS, "");
  assert_answer ("{\"type\":\"auth_message\",\"auth_message_type\":\"secret\","
                 "\"auth_message\":\"Password: \"}",
                 INOS_GREETD_ASK_SECRET, "Password: ");
  assert_answer ("{\"type\":\"auth_message\",\"auth_message_type\":\"visible\"}",
                 INOS_GREETD_ASK_SHOWN, "");
  assert_answer ("{\"type\":\"error\",\"error_type\":\"auth_error\",\"description\":\"no\"}",
                 INOS_GREETD_AUTH_ERROR, "no");
  assert_answer ("{\"type\":\"error\",\"error_type\":\"new\",\"description\":7}", INOS_GREETD_ERROR,
                 "");
}

static void what_is_no_answer_is_refused (void **state)
{
  static const char *const bad[] = {
    "",
    "{",
    "[]",
    "7",
    "null",
    "{}",
    "{\"type\":7}",
    "{\"type\":\"new\"}",
    "{\"type\":\"auth_message\"}",
    "{\"type\":\"auth_message\",\"auth_message_type\":\"new\"}",
    "{\"type\":\"success\"} more",
    "{\"type\":\"success\"}{\"type\":\"success\"}",
    "{\"type\":\"succ\xff\"}",
  };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    struct inos_greetd_reply reply;
    g_autoptr (GError) error = NULL;
    assert_false (inos_greetd_parse (bad[i], strlen (bad[i]), &reply, &error));
    assert_non_null (error);
    assert_null (reply.text);
  }
  g_autofree char *large = g_strnfill (INOS_GREETD_REPLY_MAX + 1, ' ');
  struct inos_greetd_reply reply;
  assert_false (inos_greetd_parse (large, strlen (large), &reply, NULL));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (requests_are_json),
    cmocka_unit_test (an_answer_is_never_moved),
    cmocka_unit_test (answers_are_read),
    cmocka_unit_test (what_is_no_answer_is_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
