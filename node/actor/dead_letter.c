/*
 * Dead letters.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"
#include "node/actor/probe.h"

#include <string.h>

struct kept {
  uint64_t number; /* 0: nothing here */
  enum inos_dead_reason reason;
  inos_actor_id recipient;
  uint64_t died;
  struct inos_envelope envelope; /* with its payload; never in a queue */
};

struct inos_dead_letters {
  pthread_mutex_t lock;
  uint64_t counts[INOS_DEAD_REASONS];
  uint64_t last;
  uint32_t room;
  struct kept kept[];
};

const char *inos_dead_reason_name (enum inos_dead_reason reason)
{
  static const char *const names[] = {"gone",    "unhandled", "failed", "late",
                                      "refused", "full",      "oldest", "expired"};

  _Static_assert (G_N_ELEMENTS (names) == INOS_DEAD_REASONS, "each reason has a name");
  return (unsigned)reason < INOS_DEAD_REASONS ? names[reason] : "unknown";
}

struct inos_dead_letters *inos_dead_letters_new (uint32_t room)
{
  struct inos_dead_letters *dead = g_try_malloc0 (sizeof *dead + room * sizeof dead->kept[0]);

  if (!dead)
    return NULL;
  pthread_mutex_init (&dead->lock, NULL);
  dead->room = room;
  for (uint32_t i = 0; i < room; i++)
    dead->kept[i].envelope.type = INOS_NO_TYPE;
  return dead;
}

void inos_dead_letters_free (struct inos_worker *worker, struct inos_dead_letters *dead)
{
  if (!dead)
    return;
  for (uint32_t i = 0; i < dead->room; i++)
    inos_envelope_clear_payload (worker, &dead->kept[i].envelope);
  pthread_mutex_destroy (&dead->lock);
  g_free (dead);
}

static void count (struct inos_worker *worker, enum inos_dead_reason reason)
{
  if (reason == INOS_DEAD_EXPIRED)
    inos_count (&worker->count.expired, 1);
  else if (reason == INOS_DEAD_FULL || reason == INOS_DEAD_OLDEST)
    inos_count (&worker->count.dropped, 1);
  else
    inos_count (&worker->count.dead, 1);
}

/* A request that nobody will answer is answered by us. One that failed in its handler too. */
static void answer (struct inos_worker *worker, struct inos_envelope *e,
                    enum inos_dead_reason reason)
{
  static const enum inos_replied status[] = {
    [INOS_DEAD_GONE] = INOS_REPLY_DEAD,       [INOS_DEAD_UNHANDLED] = INOS_REPLY_REFUSED,
    [INOS_DEAD_FAILED] = INOS_REPLY_DEAD,     [INOS_DEAD_LATE] = INOS_REPLY_DEAD,
    [INOS_DEAD_REFUSED] = INOS_REPLY_REFUSED, [INOS_DEAD_FULL] = INOS_REPLY_FULL,
    [INOS_DEAD_OLDEST] = INOS_REPLY_FULL,     [INOS_DEAD_EXPIRED] = INOS_TIMED_OUT,
  };

  if (!(e->flags & INOS_E_REQUEST))
    return;
  inos_reply_failed (worker, e, status[reason]);
  e->flags &= (uint8_t)~INOS_E_REQUEST;
}

void inos_dead_letter_record (struct inos_worker *worker, inos_actor_id to, struct inos_envelope *e,
                              enum inos_dead_reason reason)
{
  struct inos_dead_letters *dead = worker->runtime->dead;
  struct inos_envelope before;

  count (worker, reason);
  if (UNLIKELY (worker->tracing || e->flags & INOS_E_PATH))
    inos_trace_dead (worker, to, e, reason);
  INOS_PROBE_DEAD (e->id, to, reason);
  answer (worker, e, reason);
  pthread_mutex_lock (&dead->lock);
  dead->counts[reason]++;
  uint64_t number = ++dead->last;
  struct kept *kept = &dead->kept[number % dead->room];
  inos_envelope_move (&before, &kept->envelope);
  inos_envelope_move (&kept->envelope, e);
  kept->number = number;
  kept->reason = reason;
  kept->recipient = to;
  kept->died = worker->now;
  pthread_mutex_unlock (&dead->lock);
  inos_envelope_clear_payload (worker, &before);
}

void inos_dead_letter (struct inos_worker *worker, inos_actor_id to, struct inos_envelope *e,
                       enum inos_dead_reason reason)
{
  inos_dead_letter_record (worker, to, e, reason);
  inos_envelope_recycle (worker, e);
}

size_t inos_dead_letters (struct inos_runtime *runtime, struct inos_dead_letter *out, size_t room)
{
  struct inos_dead_letters *dead = runtime->dead;
  size_t count = 0;

  pthread_mutex_lock (&dead->lock);
  for (uint64_t n = dead->last; n > 0 && dead->last - n < dead->room && count < room; n--) {
    const struct kept *kept = &dead->kept[n % dead->room];
    if (kept->number != n)
      continue;
    out[count++] = (struct inos_dead_letter){.number = n,
                                             .reason = kept->reason,
                                             .sender = kept->envelope.sender,
                                             .recipient = kept->recipient,
                                             .id = kept->envelope.id,
                                             .time = kept->envelope.time,
                                             .died = kept->died,
                                             .type = inos_type_of (&kept->envelope)};
  }
  pthread_mutex_unlock (&dead->lock);
  return count;
}

void inos_dead_letters_counted (struct inos_runtime *runtime, uint64_t counts[INOS_DEAD_REASONS])
{
  pthread_mutex_lock (&runtime->dead->lock);
  memcpy (counts, runtime->dead->counts, sizeof runtime->dead->counts);
  pthread_mutex_unlock (&runtime->dead->lock);
}

/* Takes the letter out of its place and into @e. */
static bool take (struct inos_dead_letters *dead, uint64_t number, struct inos_envelope *e,
                  inos_actor_id *recipient)
{
  pthread_mutex_lock (&dead->lock);
  struct kept *kept = &dead->kept[number % dead->room];
  bool found = number > 0 && kept->number == number && !(kept->envelope.flags & INOS_E_REPLY) &&
               kept->envelope.type != INOS_NO_TYPE;
  if (found) {
    inos_envelope_move (e, &kept->envelope);
    *recipient = kept->recipient;
    kept->number = 0;
  }
  pthread_mutex_unlock (&dead->lock);
  return found;
}

enum inos_sent inos_dead_letter_resend (struct inos_runtime *runtime, uint64_t number,
                                        const struct inos_address *to)
{
  struct inos_worker *worker = inos_outside_lock (runtime);
  struct inos_envelope *e = inos_envelope_new (worker);
  enum inos_sent sent = INOS_NO_MEMORY;
  inos_actor_id recipient;

  if (e && take (runtime->dead, number, e, &recipient)) {
    e->time = worker->now;
    if (to && to->route)
      sent = inos_deliver_by (worker, *to, e, NULL);
    else
      sent = inos_deliver (worker, to ? to->id : recipient, e, NULL);
  } else if (e) {
    inos_envelope_recycle (worker, e);
    sent = INOS_DEAD;
  }
  inos_outside_unlock (runtime);
  return sent;
}
