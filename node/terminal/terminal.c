/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/terminal/private.h"

#include "node/api/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define READ_SIZE ((size_t)16 * 1024)
#define TURN ((size_t)64 * 1024)      /* bytes that are read before others have their turn */
#define REST_MAX ((size_t)128 * 1024) /* bytes that the PTY of an ended one may have */
#define NEWS_MS 100
#define AWAY_MS 500 /* the first time; each further time twice as long */
#define AWAY_MAX_MS 8000
#define COMM_MAX 15 /* bytes of a name that the kernel keeps */

/* The PTY */

static void clear_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void close_pty (struct inos_terminal *t)
{
  g_clear_handle_id (&t->away, g_source_remove);
  clear_source (&t->reader);
  clear_source (&t->writer);
  if (t->pty >= 0)
    close (t->pty);
  t->pty = -1;
}

/* The master, and the slave as a descriptor above 2. */
static bool open_pty (int *master, int *slave)
{
  struct termios settings;

  *slave = -1;
  *master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (*master < 0)
    return false;
  int low = grantpt (*master) == 0 && unlockpt (*master) == 0
              ? ioctl (*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)
              : -1;
  if (low >= 0) {
    *slave = fcntl (low, F_DUPFD_CLOEXEC, 3);
    close (low);
  }
  if (*slave >= 0 && tcgetattr (*slave, &settings) == 0) {
    settings.c_iflag |= IUTF8;
    if (tcsetattr (*slave, TCSANOW, &settings) == 0)
      return true;
  }
  int error = errno;
  if (*slave >= 0)
    close (*slave);
  close (*master);
  errno = error;
  return false;
}

static gboolean on_news (gpointer data)
{
  struct inos_terminal *t = data;

  t->news = 0;
  t->scan.title_changed = false;
  t->events.changed (t, t->data);
  return G_SOURCE_REMOVE;
}

static gboolean on_away (gpointer data)
{
  struct inos_terminal *t = data;
  struct pollfd pty = {.fd = t->pty, .events = POLLIN};

  t->away = 0;
  if (poll (&pty, 1, 0) > 0 && !(pty.revents & POLLIN)) {
    t->away_ms = MIN (t->away_ms * 2, AWAY_MAX_MS);
    t->away = g_timeout_add (t->away_ms, on_away, t);
    return G_SOURCE_REMOVE;
  }
  inos_terminal_watch (t);
  return G_SOURCE_REMOVE;
}

/* No process has it open any more, of which the kernel would tell without end. The program's end is
 * told by itself; one that lives may open it again by its name. */
static void lose_readers (struct inos_terminal *t)
{
  clear_source (&t->reader);
  clear_source (&t->writer);
  g_byte_array_set_size (t->input, 0);
  if (t->away)
    return;
  t->away_ms = AWAY_MS;
  t->away = g_timeout_add (t->away_ms, on_away, t);
}

/* Returns: false where the PTY has no more, at least for now. */
static bool read_some (struct inos_terminal *t, size_t *taken)
{
  size_t size = READ_SIZE;
  uint8_t *bytes = inos_ring_space (&t->ring, &size);
  ssize_t n = read (t->pty, bytes, size);

  if (n < 0 && errno == EINTR)
    return true;
  if (n < 0 && errno == EAGAIN)
    return false;
  if (n <= 0) {
    lose_readers (t);
    return false;
  }
  inos_scan_output (&t->scan, bytes, (size_t)n);
  inos_ring_add (&t->ring, (size_t)n);
  *taken += (size_t)n;
  if (t->scan.title_changed && !t->news)
    t->news = g_timeout_add (NEWS_MS, on_news, t);
  return true;
}

