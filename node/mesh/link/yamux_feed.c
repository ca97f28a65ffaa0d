/*
 * What a session receives. A frame's bytes are passed on as they come; only its head is waited for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/yamux-private.h"

#include <string.h>

struct head {
  uint8_t version, type;
  uint16_t flags;
  uint32_t id, len;
};

static bool violation (struct inos_yamux *yamux, const char *what)
{
  yamux->wrong = what;
  return false;
}

static struct head read_head (const uint8_t *bytes)
{
  uint16_t flags;
  uint32_t words[2];

  memcpy (&flags, bytes + 2, 2);
  memcpy (words, bytes + 4, 8);
  return (struct head){bytes[0], bytes[1], GUINT16_FROM_BE (flags), GUINT32_FROM_BE (words[0]),
                       GUINT32_FROM_BE (words[1])};
}

static bool take_ping (struct inos_yamux *yamux, const struct head *head)
{
  if (head->id != 0 || (head->flags != YAMUX_SYN && head->flags != YAMUX_ACK))
    return violation (yamux, "it sent a ping that is neither a question nor an answer");
  if (head->flags == YAMUX_SYN) {
    if (yamux->n_pongs < INOS_YAMUX_PONGS_MAX)
      yamux->pongs[yamux->n_pongs++] = head->len;
    return true;
  }
  if (!yamux->pinging || yamux->ping_due || head->len != yamux->ping)
    return true; /* an old one */
  yamux->pinging = false;
  yamux->round_trip = MAX (inos_env_now (yamux->setup.env) - yamux->pinged, 1);
  return true;
}

static bool take_go_away (struct inos_yamux *yamux, const struct head *head)
{
  if (head->id != 0 || head->flags != 0)
    return violation (yamux, "it said goodbye to a stream");
  yamux->told_off = true;
  yamux->told_code = head->len;
  return true;
}

/* The other side opens a stream. Returns: whether it may; @stream is NULL where it is refused. */
static bool take_syn (struct inos_yamux *yamux, const struct head *head,
                      struct inos_yamux_stream **stream)
{
  if (yamux_is_mine (yamux, head->id))
    return violation (yamux, "it opened a stream with an id of this side");
  if (*stream)
    return violation (yamux, "it opened a stream twice");
  if (yamux->n_inbound < yamux->setup.inbound_max)
    *stream = yamux->setup.events->opened (yamux->setup.data);
  if (!*stream)
    return yamux->over || yamux_reset_id (yamux, head->id) ||
           violation (yamux, "it opened thousands of streams and did not read the answers");
  (*stream)->id = head->id;
  yamux_enter (yamux, *stream);
  (*stream)->ack_due = true;
  yamux_activate (yamux, *stream);
  return true;
}

static void take_reset (struct inos_yamux *yamux, struct inos_yamux_stream *stream)
{
  yamux_leave (yamux, stream);
  yamux->setup.events->ended (yamux->setup.data, stream, true);
}

static void take_finish (struct inos_yamux *yamux, struct inos_yamux_stream *stream)
{
  if (stream->fin_came)
    return;
  stream->fin_came = true;
  bool both = stream->fin_sent;
  if (both)
    yamux_leave (yamux, stream);
  yamux->setup.events->finish (yamux->setup.data, stream);
  if (both)
    yamux->setup.events->ended (yamux->setup.data, stream, false);
}

/* The flags of a frame of a stream. Returns: false for a violation. */
static bool take_flags (struct inos_yamux *yamux, const struct head *head,
                        struct inos_yamux_stream **stream)
{
  *stream = g_hash_table_lookup (yamux->streams, GUINT_TO_POINTER (head->id));
  if (head->id == 0)
    return violation (yamux, "it sent a stream's frame without a stream");
  if ((head->flags & YAMUX_SYN) && !take_syn (yamux, head, stream))
    return false;
  if (!*stream && yamux_is_mine (yamux, head->id) && head->id >= yamux->next_id)
    return violation (yamux, "it answered a stream that was never opened");
  if (*stream && (head->flags & YAMUX_ACK))
    yamux_acknowledge (yamux, *stream);
  if (*stream && (head->flags & YAMUX_RST)) {
    take_reset (yamux, *stream);
    *stream = NULL;
  }
  return true;
}

