/*
 * What guests of a system's node need polkit's word for, held against the message table and the
 * policy that is installed; and what one of them may use up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/access.h"
#include "node/api/connection.h"
#include "node/api/guests.h"
#include "node/api/question.h"
#include "node/api/server.h"
#include "node/actor/runtime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const actions[] = {INOS_ACTION_LOOK, INOS_ACTION_INSPECT, INOS_ACTION_MESH,
                                      INOS_ACTION_MEMBERS, INOS_ACTION_ACTORS};

/* Nothing is let through because nobody thought of it. */
static void test_every_request (void **state)
{
  size_t count;
  const struct inos_api_message *table = inos_message_table (&count);

  for (size_t i = 0; i < count; i++) {
    struct inos_need need = inos_need_of (&table[i]);
    bool persons = g_str_has_prefix (table[i].name, "terminals.") ||
                   g_str_has_prefix (table[i].name, "machine.") ||
                   strcmp (table[i].name, INOS_NODE_ARENA) == 0;
    if (!table[i].request)
      continue;
    if (persons != (need.action == NULL))
      fail_msg ("%s", table[i].name);
    bool control = g_str_has_suffix (table[i].capability, ".control");
    if (control && !persons && !need.changes)
      fail_msg ("%s changes something without a password", table[i].name);
    bool known = persons;
    for (size_t k = 0; k < G_N_ELEMENTS (actions) && !known; k++)
      known = strcmp (actions[k], need.action) == 0;
    assert_true (known);
  }
}

static void test_who_is_in_the_mesh (void **state)
{
  static const char *const members[] = {INOS_MESH_INVITE, INOS_MESH_JOIN,   INOS_MESH_LEAVE,
                                        INOS_MESH_DECIDE, INOS_MESH_REVOKE, INOS_MESH_PASS,
                                        INOS_MESH_ROTATE, INOS_MESH_MANAGE};

  for (size_t i = 0; i < G_N_ELEMENTS (members); i++)
    assert_string_equal (inos_need_of (inos_message_find (members[i], 1)).action,
                         INOS_ACTION_MEMBERS);
  assert_string_equal (inos_need_of (inos_message_find (INOS_MESH_ALLOW, 1)).action,
                       INOS_ACTION_ACTORS);
  assert_string_equal (inos_need_of (inos_message_find (INOS_MESH_LOOK, 1)).action,
                       INOS_ACTION_ACTORS);
  assert_string_equal (inos_need_of (inos_message_find (INOS_MESH_STEER, 1)).action,
                       INOS_ACTION_ACTORS);
  assert_string_equal (inos_need_of (inos_message_find (INOS_MESH_SUBSCRIBE, 1)).action,
                       INOS_ACTION_MESH);
  assert_string_equal (inos_need_of (inos_message_find (INOS_MESH_STATE, 1)).action,
                       INOS_ACTION_MESH);
}

/* polkit refuses what is not declared, and lets only an action's owner ask about others. */
static void test_the_policy (void **state)
{
  g_autofree char *text = NULL;
  unsigned declared = 0;

  assert_true (g_file_get_contents (POLICY, &text, NULL, NULL));
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++) {
    g_autofree char *line = g_strdup_printf ("<action id=\"%s\">", actions[i]);
    assert_non_null (strstr (text, line));
  }
  for (const char *at = text; (at = strstr (at, "<action id=")); at++)
    declared++;
  assert_int_equal (declared, G_N_ELEMENTS (actions));
  unsigned owners = 0;
  for (const char *at = text; (at = strstr (at, "policykit.owner\">unix-user:inos<")); at++)
    owners++;
  assert_int_equal (owners, G_N_ELEMENTS (actions));
}

static void test_one_user (void **state)
{
  struct inos_guests *guests = inos_guests_new();
  struct inos_guest *alice = NULL;

  for (unsigned i = 0; i < INOS_GUEST_CONNECTIONS; i++) {
    assert_true (inos_guests_have_room (guests, 1));
    alice = inos_guests_enter (guests, 1);
  }
  assert_false (inos_guests_have_room (guests, 1));
  assert_true (inos_guests_have_room (guests, 2));

  unsigned asked = 0;
  int64_t began = g_get_monotonic_time();
  while (inos_guest_within_rate (alice))
    asked++;
  int64_t took = g_get_monotonic_time() - began; /* what came meanwhile counts */
  assert_in_range (asked, INOS_BURST,
                   (uint64_t)INOS_BURST + 1 + (uint64_t)took * INOS_RATE / G_USEC_PER_SEC);
  /* To leave and to come again gives nothing. */
  for (unsigned i = 0; i < INOS_GUEST_CONNECTIONS; i++)
    inos_guests_leave (guests, alice);
  assert_true (inos_guests_have_room (guests, 1));
  assert_ptr_equal (inos_guests_enter (guests, 1), alice);
  took = g_get_monotonic_time() - began;
  assert_true (alice->tokens <= 1 + (double)took * INOS_RATE / G_USEC_PER_SEC);
  inos_guests_leave (guests, alice);
  inos_guests_free (guests);
}

