/*
 * WebSockets: the handshake and the frames by the RFC's examples, the network between two stand-in
 * hosts, and against raw sockets that behave badly.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/clock.h"
#include "node/mesh/net/target.h"
#include "node/mesh/net/tls_tunnel.h"
#include "node/mesh/net/websocket.h"
#include "node/mesh/net/ws_frames.h"
#include "node/mesh/net/ws_handshake.h"
#include "link-trials.h"

#include <gio/gio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* RFC 6455, 1.3 and 4.2.2 */
#define RFC_KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define RFC_ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define REQUEST(more)                                                                              \
  "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"                       \
  "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: " RFC_KEY "\r\n"                          \
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n" more "\r\n"
#define ANSWER(more)                                                                               \
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"              \
  "Sec-WebSocket-Accept: " RFC_ACCEPT "\r\n" more "\r\n"

static bool has_text (const struct inos_buffer *buffer, const char *text)
{
  return inos_buffer_len (buffer) > 0 && g_strstr_len ((const char *)inos_buffer_data (buffer),
                                                       (gssize)inos_buffer_len (buffer), text);
}

static void test_handshake (void **state)
{
  static const char request[] = REQUEST ("Origin: http://example.com\r\n");
  struct inos_buffer out = {0};
  int len = (int)strlen (request);

  for (int cut = 0; cut < len; cut++)
    assert_int_equal (inos_ws_read_request ((const uint8_t *)request, (size_t)cut, &out), 0);
  assert_int_equal (inos_buffer_len (&out), 0);
  assert_int_equal (inos_ws_read_request ((const uint8_t *)request, (size_t)len, &out), len);
  assert_true (has_text (&out, "Sec-WebSocket-Accept: " RFC_ACCEPT "\r\n"));
  assert_false (has_text (&out, "Extensions")); /* G2: nothing is compressed */
  assert_int_equal (
    inos_ws_read_answer (inos_buffer_data (&out), inos_buffer_len (&out), RFC_KEY, NULL),
    inos_buffer_len (&out));
  inos_buffer_clear (&out);

  char key[INOS_WS_KEY_LEN + 1];
  inos_ws_request (&out, "node.example:80", (const uint8_t *)"the sample nonce", key);
  assert_string_equal (key, RFC_KEY);
  assert_true (has_text (&out, "Host: node.example:80\r\n"));
  size_t asked = inos_buffer_len (&out);
  g_autofree uint8_t *copy = g_memdup2 (inos_buffer_data (&out), asked);
  assert_int_equal (inos_ws_read_request (copy, asked, &out), asked);
  inos_buffer_clear (&out);
}

static void test_refused_handshakes (void **state)
{
  static const char *const wrong[] = {
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
    "\r\n\r\n",
    "GET / HTTP/1.1\r\nno colon\r\n\r\n",
    "GET / HTTP/1.1\r\n: x\r\n\r\n",
    "GET / HTTP/1.1\r\na b: x\r\n\r\n",
    "GET / HTTP/1.1\r\na: x\ny\r\n\r\n",
    "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
    "Sec-WebSocket-Key: " RFC_KEY "\r\n\r\n",
    "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n\r\n",
    "GET / HTTP/1.0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: " RFC_KEY "\r\n\r\n",
    REQUEST ("Sec-WebSocket-Key: " RFC_KEY "\r\n"), /* twice */
  };
  static const char *const wrong_answers[] = {
    "HTTP/1.1 200 OK\r\nUpgrade: websocket\r\n\r\n",
    "HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " RFC_ACCEPT "\r\n\r\n",
    "HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOP=\r\n\r\n",
    ANSWER ("Sec-WebSocket-Extensions: permessage-deflate\r\n"),
    ANSWER ("Sec-WebSocket-Protocol: chat\r\n"),
  };

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    struct inos_buffer out = {0};
    if (inos_ws_read_request ((const uint8_t *)wrong[i], strlen (wrong[i]), &out) != -1)
      fail_msg ("“%s” was taken", wrong[i]);
    assert_true (has_text (&out, "HTTP/1.1 4"));
    const char *body = g_strstr_len ((const char *)inos_buffer_data (&out),
                                     (gssize)inos_buffer_len (&out), "\r\n\r\n");
    assert_int_equal (inos_buffer_len (&out) -
                        (size_t)(body + 4 - (const char *)inos_buffer_data (&out)),
                      42); /* as its Content-Length says */
    inos_buffer_clear (&out);
  }
  for (size_t i = 0; i < G_N_ELEMENTS (wrong_answers); i++) {
    g_autoptr (GError) error = NULL;
    assert_int_equal (inos_ws_read_answer ((const uint8_t *)wrong_answers[i],
                                           strlen (wrong_answers[i]), RFC_KEY, &error),
                      -1);
    assert_non_null (error);
  }
  struct inos_buffer out = {0};
  uint8_t *endless = inos_buffer_reserve (&out, INOS_WS_HEAD_MAX);
  memset (endless, 'a', INOS_WS_HEAD_MAX);
  struct inos_buffer answer = {0};
  assert_int_equal (inos_ws_read_request (endless, INOS_WS_HEAD_MAX - 1, &answer), 0);
  assert_int_equal (inos_ws_read_request (endless, INOS_WS_HEAD_MAX, &answer), -1);
  inos_buffer_clear (&out);
  inos_buffer_clear (&answer);
}

