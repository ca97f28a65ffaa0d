/*
 * The children of one supervisor: slots that keep their place, the order in which they start, what
 * waits to be handled, and the way from an actor's id to its slot.
 *
 * The slots are one array. Both lists run through it by index: the order, and the queue, in which
 * there are also commands and the wish to stop. Whatever can be needed for a child is had when it
 * is added, so that all but adding cannot fail.
 *
 * Only supervision.c uses this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/supervision.h"

struct inos_link {
  uint32_t previous, next; /* of the queue; both 0 where it is in none */
};

struct inos_supervised {
  const struct inos_child *child; /* NULL: the slot is free, `next` is the next free one */
  inos_actor_id id;               /* 0 where there is no actor */
  enum inos_child_state state;
  bool gone;               /* it is RUNNING for all that was done, but its end waits in the queue */
  struct inos_exit reason; /* of that end, or of the last one */
  uint32_t previous, next; /* in the order of starts */
  struct inos_link queue;  /* there while it is gone, or while a retry is due */
  uint32_t stamp;          /* of the retry that counts */
  uint32_t failures;       /* restarts in a row, for the back-off */
  uint32_t restarts;
  uint64_t since; /* ns: when it last started */
  void *argument; /* (owned) in place of child->argument */
  uint32_t argument_size;
};

/* What the queue holds, beside slots by their index. */
#define INOS_QUEUE_STOP (1u << 30)
#define INOS_QUEUE_COMMAND (1u << 29) /* + place among the commands */
#define INOS_QUEUE_NOTHING UINT32_MAX

struct inos_queued_command {
  struct inos_link queue;
  struct inos_command command;
};

struct inos_children {
  struct inos_supervised *slot;
  uint32_t n_slots; /* slots that there are, free ones too */
  uint32_t n;       /* children */
  uint32_t most;
  uint32_t free;        /* the first free slot */
  uint32_t first, last; /* in the order of starts */
  uint32_t *by_id;      /* slot + 1, 0: nobody; open addressing */
  uint32_t by_id_mask;
  struct inos_link queue;               /* its ends */
  struct inos_link stop;                /* the wish to stop, in the queue */
  struct inos_queued_command *commands; /* NULL until one has to wait */
  uint32_t n_commands;                  /* waiting */
};

/** inos_children_init: Returns: whether there was memory for @n children. */
bool inos_children_init (struct inos_children *children, uint32_t n, uint32_t most);
void inos_children_finish (struct inos_children *children);

/** inos_children_add: puts one last. Returns: its slot, INOS_NO_CHILD if there is no room. */
uint32_t inos_children_add (struct inos_children *children, const struct inos_child *child);
void inos_children_remove (struct inos_children *children, uint32_t slot);

/** inos_children_bind: @slot's actor is @id from now on; 0: it has none. */
void inos_children_bind (struct inos_children *children, uint32_t slot, inos_actor_id id);
uint32_t inos_children_find (const struct inos_children *children, inos_actor_id id);
uint32_t inos_children_named (const struct inos_children *children, const char *name);

/** inos_children_push: puts @what last into the queue, unless it is there. */
void inos_children_push (struct inos_children *children, uint32_t what);
/** inos_children_drop: takes @what out of the queue, if it is there. */
void inos_children_drop (struct inos_children *children, uint32_t what);
/** inos_children_pop: takes the first out. Returns: INOS_QUEUE_NOTHING where there is none. */
uint32_t inos_children_pop (struct inos_children *children);

/** inos_children_keep: Returns: whether there was room to let @command wait. */
bool inos_children_keep (struct inos_children *children, const struct inos_command *command);
/** inos_children_take: the command of the place @what, which was popped. */
struct inos_command inos_children_take (struct inos_children *children, uint32_t what);

/** inos_children_broken: Returns: (nullable): what does not hold of the lists and the index. */
const char *inos_children_broken (const struct inos_children *children);
