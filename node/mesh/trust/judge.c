/*
 * Who is a member: from a set of statements alone, so that whoever has the same set says the same.
 *
 * It goes rank by rank. Whom those of one rank revoke is settled before whom they admit, and none
 * of them has a word about their own rank or a better one: there is no circle in it. Before that,
 * who has handed over goes out of its rank and its successor in. Whose the seat of rank 0 is, and
 * was, is known before all that (seat.c).
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
  GPtrArray *replaced; /* struct inos_roll_entry */
  struct inos_roll_seat_step steps[INOS_ROLL_SEAT_STEPS_MAX]; /* of the seat */
  unsigned n_steps;
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

static void replace (struct judging *judging, struct inos_roll_entry *entry,
                     struct inos_roll_entry *next)
{
  entry->standing = INOS_STANDING_REPLACED;
  entry->next = next->id;
  g_ptr_array_add (judging->replaced, entry);
}

static void succeed (struct inos_roll_entry *next, const struct inos_roll_entry *entry,
                     const struct inos_statement *rotation)
{
  next->rotations = rotation->era;
  next->via = entry->id;
  next->took_over = true;
}

/* Whose place is free already, or has been taken from it, takes none over; who has the seat keeps
 * it. How often somebody had rotated before it had the seat is not known yet. */
static void take_over (struct judging *judging, struct inos_roll_entry *entry,
                       const struct inos_statement *rotation, GPtrArray *authors)
{
  struct inos_roll_entry *next = entry_of (judging, &rotation->subject);

  replace (judging, entry, next);
  if (next->seated && next->rank != UINT_MAX && !next->took_over && !entry->seated)
    succeed (next, entry, rotation);
  if (has_place (next) || (rotation->era != entry->rotations + 1 && !entry->seated) ||
      entry->path >= INOS_ROLL_PATH_MAX)
    return;
  next->rank = entry->rank;
  next->path = entry->path + 1;
  succeed (next, entry, rotation);
  g_ptr_array_add (authors, next);
}

/* The list grows meanwhile: a successor may have one. */
static void take_over_all (struct judging *judging, GPtrArray *authors)
{
  for (guint i = 0; i < authors->len; i++) {
    struct inos_roll_entry *entry = authors->pdata[i];
    const struct kept *rotation = inos_roll_rotation (judging->roll, &entry->id);
    if (rotation && entry->standing != INOS_STANDING_REPLACED)
      take_over (judging, entry, &rotation->statement, authors);
  }
}

static gint compare_entries (gconstpointer a, gconstpointer b)
{
  const struct inos_roll_entry *const *one = a, *const *other = b;

  return inos_peer_id_compare (&(*one)->id, &(*other)->id);
}

/* The seat */

/* The first of the keys of who has it now. */
static unsigned present (const struct judging *judging)
{
  unsigned i = judging->n_steps - 1;

  while (i > 0 && judging->steps[i].by->statement.kind == INOS_STATEMENT_ROTATE)
    i--;
  return i;
}

/* Those of the steps @from to @to who have no place yet have this one. */
static void seat (struct judging *judging, unsigned from, unsigned to, unsigned rank,
                  GPtrArray *seated)
{
  for (unsigned i = from; i < to; i++) {
    struct inos_roll_entry *entry = entry_of (judging, &judging->steps[i].id);
    entry->seated = true;
    if (has_place (entry))
      continue;
    entry->rank = rank;
    entry->path = judging->n_steps - 1;
    g_ptr_array_add (seated, entry);
  }
}

/* What they rotated while they had it, or before the seat went on from their later key. */
static void replace_seated (struct judging *judging, unsigned from, unsigned to)
{
  for (unsigned i = MAX (from, 1u); i < to; i++) {
    const struct inos_statement *by = &judging->steps[i].by->statement;
    struct inos_roll_entry *entry = entry_of (judging, &by->author);
    struct inos_roll_entry *next = entry_of (judging, &by->subject);
    if (by->kind != INOS_STATEMENT_ROTATE || entry->rank == UINT_MAX ||
        entry->standing == INOS_STANDING_REPLACED)
      continue;
    replace (judging, entry, next);
    if (next->rank != UINT_MAX)
      succeed (next, entry, by);
  }
}

/* Rank 0, and rank 1 of those who had the seat and whom who has it has not put out: whom they have
 * put out themselves is out. */
static void give_seats (struct judging *judging, GPtrArray *authors, GPtrArray *former)
{
  judging->n_steps = inos_roll_walk_seat (judging->roll, judging->steps);
  unsigned first = present (judging);

  seat (judging, first, judging->n_steps, 0, authors);
  replace_seated (judging, first + 1, judging->n_steps);
  take_over_all (judging, authors); /* at the end of what a path may be */
  g_ptr_array_sort (authors, compare_entries);
  each_of (judging, authors, 0, INOS_STATEMENT_REVOKE, end_one, NULL);
  seat (judging, 0, first, 1, former);
  replace_seated (judging, 0, first);
  g_ptr_array_sort (former, compare_entries);
  each_of (judging, former, 0, INOS_STATEMENT_REVOKE, end_one, NULL);
}

static void give_ranks (struct judging *judging)
{
  GPtrArray *authors = g_ptr_array_new(), *next = g_ptr_array_new();

  give_seats (judging, authors, next);
  each_of (judging, authors, 0, INOS_STATEMENT_ADMIT, rank_up, next);
  g_ptr_array_sort (next, compare_entries);
  g_ptr_array_unref (authors);
  authors = next;
  for (unsigned rank = 1; authors->len > 0 && rank < INOS_ROLL_RANK_MAX; rank++) {
    next = g_ptr_array_new();
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
 * Who was given the seat was a member: also where nobody's word for that counts any more. */
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

/* The successor is a member where the one before it was, in the same era. Returns: whether anybody
 * is one by it. */
static bool inherit (struct judging *judging)
{
  bool any = false;

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
    any = true;
  }
  return any;
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
  for (unsigned i = 1; i < judging->n_steps; i++)
    if (judging->steps[i].by->statement.kind == INOS_STATEMENT_PASS)
      take_admission (judging, &judging->steps[i].by->statement);
  while (inherit (judging)) /* in any order */
    ;
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
    else if (rank == UINT_MAX || statement->kind == INOS_STATEMENT_PASS ||
             (statement->kind == INOS_STATEMENT_ADMIT && !counts (judging, statement)))
      one->weight = UINT_MAX;
    else if (statement->kind == INOS_STATEMENT_ADMIT)
      one->weight = WEIGHT_ADMIT + rank * WEIGHT_RANK + said->len;
    else
      one->weight = 1 + rank;
  }
  for (unsigned i = 1; i < judging->n_steps; i++)
    ((struct kept *)judging->steps[i].by)->weight = 0;
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
