/*
 * Who is a member: from a set of statements alone, so that whoever has the same set says the same.
 *
 * It goes rank by rank. Whom those of one rank revoke is settled before whom they admit, and none
 * of them has a word about their own rank or a better one: there is no circle in it. Before that,
 * who has handed over goes out of its rank and its successor in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/roll-private.h"

#include <string.h>

/* Weights: what goes first where there are too many. */
#define WEIGHT_ADMIT 10000u /* and the rank, and how many its author has said */
#define WEIGHT_RANK 100000u

struct judging {
  const struct inos_roll *roll;
  GHashTable *entries; /* id → struct inos_roll_entry */
  GHashTable *said;    /* author → GPtrArray of struct kept */
  GPtrArray *replaced; /* struct inos_roll_entry, each before its successor */
};

static struct inos_roll_entry *entry_of (struct judging *judging, const struct inos_peer_id *id)
{
  struct inos_roll_entry *entry = g_hash_table_lookup (judging->entries, id);

  if (entry)
    return entry;
  entry = g_new0 (struct inos_roll_entry, 1);
  entry->id = *id;
  entry->rank = UINT_MAX;
  g_hash_table_insert (judging->entries, &entry->id, entry);
  return entry;
}

static void sort_by_author (struct judging *judging)
{
  const GPtrArray *kept = judging->roll->kept;

  for (guint i = 0; i < kept->len; i++) {
    struct kept *one = kept->pdata[i];
    GPtrArray *said = g_hash_table_lookup (judging->said, &one->statement.author);
    if (!said) {
      said = g_ptr_array_new();
      g_hash_table_insert (judging->said, &one->statement.author, said);
    }
    g_ptr_array_add (said, one);
  }
}

typedef void (*statement_means) (struct judging *judging, const struct inos_statement *statement,
                                 unsigned rank, GPtrArray *next);

static void each_of (struct judging *judging, const GPtrArray *authors, unsigned rank,
                     enum inos_statement_kind kind, statement_means means, GPtrArray *next)
{
  for (guint i = 0; i < authors->len; i++) {
    const struct inos_roll_entry *author = authors->pdata[i];
    const GPtrArray *said = g_hash_table_lookup (judging->said, &author->id);
    if (author->standing == INOS_STANDING_REPLACED)
      continue;
    for (guint j = 0; said && j < said->len; j++) {
      const struct kept *one = said->pdata[j];
      if (one->statement.kind == kind)
        means (judging, &one->statement, rank, next);
    }
  }
}

static void end_entry (struct inos_roll_entry *entry, const struct inos_statement *statement)
{
  entry->standing = INOS_STANDING_REVOKED;
  entry->by = statement->author;
  entry->under = statement->subject;
  entry->since = statement->time;
}

static bool has_place (const struct inos_roll_entry *entry)
{
  return entry->rank != UINT_MAX || entry->standing == INOS_STANDING_REVOKED;
}

/* By the smallest author of the best rank that does: the authors are in order. Whoever it has
 * become since has ended too. */
static void end_one (struct judging *judging, const struct inos_statement *statement, unsigned rank,
                     GPtrArray *next)
{
  struct inos_roll_entry *entry = entry_of (judging, &statement->subject);

  while (!has_place (entry)) {
    end_entry (entry, statement);
    const struct kept *rotation = inos_roll_rotation (judging->roll, &entry->id);
    if (rotation)
      entry = entry_of (judging, &rotation->statement.subject);
  }
}

static void rank_up (struct judging *judging, const struct inos_statement *statement, unsigned rank,
                     GPtrArray *next)
{
  struct inos_roll_entry *entry = entry_of (judging, &statement->subject);
  unsigned path = entry_of (judging, &statement->author)->path + 1;

  if (has_place (entry) || path > INOS_ROLL_PATH_MAX)
    return;
  entry->rank = rank + 1;
  entry->path = path;
  entry->via = statement->author;
  g_ptr_array_add (next, entry);
}

/* Whose place is free already, or has been taken from it, takes none over. */
static void take_over (struct judging *judging, struct inos_roll_entry *entry,
                       const struct inos_statement *rotation, GPtrArray *authors)
{
  struct inos_roll_entry *next = entry_of (judging, &rotation->subject);

  entry->standing = INOS_STANDING_REPLACED;
  entry->next = next->id;
  g_ptr_array_add (judging->replaced, entry);
  if (has_place (next) || rotation->era != entry->rotations + 1 ||
      entry->path >= INOS_ROLL_PATH_MAX)
    return;
  next->rank = entry->rank;
  next->path = entry->path + 1;
  next->rotations = rotation->era;
  next->via = entry->id;
  next->took_over = true;
  g_ptr_array_add (authors, next);
}

/* The list grows meanwhile: a successor may have one. */
static void take_over_all (struct judging *judging, GPtrArray *authors)
{
  for (guint i = 0; i < authors->len; i++) {
    struct inos_roll_entry *entry = authors->pdata[i];
    const struct kept *rotation = inos_roll_rotation (judging->roll, &entry->id);
    if (rotation)
      take_over (judging, entry, &rotation->statement, authors);
  }
}

static gint compare_entries (gconstpointer a, gconstpointer b)
{
  const struct inos_roll_entry *const *one = a, *const *other = b;

  return inos_peer_id_compare (&(*one)->id, &(*other)->id);
}