/* Reads @bytes in pieces of @piece. Returns: the payload; @ws says how it ended. */
static GByteArray *read_all (struct inos_ws *ws, const void *bytes, size_t len, size_t piece,
                             struct inos_buffer *out)
{
  GByteArray *all = g_byte_array_new();

  for (size_t at = 0; at < len && !ws->ended;) {
    size_t read = MIN (piece, len - at), payload_len;
    g_autofree uint8_t *copy = g_memdup2 ((const uint8_t *)bytes + at, read);
    uint8_t *payload;
    inos_ws_read (ws, copy, &read, out, &payload, &payload_len);
    g_byte_array_append (all, payload, (guint)payload_len);
    at += read;
  }
  return all;
}

/* Frames like those of RFC 6455, 5.7, in all pieces. */
static void test_frames (void **state)
{
  static const char frames[] = "\x02\x03Hel"       /* a message in two, */
                               "\x89\x05Hello"     /* with a ping between them */
                               "\x80\x02lo"        /**/
                               "\x82\x00"          /* an empty one */
                               "\x8a\x02xx"        /* a pong that nobody asked for */
                               "\x82\x7e\x00\x7e"; /* 126 bytes */
  uint8_t bytes[sizeof frames - 1 + 126];

  memcpy (bytes, frames, sizeof frames - 1);
  memset (bytes + sizeof frames - 1, 'z', 126);
  for (size_t piece = 1; piece <= sizeof bytes; piece++) {
    struct inos_ws ws = inos_ws_begin (inos_clock_env(), true);
    struct inos_buffer out = {0};
    g_autoptr (GByteArray) got = read_all (&ws, bytes, sizeof bytes, piece, &out);
    assert_false (ws.ended);
    assert_int_equal (got->len, 5 + 126);
    assert_memory_equal (got->data, "Helloz", 6);
    assert_int_equal (inos_buffer_len (&out), 2 + 4 + 5); /* the pong, masked */
    assert_int_equal (inos_buffer_data (&out)[0], 0x8a);
    inos_buffer_clear (&out);
  }
}

static void test_masked (void **state)
{
  static const size_t sizes[] = {0, 1, 7, 8, 9, 125, 126, 127, 65535, 65536, INOS_WS_FRAME_MAX};

  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (unsigned client = 0; client < 2; client++)
      for (size_t piece = 1; piece < 400000; piece = piece * 7 + 3) {
        struct inos_ws from = inos_ws_begin (inos_clock_env(), client);
        struct inos_ws to = inos_ws_begin (inos_clock_env(), !client);
        struct inos_buffer wire = {0}, back = {0};
        g_autofree uint8_t *bytes = g_malloc (sizes[i] + 1);
        if (piece < 10 && sizes[i] > 1000)
          continue;
        for (size_t j = 0; j < sizes[i]; j++)
          bytes[j] = (uint8_t)(j * 7);
        inos_ws_write (&from, bytes, sizes[i], &wire);
        g_autoptr (GByteArray) got =
          read_all (&to, inos_buffer_data (&wire), inos_buffer_len (&wire), piece, &back);
        assert_false (to.ended);
        assert_int_equal (got->len, sizes[i]);
        if (sizes[i] > 0)
          assert_memory_equal (got->data, bytes, sizes[i]);
        inos_buffer_clear (&wire);
      }
}

