/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/swarm.h"

#include <stdatomic.h>

#define FRIENDS 8

struct bee_birth {
  struct swarm *swarm;
  uint64_t seed;
};

struct bee_fly {
  uint64_t epoch; /* of the sender's state */
  uint32_t number, fuel, pad, friend_count;
  inos_actor_id friends[2];
};

struct bee_buzz {
  uint32_t fuel;
};

struct bee_honey {
  uint64_t drops;
};

#define BEE(MESSAGE, REQUEST)                                                                      \
  MESSAGE (bee, fly, struct bee_fly, 1)                                                            \
  MESSAGE (bee, buzz, struct bee_buzz, 1)                                                          \
  REQUEST (bee, ask, struct bee_buzz, struct bee_honey, 1)
INOS_PROTOCOL (bee, BEE);
INOS_PROTOCOL_DEFINE (bee, BEE);

struct bee {
  struct swarm *swarm;
  uint64_t rng, epoch;
  inos_actor_id friends[FRIENDS];
  GHashTable *sent, *seen; /* numbers, by who and priority */
  inos_timer timer;
  uint32_t open;
  struct inos_request_id kept;
};

static uint64_t draw (struct bee *self, uint64_t below)
{
  uint64_t z = self->rng += 0x9e3779b97f4a7c15ull;

  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ z >> 27) * 0x94d049bb133111ebull;
  return (z ^ z >> 31) % below;
}

/* The next number, or the last one seen, of a pair of @who and @priority. */
static uint32_t *number_of (GHashTable *table, uint64_t who, unsigned priority)
{
  uint64_t key = who * INOS_PRIORITIES + priority;
  uint32_t *number = g_hash_table_lookup (table, &key);

  if (!number) {
    number = g_new0 (uint32_t, 1);
    g_hash_table_insert (table, g_memdup2 (&key, sizeof key), number);
  }
  return number;
}

static enum inos_outcome bee_begin (void *state, struct inos_context *context, const void *argument)
{
  struct bee *self = state;
  const struct bee_birth *birth = argument;

  self->swarm = birth->swarm;
  self->epoch = atomic_fetch_add (&self->swarm->begun, 1) + 1;
  self->rng = birth->seed ^ inos_self (context);
  self->sent = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  for (unsigned i = 0; i < FRIENDS; i++)
    self->friends[i] = inos_self (context);
  if (draw (self, 50) == 0)
    return inos_fail (context, 1, "stillborn");
  return INOS_OK;
}

static void bee_clear (void *state)
{
  struct bee *self = state;

  if (!self->swarm)
    return;
  atomic_fetch_add (&self->swarm->cleared, 1);
  atomic_fetch_add (&self->swarm->abandoned, self->open);
  g_hash_table_unref (self->sent);
  g_hash_table_unref (self->seen);
}

static enum inos_action bee_on_error (void *state, struct inos_context *context,
                                      const struct inos_failure *failure)
{
  return draw (state, 16) == 0 ? (enum inos_action)draw (state, 4) : INOS_RESUME;
}

static enum inos_outcome bee_on_down (void *state, struct inos_context *context, inos_actor_id who,
                                      struct inos_exit reason)
{
  return INOS_OK;
}

static inos_actor_id friend_of (struct bee *self)
{
  return self->friends[draw (self, FRIENDS)];
}

static void fly_to (struct bee *self, struct inos_context *context, inos_actor_id to, uint32_t fuel)
{
  bool urgent = draw (self, 8) == 0;
  const struct inos_send_options options = {
    .has_priority = urgent,
    .priority = urgent ? (enum inos_priority)draw (self, INOS_PRIORITIES) : INOS_PRIORITY_NORMAL,
    .ttl_ms = draw (self, 40) == 0 ? 1 : 0,
  };
  struct bee_fly fly = {
    .epoch = self->epoch,
    .number =
      ++*number_of (self->sent, to, options.has_priority ? options.priority : INOS_PRIORITY_NORMAL),
    .fuel = fuel,
    .pad = options.has_priority ? options.priority : INOS_PRIORITY_NORMAL,
    .friends = {inos_self (context), friend_of (self)},
  };

  bee_send_fly_with (context, (bee_ref){INOS_TO (to)}, fly, &options);
}

static enum inos_outcome on_honey (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct bee_honey *reply,
                                   uint64_t tag)
{
  struct bee *self = state;

  self->open--;
  atomic_fetch_add (&self->swarm->answered, 1);
  if ((status == INOS_REPLIED) != !!reply || (reply && reply->drops != 42) || tag != self->epoch)
    atomic_fetch_add (&self->swarm->wrong, 1);
  return INOS_OK;
}

static void ask (struct bee *self, struct inos_context *context, uint32_t fuel)
{
  self->open++;
  atomic_fetch_add (&self->swarm->asked, 1);
  if (bee_request_ask (context, (bee_ref){INOS_TO (friend_of (self))}, (struct bee_buzz){fuel},
                       (1 + draw (self, 1000)) * 10000, on_honey, self->epoch) == INOS_NO_MEMORY)
    on_honey (self, context, INOS_REPLY_FULL, NULL, self->epoch);
}

