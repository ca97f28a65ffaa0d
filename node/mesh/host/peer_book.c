/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/peer_book.h"

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define BACK_OFF_MAX (300 * SECOND)

struct inos_peer_book {
  GHashTable *peers; /* struct inos_peer_id in the value → struct inos_peer */
  GQueue unlinked;   /* struct inos_peer that nobody is connected to; the longest unseen first */
};

static void free_peer (gpointer data)
{
  struct inos_peer *peer = data;

  g_array_unref (peer->addresses);
  g_ptr_array_unref (peer->protocols);
  g_ptr_array_unref (peer->links);
  g_array_unref (peer->tags);
  g_free (peer->agent);
  g_free (peer->protocol_version);
  g_clear_pointer (&peer->record, g_bytes_unref);
  g_free (peer);
}

struct inos_peer_book *inos_peer_book_new (void)
{
  struct inos_peer_book *book = g_new0 (struct inos_peer_book, 1);

  book->peers = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, free_peer);
  g_queue_init (&book->unlinked);
  return book;
}

void inos_peer_book_free (struct inos_peer_book *book)
{
  if (!book)
    return;
  g_hash_table_unref (book->peers);
  g_free (book);
}

struct inos_peer *inos_peer_book_find (struct inos_peer_book *book, const struct inos_peer_id *id)
{
  return g_hash_table_lookup (book->peers, id);
}

static bool is_configured (const struct inos_peer *peer)
{
  for (guint i = 0; i < peer->addresses->len; i++)
    if (g_array_index (peer->addresses, struct inos_known_address, i).source ==
        INOS_ADDRESS_CONFIGURED)
      return true;
  return false;
}

static void forget (struct inos_peer_book *book, struct inos_peer *peer)
{
  g_queue_unlink (&book->unlinked, &peer->queued);
  g_hash_table_remove (book->peers, &peer->id);
}

/* The longest unseen that has neither a connection nor been named by a person. Peers with either
 * move to the end, so that this ends. */
static void make_room (struct inos_peer_book *book)
{
  for (guint tries = 8; book->unlinked.length >= INOS_PEERS_MAX && tries > 0; tries--) {
    struct inos_peer *oldest = book->unlinked.head->data;
    if (oldest->links->len == 0 && (tries == 1 || !is_configured (oldest))) {
      forget (book, oldest);
      return;
    }
    g_queue_unlink (&book->unlinked, &oldest->queued);
    g_queue_push_tail_link (&book->unlinked, &oldest->queued);
  }
}

struct inos_peer *inos_peer_book_get (struct inos_peer_book *book, const struct inos_peer_id *id,
                                      uint64_t now)
{
  struct inos_peer *peer = inos_peer_book_find (book, id);

  if (peer) {
    peer->seen = now;
    g_queue_unlink (&book->unlinked, &peer->queued);
    g_queue_push_tail_link (&book->unlinked, &peer->queued);
    return peer;
  }
  make_room (book);
  peer = g_new0 (struct inos_peer, 1);
  peer->id = *id;
  peer->seen = now;
  peer->addresses = g_array_new (FALSE, FALSE, sizeof (struct inos_known_address));
  peer->protocols = g_ptr_array_new_with_free_func (g_free);
  peer->links = g_ptr_array_new();
  peer->tags = g_array_new (FALSE, FALSE, sizeof (struct inos_peer_tag));
  peer->queued.data = peer;
  g_hash_table_insert (book->peers, &peer->id, peer);
  g_queue_push_tail_link (&book->unlinked, &peer->queued);
  return peer;
}

static void drop_expired (struct inos_peer *peer, uint64_t now)
{
  for (guint i = peer->addresses->len; i > 0; i--)
    if (g_array_index (peer->addresses, struct inos_known_address, i - 1).expires <= now)
      g_array_remove_index (peer->addresses, i - 1);
}

void inos_peer_book_forget_old (struct inos_peer_book *book, uint64_t now)
{
  for (GList *at = book->unlinked.head, *next; at; at = next) {
    struct inos_peer *peer = at->data;
    next = at->next;
    drop_expired (peer, now);
    if (peer->addresses->len == 0 && peer->links->len == 0)
      forget (book, peer);
  }
}

static gint compare_peers (gconstpointer a, gconstpointer b)
{
  const struct inos_peer *one = *(const struct inos_peer *const *)a;
  const struct inos_peer *other = *(const struct inos_peer *const *)b;

  return inos_peer_id_compare (&one->id, &other->id);
}

