/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between fork and exec only async-signal-safe calls: GDBus has a thread that may hold locks. */
struct prepared {
  const struct inos_spawn *spawn;
  const char *program;
  char oom[16];
  int error_fd;
  pid_t parent;
};

static void child_signals (void)
{
  sigset_t none;
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  signal (SIGPIPE, SIG_DFL);
}

static void child_oom (const char *score)
{
  int fd = open ("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  /* A kernel that refuses costs nothing but the preference. */
  ssize_t ignored = write (fd, score, strlen (score));
  (void)ignored;
  close (fd);
}

static int child_descriptors (const struct inos_spawn *spawn)
{
  if (spawn->own_group) {
    int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2 (null, STDIN_FILENO) < 0)
      return -1;
  }
  if (spawn->output >= 0 &&
      (dup2 (spawn->output, STDOUT_FILENO) < 0 || dup2 (spawn->output, STDERR_FILENO) < 0))
    return -1;
  for (gsize i = 0; i < spawn->n_keep; i++)
    if (fcntl (spawn->keep[i], F_SETFD, 0) < 0)
      return -1;
  return 0;
}

G_NORETURN static void child (const struct prepared *prepared)
{
  const struct inos_spawn *spawn = prepared->spawn;
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != prepared->parent)
    _exit (126); /* the session died between fork and here */
  child_signals();
  if (spawn->own_group)
    setsid();
  if (prepared->oom[0] != '\0')
    child_oom (prepared->oom);
  if (child_descriptors (spawn) == 0)
    execve (prepared->program, spawn->argv, spawn->envp);
  int failure = errno;
  ssize_t ignored = write (prepared->error_fd, &failure, sizeof failure);
  (void)ignored;
  _exit (127);
}

static void prepare_oom (struct prepared *prepared)
{
  g_autofree char *now = NULL;
  if (prepared->spawn->oom_score_adj == 0 ||
      !g_file_get_contents ("/proc/self/oom_score_adj", &now, NULL, NULL))
    return;
  gint64 score = g_ascii_strtoll (now, NULL, 10) + prepared->spawn->oom_score_adj;
  g_snprintf (prepared->oom, sizeof prepared->oom, "%d", (int)CLAMP (score, -1000, 1000));
}

/* Waits until the child has executed its program (the pipe closes) or says why it could not. */
static int wait_for_exec (int fd)
{
  int failure = 0;
  ssize_t n = 0;
  do {
    n = read (fd, &failure, sizeof failure);
  } while (n < 0 && errno == EINTR);
  return n == sizeof failure ? failure : 0;
}

pid_t inos_spawn (const struct inos_spawn *spawn, GError **error)
{
  g_autofree char *program = g_find_program_in_path (spawn->argv[0]);
  int pipe_fds[2] = {-1, -1};
  if (program == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no program %s", spawn->argv[0]);
    return -1;
  }
  if (!g_unix_open_pipe (pipe_fds, O_CLOEXEC, error))
    return -1;
  struct prepared prepared = {
    .spawn = spawn, .program = program, .error_fd = pipe_fds[1], .parent = getpid()};
  prepare_oom (&prepared);

  pid_t pid = fork();
  int failure = errno;
  if (pid == 0)
    child (&prepared);
  close (pipe_fds[1]);
  if (pid > 0)
    failure = wait_for_exec (pipe_fds[0]);
  close (pipe_fds[0]);
  if (pid > 0 && failure == 0)
    return pid;
  if (pid > 0)
    waitpid (pid, NULL, 0);
  g_set_error (error, G_IO_ERROR, (gint)g_io_error_from_errno (failure), "cannot start %s: %s",
               program, g_strerror (failure));
  return -1;
}
