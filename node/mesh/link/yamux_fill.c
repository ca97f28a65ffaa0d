/*
 * What a session sends. First what is the session's own, then one stream after the other, those
 * that are urgent before the others: each what the other side waits for, and then bytes up to a
 * quantum, so that a large transfer delays the others by no more than that of each.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/yamux-private.h"

#include <string.h>

/* Frames of one stream beside its bytes: the window, a head, the end. */
#define STREAM_HEADS 3u

static size_t put_head (uint8_t *out, enum yamux_type type, uint16_t flags, uint32_t id,
                        uint32_t len)
{
  uint16_t big_flags = GUINT16_TO_BE (flags);
  uint32_t words[2] = {GUINT32_TO_BE (id), GUINT32_TO_BE (len)};

  out[0] = 0;
  out[1] = (uint8_t)type;
  memcpy (out + 2, &big_flags, 2);
  memcpy (out + 4, words, 8);
  return INOS_YAMUX_HEAD_SIZE;
}

size_t inos_yamux_due (const struct inos_yamux *yamux)
{
  if (yamux->over)
    return 0;
  size_t heads = yamux->n_pongs + yamux->resets->len + (yamux->ping_due ? 1 : 0) +
                 (size_t)yamux->n_active * STREAM_HEADS;
  /* What is queued and may not be sent is counted where some other may; that is harmless. */
  return heads == 0 ? 0 : heads * INOS_YAMUX_HEAD_SIZE + (yamux->n_active > 0 ? yamux->queued : 0);
}

static size_t fill_pings (struct inos_yamux *yamux, uint8_t *out, size_t room)
{
  size_t at = 0;
  unsigned n = 0;

  for (; n < yamux->n_pongs && room - at >= INOS_YAMUX_HEAD_SIZE; n++)
    at += put_head (out + at, YAMUX_PING, YAMUX_ACK, 0, yamux->pongs[n]);
  yamux->n_pongs -= n;
  memmove (yamux->pongs, yamux->pongs + n, yamux->n_pongs * sizeof *yamux->pongs);
  if (yamux->ping_due && room - at >= INOS_YAMUX_HEAD_SIZE) {
    at += put_head (out + at, YAMUX_PING, YAMUX_SYN, 0, yamux->ping);
    yamux->ping_due = false;
    yamux->pinged = inos_env_now (yamux->setup.env);
  }
  return at;
}

static size_t fill_resets (struct inos_yamux *yamux, uint8_t *out, size_t room)
{
  size_t at = 0;
  unsigned n = 0;

  for (; n < yamux->resets->len && room - at >= INOS_YAMUX_HEAD_SIZE; n++)
    at +=
      put_head (out + at, YAMUX_WINDOW, YAMUX_RST, g_array_index (yamux->resets, uint32_t, n), 0);
  if (n > 0)
    g_array_remove_range (yamux->resets, 0, n);
  return at;
}

static uint16_t take_flags (struct inos_yamux_stream *s)
{
  uint16_t flags = (uint16_t)((s->syn_due ? YAMUX_SYN : 0) | (s->ack_due ? YAMUX_ACK : 0));

  s->syn_due = s->ack_due = false;
  return flags;
}

static void copy_out (struct inos_yamux_stream *s, uint8_t *out, size_t len)
{
  size_t queued = MIN (len, inos_buffer_len (&s->queue)), lent = len - queued;

  if (queued > 0) {
    memcpy (out, inos_buffer_data (&s->queue), queued);
    inos_buffer_consume (&s->queue, queued);
  }
  if (lent > 0) {
    memcpy (out + queued, s->lent, lent);
    s->lent += lent;
    s->lent_len -= lent;
  }
}

/* A frame of @s with bytes in it, if there are any that may go. */
static size_t fill_data (struct inos_yamux *yamux, struct inos_yamux_stream *s, uint8_t *out,
                         size_t room, size_t quantum)
{
  if (room <= INOS_YAMUX_HEAD_SIZE)
    return 0;
  size_t len =
    MIN (MIN (inos_yamux_waiting (s), s->send_window), MIN (room - INOS_YAMUX_HEAD_SIZE, quantum));
  if (len > 0 && yamux->setup.events->allow) {
    len = yamux->setup.events->allow (yamux->setup.data, s, len);
    s->parked = len == 0;
  }
  if (len == 0)
    return 0;
  put_head (out, YAMUX_DATA, take_flags (s), s->id, (uint32_t)len);
  copy_out (s, out + INOS_YAMUX_HEAD_SIZE, len);
  s->send_window -= (uint32_t)len;
  yamux->queued -= len;
  return INOS_YAMUX_HEAD_SIZE + len;
}

/* What the other side may send from now on. */
static size_t fill_grant (struct inos_yamux_stream *s, uint8_t *out)
{
  uint32_t grant = s->window - s->credit - s->untaken;

  s->grant_due = false;
  if (grant == 0 || s->fin_came)
    return 0;
  s->credit += grant;
  return put_head (out, YAMUX_WINDOW, take_flags (s), s->id, grant);
}

/* @room is enough for the heads. Returns: bytes; @s may have left the session. */
static size_t fill_stream (struct inos_yamux *yamux, struct inos_yamux_stream *s, uint8_t *out,
                           size_t room, size_t quantum)
{
  size_t at = s->grant_due ? fill_grant (s, out) : 0;
  size_t data = fill_data (yamux, s, out + at, room - at - INOS_YAMUX_HEAD_SIZE, quantum);

  at += data;
  if (s->syn_due || s->ack_due)
    at += put_head (out + at, YAMUX_WINDOW, take_flags (s), s->id, 0);
  /* Of its own, since there are peers that lose bytes that come with it. */
  if (s->fin_due && inos_yamux_waiting (s) == 0 && room - at >= INOS_YAMUX_HEAD_SIZE) {
    at += put_head (out + at, YAMUX_WINDOW, YAMUX_FIN, s->id, 0);
    s->fin_due = false;
    s->fin_sent = true;
  }
  if (s->fin_sent && s->fin_came) {
    yamux_leave (yamux, s);
    yamux->setup.events->ended (yamux->setup.data, s, false);
    return at;
  }
  yamux_activate (yamux, s);
  if (data > 0)
    yamux->setup.events->sent (yamux->setup.data, s);
  return at;
}

size_t inos_yamux_fill (struct inos_yamux *yamux, uint8_t *out, size_t room)
{
  if (yamux->over)
    return 0;
  bool urgent = inos_yamux_is_urgent (yamux);
  size_t at = fill_pings (yamux, out, room);
  at += fill_resets (yamux, out + at, room - at);
  while (yamux->n_active > 0 && room - at >= STREAM_HEADS * INOS_YAMUX_HEAD_SIZE &&
         (!urgent || yamux->urgent.first)) {
    size_t quantum = yamux->n_active == 1 ? SIZE_MAX : INOS_YAMUX_QUANTUM;
    at += fill_stream (yamux, yamux_pop_active (yamux), out + at, room - at, quantum);
  }
  return at;
}

void inos_yamux_go_away (struct inos_yamux *yamux, enum inos_yamux_code code,
                         uint8_t out[INOS_YAMUX_HEAD_SIZE])
{
  put_head (out, YAMUX_GO_AWAY, 0, 0, code);
  yamux->over = true;
}
