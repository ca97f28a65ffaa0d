/*
 * Hosts with each other: dials, identify, ping, perf, messages, limits, and what goes wrong.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/error.h"
#include "node/mesh/host/identify.h"
#include "node/mesh/host/messenger.h"
#include "node/mesh/host/perf.h"
#include "node/mesh/host/ping.h"
#include "node/mesh/host/questions.h"
#include "tests/node/mesh/host/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)

/* What a host told, as text. */
struct diary {
  GString *text;
};

static void on_connected (void *data, const struct inos_peer_id *peer)
{
  g_string_append (((struct diary *)data)->text, "connected ");
}

static void on_disconnected (void *data, const struct inos_peer_id *peer)
{
  g_string_append (((struct diary *)data)->text, "disconnected ");
}

static void on_identified (void *data, const struct inos_peer_id *peer)
{
  g_string_append (((struct diary *)data)->text, "identified ");
}

static const struct inos_host_events diary_events = {
  .connected = on_connected, .disconnected = on_disconnected, .identified = on_identified};

static void test_connects_and_identifies (void **state)
{
  struct world *world = world_new (1);
  struct inos_host *one = world_add (world, NULL), *other = world_add (world, NULL);
  struct inos_identify *identify[] = {inos_identify_new (one), inos_identify_new (other)};
  struct diary diary = {g_string_new (NULL)};

  inos_host_watch (one, &diary_events, &diary);
  assert_true (world_connect (world, 1, 2));
  world_settle (world);
  assert_string_equal (diary.text->str, "connected identified ");
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (one), inos_host_id (other));
  assert_string_equal (peer->agent, "inos/test");
  assert_true (inos_peer_speaks (peer, INOS_IDENTIFY_PROTOCOL));
  assert_non_null (peer->record);

  inos_host_hang_up (other, inos_host_id (one));
  world_settle (world);
  assert_string_equal (diary.text->str, "connected identified disconnected ");
  assert_false (inos_host_is_connected (one, inos_host_id (other)));
  assert_int_equal (world_links (world), 0);
  world_free (world);
  inos_identify_free (identify[0]);
  inos_identify_free (identify[1]);
  g_string_free (diary.text, TRUE);
}

/* How a dial ended. */
struct ending {
  unsigned times;
  GError *error;
};

static void on_ended (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct ending *ending = data;

  ending->times++;
  if (error)
    ending->error = g_error_copy (error);
}

static void test_wrong_peer (void **state)
{
  struct world *world = world_new (2);
  struct inos_host *one = world_add (world, NULL);
  struct inos_host *third = (world_add (world, NULL), world_add (world, NULL));
  struct inos_multiaddr address = world_address (world, 2, false);
  struct ending ending = {0};

  inos_host_connect (one, inos_host_id (third), &address, 1, on_ended, &ending);
  world_settle (world);
  assert_int_equal (ending.times, 1);
  assert_non_null (ending.error);
  assert_non_null (strstr (ending.error->message, "/memory/2"));
  assert_int_equal (world_links (world), 0);
  g_clear_error (&ending.error);
  world_free (world);
}

static void test_refused_and_silent (void **state)
{
  struct world *world = world_new (3);
  struct inos_host *one = world_add (world, NULL), *other = world_add (world, NULL);
  struct inos_multiaddr address = world_address (world, 2, false);
  struct ending ending = {0};

  world_forbid (world, 2, true);
  inos_host_connect (one, inos_host_id (other), &address, 1, on_ended, &ending);
  world_settle (world);
  assert_int_equal (ending.times, 1);
  assert_non_null (strstr (ending.error->message, "refused"));
  g_clear_error (&ending.error);

  world_forbid (world, 2, false);
  inos_host_connect (one, inos_host_id (other), &address, 1, on_ended, &ending);
  world_pass (world, 19 * SECOND);
  assert_int_equal (ending.times, 1);
  world_pass (world, 2 * SECOND);
  assert_int_equal (ending.times, 2);
  assert_true (g_error_matches (ending.error, INOS_MESH_ERROR, INOS_MESH_ERROR_TIMED_OUT));
  g_clear_error (&ending.error);
  world_free (world);
}

