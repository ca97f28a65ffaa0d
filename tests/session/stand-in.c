/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program that stands in for a component of the desktop. Its arguments are steps, done in order:
 *   note WORD    append "WORD PID" to $STAND_IN_LOG
 *   env NAME     append "NAME=value"
 *   ready        READY=1, as a compositor also with a display
 *   extend MS    ask for that much more time to become ready
 *   software     the same as a compositor that draws without a GPU
 *   locked       say that the session is locked; unlocked: locked, and then not any more
 *   noise        datagrams that the session has to ignore
 *   foreign      READY=1 from a child process
 *   orphan       leave behind a grandchild in a session of its own that ignores SIGTERM
 *   client       check that WAYLAND_SOCKET is a socket the compositor listens to
 *   unasked      answers on the control channel to what was not asked
 *   serve        answer the control channel until SIGTERM, with nonsense between the answers
 *   sleep MS, exit STATUS, abort, hang (until SIGTERM), deaf (until SIGKILL), say TEXT
 */
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

static void note (const char *word, const char *value)
{
  const char *path = g_getenv ("STAND_IN_LOG");
  FILE *file = path != NULL ? fopen (path, "ae") : NULL;
  if (file == NULL)
    return;
  fprintf (file, "%s%s\n", word, value);
  fclose (file);
}

static void send_raw (const char *bytes, gsize length)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  g_strlcpy (address.sun_path, g_getenv ("NOTIFY_SOCKET"), sizeof address.sun_path);
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  sendto (fd, bytes, length, 0, (struct sockaddr *)&address, sizeof address);
  close (fd);
}

static void noise (void)
{
  g_autofree char *filler = g_strnfill (60000, 'A');
  g_autofree char *big = g_strconcat ("READY=1\nX=", filler, NULL);
  send_raw (big, strlen (big));
  send_raw ("READY=1\0", 8);
  send_raw ("READY=1\n\xff\xfe", 10);
  send_raw ("READY=1\nno equals sign", 22);
  send_raw ("READY=1\nX_INOS_WAYLAND_DISPLAY=../../etc", 40);
  send_raw ("READY=0", 7);
  send_raw ("", 0);
}

static void orphan (void)
{
  pid_t child = fork();
  if (child == 0) {
    setsid();
    if (fork() == 0) {
      signal (SIGTERM, SIG_IGN);
      signal (SIGHUP, SIG_IGN);
      g_autofree char *pid = g_strdup_printf (" %d", (int)getpid());
      note ("orphan", pid);
      for (;;)
        pause();
    }
    _exit (0);
  }
  waitpid (child, NULL, 0);
}

static void foreign (void)
{
  pid_t child = fork();
  if (child == 0) {
    sd_notify (0, "READY=1\nX_INOS_WAYLAND_DISPLAY=stolen");
    _exit (0);
  }
  waitpid (child, NULL, 0);
}

/* The shell's end of the socket: says hello and gets the word back. */
static void client (void)
{
  const char *name = g_getenv ("WAYLAND_SOCKET");
  int fd = name != NULL ? (int)g_ascii_strtoll (name, NULL, 10) : -1;
  char reply[8] = "";
  gboolean ok = fd >= 0 && write (fd, "hello", 5) == 5 && read (fd, reply, 5) == 5;
  note ("client ", ok && g_str_equal (reply, "hello") ? "ok" : "failed");
}

static void send_fds (int channel, const char *text, gsize length, const int *fds, gsize n)
{
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE (4 * sizeof (int))];
  } room = {0};
  struct iovec part = {.iov_base = (void *)text, .iov_len = length};
  struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
  if (n > 0) {
    header.msg_control = &room;
    header.msg_controllen = CMSG_SPACE (n * sizeof (int));
    struct cmsghdr *c = CMSG_FIRSTHDR (&header);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN (n * sizeof (int));
    memcpy (CMSG_DATA (c), fds, n * sizeof (int));
  }
  sendmsg (channel, &header, MSG_NOSIGNAL);
}