static void test_refused_frames (void **state)
{
  static const struct {
    const char *bytes;
    size_t len;
    enum inos_ws_end why;
  } cases[] = {
    {"\x81\x05Hello", 7, INOS_WS_UNSUPPORTED},
    {"\xc2\x01x", 3, INOS_WS_PROTOCOL_ERROR},          /* compressed */
    {"\x82\x81xxxxx", 7, INOS_WS_PROTOCOL_ERROR},      /* masked by a server */
    {"\x80\x01x", 3, INOS_WS_PROTOCOL_ERROR},          /* goes on with nothing */
    {"\x02\x01x\x82\x01x", 6, INOS_WS_PROTOCOL_ERROR}, /* does not go on */
    {"\x09\x00", 2, INOS_WS_PROTOCOL_ERROR},           /* a ping in pieces */
    {"\x89\x7e\x00\x7e", 4, INOS_WS_PROTOCOL_ERROR},   /* a long ping */
    {"\x83\x00", 2, INOS_WS_PROTOCOL_ERROR},           /* nobody knows it */
    {"\x82\x7e\x00\x7d", 4, INOS_WS_PROTOCOL_ERROR},   /* could be shorter */
    {"\x82\x7f\0\0\0\0\0\0\xff\xff", 10, INOS_WS_PROTOCOL_ERROR},
    {"\x82\x7f\x80\0\0\0\0\0\0\0", 10, INOS_WS_PROTOCOL_ERROR}, /* beyond 63 bits */
    {"\x88\x02\x03\xe8", 4, INOS_WS_NORMAL},
    {"\x88\x00", 2, INOS_WS_NORMAL},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct inos_ws ws = inos_ws_begin (inos_clock_env(), true);
    struct inos_buffer out = {0};
    g_autoptr (GByteArray) got = read_all (&ws, cases[i].bytes, cases[i].len, 64, &out);
    assert_true (ws.ended);
    assert_int_equal (ws.why, cases[i].why);
    assert_int_equal (inos_buffer_data (&out)[0], 0x88);
    inos_buffer_clear (&out);
  }
}

/* Who asks and asks and does not take the answers is not answered for ever. */
static void test_pings_without_end (void **state)
{
  struct inos_ws ws = inos_ws_begin (inos_clock_env(), true);
  struct inos_buffer out = {0};

  for (unsigned i = 0; i < 100000 && !ws.ended; i++) {
    g_autoptr (GByteArray) got = read_all (&ws, "\x89\x05Hello", 7, 7, &out);
  }
  assert_true (ws.ended);
  assert_int_equal (ws.why, INOS_WS_POLICY);
  inos_buffer_clear (&out);
}

struct fixture {
  GMainContext *context;
  struct inos_host *a, *b; /* b dials a */
  struct inos_websocket *ws_a, *ws_b;
  const struct inos_network *net_a, *net_b;
};

static int set_up (void **state)
{
  struct fixture *f = g_new0 (struct fixture, 1);

  f->context = g_main_context_new();
  f->a = standin_new (f->context);
  f->b = standin_new (f->context);
  f->ws_a = inos_websocket_new (f->a, f->context);
  f->ws_b = inos_websocket_new (f->b, f->context);
  f->net_a = inos_websocket_network (f->ws_a);
  f->net_b = inos_websocket_network (f->ws_b);
  *state = f;
  return 0;
}

static int tear_down (void **state)
{
  struct fixture *f = *state;

  inos_websocket_free (f->ws_a);
  inos_websocket_free (f->ws_b);
  inos_websocket_free (NULL);
  standin_free (f->a);
  standin_free (f->b);
  g_main_context_unref (f->context);
  g_free (f);
  return 0;
}