/* How the last dial of an address ended is remembered. */
static void test_endings (void **state)
{
  struct world *world = world_new (20);
  struct inos_host *one = world_add (world, NULL), *other = world_add (world, NULL);
  struct inos_multiaddr address = world_address (world, 2, false);
  struct inos_peer *peer =
    inos_peer_book_get (inos_host_book (one), inos_host_id (other), world_now (world));
  const struct inos_known_address *known;

  inos_peer_learn (peer, &address, INOS_ADDRESS_CONFIGURED, INOS_NEVER);
  known = &g_array_index (peer->addresses, struct inos_known_address, 0);
  assert_int_equal (known->last, INOS_DIAL_NEVER);
  world_forbid (world, 2, true);
  inos_host_connect (one, &peer->id, NULL, 0, NULL, NULL);
  world_settle (world);
  assert_int_equal (known->last, INOS_DIAL_REFUSED);
  assert_int_equal (known->dialled, world_now (world));
  world_forbid (world, 2, false);
  inos_host_connect (one, &peer->id, NULL, 0, NULL, NULL);
  world_pass (world, 30 * SECOND);
  assert_int_equal (known->last, INOS_DIAL_TIMED_OUT);
  world_open (world, 2);
  inos_host_connect (one, &peer->id, NULL, 0, NULL, NULL);
  world_settle (world);
  assert_int_equal (known->last, INOS_DIAL_WORKED);
  assert_string_equal (inos_dial_ending_name (known->last), "worked");
  world_free (world);
}

/* The first address is silent: the second is tried after a quarter of a second, and wins. */
static void test_happy_eyeballs (void **state)
{
  struct world *world = world_new (4);
  struct inos_host *one = world_add (world, NULL);
  world_add (world, NULL);
  struct inos_host *third = world_add (world, NULL);
  struct inos_multiaddr addresses[] = {world_address (world, 2, false),
                                       world_address (world, 3, false)};
  struct ending ending = {0};
  uint64_t start = world_now (world);

  world_forbid (world, 2, false);
  inos_host_connect (one, inos_host_id (third), addresses, 2, on_ended, &ending);
  world_settle (world);
  assert_int_equal (ending.times, 0);
  world_pass (world, SECOND / 2);
  assert_int_equal (ending.times, 1);
  assert_null (ending.error);
  assert_true (inos_host_is_connected (one, inos_host_id (third)));
  assert_true (world_now (world) - start <= SECOND / 2);
  world_free (world);
}

/* Two who dial the same peer share the dial; whoever is connected is not dialled. */
static void test_dials_are_shared (void **state)
{
  struct world *world = world_new (5);
  struct inos_host *one = world_add (world, NULL), *other = world_add (world, NULL);
  struct inos_multiaddr address = world_address (world, 2, true);
  struct ending ending = {0};

  for (int i = 0; i < 10; i++)
    inos_host_connect (one, inos_host_id (other), &address, 1, on_ended, &ending);
  world_settle (world);
  assert_int_equal (ending.times, 10);
  assert_null (ending.error);
  assert_int_equal (world_links (world), 1);
  inos_host_connect (one, inos_host_id (other), &address, 1, on_ended, &ending);
  assert_int_equal (ending.times, 11);
  assert_int_equal (world_links (world), 1);
  world_free (world);
}

static void on_ping (void *data, uint64_t round_trip, const GError *error)
{
  *(int *)data += error ? 100 : 1;
}

static void test_ping (void **state)
{
  struct world *world = world_new (6);
  struct inos_host *one = world_add (world, NULL), *other = world_add (world, NULL);
  struct inos_ping *pings[] = {inos_ping_new (one), inos_ping_new (other)};
  int answers = 0;

  assert_true (world_connect (world, 1, 2));
  for (int i = 0; i < 20; i++) {
    inos_ping_send (pings[i % 2], inos_host_id (i % 2 ? one : other), on_ping, &answers);
    world_settle (world);
  }
  assert_int_equal (answers, 20);
  world_cut (world, 1, 2);
  inos_ping_send (pings[0], inos_host_id (other), on_ping, &answers);
  world_pass (world, 120 * SECOND); /* the connection's own pings miss their answers */
  assert_int_equal (answers, 120);
  assert_false (inos_host_is_connected (one, inos_host_id (other)));
  inos_ping_send (pings[0], inos_host_id (other), on_ping, &answers);
  assert_int_equal (answers, 220);
  world_free (world);
  inos_ping_free (pings[0]);
  inos_ping_free (pings[1]);
}

static void on_perf (void *data, const struct inos_perf_result *result, const GError *error)
{
  assert_null (error);
  assert_true (result->sent == 3000000 && result->received == 2000000);
  ++*(int *)data;
}

static void on_perf_refused (void *data, const struct inos_perf_result *result, const GError *error)
{
  assert_true (g_error_matches (error, INOS_MESH_ERROR, INOS_MESH_ERROR_REFUSED));
  ++*(int *)data;
}

