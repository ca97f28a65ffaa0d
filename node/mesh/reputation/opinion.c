/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/reputation/opinion.h"

#include "node/mesh/reputation/evidence.h"

#include <glib.h>

#define STEP 50u /* per mille; less is no news */

enum field { OPINION = 1, ALL };
enum opinion_field { ABOUT = 1, EXPECTED, OUTCOMES };

unsigned inos_opinions_share (unsigned members)
{
  unsigned share = INOS_OPINIONS_BYTES / INOS_OPINION_SIZE / MAX (members, 1);

  return CLAMP (share, INOS_OPINIONS_FEW, INOS_OPINIONS_MAX);
}

static const struct inos_opinion *find (const struct inos_opinions *opinions,
                                        const struct inos_peer_id *about)
{
  for (unsigned i = 0; i < opinions->n; i++)
    if (inos_peer_id_equal (&opinions->of[i].about, about))
      return &opinions->of[i];
  return NULL;
}

bool inos_opinions_is_news (const struct inos_opinions *now, const struct inos_opinions *told)
{
  if (now->told != told->told || now->all != told->all || now->n != told->n)
    return true;
  for (unsigned i = 0; i < now->n; i++) {
    const struct inos_opinion *before = find (told, &now->of[i].about);
    if (!before || ABS ((int)now->of[i].expected - (int)before->expected) >= (int)STEP)
      return true;
  }
  return false;
}

void inos_opinions_put (struct inos_buffer *out, const struct inos_opinions *opinions)
{
  for (unsigned i = 0; i < opinions->n; i++) {
    const struct inos_opinion *opinion = &opinions->of[i];
    size_t opened = inos_proto_open (out, OPINION);
    inos_proto_put_bytes (out, ABOUT, opinion->about.bytes, opinion->about.len);
    inos_proto_put_number (out, EXPECTED, opinion->expected);
    inos_proto_put_number (out, OUTCOMES, opinion->outcomes);
    inos_proto_close (out, opened);
  }
  inos_proto_put_number (out, ALL, opinions->all);
}

static bool read_opinion (const struct inos_proto_field *whole, struct inos_opinion *opinion)
{
  struct inos_proto reader = inos_proto_begin (whole->bytes, whole->len);
  uint64_t expected = UINT64_MAX, outcomes = 0;
  struct inos_proto_field field;

  *opinion = (struct inos_opinion){0};
  while (inos_proto_next (&reader, &field)) {
    if (inos_proto_is_bytes (&field, ABOUT, 1, INOS_PEER_ID_MAX)) {
      if (!inos_peer_id_read (&opinion->about, field.bytes, field.len))
        return false;
    } else if (field.kind == INOS_PROTO_NUMBER && field.number == EXPECTED)
      expected = field.value;
    else if (field.kind == INOS_PROTO_NUMBER && field.number == OUTCOMES)
      outcomes = field.value;
  }
  if (reader.bad || !inos_peer_id_is_set (&opinion->about) || expected > 1000 || outcomes == 0 ||
      outcomes > INOS_EVIDENCE_MAX)
    return false;
  opinion->expected = (uint16_t)expected;
  opinion->outcomes = (uint16_t)outcomes;
  return true;
}

void inos_opinions_read (struct inos_opinions *opinions, const struct inos_proto_field *field)
{
  struct inos_opinion opinion;

  if (field->number == ALL && field->kind == INOS_PROTO_NUMBER)
    opinions->all = field->value == 1;
  else if (field->number == OPINION && field->kind == INOS_PROTO_BYTES &&
           opinions->n < INOS_OPINIONS_MAX && read_opinion (field, &opinion) &&
           !find (opinions, &opinion.about))
    opinions->of[opinions->n++] = opinion;
}
