/*
 * Fuzz target of reputation: the same bytes as a file of it, sealed and as they are, and as what a
 * member says of others. See fuzz_envelope.c for how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/reputation/hearsay.h"
#include "node/mesh/reputation/reputation_file.h"
#include "node/mesh/wire/sealed.h"

#include <string.h>

#define MAGIC "INOSREP\1"
#define WALL INT64_C (1700000000000)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static uint64_t now (void *data)
{
  return 1;
}

static const struct inos_mesh_env env = {.now = now};

static void check_file (const void *bytes, size_t len)
{
  struct inos_reputation *reputation = inos_reputation_new (&env);

  if (!inos_reputation_file_read (reputation, 1, WALL, bytes, len) &&
      inos_reputation_count (reputation) > 0)
    g_error ("a file that was refused is known");
  for (unsigned i = 0; i < inos_reputation_count (reputation); i++) {
    const struct inos_reputed *one = inos_reputation_at (reputation, i);
    if (inos_evidence_total (&one->evidence) > INOS_EVIDENCE_MAX * INOS_OUTCOME ||
        inos_evidence_expect (&one->evidence, 1000) > 1000)
      g_error ("more was seen than is remembered");
  }
  g_bytes_unref (inos_reputation_file_write (reputation, WALL));
  inos_reputation_free (reputation);
}

static void check_sealed (const uint8_t *data, size_t size)
{
  struct inos_buffer sealed = {0};

  inos_sealed_begin (&sealed, MAGIC);
  inos_buffer_append (&sealed, data, size);
  inos_sealed_end (&sealed);
  check_file (inos_buffer_data (&sealed), inos_buffer_len (&sealed));
  inos_buffer_clear (&sealed);
}

static void check_heard (void *data, const struct inos_peer_id *about)
{
  struct inos_heard heard;

  inos_hearsay_look (data, about, &heard);
  if (heard.median < 500 - INOS_HEARSAY_BOUND || heard.median > 500 + INOS_HEARSAY_BOUND ||
      heard.said != 1)
    g_error ("one member said more than it may");
}

static void check_opinions (const uint8_t *data, size_t size)
{
  struct inos_proto reader = inos_proto_begin (data, size);
  struct inos_peer_id author = inos_peer_id_of_key ((const uint8_t[32]){9});
  struct inos_opinions opinions = {.told = true};
  struct inos_hearsay *hearsay = inos_hearsay_new();
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field))
    inos_opinions_read (&opinions, &field);
  if (opinions.n > INOS_OPINIONS_MAX)
    g_error ("too many opinions");
  for (unsigned i = 0; i < opinions.n; i++)
    if (opinions.of[i].expected > 1000 || opinions.of[i].outcomes > INOS_EVIDENCE_MAX)
      g_error ("an opinion that is none");
  inos_hearsay_add (hearsay, &author, &opinions);
  inos_hearsay_each (hearsay, check_heard, hearsay);
  inos_hearsay_free (hearsay);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  check_file (data, size);
  check_sealed (data, size);
  check_opinions (data, size);
  return 0;
}

#ifdef FUZZ_MAIN
#include "driver.h"

static void add (GPtrArray *corpus, const struct inos_buffer *bytes)
{
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (bytes), inos_buffer_len (bytes)));
}

/* 0: a file; 1: its content; 2: opinions. */
static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_reputation *reputation = inos_reputation_new (&env);
  struct inos_opinions opinions = {.told = true, .all = true, .n = 3};
  struct inos_buffer content = {0}, said = {0};
  gsize len;

  for (unsigned i = 0; i < opinions.n; i++) {
    struct inos_peer_id id = inos_peer_id_of_key ((const uint8_t[32]){(uint8_t)(i + 1)});
    opinions.of[i] = (struct inos_opinion){id, (uint16_t)(300 * i), (uint16_t)(i + 1)};
    for (unsigned j = i; j < INOS_CONDUCTS; j += 2)
      inos_reputation_saw (reputation, &id, j);
  }
  GBytes *file = inos_reputation_file_write (reputation, WALL);
  const uint8_t *bytes = g_bytes_get_data (file, &len);
  inos_buffer_append (&content, bytes + INOS_SEALED_MAGIC, len - INOS_SEALED_MAGIC - 32);
  inos_opinions_put (&said, &opinions);
  g_ptr_array_add (corpus, file);
  add (corpus, &content);
  add (corpus, &said);
  inos_buffer_clear (&content);
  inos_buffer_clear (&said);
  inos_reputation_free (reputation);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_reputation", make_corpus());
}
#endif