static void test_perf (void **state)
{
  struct world *world = world_new (7);
  struct inos_host *one = world_add (world, NULL), *other = world_add (world, NULL);
  struct inos_perf *perfs[] = {inos_perf_new (one, false), inos_perf_new (other, true)};
  int done = 0;

  assert_true (world_connect (world, 1, 2));
  inos_perf_run (perfs[0], inos_host_id (other), 3000000, 2000000, on_perf, &done);
  inos_perf_run (perfs[1], inos_host_id (one), 1, 1, on_perf_refused, &done);
  world_pass (world, SECOND);
  assert_int_equal (done, 2);
  world_free (world);
  inos_perf_free (perfs[0]);
  inos_perf_free (perfs[1]);
}

/* Messages */

struct box {
  GString *text;
};

static void on_up (void *data, const struct inos_peer_id *peer, const char *protocol)
{
  g_string_append_printf (((struct box *)data)->text, "up %s ", protocol);
}

static void on_down (void *data, const struct inos_peer_id *peer)
{
  g_string_append (((struct box *)data)->text, "down ");
}

static bool on_message (void *data, const struct inos_peer_id *peer, const uint8_t *message,
                        size_t len)
{
  g_string_append_printf (((struct box *)data)->text, "%.*s ", (int)len, message);
  return len < 6;
}

static void test_messages (void **state)
{
  static const char *const names[] = {"/test/2", "/test/1"};
  static const struct inos_messenger_events events = {
    .up = on_up, .down = on_down, .message = on_message};
  struct world *world = world_new (8);
  struct inos_host *hosts[] = {world_add (world, NULL), world_add (world, NULL)};
  struct inos_identify *identify[] = {inos_identify_new (hosts[0]), inos_identify_new (hosts[1])};
  struct box boxes[] = {{g_string_new (NULL)}, {g_string_new (NULL)}};
  struct inos_messenger *messengers[2];

  for (unsigned i = 0; i < 2; i++) /* the second speaks only the older */
    messengers[i] = inos_messenger_new (
      hosts[i], &(struct inos_messenger_setup){names + i, 2 - i, 100, false, &events, &boxes[i]});
  assert_true (world_connect (world, 1, 2));
  world_settle (world);
  assert_string_equal (boxes[0].text->str, "up /test/1 ");
  struct inos_channel channel = inos_messenger_channel (messengers[0]);
  assert_true (channel.send (channel.data, inos_host_id (hosts[1]), "one", 3));
  assert_true (channel.send (channel.data, inos_host_id (hosts[1]), "two", 3));
  assert_false (channel.send (channel.data, inos_host_id (hosts[0]), "me", 2));
  world_settle (world);
  assert_string_equal (boxes[1].text->str, "up /test/1 one two ");
  inos_host_hang_up (hosts[0], inos_host_id (hosts[1]));
  world_settle (world);
  assert_string_equal (boxes[0].text->str, "up /test/1 down ");
  assert_string_equal (boxes[1].text->str, "up /test/1 one two down ");
  assert_true (world_connect (world, 2, 1));
  world_settle (world);
  assert_string_equal (boxes[0].text->str, "up /test/1 down up /test/1 ");
  world_free (world);
  for (unsigned i = 0; i < 2; i++) {
    inos_messenger_free (messengers[i]);
    inos_identify_free (identify[i]);
    g_string_free (boxes[i].text, TRUE);
  }
}

static void on_dialled (void *data, const struct inos_peer_id *peer, const GError *error)
{
  assert_null (error);
}

