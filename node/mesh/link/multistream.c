/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/multistream.h"
#include "node/mesh/wire/varint.h"

#include <string.h>

#define GREETING "/multistream/1.0.0"

void inos_multistream_append (struct inos_buffer *out, const char *name)
{
  size_t len = strlen (name);

  inos_varint_append (out, len + 1);
  inos_buffer_append (out, name, len);
  inos_buffer_append (out, "\n", 1);
}

void inos_multistream_dial (struct inos_multistream *ms, const char *const *names, unsigned n_names,
                            struct inos_buffer *out)
{
  *ms = (struct inos_multistream){.names = names, .n_names = n_names, .answered = true};
  inos_multistream_append (out, GREETING);
  inos_multistream_append (out, names[0]);
}

void inos_multistream_clear (struct inos_multistream *ms)
{
  inos_buffer_clear (&ms->line);
  g_clear_pointer (&ms->asked, g_free);
}

static enum inos_multistream_result fail (struct inos_multistream *ms)
{
  ms->over = true;
  return INOS_MULTISTREAM_BAD;
}

static bool is (const char *line, size_t len, const char *text)
{
  return strlen (text) == len && memcmp (line, text, len) == 0;
}

/* The greeting of who listens goes with its first answer, in one piece. */
static void greet (struct inos_multistream *ms, struct inos_buffer *out)
{
  if (!ms->answered)
    inos_multistream_append (out, GREETING);
  ms->answered = true;
}

/* To the dialler: what the other side says of the proposal. */
static enum inos_multistream_result take_answer (struct inos_multistream *ms, const char *line,
                                                 size_t len, struct inos_buffer *out)
{
  if (is (line, len, ms->names[ms->at])) {
    ms->over = true;
    ms->agreed = ms->names[ms->at];
    return INOS_MULTISTREAM_AGREED;
  }
  if (!is (line, len, "na"))
    return fail (ms);
  if (++ms->at == ms->n_names) {
    ms->over = true;
    return INOS_MULTISTREAM_NONE;
  }
  inos_multistream_append (out, ms->names[ms->at]);
  return INOS_MULTISTREAM_MORE;
}

/* To who listens: what the dialler proposes. */
static enum inos_multistream_result take_proposal (struct inos_multistream *ms, const char *line,
                                                   size_t len)
{
  if (++ms->n_asked > INOS_MULTISTREAM_ASKED_MAX || len == 0)
    return fail (ms);
  if (is (line, len, "ls"))
    return INOS_MULTISTREAM_LIST;
  g_free (ms->asked);
  ms->asked = g_strndup (line, len);
  return INOS_MULTISTREAM_ASKED;
}

/* @line is a whole message without its line's end. */
static enum inos_multistream_result take_line (struct inos_multistream *ms, const char *line,
                                               size_t len, struct inos_buffer *out)
{
  if (memchr (line, '\0', len) || memchr (line, '\n', len))
    return fail (ms);
  if (ms->greeted)
    return ms->names ? take_answer (ms, line, len, out) : take_proposal (ms, line, len);
  if (!is (line, len, GREETING))
    return fail (ms);
  ms->greeted = true;
  return INOS_MULTISTREAM_MORE;
}

/* How large the message is that @bytes begin, 0: not known yet, -1: it is none. */
static int measure (const uint8_t *bytes, size_t len, size_t *head)
{
  uint64_t size;
  int read = inos_varint_get (bytes, MIN (len, 3), &size);

  /* Nothing that is allowed needs more than two bytes of length. */
  if (read < 0 || (read == 0 && len >= 2))
    return -1;
  if (read == 0)
    return 0;
  if (size == 0 || size > INOS_MULTISTREAM_LINE_MAX)
    return -1;
  *head = (size_t)read;
  return (int)size;
}

/* @bytes begin with a message of which all is there. */
static enum inos_multistream_result take_message (struct inos_multistream *ms, const uint8_t *bytes,
                                                  size_t len, struct inos_buffer *out)
{
  if (bytes[len - 1] != '\n')
    return fail (ms);
  return take_line (ms, (const char *)bytes, len - 1, out);
}

/* Moves bytes to the message that has begun until it is whole: by one while its length is not
 * known, else what it lacks. */
static enum inos_multistream_result go_on (struct inos_multistream *ms, const uint8_t *bytes,
                                           size_t len, size_t *used, struct inos_buffer *out)
{
  for (;;) {
    size_t have = inos_buffer_len (&ms->line), head = 0;
    int size = measure (inos_buffer_data (&ms->line), have, &head);
    if (size < 0)
      return fail (ms);
    size_t lacks = size == 0 ? 1 : head + (size_t)size - have;
    if (lacks == 0) {
      enum inos_multistream_result result =
        take_message (ms, inos_buffer_data (&ms->line) + head, (size_t)size, out);
      inos_buffer_clear (&ms->line);
      return result;
    }
    size_t piece = MIN (lacks, len - *used);
    if (piece == 0)
      return INOS_MULTISTREAM_MORE;
    inos_buffer_append (&ms->line, bytes + *used, piece);
    *used += piece;
  }
}

enum inos_multistream_result inos_multistream_feed (struct inos_multistream *ms,
                                                    const uint8_t *bytes, size_t len, size_t *used,
                                                    struct inos_buffer *out)
{
  size_t head = 0;

  *used = 0;
  if (ms->over)
    return INOS_MULTISTREAM_BAD;
  if (len == 0)
    return INOS_MULTISTREAM_MORE;
  if (inos_buffer_len (&ms->line) > 0)
    return go_on (ms, bytes, len, used, out);
  int size = measure (bytes, len, &head);
  if (size < 0)
    return fail (ms);
  if (size == 0 || head + (size_t)size > len) {
    inos_buffer_append (&ms->line, bytes, len);
    *used = len;
    return INOS_MULTISTREAM_MORE;
  }
  *used = head + (size_t)size;
  return take_message (ms, bytes + head, (size_t)size, out);
}

void inos_multistream_answer (struct inos_multistream *ms, const char *name,
                              struct inos_buffer *out)
{
  greet (ms, out);
  inos_multistream_append (out, name ? name : "na");
  g_clear_pointer (&ms->asked, g_free);
  ms->agreed = name;
  ms->over = name != NULL;
}

/* A message of messages, with a line's end of its own, as js- and rust-libp2p send it. */
void inos_multistream_answer_list (struct inos_multistream *ms, const struct inos_buffer *list,
                                   struct inos_buffer *out)
{
  greet (ms, out);
  inos_varint_append (out, inos_buffer_len (list) + 1);
  inos_buffer_append (out, inos_buffer_data (list), inos_buffer_len (list));
  inos_buffer_append (out, "\n", 1);
}
