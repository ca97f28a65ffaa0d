/*
 * The session: its streams, its pings, its end. yamux_feed.c takes what comes, yamux_fill.c makes
 * what goes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/yamux-private.h"

#define LEAST_ROUND_TRIP G_GUINT64_CONSTANT (1000000) /* ns; a shorter one is taken for it */

void inos_yamux_init (struct inos_yamux *yamux, const struct inos_yamux_setup *setup)
{
  *yamux = (struct inos_yamux){.setup = *setup, .next_id = setup->initiator ? 1 : 2};
  yamux->streams = g_hash_table_new (NULL, NULL);
  yamux->resets = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  yamux->heard = inos_env_now (setup->env);
  yamux->next_ping = yamux->heard;
  inos_yamux_tick (yamux);
}

void inos_yamux_finish (struct inos_yamux *yamux)
{
  g_clear_pointer (&yamux->streams, g_hash_table_unref);
  g_clear_pointer (&yamux->resets, g_array_unref);
  yamux->over = true;
}

/* The lists. */

static bool has_work (const struct inos_yamux_stream *s)
{
  return s->syn_due || s->ack_due || s->grant_due || (s->fin_due && inos_yamux_waiting (s) == 0) ||
         (s->send_window > 0 && !s->parked && inos_yamux_waiting (s) > 0);
}

static struct inos_yamux_list *active_of (struct inos_yamux *yamux,
                                          const struct inos_yamux_stream *s)
{
  return s->urgent ? &yamux->urgent : &yamux->active;
}

static void append_active (struct inos_yamux *yamux, struct inos_yamux_stream *s)
{
  struct inos_yamux_list *list = active_of (yamux, s);

  s->next = NULL;
  s->previous = list->last;
  *(s->previous ? &s->previous->next : &list->first) = s;
  list->last = s;
  s->active = true;
  yamux->n_active++;
}

static void remove_active (struct inos_yamux *yamux, struct inos_yamux_stream *s)
{
  struct inos_yamux_list *list = active_of (yamux, s);

  if (!s->active)
    return;
  *(s->previous ? &s->previous->next : &list->first) = s->next;
  *(s->next ? &s->next->previous : &list->last) = s->previous;
  s->next = s->previous = NULL;
  s->active = false;
  yamux->n_active--;
}

void yamux_activate (struct inos_yamux *yamux, struct inos_yamux_stream *s)
{
  if (!s->active && has_work (s))
    append_active (yamux, s);
}

struct inos_yamux_stream *yamux_pop_active (struct inos_yamux *yamux)
{
  struct inos_yamux_stream *s = yamux->urgent.first ? yamux->urgent.first : yamux->active.first;

  if (s)
    remove_active (yamux, s);
  return s;
}

void inos_yamux_urge (struct inos_yamux *yamux, struct inos_yamux_stream *s, bool urgent)
{
  remove_active (yamux, s);
  s->urgent = urgent;
  if (s->id != 0)
    yamux_activate (yamux, s);
}

void inos_yamux_unpark (struct inos_yamux *yamux, struct inos_yamux_stream *s)
{
  s->parked = false;
  if (s->id != 0)
    yamux_activate (yamux, s);
}

bool inos_yamux_is_urgent (const struct inos_yamux *yamux)
{
  return !yamux->over && (yamux->n_pongs > 0 || yamux->ping_due || yamux->urgent.first);
}

void yamux_enter (struct inos_yamux *yamux, struct inos_yamux_stream *s)
{
  s->send_window = s->credit = s->window = INOS_YAMUX_WINDOW;
  s->epoch = inos_env_now (yamux->setup.env);
  s->previous_open = yamux->open.last;
  *(s->previous_open ? &s->previous_open->next_open : &yamux->open.first) = s;
  yamux->open.last = s;
  g_hash_table_insert (yamux->streams, GUINT_TO_POINTER (s->id), s);
  if (yamux_is_mine (yamux, s->id)) {
    yamux->n_outbound++;
    yamux->n_unacknowledged++;
  } else {
    yamux->n_inbound++;
  }
}

void yamux_acknowledge (struct inos_yamux *yamux, struct inos_yamux_stream *s)
{
  if (!s->acknowledged && yamux_is_mine (yamux, s->id))
    yamux->n_unacknowledged--;
  s->acknowledged = true;
}

