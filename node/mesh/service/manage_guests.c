/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/manage_guests.h"

#include "node/mesh/net/poller.h"

#include <string.h>

#define KINDS_MAX 48u   /* of lines about one that are counted */
#define DETAIL_MAX 160u /* bytes of what was to be done */

struct kind {
  const char *word, *type; /* static */
  unsigned more;           /* since it was written down */
};

struct guest {
  struct inos_peer_id peer;
  unsigned waiting;
  double tokens;
  int64_t refilled; /* µs, monotonic */
  bool asked;       /* since the last round */
  unsigned n_kinds;
  struct kind kinds[KINDS_MAX];
};

struct inos_guests {
  struct inos_trust *trust;
  GMainContext *context;
  GHashTable *known; /* its peer → struct guest */
  GSource *round;    /* NULL: nobody is known */
};

static void write_kinds (struct inos_guests *guests, struct guest *guest)
{
  for (unsigned i = 0; i < guest->n_kinds; i++) {
    const struct kind *kind = &guest->kinds[i];
    if (kind->more > 0)
      inos_trust_note (guests->trust, kind->word, &guest->peer, "%s, %u times more", kind->type,
                       kind->more);
  }
  guest->n_kinds = 0;
}

static gboolean on_round (gpointer data);

static void set_round (struct inos_guests *guests)
{
  if (!guests->round && g_hash_table_size (guests->known) > 0)
    inos_timer_set (&guests->round, guests->context, INOS_GUEST_TELL_MS, on_round, guests);
}

/* Who has not asked since the last one is forgotten. */
static gboolean on_round (gpointer data)
{
  struct inos_guests *guests = data;
  struct guest *guest;
  GHashTableIter iter;

  inos_timer_clear (&guests->round);
  g_hash_table_iter_init (&iter, guests->known);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&guest)) {
    write_kinds (guests, guest);
    if (!guest->asked && guest->waiting == 0)
      g_hash_table_iter_remove (&iter);
    else
      guest->asked = false;
  }
  set_round (guests);
  return G_SOURCE_REMOVE;
}

/* Returns: (nullable): @peer; NULL: there are too many. */
static struct guest *guest_of (struct inos_guests *guests, const struct inos_peer_id *peer)
{
  struct guest *guest = g_hash_table_lookup (guests->known, peer);

  if (guest || g_hash_table_size (guests->known) >= INOS_GUESTS_MAX)
    return guest;
  guest = g_new0 (struct guest, 1);
  guest->peer = *peer;
  guest->tokens = INOS_GUEST_BURST;
  guest->refilled = g_get_monotonic_time();
  g_hash_table_insert (guests->known, &guest->peer, guest);
  set_round (guests);
  return guest;
}

bool inos_guests_begin (struct inos_guests *guests, const struct inos_peer_id *peer)
{
  struct guest *guest = guest_of (guests, peer);
  int64_t now = g_get_monotonic_time();

  if (!guest)
    return false;
  guest->asked = true;
  guest->tokens =
    MIN (INOS_GUEST_BURST, guest->tokens + (double)(now - guest->refilled) / 1e6 * INOS_GUEST_RATE);
  guest->refilled = now;
  if (guest->tokens < 1 || guest->waiting >= INOS_GUEST_WAITING_MAX)
    return false;
  guest->tokens--;
  guest->waiting++;
  return true;
}

void inos_guests_end (struct inos_guests *guests, const struct inos_peer_id *peer)
{
  struct guest *guest = g_hash_table_lookup (guests->known, peer);

  if (guest && guest->waiting > 0)
    guest->waiting--;
}

/* (transfer full): one line, whatever was said. */
static char *detail_text (GVariant *detail)
{
  g_autofree char *text = g_variant_print (detail, FALSE);
  GString *clean = g_string_new (NULL);

  for (const char *at = text; *at && clean->len < DETAIL_MAX; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    g_string_append_unichar (clean, g_unichar_isprint (c) ? c : 0xfffd);
  }
  return g_string_free (clean, FALSE);
}

/* Whether it is the first of its kind for a while; else it is counted. */
static bool is_new (struct guest *guest, const char *word, const char *type)
{
  for (unsigned i = 0; i < guest->n_kinds; i++)
    if (strcmp (guest->kinds[i].word, word) == 0 && strcmp (guest->kinds[i].type, type) == 0) {
      guest->kinds[i].more++;
      return false;
    }
  if (guest->n_kinds < KINDS_MAX)
    guest->kinds[guest->n_kinds++] = (struct kind){word, type, 0};
  return true;
}

void inos_guests_note (struct inos_guests *guests, const struct inos_peer_id *peer,
                       const char *word, const char *type, GVariant *detail)
{
  struct guest *guest = guest_of (guests, peer);

  if (detail) {
    g_autofree char *text = detail_text (detail);
    inos_trust_note (guests->trust, word, peer, "%s %s", type, text);
  } else if (guest && is_new (guest, word, type)) {
    inos_trust_note (guests->trust, word, peer, "%s", type);
  }
}

/* Life cycle */

struct inos_guests *inos_guests_new (struct inos_trust *trust, GMainContext *context)
{
  struct inos_guests *guests = g_new0 (struct inos_guests, 1);

  guests->trust = trust;
  guests->context = context;
  guests->known = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, g_free);
  return guests;
}

void inos_guests_stop (struct inos_guests *guests)
{
  GHashTableIter iter;
  struct guest *guest;

  inos_timer_clear (&guests->round);
  g_hash_table_iter_init (&iter, guests->known);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&guest))
    write_kinds (guests, guest);
}

void inos_guests_free (struct inos_guests *guests)
{
  if (!guests)
    return;
  inos_timer_clear (&guests->round);
  g_hash_table_unref (guests->known);
  g_free (guests);
}
