/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/roll-private.h"
#include "node/mesh/trust/roll_message.h"

#include <sodium.h>
#include <string.h>

/* Which statement it is: kind, author, subject; of hand-overs an author has one only, and passes
 * the seat on once for each number. */

/* What was passed on before a hand-over goes before it: the hand-over silences its author. */
static int place_of (enum inos_statement_kind kind)
{
  return kind == INOS_STATEMENT_ROTATE ? INT_MAX : (int)kind;
}

static int compare_keys (const struct inos_statement *a, const struct inos_statement *b)
{
  int by_author = inos_peer_id_compare (&a->author, &b->author);

  if (a->kind != b->kind)
    return place_of (a->kind) < place_of (b->kind) ? -1 : 1;
  if (by_author != 0 || a->kind == INOS_STATEMENT_ROTATE)
    return by_author;
  if (a->kind == INOS_STATEMENT_PASS)
    return (a->number > b->number) - (a->number < b->number);
  return inos_peer_id_compare (&a->subject, &b->subject);
}

/* Where it is, or belongs. Returns: whether it is there. */
static bool find (const struct inos_roll *roll, const struct inos_statement *statement, guint *at)
{
  guint low = 0, high = roll->kept->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    int order =
      compare_keys (&((const struct kept *)roll->kept->pdata[middle])->statement, statement);
    if (order == 0) {
      *at = middle;
      return true;
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  *at = low;
  return false;
}

struct kept *inos_roll_kept (const struct inos_roll *roll, enum inos_statement_kind kind,
                             const struct inos_peer_id *author, const struct inos_peer_id *subject)
{
  const struct inos_statement key = {.kind = kind, .author = *author, .subject = *subject};
  guint at;

  return find (roll, &key, &at) ? roll->kept->pdata[at] : NULL;
}

struct kept *inos_roll_rotation (const struct inos_roll *roll, const struct inos_peer_id *author)
{
  return inos_roll_kept (roll, INOS_STATEMENT_ROTATE, author, author);
}

struct kept *inos_roll_passing (const struct inos_roll *roll, const struct inos_peer_id *author,
                                uint32_t number)
{
  const struct inos_statement key = {
    .kind = INOS_STATEMENT_PASS, .author = *author, .number = number};
  guint at;

  return find (roll, &key, &at) ? roll->kept->pdata[at] : NULL;
}

/* Life cycle */

struct inos_roll *inos_roll_new (const struct inos_roll_setup *setup)
{
  struct inos_roll *roll = g_new0 (struct inos_roll, 1);

  roll->setup = *setup;
  roll->kept = g_ptr_array_new_with_free_func (g_free);
  roll->entries = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, g_free);
  return roll;
}

void inos_roll_free (struct inos_roll *roll)
{
  if (!roll)
    return;
  g_ptr_array_unref (roll->kept);
  g_hash_table_unref (roll->entries);
  g_free (roll);
}

/* Taking */

/* Of two that say the same of the same peer the later era counts; else any one, but the same one
 * everywhere. */
static bool is_better (const struct inos_statement *statement, const void *bytes, size_t len,
                       const struct kept *than)
{
  int order = memcmp (bytes, than->bytes, MIN (len, than->len));

  if (statement->era != than->statement.era)
    return statement->era > than->statement.era;
  return order != 0 ? order < 0 : len < than->len;
}

static bool is_of_this (const struct inos_roll *roll, const struct inos_statement *statement)
{
  if (!roll->founded)
    return statement->kind == INOS_STATEMENT_FOUND;
  return memcmp (&statement->mesh, &roll->mesh, sizeof roll->mesh) == 0;
}

static struct kept *keep (const void *bytes, size_t len)
{
  struct kept *one = g_malloc0 (sizeof *one + len);

  one->len = len;
  memcpy (one->bytes, bytes, len);
  inos_statement_read (&one->statement, one->bytes, len);
  return one;
}

static void put (struct inos_roll *roll, const struct inos_statement *statement, const void *bytes,
                 size_t len)
{
  guint at;

  if (find (roll, statement, &at)) {
    g_free (roll->kept->pdata[at]);
    roll->kept->pdata[at] = keep (bytes, len);
  } else {
    g_ptr_array_insert (roll->kept, (gint)at, keep (bytes, len));
  }
  if (statement->kind == INOS_STATEMENT_FOUND) {
    roll->founded = true;
    roll->mesh = statement->mesh;
    roll->founder = statement->author;
  }
  roll->unsettled = true;
}

/* Whose key has been handed over says nothing any more: it may be a thief's. */
static bool is_silenced (const struct inos_roll *roll, const struct inos_statement *statement)
{
  return statement->kind != INOS_STATEMENT_FOUND && statement->kind != INOS_STATEMENT_ROTATE &&
         inos_roll_rotation (roll, &statement->author);
}

