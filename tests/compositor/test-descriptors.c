/* File descriptors run out: who holds too many goes, or the newcomer, and the log says which. */

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nofile.h"
#include "said.h"
#include "witness.h"

static struct inos_compositor *start_listening (void)
{
  g_autoptr (GError) error = NULL;
  struct inos_options options = {
    .headless = true,
    .outputs = 1,
    .width = 640,
    .height = 480,
    .config_path = "/nonexistent/compositor.ini",
  };
  setenv ("PATH", "/nonexistent", 1); /* no X server */
  struct inos_compositor *compositor = inos_compositor_create (&options, &error);
  if (!compositor)
    fail_msg ("%s", error->message);
  return compositor;
}

/* Does not wait for an answer. */
static int knock (struct inos_compositor *compositor)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  g_snprintf (address.sun_path, sizeof address.sun_path, "%s/%s", g_get_user_runtime_dir(),
              compositor->socket);
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true (fd >= 0);
  assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

static bool was_refused (int fd)
{
  char byte;
  return recv (fd, &byte, 1, MSG_DONTWAIT) == 0;
}

/* How many times the compositor had something to do. */
static unsigned int busy_turns (void)
{
  unsigned int turns = 0;
  while (turns < 1000 && g_main_context_iteration (NULL, FALSE))
    turns++;
  return turns;
}

/* Without a descriptor left a newcomer is refused, nobody is kept busy, and the next one is served.
 */
static void test_out_of_descriptors (void **state)
{
  said_begin();
  struct inos_compositor *compositor = start_listening();
  struct witness witness = witness_new (compositor);
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (int));
  struct rlimit before, few = {0};
  getrlimit (RLIMIT_NOFILE, &before);
  int newcomer = knock (compositor);
  few.rlim_cur = 64;
  few.rlim_max = before.rlim_max;
  setrlimit (RLIMIT_NOFILE, &few);
  for (int fd = dup (0); fd >= 0; fd = dup (0))
    g_array_append_val (fds, fd);
  assert_int_equal (errno, EMFILE);
  assert_true (busy_turns() < 100);
  assert_true (was_refused (newcomer));
  assert_said ("out of file descriptors: programs that connect now are refused");
  for (guint i = 0; i < fds->len; i++)
    close (g_array_index (fds, int, i));
  setrlimit (RLIMIT_NOFILE, &before);
  close (newcomer);
  newcomer = knock (compositor);
  pump();
  struct client *served = client_connect_to_fd (compositor, newcomer);
  assert_true (served->globals->len > 10);
  client_disconnect (served);
  witness_end (&witness);
  inos_compositor_destroy (compositor);
  said_end();
}

/* A process of its own holds connections until there is no descriptor left. */
static void test_too_many_connections (void **state)
{
  said_begin();
  struct inos_compositor *compositor = start_listening();
  struct rlimit before, few = {0};
  getrlimit (RLIMIT_NOFILE, &before);
  int ready[2];
  g_assert_no_errno (pipe (ready));
  pid_t child = fork();
  if (child == 0) {
    int fds[200];
    for (size_t i = 0; i < G_N_ELEMENTS (fds); i++)
      fds[i] = knock (compositor);
    (void)!write (ready[1], "", 1);
    /* Until the compositor has hung up. */
    char byte;
    ssize_t got = recv (fds[0], &byte, 1, 0);
    _exit (got == 0 ? 0 : 1);
  }
  few.rlim_cur = 128;
  few.rlim_max = before.rlim_max;
  setrlimit (RLIMIT_NOFILE, &few);
  /* The backlog holds fewer than it makes. */
  fcntl (ready[0], F_SETFL, O_NONBLOCK);
  char byte;
  for (int i = 0; i < 5000 && read (ready[0], &byte, 1) != 1; i++) {
    pump();
    g_usleep (1000);
  }
  pump();
  int status = -1;
  for (int i = 0; i < 5000 && waitpid (child, &status, WNOHANG) == 0; i++) {
    pump();
    g_usleep (1000);
  }
  assert_int_equal (status, 0);
  assert_said_of (child, "and loses its connections");
  assert_said ("out of file descriptors");
  pump();
  struct witness witness = witness_new (compositor);
  witness_end (&witness);
  setrlimit (RLIMIT_NOFILE, &before);
  close (ready[0]);
  close (ready[1]);
  inos_compositor_destroy (compositor);
  said_end();
}

/* The compositor takes all the descriptors that it may have; programs that it starts do not. */
static void test_limit_is_not_inherited (void **state)
{
  struct rlimit now, before = {0};
  getrlimit (RLIMIT_NOFILE, &before);
  struct rlimit few = {256, before.rlim_max};
  setrlimit (RLIMIT_NOFILE, &few);
  inos_nofile_raise();
  getrlimit (RLIMIT_NOFILE, &now);
  assert_int_equal (now.rlim_cur, before.rlim_max);
  pid_t child = fork();
  if (child == 0) {
    getrlimit (RLIMIT_NOFILE, &now);
    _exit (now.rlim_cur == 256 ? 0 : 1);
  }
  int status;
  assert_int_equal (waitpid (child, &status, 0), child);
  assert_int_equal (status, 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_out_of_descriptors),
    cmocka_unit_test (test_too_many_connections),
    cmocka_unit_test (test_limit_is_not_inherited),
  };
  return run_compositor_tests (tests);
}