static struct inos_multiaddr parse (const char *text)
{
  struct inos_multiaddr address = {0};

  assert_true (inos_multiaddr_parse (&address, text, NULL));
  return address;
}

static struct inos_multiaddr listen_at (struct fixture *f, const char *text)
{
  struct inos_multiaddr address = parse (text);
  g_autoptr (GError) error = NULL;

  if (!f->net_a->listen (f->net_a->data, &address, &error))
    fail_msg ("%s", error->message);
  return f->a->listening[f->a->n_listening - 1];
}

static void connect_to (struct fixture *f, const struct inos_multiaddr *address,
                        struct inos_link **dialled, struct inos_link **accepted)
{
  unsigned before_a = f->a->n_links, before_b = f->b->n_links;

  assert_non_null (f->net_b->dial (f->net_b->data, address, f->b->n_dialled + 1, NULL));
  standin_until (f->a, f->a->n_links > before_a && f->b->n_links > before_b);
  *accepted = &f->a->links[before_a];
  *dialled = &f->b->links[before_b];
}

static int raw_connect (const struct inos_multiaddr *address)
{
  struct inos_target target;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_true (inos_target_read (&target, address));
  assert_int_equal (connect (fd, (struct sockaddr *)&target.ip.storage, target.ip.len), 0);
  return fd;
}

static void test_addresses (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr ws = parse ("/ip4/127.0.0.1/tcp/1/ws"),
                        tcp = parse ("/ip4/127.0.0.1/tcp/1");
  struct inos_multiaddr more = parse ("/ip4/127.0.0.1/tcp/1/ws/p2p-circuit");

  assert_true (f->net_a->handles (f->net_a->data, &ws));
  assert_false (f->net_a->handles (f->net_a->data, &tcp));
  assert_false (f->net_a->handles (f->net_a->data, &more));
}

/* Of nobody: made for this test with openssl, for a name that RFC 2606 keeps for that. */
static const char certificate_and_key[] =
  "-----BEGIN CERTIFICATE-----\n"
  "MIIBhTCCASugAwIBAgIUCyfZi3yTJxDVr8v7sAGzUF176yAwCgYIKoZIzj0EAwIw\n"
  "FzEVMBMGA1UEAwwMbm9kZS5leGFtcGxlMCAXDTI2MTEyMjAwNTQxNVoYDzIxMjYx\n"
  "MDI5MDA1NDE1WjAXMRUwEwYDVQQDDAxub2RlLmV4YW1wbGUwWTATBgcqhkjOPQIB\n"
  "BggqhkjOPQMBBwNCAAQLO7mSffLrneu1nmWfx4LoTvsxvhfbfHk8kKlgjM9RLeAA\n"
  "KzfKry5BL0ibYs0fscuVZ4V+4qsVtZ9LNlAVeqCPo1MwUTAdBgNVHQ4EFgQUwKRe\n"
  "QAqdPmOWqmPztTGn4eaB26QwHwYDVR0jBBgwFoAUwKReQAqdPmOWqmPztTGn4eaB\n"
  "26QwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAOKSl2WaPwdpOA\n"
  "uzJxpyRIbK2PQdoZiL2dx1uJLkBlLQIhAJEMhEGtMh/tQbFQHIAUuYtF/Vv9NzE7\n"
  "Iwb6WG9jWAe0\n"
  "-----END CERTIFICATE-----\n"
  "-----BEGIN PRIVATE KEY-----\n"
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgK7tnvnZcPT+1R1/A\n"
  "FSzwlQMzxVvSlPprY7Pq7ez7vnShRANCAAQLO7mSffLrneu1nmWfx4LoTvsxvhfb\n"
  "fHk8kKlgjM9RLeAAKzfKry5BL0ibYs0fscuVZ4V+4qsVtZ9LNlAVeqCP\n"
  "-----END PRIVATE KEY-----\n";