/* Both dial at once, so that there are two connections: messages go on when either breaks. */
static void messages_outlive_link (unsigned number)
{
  static const char *const names[] = {"/test/1"};
  static const struct inos_messenger_events events = {
    .up = on_up, .down = on_down, .message = on_message};
  struct world *world = world_new (9 + number);
  struct inos_host *hosts[] = {world_add (world, NULL), world_add (world, NULL)};
  struct inos_identify *identify[] = {inos_identify_new (hosts[0]), inos_identify_new (hosts[1])};
  struct box boxes[] = {{g_string_new (NULL)}, {g_string_new (NULL)}};
  struct inos_messenger *messengers[2];

  for (unsigned i = 0; i < 2; i++)
    messengers[i] = inos_messenger_new (
      hosts[i], &(struct inos_messenger_setup){names, 1, 100, false, &events, &boxes[i]});
  for (unsigned i = 0; i < 2; i++) {
    struct inos_multiaddr address = world_address (world, 2 - i, true);
    inos_host_connect (hosts[i], inos_host_id (hosts[1 - i]), &address, 1, on_dialled, NULL);
  }
  world_settle (world);
  assert_int_equal (world_links (world), 2);
  for (unsigned i = 0; i < 2; i++)
    g_string_truncate (boxes[i].text, 0);
  world_break (world, number);
  world_settle (world);
  assert_int_equal (world_links (world), 1);
  for (unsigned i = 0; i < 2; i++) {
    struct inos_channel channel = inos_messenger_channel (messengers[i]);
    assert_true (channel.send (channel.data, inos_host_id (hosts[1 - i]), "still", 5));
  }
  world_settle (world);
  for (unsigned i = 0; i < 2; i++) {
    assert_true (g_str_has_suffix (boxes[i].text->str, "still "));
    assert_null (strstr (boxes[i].text->str, "down"));
  }
  world_free (world);
  for (unsigned i = 0; i < 2; i++) {
    inos_messenger_free (messengers[i]);
    inos_identify_free (identify[i]);
    g_string_free (boxes[i].text, TRUE);
  }
}

static void test_messages_take_the_other_connection (void **state)
{
  messages_outlive_link (0);
  messages_outlive_link (1);
}

/* Questions */

static bool answer (void *data, const struct inos_peer_id *peer, const uint8_t *question,
                    size_t len, struct inos_buffer *out)
{
  inos_buffer_append (out, "re:", 3);
  inos_buffer_append (out, question, len);
  return len > 0 && question[0] != '!';
}

static void answered (void *data, uint64_t ticket, const uint8_t *bytes, size_t len,
                      const GError *why)
{
  g_string_append_printf (data, "%u=%.*s ", (unsigned)ticket, bytes ? (int)len : 4,
                          bytes ? (const char *)bytes : "none");
}

static void test_questions (void **state)
{
  struct world *world = world_new (9);
  struct inos_host *hosts[] = {world_add (world, NULL), world_add (world, NULL)};
  GString *text = g_string_new (NULL);
  struct inos_questions *questions[2];

  for (unsigned i = 0; i < 2; i++)
    questions[i] =
      inos_questions_new (hosts[i], &(struct inos_questions_setup){.name = "/ask/1",
                                                                   .message_max = 100,
                                                                   .streams_max = 4,
                                                                   .serve = i == 1,
                                                                   .answer = answer,
                                                                   .answered = answered,
                                                                   .data = text});
  assert_true (world_connect (world, 1, 2));
  inos_questions_ask (questions[0], inos_host_id (hosts[1]), "a", 1, true, SECOND, 1);
  inos_questions_ask (questions[0], inos_host_id (hosts[1]), "b", 1, false, SECOND, 2);
  world_settle (world);
  assert_non_null (strstr (text->str, "1=re:a "));
  assert_non_null (strstr (text->str, "2=none "));
  g_string_truncate (text, 0);
  inos_questions_ask (questions[0], inos_host_id (hosts[1]), "!", 1, true, SECOND, 3);
  inos_questions_ask (questions[1], inos_host_id (hosts[0]), "c", 1, true, SECOND, 4);
  world_settle (world);
  assert_non_null (strstr (text->str, "3=none "));
  assert_non_null (strstr (text->str, "4=none "));
  world_free (world);
  inos_questions_free (questions[0]);
  inos_questions_free (questions[1]);
  g_string_free (text, TRUE);
}

/* Limits: of one peer there are four connections, and above the limit the least valued go. */
static void test_trims (void **state)
{
  struct world *world = world_new (10);
  struct inos_host *busy =
    world_add (world, &(struct inos_host_limits){.connections_max = 8, .connections_low = 5});

  for (unsigned i = 2; i <= 9; i++) {
    world_add (world, NULL);
    assert_true (world_connect (world, i, 1));
  }
  for (unsigned i = 2; i <= 4; i++) {
    struct inos_multiaddr with = world_address (world, i, true);
    struct inos_peer_id id;
    inos_multiaddr_peer (&with, &id);
    inos_host_value (busy, &id, "friend", 10);
  }
  world_pass (world, 30 * SECOND);
  assert_int_equal (world_links (world), 8);
  world_add (world, NULL);
  assert_true (world_connect (world, 10, 1));
  world_pass (world, SECOND);
  assert_int_equal (world_links (world), 5);
  for (unsigned i = 2; i <= 4; i++) {
    struct inos_multiaddr with = world_address (world, i, true);
    struct inos_peer_id id;
    inos_multiaddr_peer (&with, &id);
    assert_true (inos_host_is_connected (busy, &id));
  }
  world_free (world);
}

