/*
 * A node that lies of the document it shares: it tells each of the others that somebody wrote
 * something else at the same time, or long ago, that somebody removed it, or brings back what was
 * removed; counts in others' names, writes in the future, says that floors were reached that were
 * not, and that it has what the other has, or nothing; sends what is no delta, asks what makes no
 * sense and answers falsely.
 *
 * Who may write may spoil what is written. What those that do not lie have is the same in the end.
 * When writing is over nobody writes, those that lie neither; they lie on about everything else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/sync.h"
#include "node/sim/group.h"

#define AHEAD (INT64_C (3600000)) /* ms */
#define AGO (INT64_C (120000))    /* ms */
#define OLD_NAMES 20u

static bool is_written (const struct inos_sim_world *world)
{
  return (double)world->now / 1e9 >= world->scenario->writing;
}

static struct inos_slot_id any_id (struct inos_sim_random *random)
{
  struct inos_slot_id id;

  inos_sim_random_fill (random, &id, sizeof id);
  return id;
}

static void put_slot (const struct inos_slot *slot, struct inos_buffer *out)
{
  struct inos_delta_writer writer = {0};

  if (inos_delta_put (&writer, slot, INOS_DELTA_MAX))
    inos_delta_finish (&writer, false, out);
  inos_delta_writer_clear (&writer);
}

/* One of those that there are. Its value is another: the document's may be packed. */
static bool any_slot (struct inos_sim_node *node, struct inos_document *document,
                      const uint64_t *value, struct inos_slot *slot)
{
  struct inos_sim_random *random = &node->world->random;
  unsigned n = inos_document_slots (document);

  if (n == 0)
    return false;
  *slot = *inos_document_slot_at (document, (unsigned)inos_sim_random_below (random, n));
  if (slot->kind == INOS_SLOT_COUNT)
    slot->plus += inos_sim_random_below (random, 3);
  if (slot->kind == INOS_SLOT_VALUE) {
    slot->gone = inos_sim_random_is (random, 0.3);
    slot->value = slot->gone ? NULL : (const uint8_t *)value;
    slot->value_len = slot->gone ? 0 : sizeof *value;
  }
  if (inos_sim_random_is (random, 0.5))
    slot->actor = inos_sim_random_below (random, INOS_SIM_REPLICAS_MAX) << 32 | 1;
  return true;
}

/* Somebody's slot, with another value for each who hears of it, or another count. */
static void equivocate (struct inos_sim_node *node, struct inos_document *document,
                        struct inos_buffer *out)
{
  uint64_t value = inos_sim_random_next (&node->world->random);
  struct inos_slot slot;

  if (any_slot (node, document, &value, &slot))
    put_slot (&slot, out);
}

/* The same, or what nobody has heard of, as if written, or removed, a while ago. */
static void put_old (struct inos_sim_node *node, struct inos_document *document,
                     struct inos_buffer *out)
{
  struct inos_sim_random *random = &node->world->random;
  uint64_t value = inos_sim_random_next (random);
  char name[16];
  struct inos_slot slot;

  if (!any_slot (node, document, &value, &slot))
    return;
  slot.stamp =
    inos_stamp_of (inos_env_wall (&node->env) - (int64_t)inos_sim_random_below (random, AGO));
  slot.added = MIN (slot.added, slot.stamp);
  slot.removed = inos_sim_random_is (random, 0.3) ? slot.added : MIN (slot.removed, slot.added);
  if (inos_sim_random_is (random, 0.3)) {
    slot.key = name;
    slot.key_len = (size_t)g_snprintf (name, sizeof name, "old%u",
                                       (unsigned)inos_sim_random_below (random, OLD_NAMES));
  }
  put_slot (&slot, out);
}

static void write_ahead (struct inos_sim_node *node, struct inos_document *document,
                         struct inos_buffer *out)
{
  const struct inos_slot slot = {
    .kind = INOS_SLOT_VALUE,
    .key = "ahead",
    .key_len = 5,
    .actor = node->index,
    .stamp = inos_stamp_of (inos_env_wall (&node->env) +
                            (int64_t)inos_sim_random_below (
                              &node->world->random, inos_sim_random_is (&node->world->random, 0.5)
                                                      ? INOS_STAMP_AHEAD_MAX
                                                      : AHEAD)),
    .value = (const uint8_t *)"x",
    .value_len = 1};

