/*
 * What members say: what liars among them can do, and what they cannot.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/reputation/hearsay.h"
#include "fixture.h"

#define NEUTRAL INOS_EVIDENCE_NEUTRAL
#define SUBJECT 9999u

/* @author says @expected of @about, and knows nobody else. */
static void tell (struct inos_hearsay *hearsay, unsigned author, unsigned about, unsigned expected)
{
  struct inos_peer_id id = peer_of (author);
  struct inos_opinions opinions = {
    .told = true,
    .all = true,
    .n = 1,
    .of = {{.about = peer_of (about), .expected = (uint16_t)expected, .outcomes = 5}}};

  inos_hearsay_add (hearsay, &id, &opinions);
}

/* Says that it knows nobody. */
static void say_nothing (struct inos_hearsay *hearsay, unsigned author, bool all)
{
  struct inos_peer_id id = peer_of (author);

  inos_hearsay_add (hearsay, &id, &(struct inos_opinions){.told = true, .all = all});
}

static struct inos_heard look (const struct inos_hearsay *hearsay, unsigned about)
{
  struct inos_peer_id id = peer_of (about);
  struct inos_heard heard;

  inos_hearsay_look (hearsay, &id, &heard);
  return heard;
}

static void test_median (void **state)
{
  struct inos_hearsay *hearsay = inos_hearsay_new();

  assert_int_equal (look (NULL, SUBJECT).median, NEUTRAL);
  assert_int_equal (look (hearsay, SUBJECT).median, NEUTRAL);
  tell (hearsay, 1, SUBJECT, 800);
  assert_int_equal (look (hearsay, SUBJECT).median, 500); /* 500 500 800 */
  tell (hearsay, 2, SUBJECT, 900);
  assert_int_equal (look (hearsay, SUBJECT).median, 650); /* 500 500 | 800 900 */
  tell (hearsay, 3, SUBJECT, 700);
  assert_int_equal (look (hearsay, SUBJECT).median, 700); /* 500 500 700 800 900 */
  tell (hearsay, 4, SUBJECT, 100);
  assert_int_equal (look (hearsay, SUBJECT).median, 600); /* 100 500 500 | 700 800 900 */
  assert_int_equal (look (hearsay, SUBJECT).said, 4);
  say_nothing (hearsay, 5, true);
  assert_int_equal (look (hearsay, SUBJECT).median, 500);
  assert_int_equal (look (hearsay, SUBJECT).silent, 1);
  say_nothing (hearsay, 6, false); /* it may know more than there was room for */
  assert_int_equal (look (hearsay, SUBJECT).silent, 1);
  assert_int_equal (inos_hearsay_authors (hearsay), 6);
  inos_hearsay_free (hearsay);
}

/* Self-promotion: nobody's word of itself counts, nor as one that knows nothing. */
static void test_self (void **state)
{
  struct inos_hearsay *hearsay = inos_hearsay_new();

  tell (hearsay, SUBJECT, SUBJECT, 1000);
  assert_int_equal (look (hearsay, SUBJECT).said, 0);
  assert_int_equal (look (hearsay, SUBJECT).silent, 0);
  assert_int_equal (look (hearsay, SUBJECT).median, NEUTRAL);
  inos_hearsay_free (hearsay);
}

/* Ballot stuffing: a second word of the same counts as little, in one list or in two. */
static void test_once (void **state)
{
  struct inos_hearsay *hearsay = inos_hearsay_new();
  struct inos_peer_id author = peer_of (1);
  struct inos_opinions opinions = {.told = true, .all = true, .n = INOS_OPINIONS_MAX};

  for (unsigned i = 0; i < INOS_OPINIONS_MAX; i++)
    opinions.of[i] = (struct inos_opinion){peer_of (SUBJECT), 1000, 32};
  inos_hearsay_add (hearsay, &author, &opinions);
  inos_hearsay_add (hearsay, &author, &opinions);
  tell (hearsay, 2, SUBJECT, 600);
  assert_int_equal (look (hearsay, SUBJECT).said, 2);
  assert_int_equal (look (hearsay, SUBJECT).median, 550);
  inos_hearsay_free (hearsay);
}

/* Collusion: few who praise, or slander, somebody of whom the others know nothing, move nothing. */
static void test_minority_of_a_mesh (void **state)
{
  for (unsigned lie = 0; lie <= 1000; lie += 1000)
    for (unsigned members = 3; members <= 40; members++) {
      struct inos_hearsay *hearsay = inos_hearsay_new();
      unsigned liars = (members - 1) / 2;
      for (unsigned i = 0; i < members; i++)
        if (i < liars)
          tell (hearsay, i, SUBJECT, lie);
        else
          say_nothing (hearsay, i, true);
      assert_int_equal (look (hearsay, SUBJECT).median, NEUTRAL);
      inos_hearsay_free (hearsay);
    }
}

