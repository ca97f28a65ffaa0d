/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/manage_visitors.h"

#include "node/mesh/net/poller.h"

#include <string.h>

#define KINDS_MAX 48u   /* of lines about one that are counted */
#define DETAIL_MAX 160u /* bytes of what was to be done */

struct kind {
  const char *word, *type; /* static */
  unsigned more;           /* since it was written down */
};

struct visitor {
  struct inos_peer_id peer;
  unsigned waiting;
  double tokens, deeds;
  int64_t refilled; /* µs, monotonic */
  bool asked;       /* since the last round */
  unsigned n_kinds;
  struct kind kinds[KINDS_MAX];
};

struct inos_visitors {
  struct inos_trust *trust;
  GMainContext *context;
  GHashTable *known; /* its peer → struct visitor */
  GSource *round;    /* NULL: nobody is known */
};

static void write_kinds (struct inos_visitors *visitors, struct visitor *visitor)
{
  for (unsigned i = 0; i < visitor->n_kinds; i++) {
    const struct kind *kind = &visitor->kinds[i];
    if (kind->more > 0)
      inos_trust_note (visitors->trust, kind->word, &visitor->peer, "%s, %u times more", kind->type,
                       kind->more);
  }
  visitor->n_kinds = 0;
}

static gboolean on_round (gpointer data);

static void set_round (struct inos_visitors *visitors)
{
  if (!visitors->round && g_hash_table_size (visitors->known) > 0)
    inos_timer_set (&visitors->round, visitors->context, INOS_VISITOR_TELL_MS, on_round, visitors);
}

/* Who has not asked since the last one is forgotten. */
static gboolean on_round (gpointer data)
{
  struct inos_visitors *visitors = data;
  struct visitor *visitor;
  GHashTableIter iter;

  inos_timer_clear (&visitors->round);
  g_hash_table_iter_init (&iter, visitors->known);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&visitor)) {
    write_kinds (visitors, visitor);
    if (!visitor->asked && visitor->waiting == 0)
      g_hash_table_iter_remove (&iter);
    else
      visitor->asked = false;
  }
  set_round (visitors);
  return G_SOURCE_REMOVE;
}

/* Returns: (nullable): @peer; NULL: there are too many. */
static struct visitor *visitor_of (struct inos_visitors *visitors, const struct inos_peer_id *peer)
{
  struct visitor *visitor = g_hash_table_lookup (visitors->known, peer);

  if (visitor || g_hash_table_size (visitors->known) >= INOS_VISITORS_MAX)
    return visitor;
  visitor = g_new0 (struct visitor, 1);
  visitor->peer = *peer;
  visitor->tokens = INOS_VISITOR_BURST;
  visitor->deeds = INOS_VISITOR_DEEDS_BURST;
  visitor->refilled = g_get_monotonic_time();
  g_hash_table_insert (visitors->known, &visitor->peer, visitor);
  set_round (visitors);
  return visitor;
}

static void refill (struct visitor *visitor)
{
  int64_t now = g_get_monotonic_time();
  double seconds = (double)(now - visitor->refilled) / 1e6;

  visitor->tokens = MIN (INOS_VISITOR_BURST, visitor->tokens + seconds * INOS_VISITOR_RATE);
  visitor->deeds = MIN (INOS_VISITOR_DEEDS_BURST, visitor->deeds + seconds * INOS_VISITOR_DEEDS);
  visitor->refilled = now;
}

bool inos_visitors_begin (struct inos_visitors *visitors, const struct inos_peer_id *peer,
                          bool deed)
{
  struct visitor *visitor = visitor_of (visitors, peer);

  if (!visitor)
    return false;
  visitor->asked = true;
  refill (visitor);
  if (visitor->tokens < 1 || visitor->waiting >= INOS_VISITOR_WAITING_MAX ||
      (deed && visitor->deeds < 1))
    return false;
  visitor->tokens--;
  if (deed)
    visitor->deeds--;
  visitor->waiting++;
  return true;
}

void inos_visitors_end (struct inos_visitors *visitors, const struct inos_peer_id *peer)
{
  struct visitor *visitor = g_hash_table_lookup (visitors->known, peer);

  if (visitor && visitor->waiting > 0)
    visitor->waiting--;
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
static bool is_new (struct visitor *visitor, const char *word, const char *type)
{
  for (unsigned i = 0; i < visitor->n_kinds; i++)
    if (strcmp (visitor->kinds[i].word, word) == 0 && strcmp (visitor->kinds[i].type, type) == 0) {
      visitor->kinds[i].more++;
      return false;
    }
  if (visitor->n_kinds < KINDS_MAX)
    visitor->kinds[visitor->n_kinds++] = (struct kind){word, type, 0};
  return true;
}

void inos_visitors_note (struct inos_visitors *visitors, const struct inos_peer_id *peer,
                         const char *word, const char *type, GVariant *detail)
{
  struct visitor *visitor = visitor_of (visitors, peer);

  if (detail) {
    g_autofree char *text = detail_text (detail);
    inos_trust_note (visitors->trust, word, peer, "%s %s", type, text);
  } else if (visitor && is_new (visitor, word, type)) {
    inos_trust_note (visitors->trust, word, peer, "%s", type);
  }
}

/* Life cycle */

struct inos_visitors *inos_visitors_new (struct inos_trust *trust, GMainContext *context)
{
  struct inos_visitors *visitors = g_new0 (struct inos_visitors, 1);

  visitors->trust = trust;
  visitors->context = context;
  visitors->known = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, g_free);
  return visitors;
}

void inos_visitors_stop (struct inos_visitors *visitors)
{
  GHashTableIter iter;
  struct visitor *visitor;

  inos_timer_clear (&visitors->round);
  g_hash_table_iter_init (&iter, visitors->known);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&visitor))
    write_kinds (visitors, visitor);
}

void inos_visitors_free (struct inos_visitors *visitors)
{
  if (!visitors)
    return;
  inos_timer_clear (&visitors->round);
  g_hash_table_unref (visitors->known);
  g_free (visitors);
}
