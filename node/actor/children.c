/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "node/actor/children.h"

#include <string.h>

/* The queue's own link, which closes the ring, and what 0 in a link stands for: links hold names
 * plus one, so that a zeroed one is in no queue. */
#define ENDS (1u << 31)

static struct inos_link *link_of (const struct inos_children *children, uint32_t what)
{
  struct inos_children *own = (struct inos_children *)children;

  if (what == ENDS)
    return &own->queue;
  if (what == INOS_QUEUE_STOP)
    return &own->stop;
  if (what & INOS_QUEUE_COMMAND)
    return &own->commands[what & ~INOS_QUEUE_COMMAND].queue;
  return &own->slot[what].queue;
}

static uint32_t hash (inos_actor_id id)
{
  return (uint32_t)((id * 0x9e3779b97f4a7c15u) >> 32);
}

/* Slots below @n are linked into the free list, and the index is made anew for that many. */
static bool grow (struct inos_children *children, uint32_t n)
{
  uint32_t size = 8;
  uint32_t *by_id;
  struct inos_supervised *slot;

  while (size < 2 * n)
    size *= 2;
  by_id = g_try_new0 (uint32_t, size);
  slot = by_id ? g_try_renew (struct inos_supervised, children->slot, n) : NULL;
  if (!slot) {
    g_free (by_id);
    return false;
  }

  for (uint32_t i = n; i-- > children->n_slots;) {
    slot[i] = (struct inos_supervised){.next = children->free};
    children->free = i;
  }
  g_free (children->by_id);
  *children = (struct inos_children){.slot = slot,
                                     .n_slots = n,
                                     .n = children->n,
                                     .most = children->most,
                                     .free = children->free,
                                     .first = children->first,
                                     .last = children->last,
                                     .by_id = by_id,
                                     .by_id_mask = size - 1,
                                     .queue = children->queue,
                                     .stop = children->stop,
                                     .commands = children->commands,
                                     .n_commands = children->n_commands};
  for (uint32_t i = 0; i < n; i++) {
    inos_actor_id id = slot[i].child ? slot[i].id : 0;
    slot[i].id = 0;
    inos_children_bind (children, i, id);
  }
  return true;
}

bool inos_children_init (struct inos_children *children, uint32_t n, uint32_t most)
{
  *children = (struct inos_children){.most = most,
                                     .free = INOS_NO_CHILD,
                                     .first = INOS_NO_CHILD,
                                     .last = INOS_NO_CHILD,
                                     .queue = {ENDS + 1, ENDS + 1}};
  return grow (children, MAX (n, 1));
}

void inos_children_finish (struct inos_children *children)
{
  for (uint32_t what; (what = inos_children_pop (children)) != INOS_QUEUE_NOTHING;)
    if (what & INOS_QUEUE_COMMAND)
      g_free (inos_children_take (children, what).argument);
  for (uint32_t i = children->first; i != INOS_NO_CHILD; i = children->slot[i].next)
    g_free (children->slot[i].argument);
  g_free (children->slot);
  g_free (children->by_id);
  g_free (children->commands);
}

uint32_t inos_children_add (struct inos_children *children, const struct inos_child *child)
{
  uint32_t i;

  if (children->n >= children->most)
    return INOS_NO_CHILD;
  if (children->free == INOS_NO_CHILD &&
      !grow (children, MIN (children->n_slots * 2, children->most)))
    return INOS_NO_CHILD;

  i = children->free;
  children->free = children->slot[i].next;
  /* The stamp goes on, so that a retry meant for who was here before is not taken. */
  children->slot[i] = (struct inos_supervised){.child = child,
                                               .previous = children->last,
                                               .next = INOS_NO_CHILD,
                                               .stamp = children->slot[i].stamp};
  if (children->last == INOS_NO_CHILD)
    children->first = i;
  else
    children->slot[children->last].next = i;
  children->last = i;
  children->n++;
  return i;
}

void inos_children_remove (struct inos_children *children, uint32_t slot)
{
  struct inos_supervised *c = &children->slot[slot];

  inos_children_bind (children, slot, 0);
  inos_children_drop (children, slot);
  g_free (c->argument);
  if (c->previous == INOS_NO_CHILD)
    children->first = c->next;
  else
    children->slot[c->previous].next = c->next;
  if (c->next == INOS_NO_CHILD)
    children->last = c->previous;
  else
    children->slot[c->next].previous = c->previous;
  *c = (struct inos_supervised){.next = children->free, .stamp = c->stamp + 1};
  children->free = slot;
  children->n--;
}

/* Where @id is in the index, or the hole where it would be. */
static uint32_t place_of (const struct inos_children *children, inos_actor_id id)
{
  uint32_t at = hash (id) & children->by_id_mask;

  while (children->by_id[at] && children->slot[children->by_id[at] - 1].id != id)
    at = (at + 1) & children->by_id_mask;
  return at;
}

