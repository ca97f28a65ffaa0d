/*
 * A node that lies of the document it shares: it tells each of the others that somebody wrote
 * something else at the same time, counts in others' names, writes in the future, sends what is no
 * delta, asks what makes no sense and answers falsely.
 *
 * Who may write may spoil what is written. That those that do not lie have the same in the end is
 * not so yet: docs/mesh.md.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/sync.h"
#include "node/sim/group.h"

#define AHEAD (INT64_C (3600000)) /* ms */

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

/* Somebody's slot, with another value for each who hears of it, or another count. */
static void equivocate (struct inos_sim_node *node, struct inos_document *document,
                        struct inos_buffer *out)
{
  struct inos_sim_random *random = &node->world->random;
  unsigned n = inos_document_slots (document);
  uint64_t value = inos_sim_random_next (random);

  if (n == 0)
    return;
  struct inos_slot slot =
    *inos_document_slot_at (document, (unsigned)inos_sim_random_below (random, n));
  if (slot.kind == INOS_SLOT_COUNT)
    slot.plus += inos_sim_random_below (random, 3);
  if (slot.kind == INOS_SLOT_VALUE) {
    slot.gone = inos_sim_random_is (random, 0.3);
    slot.value = slot.gone ? NULL : (const uint8_t *)&value;
    slot.value_len = slot.gone ? 0 : sizeof value;
  }
  if (inos_sim_random_is (random, 0.5))
    slot.actor = inos_sim_random_below (random, INOS_SIM_REPLICAS_MAX) << 32 | 1;
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

/* A head that nothing is behind. Its floor is the lowest: who says that a floor was reached says
 * that all have what was before it, and is believed; see docs/mesh.md. */
static void put_head (struct inos_sim_node *node, struct inos_buffer *out)
{
  inos_sync_put_head (out, INOS_SIM_TOPIC, inos_stamp_of (inos_env_wall (&node->env)), 0, 0);
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

void inos_sim_replica_answer_falsely (struct inos_sim_node *node, struct inos_buffer *out)
{
  struct inos_document_range everything = {0};
  struct inos_slot_id ids[] = {any_id (&node->world->random), any_id (&node->world->random)};

  put_head (node, out);
  if (inos_sim_random_is (&node->world->random, 0.5))
    inos_sync_put_part (out, INOS_SYNC_LEAVES_OF, &everything, ids, sizeof ids);
}

void inos_sim_replica_lie (struct inos_sim_node *node)
{
  static const struct {
    enum inos_sim_letter letter;
    void (*write) (struct inos_sim_node *, struct inos_document *, struct inos_buffer *);
  } lies[] = {{INOS_SIM_LETTER_DELTA, equivocate},
              {INOS_SIM_LETTER_DELTA, write_ahead},
              {INOS_SIM_LETTER_DELTA, babble},
              {INOS_SIM_LETTER_QUESTION, ask_nonsense},
              {INOS_SIM_LETTER_QUESTION, babble}};
  struct inos_sim_world *world = node->world;
  struct inos_document *document = inos_sim_replica_document (node);
  uint64_t which = inos_sim_random_below (&world->random, G_N_ELEMENTS (lies));
  struct inos_sim_node *to = &world->nodes[inos_sim_random_below (
    &world->random, MIN (world->scenario->replicas, world->n_nodes))];
  struct inos_buffer out = {0};

  if (!document || to == node)
    return;
  lies[which].write (node, document, &out);
  if (inos_buffer_len (&out) > 0)
    inos_sim_replica_say (node, &to->id, lies[which].letter, inos_sim_random_next (&world->random),
                          &out);
  inos_buffer_clear (&out);
}
