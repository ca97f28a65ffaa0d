/*
 * Sessions of remote actors, two of them back to back on a clock of the test's: letters in order
 * and no more than the window, questions, deadlines, ends, silence, and what is no message.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/remote/session.h"

#include "node/base/priority.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define MS UINT64_C (1000000)

struct side {
  struct world *world;
  struct inos_remote_session *session;
  bool caller;
  struct inos_remote_over over;
  bool is_over;
  /* what it was told */
  uint32_t room, letters, answers, cancelled, hellos, last_version;
  uint64_t last_id;
  uint32_t last_remaining;
  enum inos_remote_status status;
  char *text;
};

struct world {
  uint64_t now;
  bool cut; /* nothing arrives */
  GQueue flying;
  struct side near, far; /* the caller's, the called one */
};

struct flight {
  struct side *to;
  GBytes *bytes;
};

static uint64_t world_now (void *data)
{
  return ((struct world *)data)->now;
}

static void on_write (void *data, const void *message, size_t len)
{
  struct side *side = data;
  struct flight flight = {side->caller ? &side->world->far : &side->world->near,
                          g_bytes_new (message, len)};

  g_queue_push_tail (&side->world->flying, g_memdup2 (&flight, sizeof flight));
}

static void on_over (void *data, struct inos_remote_over why)
{
  struct side *side = data;

  assert_false (side->is_over);
  side->is_over = true;
  side->over = why;
}

static void on_room (void *data, uint32_t units)
{
  ((struct side *)data)->room += units;
}

static void on_answer (void *data, uint64_t id, enum inos_remote_status status, GVariant *body)
{
  struct side *side = data;

  side->answers++;
  side->last_id = id;
  side->status = status;
  g_free (side->text);
  side->text = body ? g_variant_print (body, FALSE) : NULL;
}

static void on_hello (void *data, const char *name)
{
  struct side *side = data;

  side->hellos++;
  if (strcmp (name, "door") == 0)
    inos_remote_session_welcome (side->session);
  else
    inos_remote_session_end (side->session, (struct inos_remote_over){.end = INOS_REMOTE_NOBODY});
}

static void on_letter (void *data, const struct inos_remote_message *letter)
{
  struct side *side = data;

  assert_string_equal (letter->name, "note");
  assert_int_equal (letter->version, side->last_version + 1); /* in order */
  side->last_version = letter->version;
  side->last_id = letter->id;
  side->last_remaining = letter->remaining;
  side->letters++;
}

static void on_cancel (void *data, uint64_t id)
{
  ((struct side *)data)->cancelled++;
}

static const struct inos_remote_events events = {on_write, on_over,   on_room,  on_answer,
                                                 on_hello, on_letter, on_cancel};

static const struct inos_mesh_env *env_of (struct world *world)
{
  static struct inos_mesh_env env;

  env = (struct inos_mesh_env){.data = world, .now = world_now};
  return &env;
}

static void begin (struct world *world, const char *name)
{
  *world = (struct world){.now = 1};
  g_queue_init (&world->flying);
  world->near.world = world->far.world = world;
  world->near.caller = true;
  world->far.session = inos_remote_session_new (
    &(struct inos_remote_setup){.env = env_of (world), .events = &events, .data = &world->far});
  world->near.session = inos_remote_session_new (&(struct inos_remote_setup){
    .env = env_of (world), .name = name, .events = &events, .data = &world->near});
}

static void settle (struct world *world)
{
  struct flight *flight;

  while ((flight = g_queue_pop_head (&world->flying)) != NULL) {
    gsize len;
    const void *bytes = g_bytes_get_data (flight->bytes, &len);
    if (!world->cut)
      inos_remote_session_receive (flight->to->session, bytes, len);
    g_bytes_unref (flight->bytes);
    g_free (flight);
  }
}

static void pass (struct world *world, uint64_t ms)
{
  uint64_t until = world->now + ms * MS;

  for (;;) {
    uint64_t next = MIN (inos_remote_session_deadline (world->near.session),
                         inos_remote_session_deadline (world->far.session));
    if (next > until)
      break;
    world->now = MAX (world->now, next);
    inos_remote_session_tick (world->near.session);
    inos_remote_session_tick (world->far.session);
    settle (world);
  }
  world->now = until;
}

static void finish (struct world *world)
{
  world->cut = true;
  settle (world);
  inos_remote_session_free (world->near.session);
  inos_remote_session_free (world->far.session);
  g_free (world->near.text);
  g_free (world->far.text);
}