/* The same within TLS, at all the ways to write that. */
static void test_tls (void **state)
{
  static const char *const places[] = {"/ip4/127.0.0.1/tcp/0/tls/ws", "/ip4/127.0.0.1/tcp/0/wss",
                                       "/ip4/127.0.0.1/tcp/0/tls/sni/node.example/ws"};
  struct fixture *f = *state;
  struct inos_link *dialled, *accepted;
  struct inos_multiaddr first = parse (places[0]);
  const uint64_t len = 4 * 1024 * 1024;

  if (!inos_tls_is_there()) {
    print_message ("# skipped: there is no TLS; install glib-networking\n");
    skip();
  }
  assert_false (f->net_a->listen (f->net_a->data, &first, NULL)); /* without a certificate */
  g_autoptr (GTlsCertificate) certificate =
    g_tls_certificate_new_from_pem (certificate_and_key, -1, NULL);
  assert_non_null (certificate);
  inos_websocket_set_certificate (f->ws_a, certificate);
  for (size_t i = 0; i < G_N_ELEMENTS (places); i++) {
    struct inos_multiaddr address = listen_at (f, places[i]);
    assert_true (f->net_b->handles (f->net_b->data, &address));
    connect_to (f, &address, &dialled, &accepted);
    standin_send (dialled, len);
    standin_send (accepted, len);
    standin_until (f->a, accepted->received == len && dialled->received == len);
    assert_false (accepted->wrong || dialled->wrong);
    standin_close (dialled);
    standin_until (f->a, accepted->closed);
  }
  /* what is no TLS ends, on either side */
  unsigned before = f->a->n_links;
  int fd = raw_connect (&f->a->listening[0]);
  assert_int_equal (write (fd, "GET / HTTP/1.1\r\n\r\n", 18), 18);
  standin_until (f->a, f->a->n_links > before && f->a->links[before].closed);
  close (fd);
  struct inos_multiaddr plain = listen_at (f, "/ip4/127.0.0.1/tcp/0/ws"), secret = {0};
  secret = plain;
  secret.len -= 2;
  assert_true (inos_multiaddr_append (&secret, INOS_MULTIADDR_WSS, NULL, 0));
  unsigned dialled_before = f->b->n_dialled;
  assert_non_null (f->net_b->dial (f->net_b->data, &secret, 99, NULL));
  standin_until (f->b, f->b->n_dialled > dialled_before);
  assert_non_null (f->b->dial_error);
  for (unsigned i = 0; i < 20; i++) /* what ends in the background */
    standin_turn (f->a);
}

/* Both ways; and also what this side says before the other side's handshake has come. */
static void test_connects (void **state)
{
  static const char *const places[] = {"/ip4/127.0.0.1/tcp/0/ws", "/ip6/::1/tcp/0/ws"};
  struct fixture *f = *state;
  struct inos_link *dialled, *accepted;

  for (size_t i = 0; i < G_N_ELEMENTS (places); i++) {
    struct inos_multiaddr address = listen_at (f, places[i]);
    unsigned before = f->a->n_links;
    assert_non_null (f->net_b->dial (f->net_b->data, &address, f->b->n_dialled + 1, NULL));
    standin_until (f->a, f->a->n_links > before);
    accepted = &f->a->links[before];
    standin_send (accepted, 3000);
    standin_until (f->a, f->b->n_links > before);
    dialled = &f->b->links[before];
    standin_send (dialled, 1000);
    standin_until (f->a, accepted->received == 1000 && dialled->received == 3000);
    assert_false (accepted->wrong || dialled->wrong);
    assert_true (inos_multiaddr_equal (&accepted->local, &address));
  }
}

static void test_bulk (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0/ws");
  struct inos_link *dialled, *accepted;

  connect_to (f, &address, &dialled, &accepted);
  link_trial_bulk (f->a, dialled, accepted, 32 * 1024 * 1024 + 13);
}

static void test_back_pressure (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0/ws");
  struct inos_link *dialled, *accepted;

  connect_to (f, &address, &dialled, &accepted);
  link_trial_back_pressure (f->a, dialled, accepted);
}

static void test_close_after_all (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0/ws");
  struct inos_link *dialled, *accepted;

  connect_to (f, &address, &dialled, &accepted);
  link_trial_close (f->a, dialled, accepted, 16 * 1024 * 1024);
}

