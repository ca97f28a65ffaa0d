/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad-private.h"

/* A lookup asks the nearest that it has heard of, up to INOS_KAD_ALPHA at once, and ends when the
 * INOS_KAD_K nearest have answered. Whom it asks next is chosen in turn from INOS_KAD_BETA ways,
 * each of which is what follows from other peers of the routing table: so that one who lies does
 * not lead all of it. Whoever tells of peers none of whom is there is not believed any more. */
#define CANDIDATES_MAX 512 /* of one lookup; the farthest that were not asked go */
#define REQUESTS_MAX 256   /* of one lookup: those who always name others nearer cannot keep it */
#define TOLD_BAD_MAX 4     /* of those that somebody told of, when none was good */

static const struct kad_candidate *at (const struct kad_lookup *lookup, unsigned i)
{
  return lookup->candidates->pdata[i];
}

/* Where one at @key is, or belongs. */
static unsigned place_of (const struct kad_lookup *lookup, const struct inos_kad_key *key)
{
  unsigned low = 0, high = lookup->candidates->len;

  while (low < high) {
    unsigned middle = (low + high) / 2;
    if (inos_kad_nearer (&lookup->target, &at (lookup, middle)->key, key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Its memory stays until the end: others may have been told of by it. */
static void drop (struct kad_lookup *lookup, unsigned place)
{
  g_ptr_array_add (lookup->dropped, lookup->candidates->pdata[place]);
  g_ptr_array_remove_index (lookup->candidates, place);
}

static bool drop_farthest (struct kad_lookup *lookup)
{
  for (unsigned i = lookup->candidates->len; i > 0; i--)
    if (at (lookup, i - 1)->state == KAD_HEARD) {
      drop (lookup, i - 1);
      return true;
    }
  return false;
}

static void add (struct kad_lookup *lookup, const struct inos_peer_id *peer,
                 struct kad_candidate *teller, unsigned way)
{
  struct inos_kad_key key = inos_kad_key_of_peer (peer);
  unsigned place = place_of (lookup, &key);

  if (inos_peer_id_equal (peer, &lookup->kad->self))
    return;
  if (place < lookup->candidates->len &&
      inos_kad_nearer (&lookup->target, &at (lookup, place)->key, &key) == 0)
    return;
  /* Each answer names at most INOS_KAD_CLOSER_MAX: that bounds the dropped ones too. */
  struct kad_candidate *candidate = g_new0 (struct kad_candidate, 1);
  *candidate = (struct kad_candidate){
    .peer = *peer,
    .key = key,
    .teller = teller,
    .hops = teller ? teller->hops + 1 : 1,
    .way = way,
  };
  g_ptr_array_insert (lookup->candidates, (int)place, candidate);
  if (lookup->candidates->len > CANDIDATES_MAX)
    drop_farthest (lookup);
}

/* Those that only @teller told of and that were not asked yet are not. */
static void disbelieve (struct kad_lookup *lookup, const struct kad_candidate *teller)
{
  for (unsigned i = lookup->candidates->len; i > 0; i--)
    if (at (lookup, i - 1)->teller == teller && at (lookup, i - 1)->state == KAD_HEARD)
      drop (lookup, i - 1);
}

static void judge_teller (struct kad_lookup *lookup, const struct kad_candidate *candidate,
                          bool good)
{
  struct kad_candidate *teller = candidate->teller;

  if (!teller)
    return;
  if (good) {
    teller->told_good++;
    return;
  }
  if (++teller->told_bad >= TOLD_BAD_MAX && teller->told_good == 0)
    disbelieve (lookup, teller);
}

/* Returns: (nullable): whom to ask next. It is one of the INOS_KAD_K nearest that may still be
 * there: the nearest of the way whose turn it is, or else of any. */
static struct kad_candidate *next (struct kad_lookup *lookup)
{
  struct kad_candidate *any = NULL;
  unsigned near = 0;

  for (unsigned i = 0; i < lookup->candidates->len && near < INOS_KAD_K; i++) {
    struct kad_candidate *candidate = lookup->candidates->pdata[i];
    if (candidate->state == KAD_FAILED || candidate->state == KAD_SLOW)
      continue;
    near++;
    if (candidate->state != KAD_HEARD)
      continue;
    if (candidate->way == lookup->turn)
      return candidate;
    if (!any)
      any = candidate;
  }
  return any;
}

static void step (struct kad_lookup *lookup);

/* Where it is not being worked on, goes on with it, or ends it. */
static void leave (struct kad_lookup *lookup)
{
  if (--lookup->busy > 0)
    return;
  if (!lookup->over) {
    step (lookup);
    return;
  }
  lookup->busy++; /* for what finish() calls */
  lookup->klass->finish (lookup);
  inos_kad_lookup_free (lookup);
}

static void on_done (struct inos_kad *kad, struct kad_request *request,
                     const struct inos_kad_message *message)
{
  struct kad_lookup *lookup = request->lookup;
  struct kad_candidate *candidate = request->candidate;

  for (unsigned i = 0; message && i < message->n_closer; i++)
    inos_kad_heard_of (kad, &message->closer[i]);
  if (!lookup)
    return;
  lookup->busy++;
  lookup->asked--;
  if (candidate->state == KAD_SLOW)
    lookup->slow--;
  candidate->state = message ? KAD_ANSWERED : KAD_FAILED;
  judge_teller (lookup, candidate, message != NULL);
  if (message && !lookup->over) {
    for (unsigned i = 0; i < message->n_closer; i++)
      add (lookup, &message->closer[i].id, candidate, candidate->way);
    if (lookup->klass->answer)
      lookup->klass->answer (lookup, candidate, message);
  }
  leave (lookup);
}

void inos_kad_lookup_slow (struct kad_request *request)
{
  struct kad_lookup *lookup = request->lookup;

  request->late = true;
  lookup->busy++;
  lookup->slow++;
  request->candidate->state = KAD_SLOW;
  leave (lookup);
}

static void ask (struct kad_lookup *lookup, struct kad_candidate *candidate)
{
  struct kad_request request = {
    .peer = candidate->peer,
    .type = lookup->klass->type,
    .done = on_done,
    .lookup = lookup,
    .candidate = candidate,
  };
  struct inos_buffer message = {0};
  gsize len;
  const void *subject = g_bytes_get_data (lookup->subject, &len);

  candidate->state = KAD_ASKED;
  lookup->asked++;
  lookup->requests++;
  lookup->turn = (lookup->turn + 1) % INOS_KAD_BETA;
  inos_kad_put_head (&message, lookup->klass->type, subject, len);
  inos_kad_ask (lookup->kad, &request, &message, true);
  inos_buffer_clear (&message);
}

static void step (struct kad_lookup *lookup)
{
  struct kad_candidate *candidate = NULL;

  lookup->busy++;
  while (!lookup->over && lookup->asked - lookup->slow < INOS_KAD_ALPHA) {
    candidate = lookup->requests < REQUESTS_MAX ? next (lookup) : NULL;
    if (!candidate)
      break;
    ask (lookup, candidate);
  }
  /* Nobody is left to be asked, and nobody is out who is still waited for. */
  if (!candidate && lookup->asked == lookup->slow)
    lookup->over = true;
  if (lookup->over)
    leave (lookup);
  else
    lookup->busy--;
}

void inos_kad_lookup (struct inos_kad *kad, const struct kad_lookup_class *klass,
                      const void *subject, size_t len, void *data)
{
  struct kad_lookup *lookup = g_new0 (struct kad_lookup, 1);
  struct inos_kad_entry near[INOS_KAD_K];

  *lookup = (struct kad_lookup){
    .kad = kad,
    .klass = klass,
    .subject = g_bytes_new (subject, len),
    .target = inos_kad_key_of (subject, len),
    .candidates = g_ptr_array_new_with_free_func (NULL),
    .dropped = g_ptr_array_new_with_free_func (g_free),
    .data = data,
    .link.data = lookup,
  };
  g_queue_push_tail_link (&kad->lookups, &lookup->link);
  kad->stats.lookups++;
  unsigned n = inos_kad_table_nearest (kad->table, &lookup->target, near, INOS_KAD_K);
  for (unsigned i = 0; i < n; i++)
    add (lookup, &near[i].peer, NULL, i % INOS_KAD_BETA);
  step (lookup);
}

void inos_kad_lookup_finish (struct kad_lookup *lookup)
{
  g_assert (lookup->busy > 0);
  lookup->over = true;
}

void inos_kad_lookup_free (struct kad_lookup *lookup)
{
  unsigned hops = 0;

  for (unsigned i = 0; i < lookup->candidates->len; i++)
    if (at (lookup, i)->state == KAD_ANSWERED) {
      hops = at (lookup, i)->hops; /* how far the nearest was */
      break;
    }
  lookup->kad->stats.lookup_hops += hops;
  inos_kad_disown (lookup->kad, lookup);
  g_queue_unlink (&lookup->kad->lookups, &lookup->link);
  g_ptr_array_set_free_func (lookup->candidates, g_free);
  g_ptr_array_unref (lookup->candidates);
  g_ptr_array_unref (lookup->dropped);
  g_bytes_unref (lookup->subject);
  g_free (lookup);
}

unsigned inos_kad_lookup_nearest (const struct kad_lookup *lookup,
                                  struct kad_candidate *out[INOS_KAD_K])
{
  unsigned n = 0;

  for (unsigned i = 0; i < lookup->candidates->len && n < INOS_KAD_K; i++)
    if (at (lookup, i)->state == KAD_ANSWERED)
      out[n++] = lookup->candidates->pdata[i];
  return n;
}
