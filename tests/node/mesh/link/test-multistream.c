/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/multistream.h"
#include "node/mesh/wire/varint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define GREETING "\x13/multistream/1.0.0\n"

static const char *const names[] = {"/a/1.0.0", "/b/1.0.0", "/c/1.0.0"};

/* Feeds @bytes in pieces of @piece until something is to be said. Returns: what, and how much of
 * them was used. */
static enum inos_multistream_result feed (struct inos_multistream *ms, const void *bytes,
                                          size_t len, size_t piece, size_t *used,
                                          struct inos_buffer *out)
{
  enum inos_multistream_result result = INOS_MULTISTREAM_MORE;

  *used = 0;
  while (*used < len && result == INOS_MULTISTREAM_MORE) {
    /* Of its own, so that a read past its end is seen. */
    size_t n = MIN (piece, len - *used), took;
    g_autofree uint8_t *copy = g_memdup2 ((const uint8_t *)bytes + *used, n);
    result = inos_multistream_feed (ms, copy, n, &took, out);
    assert_true (took > 0 || result == INOS_MULTISTREAM_BAD);
    *used += took;
  }
  return result;
}

static void expect (struct inos_buffer *out, const char *bytes)
{
  assert_int_equal (inos_buffer_len (out), strlen (bytes));
  assert_memory_equal (inos_buffer_data (out), bytes, strlen (bytes));
  inos_buffer_clear (out);
}

static void test_dial (void **state)
{
  static const char answers[] = GREETING "\x03na\n"
                                         "\x09/b/1.0.0\n"
                                         "rest";

  for (size_t piece = 1; piece <= sizeof answers; piece++) {
    struct inos_multistream ms;
    struct inos_buffer out = {0};
    size_t used;
    inos_multistream_dial (&ms, names, 3, &out);
    expect (&out, GREETING "\x09/a/1.0.0\n");
    assert_int_equal (feed (&ms, answers, sizeof answers - 1, piece, &used, &out),
                      INOS_MULTISTREAM_AGREED);
    assert_int_equal (used, sizeof answers - 1 - 4);
    assert_ptr_equal (ms.agreed, names[1]);
    expect (&out, "\x09/b/1.0.0\n");
    inos_multistream_clear (&ms);
  }
}

static void test_listen (void **state)
{
  static const char asks[] = GREETING "\x09/x/1.0.0\n"
                                      "\x03ls\n"
                                      "\x09/c/1.0.0\n"
                                      "rest";

  for (size_t piece = 1; piece <= sizeof asks; piece++) {
    struct inos_multistream ms = {0};
    struct inos_buffer out = {0}, list = {0};
    size_t used, at;
    assert_int_equal (feed (&ms, asks, sizeof asks - 1, piece, &at, &out), INOS_MULTISTREAM_ASKED);
    assert_string_equal (ms.asked, "/x/1.0.0");
    inos_multistream_answer (&ms, NULL, &out);
    expect (&out, GREETING "\x03na\n");
    assert_int_equal (feed (&ms, asks + at, sizeof asks - 1 - at, piece, &used, &out),
                      INOS_MULTISTREAM_LIST);
    at += used;
    inos_multistream_append (&list, names[0]);
    inos_multistream_append (&list, names[1]);
    inos_multistream_answer_list (&ms, &list, &out);
    expect (&out, "\x15\x09/a/1.0.0\n\x09/b/1.0.0\n\n");
    assert_int_equal (feed (&ms, asks + at, sizeof asks - 1 - at, piece, &used, &out),
                      INOS_MULTISTREAM_ASKED);
    assert_string_equal (ms.asked, names[2]);
    inos_multistream_answer (&ms, names[2], &out);
    expect (&out, "\x09/c/1.0.0\n");
    assert_ptr_equal (ms.agreed, names[2]);
    assert_int_equal (at + used, sizeof asks - 1 - 4);
    inos_buffer_clear (&list);
    inos_multistream_clear (&ms);
  }
}