static bool take_window (struct inos_yamux *yamux, const struct head *head)
{
  struct inos_yamux_stream *stream;

  if (!take_flags (yamux, head, &stream))
    return false;
  if (!stream || yamux->over)
    return true;
  if (head->len > UINT32_MAX - stream->send_window)
    return violation (yamux, "it opened a window beyond all bounds");
  stream->send_window += head->len;
  yamux_activate (yamux, stream);
  if (head->flags & YAMUX_FIN)
    take_finish (yamux, stream);
  return true;
}

static bool take_data (struct inos_yamux *yamux, const struct head *head)
{
  struct inos_yamux_stream *stream;

  if (!take_flags (yamux, head, &stream))
    return false;
  if (yamux->over)
    return true;
  if (stream && head->len > stream->credit)
    return violation (yamux, "it sent more than a stream's window");
  if (stream && head->len > 0 && stream->fin_came)
    return violation (yamux, "it sent more on a stream that it had finished");
  if (stream) {
    stream->credit -= head->len;
    stream->untaken += head->len;
  }
  yamux->current = stream;
  yamux->left = head->len;
  yamux->left_fin = head->flags & YAMUX_FIN;
  if (head->len == 0 && stream && yamux->left_fin)
    take_finish (yamux, stream);
  return true;
}

static bool take_head (struct inos_yamux *yamux, const uint8_t *bytes)
{
  struct head head = read_head (bytes);

  if (head.version != 0)
    return violation (yamux, "it speaks another version of yamux");
  if (head.flags & ~YAMUX_FLAGS)
    return violation (yamux, "it sent a frame with unknown flags");
  switch (head.type) {
  case YAMUX_DATA:
    return take_data (yamux, &head);
  case YAMUX_WINDOW:
    return take_window (yamux, &head);
  case YAMUX_PING:
    return take_ping (yamux, &head);
  case YAMUX_GO_AWAY:
    return take_go_away (yamux, &head);
  default:
    return violation (yamux, "it sent a frame of an unknown type");
  }
}

/* Passes bytes of the current frame on. Returns: how many. */
static size_t take_bytes (struct inos_yamux *yamux, const uint8_t *bytes, size_t len)
{
  size_t n = MIN (len, yamux->left);

  yamux->left -= (uint32_t)n;
  if (yamux->current)
    yamux->setup.events->bytes (yamux->setup.data, yamux->current, bytes, n);
  /* It may have gone meanwhile, and the session too. */
  if (yamux->left == 0 && yamux->current && !yamux->over) {
    struct inos_yamux_stream *stream = yamux->current;
    yamux->current = NULL;
    if (yamux->left_fin)
      take_finish (yamux, stream);
  }
  return n;
}

bool inos_yamux_feed (struct inos_yamux *yamux, const uint8_t *bytes, size_t len)
{
  if (len > 0)
    yamux->heard = inos_env_now (yamux->setup.env);
  while (len > 0 && !yamux->over) {
    size_t n;
    if (yamux->left > 0) {
      n = take_bytes (yamux, bytes, len);
    } else if (yamux->head_len == 0 && len >= INOS_YAMUX_HEAD_SIZE) {
      n = INOS_YAMUX_HEAD_SIZE;
      if (!take_head (yamux, bytes))
        return false;
    } else {
      n = MIN (len, INOS_YAMUX_HEAD_SIZE - yamux->head_len);
      memcpy (yamux->head + yamux->head_len, bytes, n);
      yamux->head_len += (unsigned)n;
      if (yamux->head_len == INOS_YAMUX_HEAD_SIZE) {
        yamux->head_len = 0;
        if (!take_head (yamux, yamux->head))
          return false;
      }
    }
    bytes += n;
    len -= n;
    if (yamux->wrong && !yamux->over)
      return false;
  }
  return true;
}
