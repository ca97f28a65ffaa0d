/*
 * The TCP network between two stand-in hosts, and against raw sockets that behave badly.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/target.h"
#include "node/mesh/net/tcp.h"
#include "link-trials.h"

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
  GMainContext *context;
  struct inos_host *a, *b; /* b dials a */
  struct inos_tcp *tcp_a, *tcp_b;
  const struct inos_network *net_a, *net_b;
};

static int set_up (void **state)
{
  struct fixture *f = g_new0 (struct fixture, 1);

  f->context = g_main_context_new();
  f->a = standin_new (f->context);
  f->b = standin_new (f->context);
  f->tcp_a = inos_tcp_new (f->a, f->context);
  f->tcp_b = inos_tcp_new (f->b, f->context);
  f->net_a = inos_tcp_network (f->tcp_a);
  f->net_b = inos_tcp_network (f->tcp_b);
  *state = f;
  return 0;
}

static int tear_down (void **state)
{
  struct fixture *f = *state;

  inos_tcp_free (f->tcp_a);
  inos_tcp_free (f->tcp_b);
  inos_tcp_free (NULL);
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

/* Where a listens now that it was told to at @text. */
static struct inos_multiaddr listen_at (struct fixture *f, const char *text)
{
  struct inos_multiaddr address = parse (text);
  g_autoptr (GError) error = NULL;
  unsigned before = f->a->n_listening;

  if (!f->net_a->listen (f->net_a->data, &address, &error))
    fail_msg ("%s", error->message);
  assert_true (f->a->n_listening > before);
  return f->a->listening[before];
}

/* Has b dial @address. Returns: both ends. */
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
  static const struct {
    const char *text;
    bool handled;
  } cases[] = {
    {"/ip4/127.0.0.1/tcp/1", true},
    {"/ip6/::1/tcp/1", true},
    {"/dns4/localhost/tcp/1", true},
    {"/dns/localhost/tcp/1", true},
    {"/ip6zone/lo/ip6/fe80::1/tcp/1", true},
    {"/ip6zone/none-such/ip6/fe80::1/tcp/1", false},
    {"/ip4/127.0.0.1/tcp/1/ws", false},
    {"/ip4/127.0.0.1/udp/1", false},
    {"/ip4/127.0.0.1", false},
    {"/tcp/1", false},
    {"/dnsaddr/libp2p.io", false},
    {"/dnsaddr/libp2p.io/tcp/1", false},
    {"/ip4/127.0.0.1/tcp/1/tcp/1", false},
    {"/memory/1", false},
  };
  struct fixture *f = *state;

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct inos_multiaddr address = parse (cases[i].text);
    if (f->net_a->handles (f->net_a->data, &address) != cases[i].handled)
      fail_msg ("%s", cases[i].text);
  }
  struct inos_multiaddr nowhere = parse ("/ip4/127.0.0.1/tcp/0");
  g_autoptr (GError) error = NULL;
  assert_null (f->net_a->dial (f->net_a->data, &nowhere, 1, &error));
  assert_non_null (error);
}

/* IPv4, IPv6 and a name; each knows where the other is. */
static void test_connects (void **state)
{
  static const char *const places[] = {"/ip4/127.0.0.1/tcp/0", "/ip6/::1/tcp/0"};
  struct fixture *f = *state;
  struct inos_link *dialled, *accepted;

  for (size_t i = 0; i < G_N_ELEMENTS (places); i++) {
    struct inos_multiaddr address = listen_at (f, places[i]);
    connect_to (f, &address, &dialled, &accepted);
    assert_true (inos_multiaddr_equal (&accepted->local, &address));
    assert_int_equal (inos_multiaddr_reach (&accepted->remote), INOS_REACH_LOOPBACK);
    standin_send (dialled, 1000);
    standin_send (accepted, 2000);
    standin_until (f->a, accepted->received == 1000 && dialled->received == 2000);
    assert_false (accepted->wrong || dialled->wrong);
  }
  struct inos_target target;
  assert_true (inos_target_read (&target, &f->a->listening[0]));
  g_autofree char *text = g_strdup_printf ("/dns4/localhost/tcp/%u", target.port);
  struct inos_multiaddr name = parse (text);
  connect_to (f, &name, &dialled, &accepted);
  /* of both families, where only one is there */
  g_autofree char *both = g_strdup_printf ("/dns/localhost/tcp/%u", target.port);
  name = parse (both);
  connect_to (f, &name, &dialled, &accepted);
}