/* Closes the hole at @hole: what was put further on because of it moves back. */
static void close_hole (struct inos_children *children, uint32_t hole)
{
  uint32_t mask = children->by_id_mask;

  for (uint32_t at = (hole + 1) & mask; children->by_id[at]; at = (at + 1) & mask) {
    uint32_t home = hash (children->slot[children->by_id[at] - 1].id) & mask;
    if (((at - home) & mask) < ((at - hole) & mask))
      continue;
    children->by_id[hole] = children->by_id[at];
    children->by_id[at] = 0;
    hole = at;
  }
}

void inos_children_bind (struct inos_children *children, uint32_t slot, inos_actor_id id)
{
  struct inos_supervised *c = &children->slot[slot];

  if (c->id) {
    uint32_t at = place_of (children, c->id);
    children->by_id[at] = 0;
    close_hole (children, at);
  }
  c->id = id;
  if (id)
    children->by_id[place_of (children, id)] = slot + 1;
}

uint32_t inos_children_find (const struct inos_children *children, inos_actor_id id)
{
  uint32_t found = id ? children->by_id[place_of (children, id)] : 0;

  return found ? found - 1 : INOS_NO_CHILD;
}

uint32_t inos_children_named (const struct inos_children *children, const char *name)
{
  for (uint32_t i = children->last; i != INOS_NO_CHILD; i = children->slot[i].previous)
    if (strcmp (children->slot[i].child->name, name) == 0)
      return i;
  return INOS_NO_CHILD;
}

void inos_children_push (struct inos_children *children, uint32_t what)
{
  struct inos_link *link = link_of (children, what);

  if (link->next)
    return;
  *link = (struct inos_link){.previous = children->queue.previous, .next = ENDS + 1};
  link_of (children, link->previous - 1)->next = what + 1;
  children->queue.previous = what + 1;
}

void inos_children_drop (struct inos_children *children, uint32_t what)
{
  struct inos_link *link = link_of (children, what);

  if (!link->next)
    return;
  link_of (children, link->previous - 1)->next = link->next;
  link_of (children, link->next - 1)->previous = link->previous;
  *link = (struct inos_link){0, 0};
}

uint32_t inos_children_pop (struct inos_children *children)
{
  uint32_t what = children->queue.next - 1;

  if (what == ENDS)
    return INOS_QUEUE_NOTHING;
  inos_children_drop (children, what);
  return what;
}

bool inos_children_keep (struct inos_children *children, const struct inos_command *command)
{
  uint32_t i = 0;

  if (children->n_commands == INOS_COMMANDS_MAX)
    return false;
  if (!children->commands)
    children->commands = g_try_new0 (struct inos_queued_command, INOS_COMMANDS_MAX);
  if (!children->commands)
    return false;

  while (children->commands[i].queue.next)
    i++;
  children->commands[i].command = *command;
  children->n_commands++;
  inos_children_push (children, INOS_QUEUE_COMMAND + i);
  return true;
}

struct inos_command inos_children_take (struct inos_children *children, uint32_t what)
{
  children->n_commands--;
  return children->commands[what & ~INOS_QUEUE_COMMAND].command;
}

/* The order of starts holds every child once. */
static const char *order_broken (const struct inos_children *children)
{
  uint32_t n = 0, before = INOS_NO_CHILD;

  for (uint32_t i = children->first; i != INOS_NO_CHILD; i = children->slot[i].next) {
    if (!children->slot[i].child || children->slot[i].previous != before || ++n > children->n)
      return "the order of children is not a list of them";
    before = i;
  }
  return n != children->n || before != children->last ? "the order of children lacks some" : NULL;
}

const char *inos_children_broken (const struct inos_children *children)
{
  const char *broken = order_broken (children);
  uint32_t bound = 0, indexed = 0, commands = 0;

  if (broken)
    return broken;
  for (uint32_t i = children->first; i != INOS_NO_CHILD; i = children->slot[i].next)
    if (children->slot[i].id && (bound++, inos_children_find (children, children->slot[i].id) != i))
      return "a child is not found by its id";
  for (uint32_t i = 0; i <= children->by_id_mask; i++)
    indexed += children->by_id[i] != 0;
  if (indexed != bound)
    return "the index holds ids that no child has";

  for (uint32_t what = children->queue.next - 1, before = ENDS; what != ENDS;) {
    struct inos_link *link = link_of (children, what);
    if (link->previous != before + 1)
      return "the queue is no list";
    commands += (what & INOS_QUEUE_COMMAND) != 0;
    before = what;
    what = link->next - 1;
  }
  return commands != children->n_commands ? "commands are lost or doubled" : NULL;
}
