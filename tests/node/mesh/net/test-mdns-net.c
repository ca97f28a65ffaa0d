/*
 * Multicast DNS between two network namespaces with a cable between them: real sockets, real
 * interfaces that come and go, and no other network. Among js-libp2p peers it is tried by
 * tests/mesh/test_discovery.py.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/mdns_socket.h"

#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define OTHER_ADDRESS "/ip4/10.77.0.2/tcp/4002"

struct seen {
  struct inos_peer_id peer;
  struct inos_multiaddr address;
  unsigned n;
};

/* What the two ends of the cable tell each other by. */
struct cable {
  int ready[2], go[2];
};

static void on_found (void *data, const struct inos_peer_id *peer,
                      const struct inos_multiaddr *addresses, unsigned n_addresses)
{
  struct seen *seen = data;

  seen->peer = *peer;
  seen->address = addresses[0];
  seen->n++;
}

static bool run (const char *command)
{
  return system (command) == 0; /* allowed: ip(8) of a test, without anybody's words in it */
}

static struct inos_peer_id id_of (uint8_t number)
{
  uint8_t key[32] = {number};

  return inos_peer_id_of_key (key);
}

static struct inos_mdns_socket *make (GMainContext *context, uint8_t number, const char *address,
                                      struct seen *seen)
{
  struct inos_peer_id self = id_of (number);
  struct inos_multiaddr own = {0};
  g_autoptr (GError) error = NULL;
  struct inos_mdns_socket *socket =
    inos_mdns_socket_new (context, &self, NULL, on_found, seen, &error);

  if (!socket)
    g_error ("%s", error->message);
  inos_multiaddr_parse (&own, address, NULL);
  inos_mdns_socket_set_addresses (socket, &own, 1);
  return socket;
}

/* One of Inos' own at the other end. */
static G_NORETURN void be_inos (void)
{
  struct seen seen = {0};
  g_autoptr (GMainContext) context = g_main_context_new();

  make (context, 2, OTHER_ADDRESS, &seen);
  for (;;)
    g_main_context_iteration (context, TRUE);
}

/* The other end of the cable: it lives until it is killed, or its parent has gone. */
static G_NORETURN void be_other (const struct cable *cable)
{
  char byte = 1;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (unshare (CLONE_NEWNET) < 0 || write (cable->ready[1], &byte, 1) != 1 ||
      read (cable->go[0], &byte, 1) != 1 ||
      !run ("ip link set lo up && ip addr add 10.77.0.2/24 dev cable1 && "
            "ip link set cable1 up"))
    _exit (1);
  be_inos();
}

/* Makes the other end, in a namespace of its own, and the cable, of which this end is still down.
 * Returns: the other end's process; -1: it does not work. */
static pid_t lay_cable (struct cable *cable)
{
  char byte = 1;

  if (pipe (cable->ready) < 0 || pipe (cable->go) < 0)
    return -1;
  pid_t other = fork();
  if (other == 0)
    be_other (cable);
  g_autofree char *command =
    g_strdup_printf ("ip link set lo up && ip link add name cable0 type veth peer name cable1 && "
                     "ip link set cable1 netns %d",
                     (int)other);
  if (read (cable->ready[0], &byte, 1) != 1 || !run (command) ||
      write (cable->go[1], &byte, 1) != 1)
    return -1;
  return other;
}

#define THIS_END_UP "ip addr add 10.77.0.1/24 dev cable0 && ip link set cable0 up"

static gboolean on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs until @seen is more than @n, for 30 s at most. */
static bool wait_for (GMainContext *context, const struct seen *seen, unsigned n)
{
  g_autoptr (GSource) timer = g_timeout_source_new (50);
  gint64 end = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;

  g_source_set_callback (timer, on_tick, NULL, NULL);
  g_source_attach (timer, context);
  while (seen->n <= n && g_get_monotonic_time() < end)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (timer);
  return seen->n > n;
}

/* Ends the other end. Returns: @result. */
static int cut_cable (pid_t other, int result)
{
  kill (other, SIGKILL);
  waitpid (other, NULL, 0);
  return result;
}

/* In namespaces of this test's own. Returns: 0; or what failed, which the parent says. */
static int find_each_other (void)
{
  struct cable cable;
  struct seen seen = {0};
  g_autoptr (GMainContext) context = g_main_context_new();
  pid_t other = lay_cable (&cable);

  if (other < 0)
    return 1;
  /* it is there before its interface is */
  struct inos_mdns_socket *socket = make (context, 1, "/ip4/10.77.0.1/tcp/4001", &seen);
  if (!run (THIS_END_UP))
    return cut_cable (other, 1);
  struct inos_peer_id expected = id_of (2);
  bool found = wait_for (context, &seen, 0);
  g_autofree char *text = inos_multiaddr_text (&seen.address);
  int result = !found ? 2
               : !inos_peer_id_equal (&seen.peer, &expected) || strcmp (text, OTHER_ADDRESS) != 0
                 ? 3
                 : 0;
  inos_mdns_socket_free (socket);
  return cut_cable (other, result);
}

/* A child makes namespaces, so that this process keeps its own. Returns: its status. */
static int in_namespaces (int (*function) (void))
{
  pid_t child = fork();
  int status;

  if (child == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    bool root = geteuid() == 0;
    if (unshare (root ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) < 0)
      _exit (77);
    if (!run ("ip link set lo up 2>/dev/null"))
      _exit (77);
    _exit (function());
  }
  assert_int_equal (waitpid (child, &status, 0), child);
  assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void test_two_namespaces (void **state)
{
  int status = in_namespaces (find_each_other);

  if (status == 77) {
    print_message ("# skipped: this process may not make network namespaces\n");
    skip();
  }
  assert_int_equal (status, 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_two_namespaces),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