void yamux_leave (struct inos_yamux *yamux, struct inos_yamux_stream *s)
{
  remove_active (yamux, s);
  *(s->previous_open ? &s->previous_open->next_open : &yamux->open.first) = s->next_open;
  *(s->next_open ? &s->next_open->previous_open : &yamux->open.last) = s->previous_open;
  g_hash_table_remove (yamux->streams, GUINT_TO_POINTER (s->id));
  yamux_acknowledge (yamux, s);
  if (yamux_is_mine (yamux, s->id))
    yamux->n_outbound--;
  else
    yamux->n_inbound--;
  if (yamux->current == s)
    yamux->current = NULL;
  yamux->queued -= inos_yamux_waiting (s);
  yamux->grown -= s->window - INOS_YAMUX_WINDOW;
  s->lent_len = 0;
  s->id = 0;
  inos_buffer_clear (&s->queue);
}

bool yamux_reset_id (struct inos_yamux *yamux, uint32_t id)
{
  if (yamux->resets->len == INOS_YAMUX_RESETS_MAX)
    return false;
  g_array_append_val (yamux->resets, id);
  return true;
}

/* Time. */

uint64_t inos_yamux_deadline (const struct inos_yamux *yamux)
{
  if (yamux->over)
    return INOS_NEVER;
  if (yamux->pinging)
    return MAX (yamux->pinged, yamux->heard) + INOS_YAMUX_DEAD;
  return yamux->next_ping;
}

bool inos_yamux_tick (struct inos_yamux *yamux)
{
  uint64_t now = inos_env_now (yamux->setup.env);

  if (now < inos_yamux_deadline (yamux))
    return true;
  if (yamux->pinging)
    return false;
  yamux->ping++;
  yamux->ping_due = yamux->pinging = true;
  yamux->pinged = now;
  yamux->next_ping = now + INOS_YAMUX_ALIVE;
  return true;
}

/* What the owner of a stream does with it. */

bool inos_yamux_open (struct inos_yamux *yamux, struct inos_yamux_stream *stream)
{
  if (yamux->over || yamux->told_off || yamux->n_unacknowledged >= INOS_YAMUX_BACKLOG ||
      yamux->next_id > UINT32_MAX - 2)
    return false;
  stream->id = yamux->next_id;
  yamux->next_id += 2;
  yamux_enter (yamux, stream);
  stream->syn_due = true;
  yamux_activate (yamux, stream);
  return true;
}

void inos_yamux_write (struct inos_yamux *yamux, struct inos_yamux_stream *stream,
                       const void *bytes, size_t len)
{
  if (stream->id == 0)
    return;
  inos_buffer_append (&stream->queue, bytes, len);
  yamux->queued += len;
  yamux_activate (yamux, stream);
}

void inos_yamux_lend (struct inos_yamux *yamux, struct inos_yamux_stream *stream, const void *bytes,
                      size_t len)
{
  if (stream->id == 0)
    return;
  stream->lent = bytes;
  stream->lent_len = len;
  yamux->queued += len;
  yamux_activate (yamux, stream);
}

void inos_yamux_take_back (struct inos_yamux *yamux, struct inos_yamux_stream *stream)
{
  inos_buffer_append (&stream->queue, stream->lent, stream->lent_len);
  stream->lent_len = 0;
}

void inos_yamux_shut (struct inos_yamux *yamux, struct inos_yamux_stream *stream)
{
  if (stream->id == 0 || stream->fin_sent)
    return;
  stream->fin_due = true;
  yamux_activate (yamux, stream);
}

void inos_yamux_reset (struct inos_yamux *yamux, struct inos_yamux_stream *stream)
{
  bool known = !stream->syn_due; /* else the other side has never heard of it */
  uint32_t id = stream->id;

  if (id == 0)
    return;
  yamux_leave (yamux, stream);
  if (known && !yamux->over && !yamux_reset_id (yamux, id))
    yamux->wrong = "it has not read thousands of resets";
}

/* Doubles the window of a stream that used up half of it within four round trips, as go-libp2p
 * does: then the window is what limits its speed. */
static void grow (struct inos_yamux *yamux, struct inos_yamux_stream *s, uint64_t now)
{
  uint64_t patience = 4 * MAX (yamux->round_trip, LEAST_ROUND_TRIP);

  if (s->fixed || !yamux->round_trip || now - s->epoch >= patience ||
      s->window >= INOS_YAMUX_WINDOW_MAX || yamux->grown + s->window > INOS_YAMUX_GROWTH_MAX)
    return;
  yamux->grown += s->window;
  s->window *= 2;
}

void inos_yamux_taken (struct inos_yamux *yamux, struct inos_yamux_stream *stream, size_t len)
{
  if (stream->id == 0)
    return;
  stream->untaken -= (uint32_t)MIN (len, stream->untaken);
  uint32_t given = stream->credit + stream->untaken;
  if (stream->fin_came || stream->grant_due || stream->window - given < stream->window / 2)
    return;
  uint64_t now = inos_env_now (yamux->setup.env);
  grow (yamux, stream, now);
  stream->epoch = now;
  stream->grant_due = true;
  yamux_activate (yamux, stream);
}
