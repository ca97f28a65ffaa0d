/*
 * What OTP 27 said when it was asked twenty questions about supervisors, and one more. These do not
 * need it any more; the oracle asks it everything else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fixture.h"
#include "oracle/world.h"

#define W(name, lifetime) "child " name " " lifetime " 1000 0 plain 0 -\n"
#define ABC W ("a", "permanent") W ("b", "permanent") W ("c", "permanent")
#define A_BC(b) W ("a", "permanent") b W ("c", "permanent")

struct question {
  const char *head, *children, *steps, *log;
  const char *answers; /* NULL: none are asked for */
};

/* In the order of OTP's answers in the facts that this was built from: 5b, 8b and so on too. */
static const struct question questions[] = {
  /* 1: start order, reverse shutdown order */
  {"one_for_one 1 5", ABC, "step stop\n",
   "start a|start b|start c|shutdown root|stop c|stop b|stop a|exit shutdown", NULL},
  /* 2: one_for_all, b crashes */
  {"one_for_all 3 5", ABC, "step kill b boom\nstep stop\n",
   "start a|start b|start c|die b|stop c|stop a|start a|start b|start c|shutdown root|stop c|stop "
   "b|"
   "stop a|exit shutdown",
   NULL},
  /* 3: rest_for_one, b crashes */
  {"rest_for_one 3 5", ABC, "step kill b boom\n",
   "start a|start b|start c|die b|stop c|start b|start c|alive root", NULL},
  /* 4: permanent ones are restarted after a normal end, and that counts */
  {"one_for_one 1 5", ABC, "step kill b normal\nstep kill b normal\n",
   "start a|start b|start c|die b|start b|die b|stop c|stop a|exit shutdown", NULL},
  /* 5: transient ones are not, and stay known */
  {"rest_for_one 1 5", A_BC (W ("b", "transient")), "step kill b normal\nstep which root\n",
   "start a|start b|start c|die b|alive root", "1 c:there b:absent a:there"},
  {"one_for_all 1 5", A_BC (W ("b", "transient")), "step kill b shutdown_x\nstep which root\n",
   "start a|start b|start c|die b|alive root", "1 c:there b:absent a:there"},
  /* 6: temporary ones are forgotten, the others untouched */
  {"one_for_all 1 5", A_BC (W ("b", "temporary")), "step kill b boom\nstep which root\n",
   "start a|start b|start c|die b|alive root", "1 c:there a:there"},
  /* 7: also where another one's end stops them */
  {"one_for_all 1 5", A_BC (W ("b", "temporary")), "step kill a boom\nstep which root\n",
   "start a|start b|start c|die a|stop c|stop b|start a|start c|alive root", "1 c:there a:there"},
  /* 8: two restarts are allowed, so two are tolerated, the third ends it */
  {"one_for_one 2 5", ABC, "step kill a boom\nstep kill b boom\n",
   "start a|start b|start c|die a|start a|die b|start b|alive root", NULL},
  {"one_for_one 2 5", ABC, "step kill a boom\nstep kill b boom\nstep kill a boom\n",
   "start a|start b|start c|die a|start a|die b|start b|die a|stop c|stop b|exit shutdown", NULL},
  /* 9: restarts older than the period are forgotten */
  {"one_for_one 1 1", ABC,
   "step kill a boom\nstep wait 2100\nstep kill a boom\nstep wait 2100\nstep kill a boom\n",
   "start a|start b|start c|die a|start a|die a|start a|die a|start a|alive root", NULL},
  /* 10: a round of one_for_all counts once */
  {"one_for_all 1 5", ABC, "step kill a boom\n",
   "start a|start b|start c|die a|stop c|stop b|start a|start b|start c|alive root", NULL},
  /* 11: a restart that fails counts, and is tried again at once */
  {"one_for_one 3 5", "child a permanent 1000 0 plain 0 2,3\n" W ("b", "permanent"),
   "step kill a boom\nstep wait 100\n",
   "start a|start b|die a|startfail a|startfail a|start a|alive root", NULL},
  /* 12: not for ever */
  {"one_for_one 3 5", "child a permanent 1000 0 plain 0 2,3,4,5,6,7\n" W ("b", "permanent"),
   "step kill a boom\nstep wait 100\n",
   "start a|start b|die a|startfail a|startfail a|startfail a|stop b|exit shutdown", NULL},
  /* 13: a start that fails at first stops what has started */
  {"one_for_one 3 5",
   W ("a", "permanent") W ("b", "permanent") "child c permanent 1000 0 plain 0 1\n", "",
   "start a|start b|startfail c|stop b|stop a|exit start", NULL},
  /* 14: one that does not stop is killed after its time, and the order stays */
  {"one_for_one 1 5", A_BC ("child b permanent 50 0 hang 0 -\n"), "step stop\n",
   "start a|start b|start c|shutdown root|stop c|ignored b|stop a|exit shutdown", NULL},
  /* 15: a child that is killed at once notices nothing */
  {"one_for_one 1 5", W ("a", "permanent") "child b permanent kill 0 plain 0 -\n", "step stop\n",
   "start a|start b|shutdown root|stop a|exit shutdown", NULL},
  /* 16: no restarts at all */
  {"one_for_one 0 5", ABC, "step kill a boom\n",
   "start a|start b|start c|die a|stop c|stop b|exit shutdown", NULL},
  /* 17: rest_for_one, b does not restart at first */
  {"rest_for_one 5 5",
   W ("a", "permanent") "child b permanent 1000 0 plain 0 2\n" W ("c", "permanent"),
   "step kill b boom\nstep wait 100\nstep which root\n",
   "start a|start b|start c|die b|stop c|startfail b|start b|start c|alive root",
   "2 c:there b:there a:there"},
  /* 18: one_for_all, c does not restart at first: the others stop and start again */
  {"one_for_all 5 5",
   W ("a", "permanent") W ("b", "permanent") "child c permanent 1000 0 plain 0 2\n",
   "step kill a boom\nstep wait 100\n",
   "start a|start b|start c|die a|stop c|stop b|start a|start b|startfail c|stop b|stop a|start a|"
   "start b|start c|alive root",
   NULL},
};

static void play (const char *text, const char *log, const char *answers)
{
  struct script *script = script_parse (text, &world_worker);

  world_play (script);
  g_strdelimit (script->log->str, "\n", '|');
  assert_string_equal (script->log->str, log);
  if (answers) {
    g_strchomp (script->answers->str);
    assert_string_equal (script->answers->str, answers);
  }
  script_free (script);
}

static void test_twenty_questions (void **state)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (questions); i++) {
    const struct question *q = &questions[i];
    g_autofree char *text = g_strdup_printf ("script %u\nsup root %s never\n%send\n%sdone\n", i,
                                             q->head, q->children, q->steps);
    g_autofree char *log = g_strdup_printf ("init root|%s|", q->log);
    play (text, log, q->answers);
  }
}

/* A significant child that waits for its next try still counts as there. */
static void test_auto_shutdown_waits_for_the_restarting (void **state)
{
  play ("script 1\nsup root one_for_one 9 1000 all\n"
        "child a transient 1000 1 plain 0 2\n"
        "child b transient 1000 1 plain 0 -\n"
        "child c permanent 330 0 hang 0 -\n"
        "end\n"
        "step terminate root c\nstep kill a boom\nstep kill b normal\nstep wait 200\ndone\n",
        "init root|start a|start b|start c|ignored c|die a|die b|startfail a|start a|alive root|",
        "0 ok");
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_twenty_questions),
    cmocka_unit_test (test_auto_shutdown_waits_for_the_restarting),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