static void test_many_users (void **state)
{
  struct inos_guests *guests = inos_guests_new();
  unsigned connections = 0;

  for (uid_t uid = 1; uid < 100; uid++)
    for (unsigned i = 0; i < INOS_GUEST_CONNECTIONS && inos_guests_have_room (guests, uid); i++) {
      inos_guests_enter (guests, uid);
      connections++;
    }
  assert_int_equal (connections, INOS_GUESTS_CONNECTIONS);
  assert_true (connections < INOS_CONNECTIONS_MAX); /* the rest is root's */
  inos_guests_free (guests);
}

/* Who has left is forgotten where there would be too many to remember, but not what they still ask.
 */
static void test_who_has_left (void **state)
{
  struct inos_guests *guests = inos_guests_new();

  for (uid_t uid = 1; uid <= 3 * INOS_GUESTS_MAX; uid++) {
    assert_true (inos_guests_have_room (guests, uid));
    struct inos_guest *guest = inos_guests_enter (guests, uid);
    if (uid == 1)
      guest->questions = 1;
    inos_guests_leave (guests, guest);
  }
  assert_int_equal (inos_guests_enter (guests, 1)->questions, 1);
  inos_guests_free (guests);
}

/* Somebody who asks a question, and may end it before it has seen what it is asked. */

struct asking {
  struct inos_guest *guest;
  bool ends_first;
  unsigned *counted;
};

struct asker {
  const struct asking *asking;
};

#define ASKER(MESSAGE, REQUEST) MESSAGE (asker, begin, struct asking, 1)
INOS_PROTOCOL (asker, ASKER);
INOS_PROTOCOL_DEFINE (asker, ASKER);

static enum inos_outcome on_no_answer (void *state, struct inos_context *context,
                                       enum inos_replied status,
                                       const struct node_question_answer *reply, uint64_t tag)
{
  return INOS_OK;
}

INOS_HANDLE (asker, begin, struct asker)
{
  struct node_question_text text = {
    .kind = node_question_find (INOS_ACTORS_LIST),
    .message = inos_message_find (INOS_ACTORS_LIST, 1),
    .parameters = g_variant_ref_sink (g_variant_new ("(sut)", "", 1u, (guint64)0)),
  };
  inos_actor_id who = node_question_spawn (context, message->guest);

  assert_true (who != 0);
  *message->counted = message->guest->questions;
  if (message->ends_first)
    inos_kill (context, who);
  assert_true (node_question_put (context, who, text, on_no_answer, 0));
  return INOS_OK;
}

INOS_BEHAVIOUR (asker, ASKER, struct asker);

/* Once it has gone, whatever became of what it was asked: a dead letter is kept for long. */
static void test_a_question_is_counted (void **state)
{
  const struct inos_runtime_config config = {.seeded = true, .seed = 1};

  for (int ends_first = 0; ends_first < 2; ends_first++) {
    struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
    struct inos_guest guest = {.uid = 1};
    unsigned counted = 0;
    const struct inos_spawn spawn = {.behaviour = &asker_behaviour};
    asker_ref asker = {INOS_TO (inos_runtime_spawn (runtime, &spawn))};

    asker_post_begin (runtime, asker, (struct asking){&guest, ends_first == 1, &counted});
    inos_runtime_run (runtime, UINT64_MAX);
    assert_int_equal (counted, 1); /* from its beginning on */
    assert_int_equal (guest.questions, 0);
    inos_runtime_free (runtime, 0);
    assert_int_equal (guest.questions, 0);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_every_request),
    cmocka_unit_test (test_who_is_in_the_mesh),
    cmocka_unit_test (test_the_policy),
    cmocka_unit_test (test_one_user),
    cmocka_unit_test (test_many_users),
    cmocka_unit_test (test_who_has_left),
    cmocka_unit_test (test_a_question_is_counted),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