  put_slot (&slot, out);
}

static void babble (struct inos_sim_node *node, struct inos_document *document,
                    struct inos_buffer *out)
{
  size_t len = 1 + inos_sim_random_below (&node->world->random, 300);

  inos_sim_random_fill (&node->world->random, inos_buffer_reserve (out, len), len);
  inos_buffer_commit (out, len);
}

/* None, one that may be, and one that never was. */
static uint64_t any_floor (struct inos_sim_node *node)
{
  const uint64_t floors[] = {0, inos_stamp_of (inos_env_wall (&node->env)), UINT64_MAX};

  return floors[inos_sim_random_below (&node->world->random, G_N_ELEMENTS (floors))];
}

/* A head that nothing is behind: as an answer it says that both are equal. */
static void put_head (struct inos_sim_node *node, struct inos_buffer *out)
{
  inos_sync_put_head (out, INOS_SIM_TOPIC, inos_stamp_of (inos_env_wall (&node->env)),
                      any_floor (node), any_floor (node));
}

static void put_old_slot (struct inos_sim_node *node, struct inos_buffer *out)
{
  struct inos_buffer delta = {0};

  put_old (node, inos_sim_replica_document (node), &delta);
  inos_sync_put_delta (out, &delta);
  inos_buffer_clear (&delta);
}

static void ask_nonsense (struct inos_sim_node *node, struct inos_document *document,
                          struct inos_buffer *out)
{
  struct inos_document_range everything = {0};
  struct inos_slot_id id = any_id (&node->world->random);

  put_head (node, out);
  inos_sync_put_part (out, INOS_SYNC_RANGE, &everything, &id, sizeof id);
  inos_sync_put_wants (out, &id, 1);
}

/* As if two had found that they differ. */
static void give_old (struct inos_sim_node *node, struct inos_document *document,
                      struct inos_buffer *out)
{
  put_head (node, out);
  put_old_slot (node, out);
}

void inos_sim_replica_answer_falsely (struct inos_sim_node *node, struct inos_buffer *out)
{
  struct inos_document_range everything = {0};
  struct inos_slot_id ids[] = {any_id (&node->world->random), any_id (&node->world->random)};

  put_head (node, out);
  switch (inos_sim_random_below (&node->world->random, 4)) {
  case 0: /* equal */
    break;
  case 1:
    inos_sync_put_part (out, INOS_SYNC_LEAVES_OF, &everything, ids, sizeof ids);
    break;
  case 2: /* it has nothing */
    inos_sync_put_part (out, INOS_SYNC_LEAVES_OF, &everything, NULL, 0);
    break;
  default:
    inos_sync_put_part (out, INOS_SYNC_LEAVES_OF, &everything, ids, sizeof ids);
    if (!is_written (node->world))
      put_old_slot (node, out);
  }
}

void inos_sim_replica_lie (struct inos_sim_node *node)
{
  static const struct {
    enum inos_sim_letter letter;
    bool writes;
    void (*write) (struct inos_sim_node *, struct inos_document *, struct inos_buffer *);
  } lies[] = {
    {INOS_SIM_LETTER_DELTA, true, equivocate},       {INOS_SIM_LETTER_DELTA, true, put_old},
    {INOS_SIM_LETTER_DELTA, true, write_ahead},      {INOS_SIM_LETTER_DELTA, false, babble},
    {INOS_SIM_LETTER_QUESTION, false, ask_nonsense}, {INOS_SIM_LETTER_QUESTION, true, give_old},
    {INOS_SIM_LETTER_QUESTION, false, babble}};
  struct inos_sim_world *world = node->world;
  struct inos_document *document = inos_sim_replica_document (node);
  uint64_t which = inos_sim_random_below (&world->random, G_N_ELEMENTS (lies));
  struct inos_sim_node *to = &world->nodes[inos_sim_random_below (
    &world->random, MIN (world->scenario->replicas, world->n_nodes))];
  struct inos_buffer out = {0};

  if (!document || to == node || (lies[which].writes && is_written (world)))
    return;
  lies[which].write (node, document, &out);
  if (inos_buffer_len (&out) > 0)
    inos_sim_replica_say (node, &to->id, lies[which].letter, inos_sim_random_next (&world->random),
                          &out);
  inos_buffer_clear (&out);
}