static void send (struct world *world, uint16_t version, uint64_t id, uint32_t remaining)
{
  g_autoptr (GVariant) body = g_variant_ref_sink (g_variant_new_string ("x"));
  struct inos_remote_message letter = {.version = version,
                                       .priority = INOS_PRIORITY_NORMAL,
                                       .name = "note",
                                       .id = id,
                                       .remaining = remaining,
                                       .body = body};

  inos_remote_session_send (world->near.session, &letter);
}

static void test_letters_in_a_window (void **state)
{
  struct world world;

  begin (&world, "door");
  settle (&world);
  assert_int_equal (world.near.room, INOS_REMOTE_WINDOW);
  for (uint16_t i = 1; i <= INOS_REMOTE_WINDOW; i++)
    send (&world, i, 0, 0);
  settle (&world);
  assert_int_equal (world.far.letters, INOS_REMOTE_WINDOW);
  inos_remote_session_taken (world.far.session, 10);
  settle (&world);
  assert_int_equal (world.near.room, INOS_REMOTE_WINDOW + 10);
  for (uint16_t i = 1; i <= 10; i++)
    send (&world, (uint16_t)(INOS_REMOTE_WINDOW + i), 0, 0);
  settle (&world);
  assert_int_equal (world.far.letters, INOS_REMOTE_WINDOW + 10);
  assert_false (world.far.is_over);
  send (&world, 99, 0, 0); /* one more than it was given */
  settle (&world);
  assert_true (world.far.is_over);
  assert_int_equal (world.far.over.end, INOS_REMOTE_LOST);
  finish (&world);
}

static void test_questions (void **state)
{
  struct world world;
  g_autoptr (GVariant) body = g_variant_ref_sink (g_variant_new ("(us)", 7, "b"));

  begin (&world, "door");
  settle (&world);
  send (&world, 1, 11, 0);
  settle (&world);
  assert_int_equal (world.far.last_id, 11);
  inos_remote_session_answer (world.far.session, 11, INOS_REMOTE_REPLIED, body);
  inos_remote_session_answer (world.far.session, 11, INOS_REMOTE_REPLIED, body); /* once only */
  settle (&world);
  assert_int_equal (world.near.answers, 1);
  assert_int_equal (world.near.status, INOS_REMOTE_REPLIED);
  assert_string_equal (world.near.text, "(7, 'b')");
  send (&world, 2, 12, 0);
  settle (&world);
  inos_remote_session_answer (world.far.session, 12, INOS_REMOTE_FULL, NULL);
  settle (&world);
  assert_int_equal (world.near.status, INOS_REMOTE_FULL);
  /* one that is cancelled is not answered, here or there */
  send (&world, 3, 13, 0);
  settle (&world);
  assert_false (inos_remote_session_cancel (world.near.session, 13));
  assert_false (inos_remote_session_cancel (world.near.session, 13));
  settle (&world);
  assert_int_equal (world.far.cancelled, 1);
  inos_remote_session_answer (world.far.session, 13, INOS_REMOTE_REPLIED, body);
  settle (&world);
  assert_int_equal (world.near.answers, 2);
  assert_int_equal (inos_remote_session_asked (world.far.session), 0);
  finish (&world);
}

static void test_deadlines (void **state)
{
  struct world world;

  begin (&world, "door");
  settle (&world);
  send (&world, 1, 11, 500);
  settle (&world);
  assert_int_equal (world.far.last_remaining, 500);
  pass (&world, 499);
  assert_int_equal (world.near.answers, 0);
  pass (&world, 2);
  assert_int_equal (world.near.answers, 1);
  assert_int_equal (world.near.status, INOS_REMOTE_TIMED_OUT);
  assert_int_equal (world.far.cancelled, 1);
  assert_int_equal (inos_remote_session_asked (world.far.session), 0);
  /* who takes it back as its time is up was not answered in time; who does so before had another
   * reason */
  send (&world, 2, 12, 500);
  send (&world, 3, 13, 500);
  settle (&world);
  pass (&world, 400);
  assert_false (inos_remote_session_cancel (world.near.session, 12));
  pass (&world, 99);
  assert_true (inos_remote_session_cancel (world.near.session, 13));
  settle (&world);
  assert_int_equal (world.near.answers, 1);
  assert_int_equal (world.far.cancelled, 3);
  finish (&world);
}