static void test_bulk (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0");
  struct inos_link *dialled, *accepted;

  connect_to (f, &address, &dialled, &accepted);
  link_trial_bulk (f->a, dialled, accepted, 64 * 1024 * 1024 + 13);
}

static void test_back_pressure (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0");
  struct inos_link *dialled, *accepted;

  connect_to (f, &address, &dialled, &accepted);
  link_trial_back_pressure (f->a, dialled, accepted);
}

static void test_close_after_all (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0");
  struct inos_link *dialled, *accepted;

  connect_to (f, &address, &dialled, &accepted);
  link_trial_close (f->a, dialled, accepted, 1024 * 1024);
}

static void test_refused (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0"), again;
  g_autoptr (GError) error = NULL;

  /* nobody listens there any more */
  again = address;
  assert_false (f->net_b->listen (f->net_b->data, &again, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE));
  assert_non_null (strstr (error->message, "/ip4/127.0.0.1/tcp/"));
  inos_tcp_free (f->tcp_a);
  f->tcp_a = inos_tcp_new (f->a, f->context);
  f->net_a = inos_tcp_network (f->tcp_a);
  assert_non_null (f->net_b->dial (f->net_b->data, &address, 1, NULL));
  assert_int_equal (f->b->n_dialled, 0); /* never from inside */
  standin_until (f->b, f->b->n_dialled == 1);
  assert_true (g_error_matches (f->b->dial_error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED));

  /* the host does not want it */
  address = listen_at (f, "/ip4/127.0.0.1/tcp/0");
  f->a->refuse = true;
  assert_non_null (f->net_b->dial (f->net_b->data, &address, 2, NULL));
  standin_until (f->b, f->b->n_links == 1 && f->b->links[0].closed);
  /* nor does who dialled */
  f->a->refuse = false;
  f->b->refuse = true;
  assert_non_null (f->net_b->dial (f->net_b->data, &address, 3, NULL));
  standin_until (f->a, f->a->n_links == 1 && f->a->links[0].closed);
}

static void test_names_that_are_none (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = parse ("/dns4/none-such.invalid/tcp/1");

  assert_non_null (f->net_b->dial (f->net_b->data, &address, 1, NULL));
  standin_until (f->b, f->b->n_dialled == 1);
  assert_non_null (f->b->dial_error);
}

/* A socket whose backlog is full does not answer; the dial is cancelled, and so is one of a name.
 */
static void test_cancel (void **state)
{
  struct fixture *f = *state;
  struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  socklen_t len = sizeof in;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), full[3];
  struct inos_multiaddr address, name = parse ("/dns4/localhost/tcp/1");

  assert_int_equal (bind (fd, (struct sockaddr *)&in, sizeof in), 0);
  assert_int_equal (listen (fd, 0), 0);
  assert_int_equal (getsockname (fd, (struct sockaddr *)&in, &len), 0);
  for (size_t i = 0; i < G_N_ELEMENTS (full); i++) {
    full[i] = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true (connect (full[i], (struct sockaddr *)&in, sizeof in) == 0 || errno == EINPROGRESS);
  }
  inos_target_multiaddr ((struct sockaddr *)&in, &address);
  void *dialling = f->net_b->dial (f->net_b->data, &address, 1, NULL);
  void *other = f->net_b->dial (f->net_b->data, &name, 2, NULL);
  f->net_b->cancel (f->net_b->data, other);
  for (int i = 0; i < 5; i++)
    standin_turn (f->b);
  assert_int_equal (f->b->n_dialled, 0);
  f->net_b->cancel (f->net_b->data, dialling);
  for (int i = 0; i < 5; i++)
    standin_turn (f->b);
  assert_int_equal (f->b->n_dialled, 0);
  /* one that is under way when the network goes */
  f->net_b->dial (f->net_b->data, &address, 3, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (full); i++)
    close (full[i]);
  close (fd);
}

