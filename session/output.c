/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_FILE (gint64) (2 * 1024 * 1024)
#define MAX_LINE 1024
#define MAX_LAST 200 /* bytes of a line that are worth showing to a person */

struct inos_output {
  char *name, *path, *old_path;
  char *last; /* may be NULL */
  int file;   /* -1: cannot be written */
  gint64 size;
  gboolean echo;
  GString *line;    /* the unfinished line to echo */
  GPtrArray *pipes; /* of struct pipe_end, owned; several where old children live on */
};

struct pipe_end {
  struct inos_output *output;
  int fd;
  guint source;
};

static void pipe_end_free (struct pipe_end *end)
{
  g_clear_handle_id (&end->source, g_source_remove);
  close (end->fd);
  g_free (end);
}

/* Makes the file the old one and begins anew, so that at most two caps are kept. */
static void rotate (struct inos_output *output)
{
  if (output->file >= 0)
    close (output->file);
  rename (output->path, output->old_path);
  output->file = open (output->path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  output->size = 0;
  if (output->file < 0)
    g_message ("cannot write %s: %s", output->path, g_strerror (errno));
}

/* Writes to the terminal only what it takes without waiting: one held with Ctrl+S loses lines. */
static void echo_line (struct inos_output *output)
{
  struct pollfd terminal = {.fd = STDERR_FILENO, .events = POLLOUT};
  g_autofree char *text = g_strdup_printf ("[%s] %s\n", output->name, output->line->str);
  g_string_truncate (output->line, 0);
  if (poll (&terminal, 1, 0) == 1 && (terminal.revents & POLLOUT) != 0) {
    ssize_t ignored = write (STDERR_FILENO, text, MIN (strlen (text), PIPE_BUF));
    (void)ignored;
  }
}

static void echo_text (struct inos_output *output, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (text[i] != '\n' && text[i] != '\0')
      g_string_append_c (output->line, text[i]);
    if (text[i] == '\n' || output->line->len >= MAX_LINE)
      echo_line (output);
  }
}

/* A line that two reads share is cut; the file has it whole. */
static void keep_last_line (struct inos_output *output, const char *text, gsize length)
{
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  gsize start = length;
  while (start > 0 && text[start - 1] != '\n')
    start--;
  if (start == length)
    return;
  g_free (output->last);
  output->last = g_utf8_make_valid (text + start, (gssize)MIN (length - start, MAX_LAST));
}

/* Reads once. FALSE at the end or when there is nothing; `*ended` tells which. */
static gboolean read_some (struct pipe_end *end, gboolean *ended)
{
  struct inos_output *output = end->output;
  char text[16384];
  ssize_t n = read (end->fd, text, sizeof text);
  *ended = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
  if (n <= 0)
    return FALSE;
  if (output->size + n > MAX_FILE)
    rotate (output);
  if (output->file >= 0 && write (output->file, text, (size_t)n) == n)
    output->size += n;
  keep_last_line (output, text, (gsize)n);
  if (output->echo)
    echo_text (output, text, (gsize)n);
  return TRUE;
}

static gboolean on_readable (gint fd, GIOCondition condition, gpointer data)
{
  struct pipe_end *end = data;
  gboolean ended = FALSE;
  read_some (end, &ended);
  if (!ended)
    return G_SOURCE_CONTINUE;
  end->source = 0;
  g_ptr_array_remove_fast (end->output->pipes, end);
  return G_SOURCE_REMOVE;
}

struct inos_output *inos_output_new (const char *directory, const char *name, gboolean echo)
{
  struct inos_output *output = g_new0 (struct inos_output, 1);
  *output = (struct inos_output){
    .name = g_strdup (name),
    .path = g_strdup_printf ("%s/%s.log", directory, name),
    .old_path = g_strdup_printf ("%s/%s.log.old", directory, name),
    .file = -1,
    .echo = echo,
    .line = g_string_new (NULL),
    .pipes = g_ptr_array_new_with_free_func ((GDestroyNotify)pipe_end_free),
  };
  rotate (output);
  return output;
}

void inos_output_free (struct inos_output *output)
{
  if (output == NULL)
    return;
  inos_output_drain (output);
  g_ptr_array_unref (output->pipes);
  if (output->file >= 0)
    close (output->file);
  g_string_free (output->line, TRUE);
  g_free (output->last);
  g_free (output->name);
  g_free (output->path);
  g_free (output->old_path);
  g_free (output);
}

const char *inos_output_path (const struct inos_output *output)
{
  return output->path;
}

int inos_output_open (struct inos_output *output, GError **error)
{
  int fds[2];
  if (!g_unix_open_pipe (fds, O_CLOEXEC, error))
    return -1;
  g_unix_set_fd_nonblocking (fds[0], TRUE, NULL);
  struct pipe_end *end = g_new0 (struct pipe_end, 1);
  *end = (struct pipe_end){.output = output, .fd = fds[0]};
  end->source = g_unix_fd_add (fds[0], G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, end);
  g_ptr_array_add (output->pipes, end);
  return fds[1];
}

void inos_output_drain (struct inos_output *output)
{
  gboolean ended = FALSE;
  for (guint i = 0; i < output->pipes->len; i++) {
    /* Bounded: one that writes without end must not keep the session here. */
    for (int turns = 0; turns < 16; turns++)
      if (!read_some (g_ptr_array_index (output->pipes, i), &ended))
        break;
  }
}

const char *inos_output_last_line (const struct inos_output *output)
{
  return output->last;
}

void inos_output_forget_last_line (struct inos_output *output)
{
  g_clear_pointer (&output->last, g_free);
}
