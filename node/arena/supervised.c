/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/arena/supervised.h"

#include "node/arena/arena.h"

#define SUPERVISORS 64u /* that are asked */
#define PAGES 16u       /* that each is asked for */
#define PATIENCE (500 * INOS_MILLISECOND)
#define AGE INOS_SECOND

struct child {
  inos_actor_id id; /* the key */
  uint32_t restarts;
  bool seen; /* when the supervisors were asked last */
  char name[INOS_CHILD_NAME_MAX];
};

struct inos_supervised {
  GHashTable *child; /* struct child, which is key and value */
  inos_actor_id supervisor[SUPERVISORS];
  unsigned open; /* questions */
  uint64_t asked;
};

struct inos_supervised *inos_supervised_new (void)
{
  struct inos_supervised *children = g_new0 (struct inos_supervised, 1);

  children->child = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return children;
}

void inos_supervised_free (struct inos_supervised *children)
{
  if (!children)
    return;
  g_hash_table_unref (children->child);
  g_free (children);
}

void inos_supervised_apply (const struct inos_supervised *children, struct inos_arena_actors *row)
{
  const struct child *child = g_hash_table_lookup (children->child, &row->id);

  if (!child)
    return;
  row->restarts = child->restarts;
  if (row->name[0] == '\0')
    inos_arena_text (row->name, sizeof row->name, child->name);
}

static void take (struct inos_supervised *children, const struct inos_supervisor_children *page)
{
  for (uint32_t i = 0; i < page->shown; i++) {
    const struct inos_child_info *info = &page->child[i];
    struct child *child = info->id ? g_new0 (struct child, 1) : NULL;
    if (!child)
      continue;
    *child = (struct child){.id = info->id, .restarts = info->restarts, .seen = true};
    g_strlcpy (child->name, info->name, sizeof child->name);
    g_hash_table_replace (children->child, &child->id, child);
  }
}

static gboolean is_unseen (gpointer key, gpointer value, gpointer data)
{
  return !((struct child *)value)->seen;
}

static void ask (struct inos_supervised *children, struct inos_context *context, uint32_t which,
                 uint32_t skipped);

static enum inos_outcome on_children (void *state, struct inos_context *context,
                                      enum inos_replied status,
                                      const struct inos_supervisor_children *page, uint64_t tag)
{
  struct inos_supervised *children = *(struct inos_supervised **)state;
  uint32_t which = (uint32_t)(tag >> 32), skipped = (uint32_t)tag;

  children->open--;
  if (status == INOS_REPLIED) {
    take (children, page);
    skipped += page->shown;
    if (page->shown > 0 && skipped < page->total && skipped < PAGES * INOS_CHILDREN_SHOWN)
      ask (children, context, which, skipped);
  }
  if (children->open == 0)
    g_hash_table_foreach_remove (children->child, is_unseen, NULL);
  return INOS_OK;
}

static void ask (struct inos_supervised *children, struct inos_context *context, uint32_t which,
                 uint32_t skipped)
{
  if (inos_supervisor_request_which_children (
        context, (inos_supervisor_ref){INOS_TO (children->supervisor[which])},
        (struct inos_supervisor_page){skipped}, PATIENCE, on_children,
        (uint64_t)which << 32 | skipped) != INOS_NO_MEMORY)
    children->open++;
}

void inos_supervised_ask (struct inos_supervised *children, struct inos_context *context,
                          const struct inos_arena_actors *rows, uint32_t count)
{
  GHashTableIter iter;
  struct child *child;
  uint32_t supervisors = 0;

  if (children->open > 0 || (children->asked > 0 && inos_now (context) < children->asked + AGE))
    return;
  children->asked = inos_now (context);
  g_hash_table_iter_init (&iter, children->child);
  while (g_hash_table_iter_next (&iter, NULL, (void **)&child))
    child->seen = false;
  for (uint32_t i = 0; i < count && supervisors < SUPERVISORS; i++)
    if (rows[i].supervisor)
      children->supervisor[supervisors++] = rows[i].id;
  for (uint32_t i = 0; i < supervisors; i++)
    ask (children, context, i, 0);
}
