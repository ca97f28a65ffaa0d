/*
 * A program for the tests of processes: helper COMMAND [ARGUMENT].
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Says back each line; crashes on one that says so. */
static int echo (void)
{
  char line[256];

  while (fgets (line, sizeof line, stdin)) {
    if (strcmp (line, "crash\n") == 0)
      abort();
    fputs (line, stdout);
    fflush (stdout);
  }
  return 0;
}

/* So many bytes on its output, as fast as they go. */
static int flood (long bytes)
{
  static char block[65536];

  memset (block, 'x', sizeof block);
  while (bytes > 0) {
    ssize_t written = write (1, block, bytes < (long)sizeof block ? (size_t)bytes : sizeof block);
    if (written < 0)
      return 9;
    bytes -= written;
  }
  return 0;
}

/* Its surroundings: environment, directory, descriptors, limits, signals, session. */
static int show (void)
{
  struct rlimit data, files;
  struct sigaction action;
  char directory[512];
  sigset_t blocked;
  int fds = -1; /* the one that counts them */
  DIR *dir = opendir ("/proc/self/fd");

  while (readdir (dir))
    fds++;
  closedir (dir);
  getrlimit (RLIMIT_DATA, &data);
  getrlimit (RLIMIT_NOFILE, &files);
  sigaction (SIGPIPE, NULL, &action);
  sigprocmask (SIG_SETMASK, NULL, &blocked);
  for (char **e = environ; *e; e++)
    printf ("%s ", *e);
  printf ("%s fds=%d data=%llu files=%llu pipe=%d blocked=%d leader=%d privileges=%d\n",
          getcwd (directory, sizeof directory), fds - 2, (unsigned long long)data.rlim_cur,
          (unsigned long long)files.rlim_cur, action.sa_handler == SIG_DFL,
          sigismember (&blocked, SIGTERM), getsid (0) == getpid() && getpgrp() == getpid(),
          prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  return 0;
}

/* Says its number, and that of a child of its own where @children; then sleeps. */
static _Noreturn void linger (int children)
{
  pid_t child = children ? fork() : 0;

  if (children && child == 0)
    for (;;)
      pause();
  printf ("%d %d\n", getpid(), child);
  fflush (stdout);
  for (;;)
    pause();
}

static int all_memory (void)
{
  for (int i = 0; i < 1024; i++) {
    char *piece = malloc (1 << 20); /* allowed: that it returns NULL is the point */
    if (!piece)
      return 12;
    memset (piece, 1, 1 << 20);
  }
  return 0;
}

int main (int argc, char **argv)
{
  const char *command = argc > 1 ? argv[1] : "";

  if (strcmp (command, "echo") == 0)
    return echo();
  if (strcmp (command, "flood") == 0)
    return flood (atol (argv[2])); /* allowed: the tests give it a number */
  if (strcmp (command, "show") == 0)
    return show();
  if (strcmp (command, "linger") == 0)
    linger (0);
  if (strcmp (command, "family") == 0)
    linger (1);
  if (strcmp (command, "stubborn") == 0) {
    signal (SIGTERM, SIG_IGN);
    linger (1);
  }
  if (strcmp (command, "both") == 0) {
    fputs ("to errors\n", stderr);
    fputs ("to output\n", stdout);
    return 3;
  }
  if (strcmp (command, "memory") == 0)
    return all_memory();
  if (strcmp (command, "spin") == 0)
    for (;;)
      __asm__ volatile ("");
  return argc > 1 ? 64 : 0;
}