static void test_ends (void **state)
{
  struct world world;

  begin (&world, "door");
  settle (&world);
  send (&world, 1, 11, 0);
  settle (&world);
  inos_remote_session_end (world.far.session, (struct inos_remote_over){INOS_REMOTE_ERROR, -3});
  settle (&world);
  assert_true (world.near.is_over && world.far.is_over);
  assert_int_equal (world.near.over.end, INOS_REMOTE_ERROR);
  assert_int_equal (world.near.over.code, -3);
  assert_int_equal (world.near.status, INOS_REMOTE_DEAD);
  send (&world, 2, 12, 0); /* too late */
  assert_int_equal (world.near.answers, 2);
  assert_int_equal (world.near.status, INOS_REMOTE_DEAD);
  finish (&world);

  begin (&world, "cellar");
  settle (&world);
  assert_int_equal (world.near.over.end, INOS_REMOTE_NOBODY);
  assert_int_equal (world.near.room, 0);
  finish (&world);
}

static void test_silence (void **state)
{
  struct world world;

  begin (&world, "door");
  settle (&world);
  pass (&world, 3600000); /* nothing to say is no silence */
  assert_false (world.near.is_over || world.far.is_over);
  world.cut = true;
  send (&world, 1, 11, 0);
  pass (&world, 40000);
  assert_true (world.near.is_over && world.far.is_over);
  assert_int_equal (world.near.over.end, INOS_REMOTE_LOST);
  assert_int_equal (world.near.status, INOS_REMOTE_DEAD);
  finish (&world);

  begin (&world, "door"); /* nobody answers the hello */
  world.cut = true;
  pass (&world, 9000);
  assert_false (world.near.is_over);
  pass (&world, 2000);
  assert_true (world.near.is_over);
  finish (&world);
}

static void test_too_many_questions (void **state)
{
  struct world world;

  begin (&world, "door");
  settle (&world);
  for (uint16_t i = 1; i <= INOS_REMOTE_ASKED_MAX; i++) {
    send (&world, i, i, 0);
    settle (&world);
    inos_remote_session_taken (world.far.session, 1);
  }
  settle (&world);
  uint32_t room = world.near.room;
  send (&world, 0, 9999, 0);
  assert_int_equal (world.near.status, INOS_REMOTE_FULL);
  assert_int_equal (world.near.room, room + 1);
  settle (&world);
  assert_false (world.far.is_over);
  finish (&world);
}

static GBytes *written (const struct inos_remote_message *message)
{
  struct inos_buffer out = {0};

  inos_remote_message_write (&out, message);
  return g_bytes_new_take (out.bytes, inos_buffer_len (&out));
}

static bool survives (GVariant *body)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (body);
  struct inos_remote_message read;
  g_autoptr (GBytes) bytes = written (&(struct inos_remote_message){
    .kind = INOS_REMOTE_LETTER, .name = "note", .version = 3, .priority = 1, .body = owned});
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);

  if (!inos_remote_message_read (&read, data, len))
    return false;
  assert_true (g_variant_equal (read.body, owned));
  assert_int_equal (read.version, 3);
  assert_int_equal (read.priority, 1);
  inos_remote_message_clear (&read);
  return true;
}

static GVariant *nested (unsigned deep)
{
  GVariant *value = g_variant_new_string ("x");

  while (deep-- > 0)
    value = g_variant_new_variant (value);
  return value;
}

static void test_bodies (void **state)
{
  static uint8_t many[INOS_REMOTE_BODY_MAX + 1];
  static const char *const wrong[] = {"", "a", "../", "a b", "\xc3\xa4"};

  assert_true (survives (g_variant_new ("()")));
  assert_true (survives (g_variant_new ("(bynqiuxtds)", TRUE, 1, -2, 3, -4, 5, INT64_C (-6),
                                        UINT64_C (7), 0.5, "text")));
  assert_true (survives (g_variant_new_parsed ("{'a': <1>, 'b': <[<2>, <{'c': <3>}>]>}")));
  assert_true (survives (nested (INOS_REMOTE_DEPTH_MAX)));
  assert_false (survives (nested (INOS_REMOTE_DEPTH_MAX + 1)));
  assert_true (
    survives (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, many, sizeof many - 1, 1)));
  assert_false (survives (g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, many, sizeof many, 1)));
  assert_false (survives (g_variant_new_handle (0)));
  assert_false (inos_remote_name_is_right (wrong[0]));
  for (size_t i = 2; i < G_N_ELEMENTS (wrong); i++)
    assert_false (inos_remote_name_is_right (wrong[i]));
  assert_true (inos_remote_name_is_right ("a-b_c.D9"));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_letters_in_a_window),
    cmocka_unit_test (test_questions),
    cmocka_unit_test (test_deadlines),
    cmocka_unit_test (test_ends),
    cmocka_unit_test (test_silence),
    cmocka_unit_test (test_too_many_questions),
    cmocka_unit_test (test_bodies),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