static void test_none (void **state)
{
  static const char answers[] = GREETING "\x03na\n"
                                         "\x03na\n";
  struct inos_multistream ms;
  struct inos_buffer out = {0};
  size_t used;

  inos_multistream_dial (&ms, names, 2, &out);
  assert_int_equal (feed (&ms, answers, sizeof answers - 1, 5, &used, &out), INOS_MULTISTREAM_NONE);
  assert_int_equal (inos_multistream_feed (&ms, (const uint8_t *)"\x03na\n", 4, &used, &out),
                    INOS_MULTISTREAM_BAD);
  inos_buffer_clear (&out);
  inos_multistream_clear (&ms);
}

static void refuse (bool dialler, const char *bytes, size_t len)
{
  for (size_t piece = 1; piece <= len; piece++) {
    struct inos_multistream ms = {0};
    struct inos_buffer out = {0};
    size_t used;
    if (dialler)
      inos_multistream_dial (&ms, names, 3, &out);
    assert_int_equal (feed (&ms, bytes, len, piece, &used, &out), INOS_MULTISTREAM_BAD);
    assert_true (inos_buffer_len (&ms.line) <= INOS_MULTISTREAM_LINE_MAX + 2);
    inos_buffer_clear (&out);
    inos_multistream_clear (&ms);
  }
}

static void test_refuses (void **state)
{
#define REFUSE(dialler, bytes) refuse (dialler, bytes, sizeof (bytes) - 1)
  for (int dialler = 0; dialler < 2; dialler++) {
    REFUSE (dialler, "\x13/multistream/2.0.0\n");
    REFUSE (dialler, "\x12/multistream/1.0.0\n"); /* no line's end where it should be */
    REFUSE (dialler, "\x09/a/1.0.0\n");           /* no greeting */
    REFUSE (dialler, "\x00");                     /* nothing */
    REFUSE (dialler, "\x81\x08");                 /* one byte too long */
    REFUSE (dialler, "\x80\x80\x01");
    REFUSE (dialler, "\x93\x00/multistream/1.0.0\n"); /* not the shortest length */
    REFUSE (
      dialler,
      "GET / HTTP/1.1\r\nHost: what a web browser sends, which is no peer of ours at all\r\n\r\n");
    REFUSE (dialler, GREETING "\x04na\n\n");
    REFUSE (dialler, GREETING "\x04n\0a\n");
    REFUSE (dialler, GREETING "\x01\n");
  }
  REFUSE (true, GREETING "\x09/b/1.0.0\n"); /* not what was proposed */
  REFUSE (true, GREETING "\x03ls\n");
#undef REFUSE
}

/* Who asks without end is told so. */
static void test_endless (void **state)
{
  struct inos_multistream ms = {0};
  struct inos_buffer out = {0};
  size_t used;

  assert_int_equal (feed (&ms, GREETING, sizeof GREETING - 1, 100, &used, &out),
                    INOS_MULTISTREAM_MORE);
  for (unsigned i = 0; i < INOS_MULTISTREAM_ASKED_MAX; i++) {
    assert_int_equal (feed (&ms, "\x09/x/1.0.0\n", 10, 100, &used, &out), INOS_MULTISTREAM_ASKED);
    inos_multistream_answer (&ms, NULL, &out);
  }
  assert_int_equal (feed (&ms, "\x09/x/1.0.0\n", 10, 100, &used, &out), INOS_MULTISTREAM_BAD);
  inos_buffer_clear (&out);
  inos_multistream_clear (&ms);
}

static void test_longest (void **state)
{
  char name[INOS_MULTISTREAM_LINE_MAX + 1];
  struct inos_multistream ms = {0};
  struct inos_buffer in = {0}, out = {0};
  size_t used;

  memset (name, 'n', sizeof name);
  name[INOS_MULTISTREAM_LINE_MAX - 1] = 0;
  inos_buffer_append (&in, GREETING, sizeof GREETING - 1);
  inos_multistream_append (&in, name);
  assert_int_equal (feed (&ms, inos_buffer_data (&in), inos_buffer_len (&in), 3, &used, &out),
                    INOS_MULTISTREAM_ASKED);
  assert_string_equal (ms.asked, name);
  inos_buffer_clear (&in);
  inos_buffer_clear (&out);
  inos_multistream_clear (&ms);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_dial),    cmocka_unit_test (test_listen),
    cmocka_unit_test (test_none),    cmocka_unit_test (test_refuses),
    cmocka_unit_test (test_endless), cmocka_unit_test (test_longest),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
