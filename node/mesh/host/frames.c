/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/frames.h"
#include "node/mesh/wire/varint.h"

/* The first message of @bytes. Returns: bytes of it with its length; 0: it is not whole; -1: it is
 * none. */
static gssize first (const struct inos_frames *frames, const uint8_t *bytes, size_t len,
                     size_t *header)
{
  uint64_t size;
  int read = inos_varint_get (bytes, len, &size);

  if (read < 0 || (read > 0 && size > frames->max))
    return -1;
  *header = (size_t)read;
  return read > 0 && len - (size_t)read >= size ? read + (gssize)size : 0;
}

/* Returns: bytes that were whole messages; -1: it cannot go on. */
static gssize read_all (const struct inos_frames *frames, const uint8_t *bytes, size_t len,
                        inos_frames_each each, void *data)
{
  size_t done = 0, header;

  for (;;) {
    gssize size = first (frames, bytes + done, len - done, &header);
    if (size < 0)
      return -1;
    if (size == 0)
      return (gssize)done;
    if (!each (data, bytes + done + header, (size_t)size - header))
      return -1;
    done += (size_t)size;
  }
}

bool inos_frames_feed (struct inos_frames *frames, const uint8_t *bytes, size_t len,
                       inos_frames_each each, void *data)
{
  if (inos_frames_is_empty (frames)) {
    gssize read = read_all (frames, bytes, len, each, data);
    if (read >= 0)
      inos_buffer_append (&frames->partial, bytes + read, len - (size_t)read);
    return read >= 0;
  }
  inos_buffer_append (&frames->partial, bytes, len);
  gssize read = read_all (frames, inos_buffer_data (&frames->partial),
                          inos_buffer_len (&frames->partial), each, data);
  if (read > 0)
    inos_buffer_consume (&frames->partial, (size_t)read);
  return read >= 0;
}

bool inos_frames_is_empty (const struct inos_frames *frames)
{
  return inos_buffer_len (&frames->partial) == 0;
}

void inos_frames_clear (struct inos_frames *frames)
{
  inos_buffer_clear (&frames->partial);
}

void inos_frames_write (struct inos_stream *stream, const void *message, size_t len)
{
  uint8_t header[INOS_VARINT_MAX];

  inos_stream_write (stream, header, inos_varint_put (header, len));
  inos_stream_write (stream, message, len);
}