/* Whether of what differs in the subject only the first that came counts. */
static bool counts_once (const struct inos_statement *statement)
{
  return statement->kind == INOS_STATEMENT_ROTATE || statement->kind == INOS_STATEMENT_PASS;
}

/* Another hand-over of the same key, or of the seat: the first that came counts. */
static enum inos_roll_taken dispute (struct inos_roll *roll, struct kept *first,
                                     const struct inos_statement *statement)
{
  const struct inos_roll_events *events = roll->setup.events;

  if (first->disputed)
    return INOS_ROLL_KNOWN;
  if (!inos_statement_is_right (statement, roll->setup.trust))
    return INOS_ROLL_REFUSED;
  first->disputed = true;
  if (events && events->disputed)
    events->disputed (roll->setup.data, &first->statement, statement);
  return INOS_ROLL_KNOWN;
}

enum inos_roll_taken inos_roll_take (struct inos_roll *roll, const void *bytes, size_t len)
{
  struct inos_statement statement;
  guint at;

  if (!inos_statement_read (&statement, bytes, len) || !is_of_this (roll, &statement))
    return INOS_ROLL_REFUSED;
  bool known = find (roll, &statement, &at);
  struct kept *before = known ? roll->kept->pdata[at] : NULL;
  if (known && counts_once (&statement) &&
      !inos_peer_id_equal (&statement.subject, &before->statement.subject))
    return dispute (roll, before, &statement);
  if (is_silenced (roll, &statement) || inos_roll_is_passed (roll, &statement) ||
      (known && !is_better (&statement, bytes, len, before)))
    return INOS_ROLL_KNOWN;
  if (!inos_statement_is_right (&statement, roll->setup.trust))
    return INOS_ROLL_REFUSED;
  put (roll, &statement, bytes, len);
  return INOS_ROLL_NEW;
}

/* Settling */

static gint compare_weights (gconstpointer a, gconstpointer b)
{
  const struct kept *one = *(const struct kept *const *)a, *other = *(const struct kept *const *)b;

  if (one->weight != other->weight)
    return one->weight > other->weight ? -1 : 1;
  return -compare_keys (&one->statement, &other->statement);
}

/* Where there are too many, those that weigh most go. */
static void make_room (struct inos_roll *roll)
{
  g_autoptr (GPtrArray) heaviest = g_ptr_array_new();
  guint over = roll->kept->len - INOS_ROLL_STATEMENTS_MAX, at;

  for (guint i = 0; i < roll->kept->len; i++)
    g_ptr_array_add (heaviest, roll->kept->pdata[i]);
  g_ptr_array_sort (heaviest, compare_weights);
  for (guint i = 0; i < over; i++)
    if (find (roll, &((const struct kept *)heaviest->pdata[i])->statement, &at))
      g_ptr_array_remove_index (roll->kept, at);
}

static gint compare_ids (gconstpointer a, gconstpointer b)
{
  const struct inos_roll_entry *const *one = a, *const *other = b;

  return inos_peer_id_compare (&(*one)->id, &(*other)->id);
}

static GPtrArray *sorted (GHashTable *entries)
{
  GPtrArray *list = g_hash_table_get_values_as_ptr_array (entries);

  g_ptr_array_sort (list, compare_ids);
  return list;
}

static void tell (struct inos_roll *roll, GHashTable *before)
{
  g_autoptr (GPtrArray) now = sorted (roll->entries);

  for (guint i = 0; roll->setup.events && i < now->len; i++) {
    const struct inos_roll_entry *entry = now->pdata[i];
    const struct inos_roll_entry *was = g_hash_table_lookup (before, &entry->id);
    enum inos_standing standing = was ? was->standing : INOS_STANDING_STRANGER;
    if (standing != entry->standing)
      roll->setup.events->standing (roll->setup.data, entry, standing);
  }
}

/* Who is not spoken of any more is a stranger again. */
static void keep_forgotten (GHashTable *before, GHashTable *now)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const struct inos_roll_entry *was = value;
    if (was->standing == INOS_STANDING_STRANGER || g_hash_table_contains (now, &was->id))
      continue;
    struct inos_roll_entry *entry = g_new0 (struct inos_roll_entry, 1);
    entry->id = was->id;
    entry->rank = UINT_MAX;
    g_hash_table_insert (now, &entry->id, entry);
  }
}

static bool is_said_again (const struct inos_roll *roll, const struct inos_statement *statement)
{
  return statement->kind == INOS_STATEMENT_ADMIT || statement->kind == INOS_STATEMENT_REVOKE ||
         (statement->kind == INOS_STATEMENT_PASS && inos_roll_is_repeated (roll, statement));
}

