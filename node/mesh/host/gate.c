/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/gate.h"

#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define VISITORS_MAX 8192u /* addresses and prefixes that are remembered */

/* An address (of 4 or 16 bytes) or a prefix (3 or 7). */
struct place {
  uint8_t len;
  uint8_t bytes[16];
};

struct visitor {
  struct place place;
  unsigned links;
  double tokens; /* links that may come at once */
  uint64_t at;   /* ns, when tokens were counted */
};

struct inos_gate {
  struct inos_gate_limits limits;
  unsigned pending;
  GHashTable *visitors; /* struct place in the value → struct visitor */
};

static guint hash_place (gconstpointer data)
{
  const struct place *place = data;
  guint hash = 5381 + place->len;

  for (unsigned i = 0; i < place->len; i++)
    hash = hash * 33 + place->bytes[i];
  return hash;
}

static gboolean same_place (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (struct place)) == 0;
}

struct inos_gate *inos_gate_new (const struct inos_gate_limits *limits)
{
  struct inos_gate *gate = g_new0 (struct inos_gate, 1);

  gate->limits = *limits;
  gate->visitors = g_hash_table_new_full (hash_place, same_place, NULL, g_free);
  return gate;
}

void inos_gate_free (struct inos_gate *gate)
{
  if (!gate)
    return;
  g_hash_table_unref (gate->visitors);
  g_free (gate);
}

/* Where @remote comes from; whether that is counted at all. */
static bool places_of (const struct inos_multiaddr *remote, struct place *address,
                       struct place *prefix)
{
  struct inos_multiaddr_part part;
  size_t offset = 0;

  if (inos_multiaddr_reach (remote) == INOS_REACH_LOOPBACK ||
      !inos_multiaddr_next (remote, &offset, &part) ||
      (part.code != INOS_MULTIADDR_IP4 && part.code != INOS_MULTIADDR_IP6))
    return false;
  *address = (struct place){.len = (uint8_t)part.len};
  memcpy (address->bytes, part.value, part.len);
  *prefix = (struct place){.len = part.code == INOS_MULTIADDR_IP4 ? 3 : 7};
  memcpy (prefix->bytes, part.value, prefix->len);
  return true;
}

static struct visitor *get (struct inos_gate *gate, const struct place *place, uint64_t now)
{
  struct visitor *visitor = g_hash_table_lookup (gate->visitors, place);

  if (visitor)
    return visitor;
  if (g_hash_table_size (gate->visitors) >= VISITORS_MAX)
    inos_gate_forget (gate, now);
  if (g_hash_table_size (gate->visitors) >= VISITORS_MAX)
    return NULL;
  visitor = g_new0 (struct visitor, 1);
  visitor->place = *place;
  visitor->tokens = gate->limits.per_second;
  visitor->at = now;
  g_hash_table_insert (gate->visitors, &visitor->place, visitor);
  return visitor;
}

static void refill (struct inos_gate *gate, struct visitor *visitor, uint64_t now)
{
  double more = (double)(now - visitor->at) / (double)SECOND * gate->limits.per_second;

  visitor->tokens = MIN (visitor->tokens + more, (double)gate->limits.per_second);
  visitor->at = now;
}

static const char *count_in (struct inos_gate *gate, const struct inos_multiaddr *remote,
                             uint64_t now)
{
  struct place address, prefix;

  if (!places_of (remote, &address, &prefix))
    return NULL;
  struct visitor *many = get (gate, &prefix, now);
  if (many && many->links >= gate->limits.per_prefix)
    return "too many from this network";
  struct visitor *one = many ? get (gate, &address, now) : NULL;
  if (!one)
    return "too many addresses come at once";
  if (one->links >= gate->limits.per_address)
    return "too many from this address";
  refill (gate, one, now);
  if (one->tokens < 1)
    return "too fast from this address";
  one->tokens -= 1;
  one->links++;
  many->links++;
  return NULL;
}

bool inos_gate_is_full (const struct inos_gate *gate)
{
  return gate->pending >= gate->limits.pending;
}

const char *inos_gate_enter (struct inos_gate *gate, const struct inos_multiaddr *remote,
                             uint64_t now)
{
  if (inos_gate_is_full (gate))
    return "too many have not said who they are";
  const char *why_not = count_in (gate, remote, now);
  if (!why_not)
    gate->pending++;
  return why_not;
}

void inos_gate_ready (struct inos_gate *gate)
{
  gate->pending--;
}

void inos_gate_leave (struct inos_gate *gate, const struct inos_multiaddr *remote, bool pending)
{
  struct place places[2];

  if (pending)
    gate->pending--;
  if (!places_of (remote, &places[0], &places[1]))
    return;
  for (unsigned i = 0; i < G_N_ELEMENTS (places); i++) {
    struct visitor *visitor = g_hash_table_lookup (gate->visitors, &places[i]);
    if (visitor && visitor->links > 0)
      visitor->links--;
  }
}

static gboolean is_forgotten (gpointer key, gpointer value, gpointer data)
{
  const struct visitor *visitor = value;

  return visitor->links == 0 && *(const uint64_t *)data - visitor->at > SECOND;
}

void inos_gate_forget (struct inos_gate *gate, uint64_t now)
{
  g_hash_table_foreach_remove (gate->visitors, is_forgotten, &now);
}
