/*
 * What members take of the memory, and what they may take at most.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#define CLAIM_SIZE (sizeof (struct tree_claim) + 2 * sizeof (uint32_t))
#define RECORD_SIZE (sizeof (struct inos_member_record) + INOS_MEMBER_RECORD_MAX)
/* The table's arrays grow by doubling; an index is at most half full, and may just have doubled. */
#define ORDER_SIZE (2 * sizeof (struct inos_member *))
#define INDEX_SIZE (4 * sizeof (struct slot))

static size_t size_of_record (const struct inos_member_record *record)
{
  return sizeof *record + record->len;
}

static size_t size_of_tree (const struct tree *tree)
{
  size_t size = tree->size * CLAIM_SIZE;

  for (unsigned i = 0; i < tree->size; i++)
    if (tree->claims[i].record)
      size += size_of_record (tree->claims[i].record);
    else if (tree->claims[i].accusation)
      size += sizeof (struct tree_accusation);
  return size + (tree->past ? INOS_MEMBERS_PAST_SIZE : 0);
}

size_t inos_members_memory (const struct inos_members *m)
{
  size_t size = sizeof *m + m->size * sizeof *m->order + m->n_index * sizeof *m->index +
                m->n_blocks * sizeof (struct member_block);

  for (unsigned i = 0; i < m->n; i++)
    size += size_of_record (m->order[i]->record) +
            (m->order[i]->suspicion ? sizeof *m->order[i]->suspicion : 0);
  return size + size_of_tree (&m->tree);
}

size_t inos_members_memory_max (void)
{
  const size_t member = sizeof (struct suspicion) + RECORD_SIZE + ORDER_SIZE + INDEX_SIZE;
  const size_t blocks = (INOS_MEMBERS_MAX + MEMBERS_OF_BLOCK - 1) / MEMBERS_OF_BLOCK;

  return sizeof (struct inos_members) + blocks * sizeof (struct member_block) +
         INOS_MEMBERS_MAX * member + TREE_SEEN_MAX * (CLAIM_SIZE + RECORD_SIZE) +
         INOS_MEMBERS_PAST_SIZE;
}