/* Slander and praise of less than half leave the median among what the others, and those who know
 * nothing, say. */
static void test_liars_bounded (void **state)
{
  uint64_t random = 7;

  for (unsigned round = 0; round < 2000; round++) {
    struct inos_hearsay *hearsay = inos_hearsay_new();
    unsigned members = 1 + world_random (&random) % 40, liars = (members - 1) / 2;
    unsigned low = NEUTRAL, high = NEUTRAL, lie = world_random (&random) % 2 * 1000;
    for (unsigned i = 0; i < members - liars; i++) {
      unsigned honest = 100 + world_random (&random) % 801;
      low = MIN (low, honest);
      high = MAX (high, honest);
      tell (hearsay, i, SUBJECT, honest);
    }
    for (unsigned i = members - liars; i < members; i++)
      tell (hearsay, i, SUBJECT, lie);
    assert_in_range (look (hearsay, SUBJECT).median, low, high);
    inos_hearsay_free (hearsay);
  }
}

/* Even all members together are bounded, and the more so the more was seen oneself. */
static void test_all_bounded (void **state)
{
  static const unsigned answered[] = {0, 2, 8, 30};
  static const unsigned worst[] = {100, 550, 820, 944}, best[] = {900, 950, 980, 994};
  struct inos_hearsay *praise = inos_hearsay_new(), *slander = inos_hearsay_new();

  for (unsigned i = 0; i < 100; i++) {
    tell (praise, i, SUBJECT, 1000);
    tell (slander, i, SUBJECT, 0);
  }
  assert_int_equal (look (praise, SUBJECT).median, 900);
  assert_int_equal (look (slander, SUBJECT).median, 100);
  for (unsigned i = 0; i < G_N_ELEMENTS (answered); i++) {
    struct fixture f;
    begin (&f);
    see (&f, SUBJECT, INOS_CONDUCT_ANSWERED, answered[i]);
    assert_int_equal (expect (&f, SUBJECT, look (slander, SUBJECT).median), worst[i]);
    assert_int_equal (expect (&f, SUBJECT, look (praise, SUBJECT).median), best[i]);
    end (&f);
  }
  inos_hearsay_free (praise);
  inos_hearsay_free (slander);
}

/* Whitewashing: a new key is worth less than one good turn of an old one, and as much as one who
 * did as much good as bad. Two good turns stand against the slander of all. */
static void test_newcomer (void **state)
{
  struct inos_hearsay *slander = inos_hearsay_new();
  struct fixture f;

  for (unsigned i = 0; i < 10; i++)
    tell (slander, i, 2, 0);
  begin (&f);
  unsigned newcomer = expect (&f, 1, look (slander, 1).median);
  assert_int_equal (newcomer, NEUTRAL);
  see (&f, 3, INOS_CONDUCT_ANSWERED, 1);
  assert_true (expect (&f, 3, NEUTRAL) > newcomer);
  see (&f, 2, INOS_CONDUCT_ANSWERED, 2);
  assert_true (expect (&f, 2, look (slander, 2).median) > newcomer);
  end (&f);
  inos_hearsay_free (slander);
}

/* The opinions of a mesh have their share of the document, and a member's is bounded. */
static void test_share (void **state)
{
  assert_int_equal (inos_opinions_share (0), INOS_OPINIONS_MAX);
  assert_int_equal (inos_opinions_share (100), INOS_OPINIONS_MAX);
  assert_int_equal (inos_opinions_share (1000), INOS_OPINIONS_FEW);
  assert_int_equal (inos_opinions_share (400), 11);
  assert_int_equal (inos_opinions_share (UINT_MAX), INOS_OPINIONS_FEW);
}

static void test_authors_bounded (void **state)
{
  struct inos_hearsay *hearsay = inos_hearsay_new();

  for (unsigned i = 0; i < INOS_HEARSAY_AUTHORS_MAX + 10; i++)
    tell (hearsay, i, SUBJECT, 700);
  assert_int_equal (inos_hearsay_authors (hearsay), INOS_HEARSAY_AUTHORS_MAX);
  assert_int_equal (look (hearsay, SUBJECT).said, INOS_HEARSAY_AUTHORS_MAX);
  inos_hearsay_free (hearsay);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_median),
    cmocka_unit_test (test_self),
    cmocka_unit_test (test_once),
    cmocka_unit_test (test_minority_of_a_mesh),
    cmocka_unit_test (test_liars_bounded),
    cmocka_unit_test (test_all_bounded),
    cmocka_unit_test (test_newcomer),
    cmocka_unit_test (test_share),
    cmocka_unit_test (test_authors_bounded),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