/* What was said with a key that has been handed over counts no more, and its successor has said it
 * again. That it left stays: no hand-over brings who left back. Returns: whether the seat went
 * another way by it. */
static bool drop_replaced (struct inos_roll *roll, GHashTable *entries)
{
  bool seat = false;

  for (guint i = roll->kept->len; i > 0; i--) {
    const struct inos_statement *statement =
      &((const struct kept *)roll->kept->pdata[i - 1])->statement;
    const struct inos_roll_entry *author = g_hash_table_lookup (entries, &statement->author);
    if (!author || author->standing != INOS_STANDING_REPLACED || !is_said_again (roll, statement))
      continue;
    seat = seat || statement->kind == INOS_STATEMENT_PASS;
    g_ptr_array_remove_index (roll->kept, i - 1);
  }
  return seat;
}

void inos_roll_settle (struct inos_roll *roll)
{
  GHashTable *before = roll->entries;

  if (!roll->unsettled)
    return;
  roll->unsettled = false;
  GHashTable *now = inos_roll_judge (roll);
  bool again = drop_replaced (roll, now);
  if (roll->kept->len > INOS_ROLL_STATEMENTS_MAX) {
    make_room (roll);
    again = true;
  }
  if (again) {
    g_hash_table_unref (now);
    now = inos_roll_judge (roll);
  }
  if (roll->founded)
    inos_roll_note_seats (roll);
  keep_forgotten (before, now);
  roll->entries = now;
  tell (roll, before);
  g_hash_table_unref (before);
}

/* Looking */

const struct inos_mesh_id *inos_roll_mesh (const struct inos_roll *roll)
{
  return roll->founded ? &roll->mesh : NULL;
}

const struct inos_roll_entry *inos_roll_find (const struct inos_roll *roll,
                                              const struct inos_peer_id *id)
{
  return g_hash_table_lookup (roll->entries, id);
}

enum inos_standing inos_roll_standing (const struct inos_roll *roll, const struct inos_peer_id *id)
{
  const struct inos_roll_entry *entry = inos_roll_find (roll, id);

  return entry ? entry->standing : INOS_STANDING_STRANGER;
}

/* Each hand-over makes the path longer, so that it ends. */
const struct inos_peer_id *inos_roll_latest (const struct inos_roll *roll,
                                             const struct inos_peer_id *id)
{
  const struct inos_roll_entry *entry = inos_roll_find (roll, id);

  for (unsigned n = 0; entry && entry->standing == INOS_STANDING_REPLACED; n++) {
    const struct inos_roll_entry *next = inos_roll_find (roll, &entry->next);
    if (!next || n > INOS_ROLL_PATH_MAX || !next->took_over ||
        !inos_peer_id_equal (&next->via, &entry->id))
      break;
    entry = next;
  }
  return entry ? &entry->id : id;
}

GPtrArray *inos_roll_entries (const struct inos_roll *roll)
{
  return sorted (roll->entries);
}

unsigned inos_roll_members (const struct inos_roll *roll)
{
  GHashTableIter iter;
  gpointer value;
  unsigned n = 0;

  g_hash_table_iter_init (&iter, roll->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += ((const struct inos_roll_entry *)value)->standing == INOS_STANDING_MEMBER;
  return n;
}

uint32_t inos_roll_era (const struct inos_roll *roll, const struct inos_peer_id *id)
{
  const struct inos_roll_entry *entry = inos_roll_find (roll, id);

  if (!entry)
    return 1;
  if (entry->standing == INOS_STANDING_REVOKED || entry->standing == INOS_STANDING_REPLACED ||
      entry->left >= INOS_STATEMENT_ERA_MAX)
    return 0;
  return entry->left + 1;
}

unsigned inos_roll_count (const struct inos_roll *roll)
{
  return roll->kept->len;
}

void inos_roll_digest (const struct inos_roll *roll, uint8_t digest[32])
{
  crypto_hash_sha256_state state;

  crypto_hash_sha256_init (&state);
  for (guint i = 0; i < roll->kept->len; i++) {
    const struct kept *one = roll->kept->pdata[i];
    crypto_hash_sha256_update (&state, one->bytes, one->len);
  }
  crypto_hash_sha256_final (&state, digest);
}

void inos_roll_write (const struct inos_roll *roll, struct inos_buffer *out)
{
  for (guint i = 0; i < roll->kept->len; i++) {
    const struct kept *one = roll->kept->pdata[i];
    inos_roll_message_add (out, one->bytes, one->len);
  }
}