GPtrArray *inos_peer_book_list (struct inos_peer_book *book)
{
  GPtrArray *list = g_hash_table_get_values_as_ptr_array (book->peers);

  g_ptr_array_sort (list, compare_peers);
  return list;
}

const char *inos_address_source_name (enum inos_address_source source)
{
  static const char *const names[] = {
    [INOS_ADDRESS_HEARSAY] = "hearsay",     [INOS_ADDRESS_SELF] = "self",
    [INOS_ADDRESS_CERTIFIED] = "certified", [INOS_ADDRESS_CONFIGURED] = "configured",
    [INOS_ADDRESS_CONNECTED] = "connected",
  };

  return names[source];
}

static struct inos_known_address *find_address (struct inos_peer *peer,
                                                const struct inos_multiaddr *address)
{
  for (guint i = 0; i < peer->addresses->len; i++) {
    struct inos_known_address *known =
      &g_array_index (peer->addresses, struct inos_known_address, i);
    if (inos_multiaddr_equal (&known->address, address))
      return known;
  }
  return NULL;
}

/* Whether @a is worth less than @b: said by a worse source, or more often in vain, or older. */
static bool is_worse (const struct inos_known_address *a, const struct inos_known_address *b)
{
  if (a->source != b->source)
    return a->source < b->source;
  if (a->failures != b->failures)
    return a->failures > b->failures;
  return a->expires < b->expires;
}

static void drop_worst (struct inos_peer *peer)
{
  guint worst = 0;

  for (guint i = 1; i < peer->addresses->len; i++)
    if (is_worse (&g_array_index (peer->addresses, struct inos_known_address, i),
                  &g_array_index (peer->addresses, struct inos_known_address, worst)))
      worst = i;
  g_array_remove_index (peer->addresses, worst);
}

void inos_peer_learn (struct inos_peer *peer, const struct inos_multiaddr *address,
                      enum inos_address_source source, uint64_t expires)
{
  struct inos_known_address known = {.source = source, .expires = expires}, *old;

  inos_multiaddr_without_peer (address, &known.address);
  if (known.address.len == 0)
    return;
  old = find_address (peer, &known.address);
  if (old) {
    old->source = MAX (old->source, source);
    old->expires = MAX (old->expires, expires);
    return;
  }
  g_array_append_val (peer->addresses, known);
  if (peer->addresses->len > INOS_PEER_ADDRESSES_MAX)
    drop_worst (peer);
}

void inos_peer_dialled (struct inos_peer *peer, const struct inos_multiaddr *address,
                        enum inos_dial_ending how, uint64_t now)
{
  struct inos_multiaddr bare;

  inos_multiaddr_without_peer (address, &bare);
  struct inos_known_address *known = find_address (peer, &bare);
  if (!known)
    return;
  known->last = how;
  known->dialled = now;
  if (how == INOS_DIAL_WORKED) {
    known->failures = 0;
    known->not_before = 0;
    return;
  }
  known->not_before = now + MIN (SECOND << MIN (known->failures, 16), BACK_OFF_MAX);
  known->failures++;
}

bool inos_peer_may_be_dialled (const struct inos_peer *peer, uint64_t now)
{
  for (guint i = 0; i < peer->addresses->len; i++)
    if (g_array_index (peer->addresses, struct inos_known_address, i).not_before <= now)
      return true;
  return false;
}

bool inos_peer_speaks (const struct inos_peer *peer, const char *protocol)
{
  return g_ptr_array_find_with_equal_func (peer->protocols, protocol, g_str_equal, NULL);
}

void inos_peer_value (struct inos_peer *peer, const char *tag, unsigned points)
{
  const char *interned = g_intern_string (tag);

  for (guint i = 0; i < peer->tags->len; i++) {
    struct inos_peer_tag *at = &g_array_index (peer->tags, struct inos_peer_tag, i);
    if (at->tag != interned)
      continue;
    if (points > 0)
      at->points = points;
    else
      g_array_remove_index_fast (peer->tags, i);
    return;
  }
  struct inos_peer_tag tagged = {interned, points};
  if (points > 0 && peer->tags->len < INOS_PEER_TAGS_MAX)
    g_array_append_val (peer->tags, tagged);
}

unsigned inos_peer_worth (const struct inos_peer *peer)
{
  unsigned sum = 0;

  for (guint i = 0; i < peer->tags->len; i++) {
    unsigned points = g_array_index (peer->tags, struct inos_peer_tag, i).points;
    sum = points > G_MAXUINT - sum ? G_MAXUINT : sum + points;
  }
  return sum;
}