/* Those that come one after the other, each with a new name, do not push out who has been there. */
static void test_trims_a_crowd (void **state)
{
  struct world *world = world_new (12);
  struct inos_host *busy =
    world_add (world, &(struct inos_host_limits){.connections_max = 8, .connections_low = 5});
  struct inos_host *honest = world_add (world, NULL);

  assert_true (world_connect (world, 2, 1));
  world_pass (world, 30 * SECOND);
  for (unsigned i = 3; i <= 12; i++) {
    world_add (world, NULL);
    assert_true (world_connect (world, i, 1));
    world_pass (world, SECOND / 10);
    assert_in_range (world_links (world), 1, 9);
  }
  assert_true (inos_host_is_connected (busy, inos_host_id (honest)));
  world_free (world);
}

/* A host that goes away in the middle of everything leaves nobody waiting. */
static void test_goes_away (void **state)
{
  struct world *world = world_new (11);
  struct inos_host *one = world_add (world, NULL), *other = world_add (world, NULL);
  struct inos_ping *ping = inos_ping_new (one);
  struct inos_multiaddr address = world_address (world, 2, true);
  struct ending ending = {0};
  int answers = 0;

  assert_true (world_connect (world, 1, 2));
  inos_ping_send (ping, inos_host_id (other), on_ping, &answers);
  struct inos_peer_id id = *inos_host_id (other);
  world_remove (world, 2);
  world_settle (world);
  assert_int_equal (answers, 100);
  inos_host_connect (one, &id, &address, 1, on_ended, &ending);
  world_pass (world, SECOND);
  assert_int_equal (ending.times, 1);
  assert_non_null (ending.error);
  g_clear_error (&ending.error);
  world_free (world);
  inos_ping_free (ping);
}

/* Streams of one protocol */

struct tally {
  unsigned open, gone;
};

static void on_tally_open (struct inos_stream *stream, void *data)
{
  ((struct tally *)data)->open++;
}

static void on_tally_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  ((struct tally *)data)->gone++;
}

static void test_streams_of_a_protocol (void **state)
{
  static const struct inos_stream_handler tallies = {.open = on_tally_open, .gone = on_tally_gone};
  static const char *const names[] = {"/few/1"}, *const others[] = {"/other/1"};
  struct world *world = world_new (13);
  struct inos_host *one = world_add (world, NULL), *other = world_add (world, NULL);
  struct tally ours = {0}, theirs = {0}, rest = {0};
  struct inos_protocol_offer few = {
    .name = "/few/1", .streams_max = 3, .handler = &tallies, .data = &theirs};
  struct inos_protocol_offer more = {.name = "/other/1", .handler = &tallies, .data = &rest};

  inos_host_offer (other, &few);
  inos_host_offer (other, &more);
  assert_true (world_connect (world, 1, 2));
  struct inos_stream *first = inos_host_open (one, inos_host_id (other), names, 1, &tallies, &ours);
  for (unsigned i = 1; i < 5; i++)
    inos_host_open (one, inos_host_id (other), names, 1, &tallies, &ours);
  world_settle (world);
  assert_int_equal (theirs.open, 3);
  assert_int_equal (ours.open, 3);
  assert_int_equal (ours.gone, 2);
  inos_host_open (one, inos_host_id (other), others, 1, &tallies, &ours);
  world_settle (world);
  assert_int_equal (rest.open, 1);
  inos_stream_reset (first); /* makes room for another */
  inos_host_open (one, inos_host_id (other), names, 1, &tallies, &ours);
  world_settle (world);
  assert_int_equal (theirs.open, 4);
  world_free (world);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_connects_and_identifies),
    cmocka_unit_test (test_wrong_peer),
    cmocka_unit_test (test_refused_and_silent),
    cmocka_unit_test (test_endings),
    cmocka_unit_test (test_happy_eyeballs),
    cmocka_unit_test (test_dials_are_shared),
    cmocka_unit_test (test_ping),
    cmocka_unit_test (test_perf),
    cmocka_unit_test (test_messages),
    cmocka_unit_test (test_messages_take_the_other_connection),
    cmocka_unit_test (test_questions),
    cmocka_unit_test (test_trims),
    cmocka_unit_test (test_trims_a_crowd),
    cmocka_unit_test (test_goes_away),
    cmocka_unit_test (test_streams_of_a_protocol),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