static gboolean on_output (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_terminal *t = data;
  size_t taken = 0;

  while (taken < TURN && read_some (t, &taken))
    ;
  bool open = t->reader != NULL;
  inos_attached_flush (t);
  if (open)
    inos_terminal_watch (t);
  return open ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void write_input (struct inos_terminal *t)
{
  while (t->pty >= 0 && t->input->len > 0) {
    ssize_t n = write (t->pty, t->input->data, t->input->len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno != EAGAIN)
      g_byte_array_set_size (t->input, 0); /* nobody will read it */
    if (n <= 0)
      return;
    g_byte_array_remove_range (t->input, 0, (guint)n);
  }
}

static gboolean on_input_room (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_terminal *t = data;

  if (condition & (G_IO_HUP | G_IO_ERR))
    g_byte_array_set_size (t->input, 0); /* nobody will read it */
  write_input (t);
  inos_terminal_watch (t);
  return G_SOURCE_CONTINUE;
}

bool inos_terminal_takes_input (const struct inos_terminal *t)
{
  return t->input->len < INOS_TERMINAL_INPUT_MAX;
}

void inos_terminal_input (struct inos_terminal *t, const void *bytes, size_t size)
{
  if (t->pty < 0 || t->away)
    return;
  g_byte_array_append (t->input, bytes, (guint)size);
  write_input (t);
}

/* Whoever has held the others up and has taken nothing since. */
static gboolean on_patience_over (gpointer data)
{
  struct inos_terminal *t = data;

  t->patience = 0;
  for (unsigned i = 0; i < t->attached->len; i++) {
    struct attached *a = t->attached->pdata[i];
    if (t->ring.end - a->at >= INOS_TERMINAL_WINDOW && !a->moved) {
      g_message ("One who looks on at terminal %" G_GUINT64_FORMAT " takes nothing; it is let go.",
                 (guint64)t->id);
      a->gone = true;
    }
    a->moved = false;
  }
  inos_attached_flush (t);
  inos_terminal_watch (t);
  return G_SOURCE_REMOVE;
}

static void watch_pty (struct inos_terminal *t, GSource **source, bool wanted,
                       GIOCondition condition, GUnixFDSourceFunc func)
{
  if (!wanted || t->pty < 0) {
    clear_source (source);
  } else if (!*source) {
    *source = g_unix_fd_source_new (t->pty, condition);
    g_source_set_callback (*source, G_SOURCE_FUNC (func), t, NULL);
    g_source_attach (*source, NULL);
  }
}

void inos_terminal_watch (struct inos_terminal *t)
{
  bool hold = inos_attached_hold (t);

  watch_pty (t, &t->reader, !hold && !t->ended && !t->away, G_IO_IN, on_output);
  watch_pty (t, &t->writer, t->input->len > 0 && !t->away, G_IO_OUT, on_input_room);
  if (hold && !t->patience) {
    for (unsigned i = 0; i < t->attached->len; i++)
      ((struct attached *)t->attached->pdata[i])->moved = false;
    t->patience = g_timeout_add (INOS_TERMINAL_PATIENCE_MS, on_patience_over, t);
  } else if (!hold) {
    g_clear_handle_id (&t->patience, g_source_remove);
  }
  inos_attached_watch (t);
}

/* The program */

/* What its PTY has still comes first. Its background jobs may keep the PTY open: they are hung up
 * on, as by every terminal whose shell ends. */
static gboolean on_child_ended (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_terminal *t = data;
  siginfo_t info = {0};
  size_t taken = 0;

  if (waitid (P_PIDFD, (id_t)t->child.pidfd, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0)
    return G_SOURCE_CONTINUE;
  clear_source (&t->exit);
  close (t->child.pidfd);
  t->child = (struct inos_child_process){0};
  g_clear_handle_id (&t->grace, g_source_remove);
  t->code = info.si_code == CLD_EXITED ? info.si_status : -1;
  t->signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
  while (t->pty >= 0 && taken < REST_MAX && read_some (t, &taken))
    ;
  close_pty (t);
  t->ended = true;
  inos_attached_flush (t);
  inos_terminal_watch (t);
  t->events.ended (t, t->data);
  return G_SOURCE_REMOVE;
}

static bool start (struct inos_terminal *t, const struct inos_terminal_program *program, int slave,
                   GError **error)
{
  struct inos_child_plan plan = {
    .path = program->path,
    .argv = (const char *const *)program->argv,
    .environment = (const char *const *)program->environment,
    .directory = open (program->directory, O_PATH | O_DIRECTORY | O_CLOEXEC),
    .stdio = {slave, slave, slave},
    .may_gain_privileges = true, /* sudo */
    .controls_terminal = true,
  };
  struct inos_os_result result = inos_child_process_start (&plan, &t->child);

  if (plan.directory >= 0)
    close (plan.directory);
  if (result.error != INOS_OS_OK) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_FAILED, "%s cannot be run: %s",
                 program->path, inos_os_text (result));
    return false;
  }
  t->leader = t->child.pid;
  t->exit = g_unix_fd_source_new (t->child.pidfd, G_IO_IN);
  g_source_set_callback (t->exit, G_SOURCE_FUNC (on_child_ended), t, NULL);
  g_source_attach (t->exit, NULL);
  return true;
}

struct inos_terminal *inos_terminal_new (uint64_t id, const struct inos_terminal_program *program,
                                         unsigned columns, unsigned rows,
                                         const struct inos_terminal_events *events, void *data,
                                         GError **error)
{
  struct inos_terminal *t = g_new0 (struct inos_terminal, 1);
  int slave;

  *t = (struct inos_terminal){.id = id, .events = *events, .data = data, .pty = -1};
  t->started = g_get_real_time();
  t->name = g_path_get_basename (program->path);
  t->input = g_byte_array_new();
  t->attached = g_ptr_array_new_with_free_func (inos_attached_free);
  inos_ring_init (&t->ring, INOS_TERMINAL_KEPT);
  if (!open_pty (&t->pty, &slave)) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_FAILED,
                 "The system gives no terminal: %s. Close one of those that are open.",
                 g_strerror (errno));
    t->pty = -1;
    inos_terminal_free (t);
    return NULL;
  }
  inos_terminal_resize (t, columns, rows);
  bool started = start (t, program, slave, error);
  close (slave);
  if (started)
    inos_terminal_watch (t);
  else
    g_clear_pointer (&t, inos_terminal_free);
  return t;
}