static void spawn_friend (struct bee *self, struct inos_context *context)
{
  extern const struct inos_behaviour bee_behaviour;
  const struct bee_birth birth = {self->swarm, self->rng};
  const struct inos_spawn how = {
    .behaviour = &bee_behaviour,
    .argument = &birth,
    .argument_size = sizeof birth,
    .capacity = draw (self, 2) ? (uint32_t)(1 + draw (self, 6)) : 0,
    .on_full = (enum inos_on_full)draw (self, 4),
    .block_timeout_ms = (uint32_t)(1 + draw (self, 5)),
    .watcher = draw (self, 2) ? inos_self (context) : 0,
    .link = draw (self, 6) == 0,
  };
  inos_actor_id id = inos_spawn_actor (context, &how);

  if (id)
    self->friends[draw (self, FRIENDS)] = id;
}

static void use_timer (struct bee *self, struct inos_context *context)
{
  if (self->timer && draw (self, 2)) {
    inos_cancel (context, self->timer);
    self->timer = 0;
    return;
  }
  inos_cancel (context, self->timer);
  self->timer =
    bee_send_buzz_after (context, (bee_ref){INOS_TO (inos_self (context))}, (struct bee_buzz){2},
                         draw (self, 100000), draw (self, 2) ? 1000 + draw (self, 100000) : 0);
}

/* One thing at random, with @fuel to hand on. */
static enum inos_outcome act (struct bee *self, struct inos_context *context, uint32_t fuel)
{
  switch (draw (self, 24)) {
  case 0:
  case 1:
  case 2:
    spawn_friend (self, context);
    break;
  case 3:
    inos_monitor (context, friend_of (self));
    break;
  case 4:
    inos_demonitor (context, friend_of (self));
    break;
  case 5:
    if (draw (self, 16) == 0)
      inos_link (context, friend_of (self));
    break;
  case 6:
    inos_unlink (context, friend_of (self));
    break;
  case 7:
    if (draw (self, 16) == 0)
      inos_stop (context, friend_of (self), (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
    break;
  case 8:
    if (draw (self, 32) == 0)
      inos_kill (context, friend_of (self));
    break;
  case 9:
  case 10:
    use_timer (self, context);
    break;
  case 11:
  case 12:
    if (fuel)
      ask (self, context, fuel / 2);
    break;
  case 13:
    if (draw (self, 8) == 0)
      return inos_fail (context, 2, "at random");
    break;
  case 14:
    if (draw (self, 32) == 0)
      return INOS_DONE;
    break;
  case 15:
    if (self->kept.id) {
      bee_reply_ask_to (context, self->kept, (struct bee_honey){42});
      self->kept.id = 0;
    }
    break;
  case 16:
    inos_subscribe (context, "flowers");
    break;
  case 17:
    bee_publish_buzz (context, "flowers", (struct bee_buzz){0});
    break;
  default:
    break;
  }
  return INOS_OK;
}

INOS_HANDLE (bee, fly, struct bee)
{
  uint32_t *last =
    number_of (self->seen, inos_sender (context) * 1000003 + message->epoch, message->pad);

  atomic_fetch_add (&self->swarm->handled, 1);
  if (message->number <= *last)
    atomic_fetch_add (&self->swarm->disorder, 1);
  *last = message->number;
  for (unsigned i = 0; i < G_N_ELEMENTS (message->friends); i++)
    self->friends[draw (self, FRIENDS)] = message->friends[i];
  if (draw (self, 2))
    self->friends[draw (self, FRIENDS)] =
      inos_sender (context) ? inos_sender (context) : inos_self (context);
  uint32_t fuel = message->fuel;
  for (unsigned i = 0; i < 3 && fuel > 0; i++) {
    uint32_t part = i < 2 ? 1 + (uint32_t)draw (self, fuel) : fuel;
    fly_to (self, context, friend_of (self), part - 1);
    fuel -= part;
  }
  return act (self, context, fuel);
}

INOS_HANDLE (bee, buzz, struct bee)
{
  atomic_fetch_add (&self->swarm->handled, 1);
  if (self->timer && draw (self, 3) == 0) {
    inos_cancel (context, self->timer);
    self->timer = 0;
  }
  if (message->fuel > 0)
    fly_to (self, context, friend_of (self), message->fuel - 1);
  return INOS_OK;
}

INOS_HANDLE (bee, ask, struct bee)
{
  atomic_fetch_add (&self->swarm->handled, 1);
  switch (draw (self, 4)) {
  case 0:
    self->kept = inos_request_handled (context);
    break;
  case 1:
    inos_refuse (context, inos_request_handled (context));
    break;
  default:
    bee_reply_ask (context, (struct bee_honey){42});
  }
  return act (self, context, message->fuel);
}

INOS_BEHAVIOUR (bee, BEE, struct bee, .pre_start = bee_begin, .on_error = bee_on_error,
                .on_down = bee_on_down, .clear = bee_clear);

void swarm_begin (struct inos_runtime *runtime, struct swarm *swarm, uint64_t seed, unsigned actors,
                  uint32_t fuel)
{
  inos_actor_id last = 0;

  for (unsigned i = 0; i < actors; i++) {
    const struct bee_birth birth = {swarm, seed + i};
    const struct inos_spawn how = {.behaviour = &bee_behaviour,
                                   .argument = &birth,
                                   .argument_size = sizeof birth,
                                   .capacity = i % 3 ? 4 : 0,
                                   .on_full = (enum inos_on_full) (i % 4),
                                   .block_timeout_ms = 2};
    inos_actor_id id = inos_runtime_spawn (runtime, &how);
    if (!id)
      return;
    bee_post_fly (runtime, (bee_ref){INOS_TO (id)},
                  (struct bee_fly){.number = 1,
                                   .fuel = fuel / actors,
                                   .pad = INOS_PRIORITY_NORMAL,
                                   .friends = {last ? last : id, id}});
    last = id;
  }
}