static void answer (int channel, const char *question, gsize length)
{
  int pair[2];
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
    return;
  send_fds (channel, "nonsense", 8, NULL, 0);
  g_autofree char *twice =
    g_strdup_printf ("%.*s%.*s", (int)length, question, (int)length, question);
  send_fds (channel, question, length, NULL, 0);
  send_fds (channel, twice, 2 * length, pair, 1);
  send_fds (channel, "shell 0", 7, pair, 1); /* an older question's */
  send_fds (channel, question, length, pair, 2);
  send_fds (channel, question, length, &pair[1], 1);
  send_fds (channel, question, length, &pair[1], 1); /* nobody asks any more */
  close (pair[1]);
  if (fork() == 0) { /* echoes one word, as a compositor answers its client */
    char word[8];
    ssize_t n = read (pair[0], word, sizeof word);
    if (n > 0)
      n = write (pair[0], word, (size_t)n);
    _exit (n > 0 ? 0 : 1);
  }
  close (pair[0]);
}

static void unasked (void)
{
  int channel = (int)g_ascii_strtoll (g_getenv ("INOS_CONTROL_FD"), NULL, 10);
  g_autofree char *big = g_strnfill (20000, 'B');
  send_fds (channel, big, 20000, NULL, 0);
  send_fds (channel, "shell", 5, &channel, 1);
  send_fds (channel, "shell 0", 7, &channel, 1);
}

G_NORETURN static void serve (void)
{
  signal (SIGCHLD, SIG_IGN);
  int channel = (int)g_ascii_strtoll (g_getenv ("INOS_CONTROL_FD"), NULL, 10);
  char text[64];
  ssize_t n = 0;
  while ((n = read (channel, text, sizeof text)) > 0)
    if (n > 6 && memcmp (text, "shell ", 6) == 0)
      answer (channel, text, (gsize)n);
  for (;;)
    pause();
}

static const char *one_argument (char ***step)
{
  return *++*step;
}

static void do_step (char ***step)
{
  const char *word = **step;
  if (g_str_equal (word, "note")) {
    g_autofree char *pid = g_strdup_printf (" %d", (int)getpid());
    note (one_argument (step), pid);
  } else if (g_str_equal (word, "env")) {
    const char *name = one_argument (step);
    const char *value = g_getenv (name);
    g_autofree char *text = g_strdup_printf ("=%s", value != NULL ? value : "(unset)");
    note (name, text);
  } else if (g_str_equal (word, "ready"))
    sd_notify (0, g_getenv ("INOS_CONTROL_FD") != NULL
                    ? "READY=1\nX_INOS_WAYLAND_DISPLAY=wayland-77"
                    : "READY=1");
  else if (g_str_equal (word, "extend"))
    sd_notifyf (0, "EXTEND_TIMEOUT_USEC=%s000", one_argument (step));
  else if (g_str_equal (word, "software"))
    sd_notify (0, "READY=1\nX_INOS_WAYLAND_DISPLAY=wayland-77\nX_INOS_RENDERER=software");
  else if (g_str_equal (word, "locked"))
    sd_notify (0, "X_INOS_LOCKED=1");
  else if (g_str_equal (word, "unlocked")) {
    sd_notify (0, "X_INOS_LOCKED=1");
    sd_notify (0, "X_INOS_LOCKED=0");
  } else if (g_str_equal (word, "noise"))
    noise();
  else if (g_str_equal (word, "foreign"))
    foreign();
  else if (g_str_equal (word, "orphan"))
    orphan();
  else if (g_str_equal (word, "client"))
    client();
  else if (g_str_equal (word, "unasked"))
    unasked();
  else if (g_str_equal (word, "serve"))
    serve();
  else if (g_str_equal (word, "sleep"))
    g_usleep ((gulong)g_ascii_strtoull (one_argument (step), NULL, 10) * 1000);
  else if (g_str_equal (word, "say"))
    fprintf (stderr, "%s\n", one_argument (step));
  else if (g_str_equal (word, "exit"))
    exit ((int)g_ascii_strtoll (one_argument (step), NULL, 10));
  else if (g_str_equal (word, "abort")) {
    setrlimit (RLIMIT_CORE, &(struct rlimit){0});
    raise (SIGKILL);
  } else if (g_str_equal (word, "deaf"))
    signal (SIGTERM, SIG_IGN);
  else if (g_str_equal (word, "hang"))
    for (;;)
      pause();
}

int main (int argc, char **argv)
{
  for (char **step = argv + 1; *step != NULL; step++)
    do_step (&step);
  return 0;
}
