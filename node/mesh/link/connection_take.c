/*
 * What comes to a connection: taken apart where it lies, as far as it is whole.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/connection-private.h"

bool connection_check (struct inos_connection *c)
{
  const struct inos_yamux *yamux = &c->yamux;

  if (c->state != CONNECTION_OPEN)
    return c->state != CONNECTION_OVER;
  if (yamux->wrong)
    connection_fail (c, INOS_LINK_ERROR_PROTOCOL, "The peer broke the rules of yamux: %s.",
                     yamux->wrong);
  else if (yamux->told_off && yamux->told_code != INOS_YAMUX_NORMAL)
    connection_fail (
      c, INOS_LINK_ERROR_PROTOCOL, "The peer ended the connection because of an error%s.",
      yamux->told_code == INOS_YAMUX_PROTOCOL_ERROR ? " that it sees here" : " of its own");
  else if (yamux->told_off && !yamux->open.first)
    connection_end (c, INOS_YAMUX_NORMAL, NULL);
  return c->state == CONNECTION_OPEN;
}

static void take_plain (struct inos_connection *c, const uint8_t *bytes, size_t len)
{
  while (len > 0 && c->state == CONNECTION_MUXER) {
    size_t used = connection_take_muxer (c, bytes, len);
    bytes += used;
    len -= used;
  }
  if (c->state != CONNECTION_OPEN)
    return;
  inos_yamux_feed (&c->yamux, bytes, len);
  connection_check (c);
}

static void take_frame (struct inos_connection *c, uint8_t *frame, size_t len)
{
  size_t plain_len;

  if (c->state == CONNECTION_NOISE) {
    connection_take_handshake (c, frame, len);
    return;
  }
  const uint8_t *plain = inos_noise_open (c->noise, frame, len, &plain_len);
  if (plain)
    take_plain (c, plain, plain_len);
  else
    connection_fail (c, INOS_LINK_ERROR_PROTOCOL,
                     "What came from the peer was changed on the way, or is not from it.");
}

/* Whether the frame that @bytes begin may be so long. */
static bool check_size (struct inos_connection *c, const uint8_t *bytes, size_t len)
{
  if (c->state != CONNECTION_NOISE || len < INOS_NOISE_HEAD_SIZE ||
      inos_noise_frame_size (bytes) <= INOS_NOISE_HANDSHAKE_MAX)
    return true;
  connection_fail (c, INOS_LINK_ERROR_PROTOCOL,
                   "The peer's handshake has a message that is too long.");
  return false;
}

/* Takes a frame, from where it lies if it is whole, or gathers what there is of it. Returns: bytes
 * used. */
static size_t take_frames (struct inos_connection *c, uint8_t *bytes, size_t len)
{
  size_t have = inos_buffer_len (&c->in);

  if (have == 0) {
    if (!check_size (c, bytes, len))
      return len;
    size_t size = len < INOS_NOISE_HEAD_SIZE ? SIZE_MAX : inos_noise_frame_size (bytes);
    if (len < size)
      inos_buffer_append (&c->in, bytes, len);
    else
      take_frame (c, bytes, size);
    return MIN (len, size);
  }
  size_t whole = have < INOS_NOISE_HEAD_SIZE ? INOS_NOISE_HEAD_SIZE
                                             : inos_noise_frame_size (inos_buffer_data (&c->in));
  size_t n = MIN (len, whole - have);
  inos_buffer_append (&c->in, bytes, n);
  have += n;
  uint8_t *frame = inos_buffer_data (&c->in);
  if (!check_size (c, frame, have) || have < INOS_NOISE_HEAD_SIZE ||
      have < inos_noise_frame_size (frame))
    return n;
  take_frame (c, frame, have);
  inos_buffer_consume (&c->in, have);
  return n;
}

void connection_take (struct inos_connection *c, uint8_t *bytes, size_t len)
{
  size_t used = c->pnet_in ? inos_pnet_take_nonce (c->pnet_in, bytes, len) : 0;

  bytes += used;
  len -= used;
  if (c->pnet_in)
    inos_pnet_xor (c->pnet_in, bytes, len);
  c->feeding = true;
  while (len > 0 && c->state != CONNECTION_OVER) {
    used = c->state == CONNECTION_SECURITY ? connection_take_security (c, bytes, len)
                                           : take_frames (c, bytes, len);
    bytes += used;
    len -= used;
  }
  c->feeding = false;
}

void connection_take_late (struct inos_connection *c)
{
  struct inos_buffer late = c->late;

  c->late = (struct inos_buffer){0};
  connection_take (c, inos_buffer_data (&late), inos_buffer_len (&late));
  inos_buffer_clear (&late);
}