static void test_failed_dials (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0/ws");
  struct inos_multiaddr closed = parse ("/ip4/127.0.0.1/tcp/1/ws");

  assert_non_null (f->net_b->dial (f->net_b->data, &closed, 1, NULL));
  standin_until (f->b, f->b->n_dialled == 1);
  assert_non_null (f->b->dial_error);
  f->a->refuse = true; /* it closes before the handshake */
  assert_non_null (f->net_b->dial (f->net_b->data, &address, 2, NULL));
  standin_until (f->b, f->b->n_dialled == 2);
  assert_non_null (f->b->dial_error);
  assert_int_equal (f->b->n_links, 0);
  f->a->refuse = false;
  f->b->refuse = true; /* who dialled does not want it any more */
  assert_non_null (f->net_b->dial (f->net_b->data, &address, 3, NULL));
  standin_until (f->b, f->b->n_dialled == 3);
  standin_until (f->a, f->a->n_links == 1 && f->a->links[0].closed);
  f->b->refuse = false;
  f->net_b->cancel (f->net_b->data, f->net_b->dial (f->net_b->data, &address, 4, NULL));
  void *dialling = f->net_b->dial (f->net_b->data, &address, 5, NULL);
  standin_until (f->a, f->a->n_links >= 2);
  if (f->b->n_links == 0) /* in the middle of the handshake */
    f->net_b->cancel (f->net_b->data, dialling);
}

/* Writes @text to a new connection of a's and waits for its end. Returns: what came back. */
static char *knock (struct fixture *f, const struct inos_multiaddr *address, const void *text,
                    size_t len)
{
  unsigned before = f->a->n_links;
  int fd = raw_connect (address);
  char answer[1024] = "";
  size_t n_answer = 0;

  assert_int_equal (write (fd, text, len), len);
  standin_until (f->a, f->a->n_links > before && f->a->links[before].closed);
  for (ssize_t got = 1; got > 0 && n_answer < sizeof answer - 1; n_answer += (size_t)got) {
    standin_turn (f->a);
    got = recv (fd, answer + n_answer, sizeof answer - 1 - n_answer, 0);
    if (got < 0)
      break;
  }
  close (fd);
  return g_strndup (answer, n_answer);
}

static void test_hostile (void **state)
{
  static const char http[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  static const char text_frame[] = REQUEST ("") "\x81\x80zzzz";
  static const char close_frame[] = REQUEST ("") "\x82\x81zzzz\x7a\x88\x80zzzz";
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0/ws");

  g_autofree char *plain = knock (f, &address, http, strlen (http));
  assert_true (g_str_has_prefix (plain, "HTTP/1.1 426 "));
  assert_non_null (f->a->links[0].error);
  g_autofree char *noise = knock (f, &address, "\0\0\0\0\0\0", 6);
  assert_true (g_str_has_prefix (noise, "HTTP/1.1 400 "));
  g_autofree char *text = knock (f, &address, text_frame, sizeof text_frame - 1);
  assert_true (g_str_has_prefix (text, "HTTP/1.1 101 "));
  assert_non_null (f->a->links[2].error);
  g_autofree char *ended = knock (f, &address, close_frame, sizeof close_frame - 1);
  assert_null (f->a->links[3].error);
  assert_int_equal (f->a->links[3].received, 1); /* a byte 0, as it has to be */
  assert_false (f->a->links[3].wrong);
}

int main (void)
{
#define WITH_HOSTS(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_handshake),
    cmocka_unit_test (test_refused_handshakes),
    cmocka_unit_test (test_frames),
    cmocka_unit_test (test_masked),
    cmocka_unit_test (test_refused_frames),
    cmocka_unit_test (test_pings_without_end),
    WITH_HOSTS (test_addresses),
    WITH_HOSTS (test_connects),
    WITH_HOSTS (test_bulk),
    WITH_HOSTS (test_back_pressure),
    WITH_HOSTS (test_close_after_all),
    WITH_HOSTS (test_failed_dials),
    WITH_HOSTS (test_hostile),
    WITH_HOSTS (test_tls),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