static void hang_up (struct inos_terminal *t)
{
  pid_t foreground;

  if (t->child.pid == 0)
    return;
  foreground = t->pty >= 0 ? tcgetpgrp (t->pty) : -1;
  if (foreground > 0 && foreground != t->child.pid) {
    kill (-foreground, SIGHUP);
    kill (-foreground, SIGCONT);
  }
  kill (-t->child.pid, SIGHUP);
  kill (-t->child.pid, SIGCONT);
}

void inos_terminal_free (struct inos_terminal *t)
{
  if (!t)
    return;
  hang_up (t);
  g_clear_handle_id (&t->patience, g_source_remove);
  g_clear_handle_id (&t->news, g_source_remove);
  g_clear_handle_id (&t->grace, g_source_remove);
  clear_source (&t->exit);
  if (t->child.pid > 0)
    close (t->child.pidfd);
  g_ptr_array_unref (t->attached);
  close_pty (t);
  inos_ring_finish (&t->ring);
  g_byte_array_unref (t->input);
  g_free (t->name);
  g_free (t);
}

static gboolean on_grace_over (gpointer data)
{
  struct inos_terminal *t = data;

  t->grace = 0;
  if (t->child.pid > 0)
    kill (-t->child.pid, SIGKILL);
  return G_SOURCE_REMOVE;
}

void inos_terminal_hang_up (struct inos_terminal *t)
{
  if (t->hung_up || t->ended)
    return;
  t->hung_up = true;
  hang_up (t);
  g_ptr_array_set_size (t->attached, 0);
  close_pty (t);
  t->grace = g_timeout_add (INOS_TERMINAL_GRACE_MS, on_grace_over, t);
}

void inos_terminal_resize (struct inos_terminal *t, unsigned columns, unsigned rows)
{
  struct winsize size = {.ws_col = (unsigned short)CLAMP (columns, 1, INOS_TERMINAL_SIDE_MAX),
                         .ws_row = (unsigned short)CLAMP (rows, 1, INOS_TERMINAL_SIDE_MAX)};

  t->columns = size.ws_col;
  t->rows = size.ws_row;
  if (t->pty >= 0 && ioctl (t->pty, TIOCSWINSZ, &size) < 0)
    g_warning ("The size of terminal %" G_GUINT64_FORMAT " cannot be set: %s", (guint64)t->id,
               g_strerror (errno));
}

uint64_t inos_terminal_id (const struct inos_terminal *t)
{
  return t->id;
}

bool inos_terminal_is_hung_up (const struct inos_terminal *t)
{
  return t->hung_up;
}

bool inos_terminal_has_ended (const struct inos_terminal *t)
{
  return t->ended;
}

/* "" where the process has gone or is not ours to look at. */
static char *name_of (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/comm", (int)pid);
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("");
  g_autofree char *raw = text;
  return g_utf8_make_valid (g_strchomp (raw), -1);
}

static char *directory_of (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/cwd", (int)pid);
  g_autofree char *target = g_file_read_link (path, NULL);

  return target ? g_utf8_make_valid (target, -1) : g_strdup ("");
}

void inos_terminal_look (struct inos_terminal *t, struct inos_terminal_look *look)
{
  pid_t foreground = 0;

  *look = (struct inos_terminal_look){
    .id = t->id,
    .title = t->scan.title,
    .columns = t->columns,
    .rows = t->rows,
    .attached = t->attached->len,
    .ended = t->ended,
    .code = t->code,
    .signal = t->signal,
    .started = t->started,
  };
  if (t->pty >= 0 && t->child.pid > 0 &&
      (ioctl (t->pty, TIOCGPGRP, &foreground) < 0 || foreground <= 0))
    foreground = t->child.pid;
  look->program = foreground > 0 ? name_of (foreground) : g_strdup ("");
  look->busy = foreground > 0 && *look->program &&
               (foreground != t->leader || strncmp (look->program, t->name, COMM_MAX) != 0);
  look->directory = foreground > 0 ? directory_of (foreground) : g_strdup ("");
  if (!*look->program) {
    g_free (look->program);
    look->program = g_utf8_make_valid (t->name, -1);
  }
}

void inos_terminal_look_clear (struct inos_terminal_look *look)
{
  g_clear_pointer (&look->program, g_free);
  g_clear_pointer (&look->directory, g_free);
}