static void test_ends_of_others (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0");
  struct linger at_once = {.l_onoff = 1};

  int fd = raw_connect (&address);
  standin_until (f->a, f->a->n_links == 1);
  shutdown (fd, SHUT_WR); /* half open: it says no more, which is the end */
  standin_until (f->a, f->a->links[0].closed);
  assert_null (f->a->links[0].error);
  close (fd);

  fd = raw_connect (&address);
  standin_until (f->a, f->a->n_links == 2);
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (fd); /* with a reset */
  standin_until (f->a, f->a->links[1].closed);
  assert_true (g_error_matches (f->a->links[1].error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED));

  fd = raw_connect (&address); /* the same while nobody reads */
  standin_until (f->a, f->a->n_links == 3);
  f->a->links[2].klass->read (f->a->links[2].object, false);
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (fd);
  standin_until (f->a, f->a->links[2].closed);
  assert_non_null (f->a->links[2].error);

  fd = raw_connect (&address); /* it never ends itself, and is not waited for */
  standin_until (f->a, f->a->n_links == 4);
  standin_close (&f->a->links[3]);
  uint8_t byte;
  assert_int_equal (recv (fd, &byte, 1, 0), 0);
  close (fd);
}

static GLogWriterOutput count_log (GLogLevelFlags level, const GLogField *fields, gsize count,
                                   gpointer data)
{
  if (level & G_LOG_LEVEL_WARNING)
    (*(unsigned *)data)++;
  return G_LOG_WRITER_HANDLED;
}

static unsigned warnings;

/* Without descriptors nobody is taken, that is said, nothing spins, and later it goes on. */
static void test_no_descriptors (void **state)
{
  struct fixture *f = *state;
  struct inos_multiaddr address = listen_at (f, "/ip4/127.0.0.1/tcp/0");
  struct rlimit before, few;
  int fd = raw_connect (&address), probe = dup (fd);
  unsigned turns = 0;

  getrlimit (RLIMIT_NOFILE, &before);
  close (probe);
  few = before;
  few.rlim_cur = (rlim_t)probe;
  setrlimit (RLIMIT_NOFILE, &few);
  warnings = 0;
  standin_until (f->a, warnings > 0);
  for (gint64 end = g_get_monotonic_time() + 100000; g_get_monotonic_time() < end; turns++)
    standin_turn (f->a);
  assert_true (turns < 50);
  assert_int_equal (f->a->n_links, 0);
  setrlimit (RLIMIT_NOFILE, &before);
  standin_until (f->a, f->a->n_links == 1);
  close (fd);
}

/* All addresses of the machine are told one by one. */
static void test_everywhere (void **state)
{
  struct fixture *f = *state;
  struct inos_link *dialled, *accepted;
  struct inos_target target;
  struct inos_multiaddr first = listen_at (f, "/ip4/0.0.0.0/tcp/0");

  assert_true (inos_target_read (&target, &first));
  g_autofree char *text = g_strdup_printf ("/ip4/127.0.0.1/tcp/%u", target.port);
  struct inos_multiaddr local = parse (text);
  bool found = false;
  for (unsigned i = 0; i < f->a->n_listening; i++) {
    found |= inos_multiaddr_equal (&f->a->listening[i], &local);
    assert_int_not_equal (inos_multiaddr_reach (&f->a->listening[i]), INOS_REACH_LINK);
    assert_true (inos_target_read (&target, &f->a->listening[i]));
    assert_false (inos_target_is_any (&target.ip));
  }
  assert_true (found);
  connect_to (f, &local, &dialled, &accepted);
  assert_true (inos_multiaddr_equal (&accepted->local, &local));
}

int main (void)
{
#define WITH_HOSTS(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    WITH_HOSTS (test_addresses),
    WITH_HOSTS (test_connects),
    WITH_HOSTS (test_bulk),
    WITH_HOSTS (test_back_pressure),
    WITH_HOSTS (test_close_after_all),
    WITH_HOSTS (test_refused),
    WITH_HOSTS (test_names_that_are_none),
    WITH_HOSTS (test_cancel),
    WITH_HOSTS (test_ends_of_others),
    WITH_HOSTS (test_no_descriptors),
    WITH_HOSTS (test_everywhere),
  };

  g_log_set_writer_func (count_log, &warnings, NULL);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