static void give_ranks (struct judging *judging)
{
  GPtrArray *authors = g_ptr_array_new();
  struct inos_roll_entry *founder = entry_of (judging, &judging->roll->founder);

  founder->rank = 0;
  g_ptr_array_add (authors, founder);
  for (unsigned rank = 0; authors->len > 0 && rank < INOS_ROLL_RANK_MAX; rank++) {
    GPtrArray *next = g_ptr_array_new();
    take_over_all (judging, authors);
    g_ptr_array_sort (authors, compare_entries);
    each_of (judging, authors, rank, INOS_STATEMENT_REVOKE, end_one, NULL);
    each_of (judging, authors, rank, INOS_STATEMENT_ADMIT, rank_up, next);
    g_ptr_array_sort (next, compare_entries);
    g_ptr_array_unref (authors);
    authors = next;
  }
  g_ptr_array_unref (authors);
}

static bool counts (struct judging *judging, const struct inos_statement *statement)
{
  const struct inos_roll_entry *author = entry_of (judging, &statement->author);

  return author->rank != UINT_MAX &&
         (author->standing != INOS_STANDING_REPLACED || statement->kind == INOS_STATEMENT_FOUND);
}

/* The latest era in which anybody whose word counts has let it in; of several the smallest author.
 */
static void take_admission (struct judging *judging, const struct inos_statement *statement)
{
  struct inos_roll_entry *entry = entry_of (judging, &statement->subject);
  uint32_t era = MAX (statement->era, 1);

  if (entry->rank == UINT_MAX || era <= entry->era)
    return;
  entry->era = era;
  entry->by = statement->author;
  entry->under = statement->subject;
  entry->since = statement->time;
  memcpy (entry->name, statement->name, sizeof entry->name);
}

/* The successor is a member where the one before it was, in the same era. */
static void inherit (struct judging *judging)
{
  for (guint i = 0; i < judging->replaced->len; i++) {
    const struct inos_roll_entry *entry = judging->replaced->pdata[i];
    struct inos_roll_entry *next = entry_of (judging, &entry->next);
    if (!next->took_over || !inos_peer_id_equal (&next->via, &entry->id) ||
        entry->era <= entry->left || entry->era <= next->era)
      continue;
    next->era = entry->era;
    next->by = entry->by;
    next->under = entry->under;
    next->since = entry->since;
    memcpy (next->name, entry->name, sizeof next->name);
  }
}

static void take_eras (struct judging *judging)
{
  const GPtrArray *kept = judging->roll->kept;

  for (guint i = 0; i < kept->len; i++) {
    const struct inos_statement *statement = &((const struct kept *)kept->pdata[i])->statement;
    if (statement->kind == INOS_STATEMENT_LEAVE)
      entry_of (judging, &statement->author)->left = statement->era;
    else if ((statement->kind == INOS_STATEMENT_FOUND || statement->kind == INOS_STATEMENT_ADMIT) &&
             counts (judging, statement))
      take_admission (judging, statement);
  }
  inherit (judging);
}

static void set_standing (gpointer key, gpointer value, gpointer data)
{
  struct inos_roll_entry *entry = value;

  if (entry->standing == INOS_STANDING_REVOKED || entry->standing == INOS_STANDING_REPLACED ||
      entry->rank == UINT_MAX)
    return;
  entry->standing = entry->era > entry->left ? INOS_STANDING_MEMBER : INOS_STANDING_LEFT;
}

/* What people read of somebody who was revoked: what it was called. */
static void name_revoked (struct judging *judging)
{
  const GPtrArray *kept = judging->roll->kept;

  for (guint i = 0; i < kept->len; i++) {
    const struct inos_statement *statement = &((const struct kept *)kept->pdata[i])->statement;
    struct inos_roll_entry *entry = entry_of (judging, &statement->subject);
    if (statement->kind == INOS_STATEMENT_ADMIT && entry->standing == INOS_STANDING_REVOKED &&
        statement->era > entry->era && counts (judging, statement)) {
      memcpy (entry->name, statement->name, sizeof entry->name);
      entry->era = statement->era;
    }
  }
}

/* Whose word does not count goes first; then who has been admitted furthest from the founder, of
 * those of one rank by whom who admitted most. What ends a membership goes last. */
static void weigh (struct judging *judging)
{
  const GPtrArray *kept = judging->roll->kept;

  for (guint i = 0; i < kept->len; i++) {
    struct kept *one = kept->pdata[i];
    const struct inos_statement *statement = &one->statement;
    const GPtrArray *said = g_hash_table_lookup (judging->said, &statement->author);
    unsigned rank = entry_of (judging, &statement->author)->rank;
    if (statement->kind == INOS_STATEMENT_FOUND)
      one->weight = 0;
    else if (rank == UINT_MAX ||
             (statement->kind == INOS_STATEMENT_ADMIT && !counts (judging, statement)))
      one->weight = UINT_MAX;
    else if (statement->kind == INOS_STATEMENT_ADMIT)
      one->weight = WEIGHT_ADMIT + rank * WEIGHT_RANK + said->len;
    else
      one->weight = 1 + rank;
  }
}

GHashTable *inos_roll_judge (const struct inos_roll *roll)
{
  struct judging judging = {.roll = roll};

  judging.entries = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, g_free);
  if (!roll->founded)
    return judging.entries;
  judging.said = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL,
                                        (GDestroyNotify)g_ptr_array_unref);
  judging.replaced = g_ptr_array_new();
  sort_by_author (&judging);
  give_ranks (&judging);
  take_eras (&judging);
  g_hash_table_foreach (judging.entries, set_standing, NULL);
  name_revoked (&judging);
  weigh (&judging);
  g_hash_table_unref (judging.said);
  g_ptr_array_unref (judging.replaced);
  return judging.entries;
}
