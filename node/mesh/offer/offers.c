/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/offer/offers.h"

#include <glib.h>
#include <string.h>

#define SECOND UINT64_C (1000000000)

struct held {
  struct inos_offer offer;
  uint64_t check_at, ticket; /* ns; ticket 0: no check is under way */
  unsigned failures;
};

struct inos_offers {
  const struct inos_mesh_env *env;
  const struct inos_offers_events *events;
  void *data;
  unsigned n;
  struct held held[INOS_OFFERS_MAX]; /* by name */
  uint64_t last_ticket;
};

struct inos_offers *inos_offers_new (const struct inos_mesh_env *env,
                                     const struct inos_offers_events *events, void *data)
{
  struct inos_offers *offers = g_new0 (struct inos_offers, 1);

  offers->env = env;
  offers->events = events;
  offers->data = data;
  return offers;
}

void inos_offers_free (struct inos_offers *offers)
{
  g_free (offers);
}

/* Returns: its place, or where it would be. */
static unsigned place_of (const struct inos_offers *offers, const char *name, bool *there)
{
  unsigned i = 0;

  while (i < offers->n && strcmp (offers->held[i].offer.name, name) < 0)
    i++;
  *there = i < offers->n && strcmp (offers->held[i].offer.name, name) == 0;
  return i;
}

static void remove_at (struct inos_offers *offers, unsigned i)
{
  offers->n--;
  memmove (&offers->held[i], &offers->held[i + 1], (offers->n - i) * sizeof offers->held[i]);
}

static bool is_name (const char *name)
{
  size_t len = strlen (name);

  return len > 0 && len <= INOS_OFFER_NAME_MAX && g_utf8_validate (name, (gssize)len, NULL);
}

/* What is offered under the same name makes room for it. */
static enum inos_offer_verdict judge (const struct inos_offers *offers,
                                      const struct inos_offer *wish, uint32_t lease,
                                      const struct inos_offer_machine *machine)
{
  uint64_t cores = wish->cores, memory = wish->memory;
  bool there = false;

  if (!is_name (wish->name) || lease > INOS_OFFER_LEASE_MAX)
    return INOS_OFFER_BAD;
  if (memory > machine->memory) /* and now the sum does not overflow */
    return INOS_OFFER_NO_MEMORY;
  for (unsigned i = 0; i < offers->n; i++) {
    const struct inos_offer *other = &offers->held[i].offer;
    if (strcmp (other->name, wish->name) == 0) {
      there = true;
      continue;
    }
    cores += other->cores;
    memory += other->memory;
  }
  if (!there && offers->n == INOS_OFFERS_MAX)
    return INOS_OFFER_TOO_MANY;
  return cores > machine->cores     ? INOS_OFFER_NO_CORES
         : memory > machine->memory ? INOS_OFFER_NO_MEMORY
                                    : INOS_OFFER_TAKEN;
}

enum inos_offer_verdict inos_offers_put (struct inos_offers *offers, const struct inos_offer *wish,
                                         uint32_t lease, const struct inos_offer_machine *machine)
{
  enum inos_offer_verdict verdict = judge (offers, wish, lease, machine);
  uint64_t now = inos_env_now (offers->env);
  bool there;

  if (verdict != INOS_OFFER_TAKEN)
    return verdict;
  unsigned i = place_of (offers, wish->name, &there);
  if (!there) {
    memmove (&offers->held[i + 1], &offers->held[i], (offers->n++ - i) * sizeof offers->held[i]);
    offers->held[i] = (struct held){0};
  }
  struct held *held = &offers->held[i];
  struct inos_offer before = held->offer;
  held->offer = *wish;
  held->offer.until = lease > 0 ? now + lease * SECOND : INOS_NEVER;
  held->offer.well = wish->port == 0 || (there && before.well && before.port == wish->port);
  if (!there || before.port != wish->port) {
    held->check_at = wish->port > 0 ? now : INOS_NEVER;
    held->ticket = 0;
    held->failures = 0;
  }
  if ((there && before.well) || held->offer.well)
    offers->events->changed (offers->data);
  return INOS_OFFER_TAKEN;
}

bool inos_offers_withdraw (struct inos_offers *offers, const char *name)
{
  bool there;
  unsigned i = place_of (offers, name, &there);

  if (!there)
    return false;
  bool announced = offers->held[i].offer.well;
  remove_at (offers, i);
  if (announced)
    offers->events->changed (offers->data);
  return true;
}

static void set_well (struct inos_offers *offers, struct held *held, bool well)
{
  if (held->offer.well == well)
    return;
  held->offer.well = well;
  offers->events->changed (offers->data);
}

void inos_offers_checked (struct inos_offers *offers, uint64_t ticket, bool well)
{
  for (unsigned i = 0; i < offers->n; i++) {
    struct held *held = &offers->held[i];
    if (held->ticket != ticket)
      continue;
    held->ticket = 0;
    held->failures = well ? 0 : MIN (held->failures + 1, INOS_OFFER_FAILURES);
    bool doubtful = held->failures > 0 && held->failures < INOS_OFFER_FAILURES;
    held->check_at =
      inos_env_now (offers->env) + (doubtful ? INOS_OFFER_CHECK_SOON : INOS_OFFER_CHECK_EVERY);
    if (well || held->failures == INOS_OFFER_FAILURES)
      set_well (offers, held, well);
    return;
  }
}

const struct inos_offer *inos_offers_at (const struct inos_offers *offers, unsigned index)
{
  return index < offers->n ? &offers->held[index].offer : NULL;
}

static uint64_t deadline_of (const struct held *held)
{
  return MIN (held->offer.until, held->ticket ? INOS_NEVER : held->check_at);
}

uint64_t inos_offers_deadline (const struct inos_offers *offers)
{
  uint64_t at = INOS_NEVER;

  for (unsigned i = 0; i < offers->n; i++)
    at = MIN (at, deadline_of (&offers->held[i]));
  return at;
}

void inos_offers_tick (struct inos_offers *offers)
{
  uint64_t now = inos_env_now (offers->env);
  bool changed = false;

  for (unsigned i = offers->n; i > 0; i--) {
    struct held *held = &offers->held[i - 1];
    if (now >= held->offer.until) {
      changed = changed || held->offer.well;
      remove_at (offers, i - 1);
    } else if (now >= deadline_of (held)) {
      held->ticket = ++offers->last_ticket;
      offers->events->check (offers->data, held->offer.port, held->ticket);
    }
  }
  if (changed)
    offers->events->changed (offers->data);
}
