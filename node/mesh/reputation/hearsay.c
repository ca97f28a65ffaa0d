/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/reputation/hearsay.h"

#include "node/mesh/reputation/evidence.h"

struct voice {
  unsigned author; /* its number */
  uint16_t expected;
};

/* What is said of one. */
struct poll {
  GArray *voices; /* struct voice, one for each author */
  unsigned all;   /* of them that say all they know */
};

struct author {
  unsigned number;
  bool all;
};

struct inos_hearsay {
  GTree *authors; /* owned struct inos_peer_id → owned struct author */
  GTree *polls;   /* owned struct inos_peer_id → owned struct poll */
  unsigned all;   /* authors that say all they know */
};

static gint compare_ids (gconstpointer a, gconstpointer b, gpointer data)
{
  return inos_peer_id_compare (a, b);
}

static void free_poll (void *data)
{
  struct poll *poll = data;

  g_array_unref (poll->voices);
  g_free (poll);
}

struct inos_hearsay *inos_hearsay_new (void)
{
  struct inos_hearsay *hearsay = g_new0 (struct inos_hearsay, 1);

  hearsay->authors = g_tree_new_full (compare_ids, NULL, g_free, g_free);
  hearsay->polls = g_tree_new_full (compare_ids, NULL, g_free, free_poll);
  return hearsay;
}

void inos_hearsay_free (struct inos_hearsay *hearsay)
{
  if (!hearsay)
    return;
  g_tree_unref (hearsay->authors);
  g_tree_unref (hearsay->polls);
  g_free (hearsay);
}

static struct poll *poll_of (struct inos_hearsay *hearsay, const struct inos_peer_id *about)
{
  struct poll *poll = g_tree_lookup (hearsay->polls, about);

  if (!poll) {
    poll = g_new0 (struct poll, 1);
    poll->voices = g_array_new (FALSE, FALSE, sizeof (struct voice));
    g_tree_insert (hearsay->polls, g_memdup2 (about, sizeof *about), poll);
  }
  return poll;
}

/* Those of one author come after each other. */
static bool has_voted (const struct poll *poll, const struct author *author)
{
  return poll->voices->len > 0 &&
         g_array_index (poll->voices, struct voice, poll->voices->len - 1).author == author->number;
}

static void vote (struct inos_hearsay *hearsay, const struct author *author,
                  const struct inos_opinion *opinion)
{
  struct poll *poll = poll_of (hearsay, &opinion->about);
  struct voice voice = {author->number, MIN (opinion->expected, 1000)};

  if (has_voted (poll, author))
    return;
  g_array_append_val (poll->voices, voice);
  poll->all += author->all;
}

void inos_hearsay_add (struct inos_hearsay *hearsay, const struct inos_peer_id *id,
                       const struct inos_opinions *opinions)
{
  unsigned count = inos_hearsay_authors (hearsay);

  if (!opinions->told || count == INOS_HEARSAY_AUTHORS_MAX || g_tree_lookup (hearsay->authors, id))
    return;
  struct author *author = g_new0 (struct author, 1);
  *author = (struct author){count, opinions->all};
  g_tree_insert (hearsay->authors, g_memdup2 (id, sizeof *id), author);
  hearsay->all += author->all;
  for (unsigned i = 0; i < MIN (opinions->n, INOS_OPINIONS_MAX); i++)
    if (!inos_peer_id_equal (&opinions->of[i].about, id))
      vote (hearsay, author, &opinions->of[i]);
}

static int compare_voices (gconstpointer a, gconstpointer b)
{
  return ((const struct voice *)a)->expected - ((const struct voice *)b)->expected;
}

/* The @index'th of @voices, in order, with @neutral ones among them. */
static unsigned at (const GArray *voices, unsigned neutral, unsigned index)
{
  unsigned below = 0;

  while (below < voices->len &&
         g_array_index (voices, struct voice, below).expected < INOS_EVIDENCE_NEUTRAL)
    below++;
  if (index >= below && index < below + neutral)
    return INOS_EVIDENCE_NEUTRAL;
  return g_array_index (voices, struct voice, index < below ? index : index - neutral).expected;
}

static unsigned median_of (const struct poll *poll, unsigned neutral)
{
  g_autoptr (GArray) voices = g_array_copy (poll->voices);
  unsigned n = voices->len + neutral;

  g_array_sort (voices, compare_voices);
  unsigned median = (at (voices, neutral, (n - 1) / 2) + at (voices, neutral, n / 2)) / 2;
  return CLAMP (median, INOS_EVIDENCE_NEUTRAL - INOS_HEARSAY_BOUND,
                INOS_EVIDENCE_NEUTRAL + INOS_HEARSAY_BOUND);
}

void inos_hearsay_look (const struct inos_hearsay *hearsay, const struct inos_peer_id *about,
                        struct inos_heard *heard)
{
  *heard = (struct inos_heard){.median = INOS_EVIDENCE_NEUTRAL};
  if (!hearsay)
    return;
  const struct poll *poll = g_tree_lookup (hearsay->polls, about);
  const struct author *self = g_tree_lookup (hearsay->authors, about);
  heard->silent = hearsay->all - (poll ? poll->all : 0) - (self && self->all);
  if (!poll)
    return;
  heard->said = poll->voices->len;
  heard->median = median_of (poll, heard->silent + INOS_HEARSAY_NEUTRALS);
}

unsigned inos_hearsay_authors (const struct inos_hearsay *hearsay)
{
  return (unsigned)g_tree_nnodes (hearsay->authors);
}

struct walk {
  void (*each) (void *data, const struct inos_peer_id *about);
  void *data;
};

static gboolean step (gpointer about, gpointer poll, gpointer data)
{
  const struct walk *walk = data;

  walk->each (walk->data, about);
  return FALSE;
}

void inos_hearsay_each (const struct inos_hearsay *hearsay,
                        void (*each) (void *data, const struct inos_peer_id *about), void *data)
{
  struct walk walk = {each, data};

  g_tree_foreach (hearsay->polls, step, &walk);
}
