/*
 * What is offered, for how long, and while it is well.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/offer/offers.h"

#include "../world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static const struct inos_offer_machine machine = {4, 1000};

struct fixture {
  struct world world;
  struct world_place place;
  struct inos_offers *offers;
  unsigned changes, checks;
  uint16_t port;
  uint64_t ticket;
};

static void on_changed (void *data)
{
  ((struct fixture *)data)->changes++;
}

static void on_check (void *data, uint16_t port, uint64_t ticket)
{
  struct fixture *f = data;

  f->checks++;
  f->port = port;
  f->ticket = ticket;
}

static void begin (struct fixture *f)
{
  static const struct inos_offers_events events = {on_changed, on_check};

  *f = (struct fixture){0};
  world_init (&f->world, 1);
  world_place_init (&f->world, &f->place);
  f->offers = inos_offers_new (&f->place.env, &events, f);
}

static void end (struct fixture *f)
{
  inos_offers_free (f->offers);
  world_finish (&f->world);
}

static enum inos_offer_verdict put (struct fixture *f, const char *name, uint16_t port,
                                    uint32_t cores, uint64_t memory, uint32_t lease)
{
  struct inos_offer wish = {.port = port, .cores = cores, .memory = memory};

  g_strlcpy (wish.name, name, sizeof wish.name);
  return inos_offers_put (f->offers, &wish, lease, &machine);
}

static void pass (struct fixture *f, uint64_t time)
{
  f->world.now += time;
  if (f->world.now >= inos_offers_deadline (f->offers))
    inos_offers_tick (f->offers);
}

static void test_resources (void **state)
{
  struct fixture f;
  char name[16];

  begin (&f);
  assert_int_equal (put (&f, "", 0, 0, 0, 0), INOS_OFFER_BAD);
  assert_int_equal (put (&f, "\xff", 0, 0, 0, 0), INOS_OFFER_BAD);
  assert_int_equal (put (&f, "a", 0, 0, 0, INOS_OFFER_LEASE_MAX + 1), INOS_OFFER_BAD);
  assert_int_equal (put (&f, "a", 0, 5, 0, 0), INOS_OFFER_NO_CORES);
  assert_int_equal (put (&f, "a", 0, 0, UINT64_MAX, 0), INOS_OFFER_NO_MEMORY);
  assert_int_equal (put (&f, "a", 0, 3, 600, 0), INOS_OFFER_TAKEN);
  assert_int_equal (put (&f, "b", 0, 2, 0, 0), INOS_OFFER_NO_CORES);
  assert_int_equal (put (&f, "b", 0, UINT32_MAX, 0, 0), INOS_OFFER_NO_CORES);
  assert_int_equal (put (&f, "b", 0, 0, 401, 0), INOS_OFFER_NO_MEMORY);
  assert_int_equal (put (&f, "b", 0, 1, 400, 0), INOS_OFFER_TAKEN);
  assert_int_equal (put (&f, "a", 0, 2, 100, 0), INOS_OFFER_TAKEN); /* in place of itself */
  assert_int_equal (f.changes, 3);
  assert_string_equal (inos_offers_at (f.offers, 0)->name, "a");
  assert_string_equal (inos_offers_at (f.offers, 1)->name, "b");
  assert_null (inos_offers_at (f.offers, 2));
  for (unsigned i = 2; i < INOS_OFFERS_MAX; i++) {
    g_snprintf (name, sizeof name, "%u", i);
    assert_int_equal (put (&f, name, 0, 0, 0, 0), INOS_OFFER_TAKEN);
  }
  assert_int_equal (put (&f, "one too many", 0, 0, 0, 0), INOS_OFFER_TOO_MANY);
  assert_int_equal (put (&f, "a", 0, 0, 0, 0), INOS_OFFER_TAKEN);
  assert_true (inos_offers_withdraw (f.offers, "a"));
  assert_false (inos_offers_withdraw (f.offers, "a"));
  assert_true (inos_offers_deadline (f.offers) == INOS_NEVER);
  end (&f);
}

static void test_lease (void **state)
{
  struct fixture f;

  begin (&f);
  put (&f, "a", 0, 0, 0, 10);
  pass (&f, 9 * SECOND);
  put (&f, "a", 0, 0, 0, 10);
  pass (&f, 9 * SECOND);
  assert_non_null (inos_offers_at (f.offers, 0));
  unsigned before = f.changes;
  pass (&f, SECOND);
  assert_null (inos_offers_at (f.offers, 0));
  assert_int_equal (f.changes, before + 1);
  end (&f);
}

static void answer (struct fixture *f, bool well)
{
  unsigned before = f->checks;

  while (f->checks == before)
    pass (f, SECOND);
  inos_offers_checked (f->offers, f->ticket, well);
}

static void test_health (void **state)
{
  struct fixture f;

  begin (&f);
  put (&f, "a", 80, 0, 0, 0);
  assert_false (inos_offers_at (f.offers, 0)->well);
  assert_int_equal (f.changes, 0);
  answer (&f, false);
  assert_int_equal (f.port, 80);
  answer (&f, true);
  assert_true (inos_offers_at (f.offers, 0)->well);
  assert_int_equal (f.changes, 1);
  for (unsigned i = 1; i < INOS_OFFER_FAILURES; i++) {
    answer (&f, false);
    assert_true (inos_offers_at (f.offers, 0)->well);
  }
  answer (&f, false);
  assert_false (inos_offers_at (f.offers, 0)->well);
  assert_int_equal (f.changes, 2);
  answer (&f, true);
  assert_int_equal (f.changes, 3);

  /* A lease that is renewed does not make it doubtful; another port does. */
  put (&f, "a", 80, 0, 0, 60);
  assert_true (inos_offers_at (f.offers, 0)->well);
  pass (&f, INOS_OFFER_CHECK_EVERY);
  uint64_t late = f.ticket;
  put (&f, "a", 81, 0, 0, 60);
  assert_false (inos_offers_at (f.offers, 0)->well);
  inos_offers_checked (f.offers, late, true); /* of the port before */
  assert_false (inos_offers_at (f.offers, 0)->well);
  end (&f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_resources),
    cmocka_unit_test (test_lease),
    cmocka_unit_test (test_health),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
