/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/roll-private.h"
#include "node/mesh/trust/roll_message.h"

#include <sodium.h>
#include <string.h>

/* Which statement it is: kind, author, subject. */

static int compare_keys (const struct inos_statement *a, const struct inos_statement *b)
{
  int by_author = inos_peer_id_compare (&a->author, &b->author);

  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  return by_author != 0 ? by_author : inos_peer_id_compare (&a->subject, &b->subject);
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

enum inos_roll_taken inos_roll_take (struct inos_roll *roll, const void *bytes, size_t len)
{
  struct inos_statement statement;
  guint at;

  if (!inos_statement_read (&statement, bytes, len) || !is_of_this (roll, &statement))
    return INOS_ROLL_REFUSED;
  if (find (roll, &statement, &at) && !is_better (&statement, bytes, len, roll->kept->pdata[at]))
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

void inos_roll_settle (struct inos_roll *roll)
{
  GHashTable *before = roll->entries;

  if (!roll->unsettled)
    return;
  roll->unsettled = false;
  GHashTable *now = inos_roll_judge (roll);
  if (roll->kept->len > INOS_ROLL_STATEMENTS_MAX) {
    make_room (roll);
    g_hash_table_unref (now);
    now = inos_roll_judge (roll);
  }
  keep_forgotten (before, now);
  roll->entries = now;
  tell (roll, before);
  g_hash_table_unref (before);
}

/* What this node says */

static void say (struct inos_roll *roll, struct inos_statement *statement, struct inos_buffer *said)
{
  struct inos_buffer bytes = {0};

  statement->author = roll->setup.self;
  statement->time = inos_env_wall (roll->setup.env);
  if (statement->kind != INOS_STATEMENT_FOUND)
    statement->mesh = roll->mesh;
  inos_statement_write (&bytes, statement, roll->setup.trust);
  if (inos_roll_take (roll, inos_buffer_data (&bytes), inos_buffer_len (&bytes)) == INOS_ROLL_NEW &&
      said)
    inos_roll_message_add (said, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

void inos_roll_found (struct inos_roll *roll, const char *name, struct inos_buffer *said)
{
  struct inos_statement statement = {.kind = INOS_STATEMENT_FOUND};

  inos_name_set (statement.name, name);
  inos_env_random (roll->setup.env, statement.nonce, sizeof statement.nonce);
  say (roll, &statement, said);
  inos_roll_settle (roll);
}

static bool is_member (const struct inos_roll *roll, const struct inos_peer_id *id)
{
  return inos_roll_standing (roll, id) == INOS_STANDING_MEMBER;
}

static void say_admit (struct inos_roll *roll, const struct inos_consent *consent,
                       struct inos_buffer *said)
{
  struct inos_statement statement = {
    .kind = INOS_STATEMENT_ADMIT, .subject = consent->subject, .era = consent->era};

  memcpy (statement.name, consent->name, sizeof statement.name);
  memcpy (statement.consent, consent->signature, sizeof statement.consent);
  say (roll, &statement, said);
}

bool inos_roll_admit (struct inos_roll *roll, const struct inos_consent *consent,
                      struct inos_buffer *said)
{
  const struct inos_roll_entry *self = inos_roll_find (roll, &roll->setup.self);

  if (!is_member (roll, &roll->setup.self) || self->rank >= INOS_ROLL_RANK_MAX ||
      is_member (roll, &consent->subject) || consent->era == 0 ||
      consent->era != inos_roll_era (roll, &consent->subject) ||
      memcmp (&consent->mesh, &roll->mesh, sizeof roll->mesh) != 0 ||
      !inos_consent_is_right (consent, roll->setup.trust))
    return false;
  say_admit (roll, consent, said);
  inos_roll_settle (roll);
  return true;
}

bool inos_roll_may_revoke (const struct inos_roll *roll, const struct inos_peer_id *id)
{
  const struct inos_roll_entry *self = inos_roll_find (roll, &roll->setup.self);
  const struct inos_roll_entry *entry = inos_roll_find (roll, id);

  return is_member (roll, &roll->setup.self) && !inos_peer_id_equal (id, &roll->setup.self) &&
         (!entry || entry->rank > self->rank);
}

/* Those whom @id has admitted and who are members are this node's from now on. */
static void adopt (struct inos_roll *roll, const struct inos_peer_id *id, struct inos_buffer *said)
{
  g_autoptr (GPtrArray) theirs = g_ptr_array_new();

  for (guint i = 0; i < roll->kept->len; i++) {
    struct kept *one = roll->kept->pdata[i];
    const struct inos_statement *statement = &one->statement;
    if (statement->kind == INOS_STATEMENT_ADMIT && inos_peer_id_equal (&statement->author, id) &&
        is_member (roll, &statement->subject) &&
        !inos_peer_id_equal (&statement->subject, &roll->setup.self))
      g_ptr_array_add (theirs, g_memdup2 (statement, sizeof *statement));
  }
  g_ptr_array_set_free_func (theirs, g_free);
  for (guint i = 0; i < theirs->len; i++) {
    const struct inos_statement *statement = theirs->pdata[i];
    struct inos_consent consent = {.subject = statement->subject, .era = statement->era};
    memcpy (consent.name, statement->name, sizeof consent.name);
    memcpy (consent.signature, statement->consent, sizeof consent.signature);
    say_admit (roll, &consent, said);
  }
}

bool inos_roll_revoke (struct inos_roll *roll, const struct inos_peer_id *id,
                       struct inos_buffer *said)
{
  struct inos_statement statement = {.kind = INOS_STATEMENT_REVOKE, .subject = *id};

  if (!inos_roll_may_revoke (roll, id))
    return false;
  adopt (roll, id, said);
  say (roll, &statement, said);
  inos_roll_settle (roll);
  return true;
}

bool inos_roll_leave (struct inos_roll *roll, struct inos_buffer *said)
{
  const struct inos_roll_entry *self = inos_roll_find (roll, &roll->setup.self);
  struct inos_statement statement = {.kind = INOS_STATEMENT_LEAVE};

  if (!is_member (roll, &roll->setup.self))
    return false;
  statement.subject = roll->setup.self;
  statement.era = self->era;
  say (roll, &statement, said);
  inos_roll_settle (roll);
  return true;
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
  if (entry->standing == INOS_STANDING_REVOKED || entry->left >= INOS_STATEMENT_ERA_MAX)
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

/* Proofs */

static void add_kept (const struct inos_roll *roll, enum inos_statement_kind kind,
                      const struct inos_peer_id *author, const struct inos_peer_id *subject,
                      struct inos_buffer *out)
{
  const struct kept *one = inos_roll_kept (roll, kind, author, subject);

  if (one)
    inos_roll_message_add (out, one->bytes, one->len);
}

/* What @id's rank follows from, the founder's first. */
static void add_chain (const struct inos_roll *roll, const struct inos_roll_entry *entry,
                       struct inos_buffer *out)
{
  const struct inos_roll_entry *chain[INOS_ROLL_RANK_MAX + 1];
  unsigned n = 0;

  while (entry && inos_peer_id_is_set (&entry->via) && n <= INOS_ROLL_RANK_MAX) {
    chain[n++] = entry;
    entry = inos_roll_find (roll, &entry->via);
  }
  while (n-- > 0)
    add_kept (roll, INOS_STATEMENT_ADMIT, &chain[n]->via, &chain[n]->id, out);
}

bool inos_roll_prove (const struct inos_roll *roll, const struct inos_peer_id *id,
                      struct inos_buffer *out)
{
  const struct inos_roll_entry *entry = inos_roll_find (roll, id);

  if (!entry || entry->standing == INOS_STANDING_STRANGER)
    return false;
  add_kept (roll, INOS_STATEMENT_FOUND, &roll->founder, &roll->founder, out);
  if (entry->standing == INOS_STANDING_REVOKED) {
    add_chain (roll, inos_roll_find (roll, &entry->by), out);
    add_kept (roll, INOS_STATEMENT_REVOKE, &entry->by, id, out);
    return true;
  }
  add_chain (roll, entry, out);
  if (inos_peer_id_is_set (&entry->by) && !inos_peer_id_equal (&entry->by, &entry->via)) {
    add_chain (roll, inos_roll_find (roll, &entry->by), out);
    add_kept (roll, INOS_STATEMENT_ADMIT, &entry->by, id, out);
  }
  add_kept (roll, INOS_STATEMENT_LEAVE, id, id, out);
  return true;
}
