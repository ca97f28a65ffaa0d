/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "transfer.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIMEOUT 5    /* s without a byte */
#define MOST_TIME 30 /* s for all of it */
#define PART (64 * 1024)

struct InosTransfer {
  int fd;
  guint source, timer, end;
  GByteArray *got; /* NULL: it is written */
  gsize max;
  GBytes *bytes; /* what is written */
  gsize sent;
  InosTransferRead read;
  InosTransferWritten written;
  gpointer data;
};

void inos_transfer_cancel (InosTransfer *transfer)
{
  if (!transfer)
    return;
  g_clear_handle_id (&transfer->source, g_source_remove);
  g_clear_handle_id (&transfer->timer, g_source_remove);
  g_clear_handle_id (&transfer->end, g_source_remove);
  close (transfer->fd);
  g_clear_pointer (&transfer->got, g_byte_array_unref);
  g_clear_pointer (&transfer->bytes, g_bytes_unref);
  g_free (transfer);
}

/* Ends it, then tells who waits. */
static void finish (InosTransfer *transfer, gboolean good)
{
  InosTransferRead read = transfer->read;
  gpointer data = transfer->data;
  GBytes *bytes =
    good && transfer->got ? g_byte_array_free_to_bytes (g_steal_pointer (&transfer->got)) : NULL;

  if (transfer->written)
    transfer->written (transfer, data);
  inos_transfer_cancel (transfer);
  if (read)
    read (bytes, data);
}

static gboolean on_timeout (gpointer data)
{
  InosTransfer *transfer = data;

  g_info ("a program on the other end of the clipboard is too slow and is given up");
  finish (transfer, FALSE);
  return G_SOURCE_CONTINUE; /* it has been removed */
}

static void wait_anew (InosTransfer *transfer)
{
  g_clear_handle_id (&transfer->timer, g_source_remove);
  transfer->timer = g_timeout_add_seconds (TIMEOUT, on_timeout, transfer);
}

static gboolean on_readable (int fd, GIOCondition condition, gpointer data)
{
  InosTransfer *transfer = data;
  guint8 part[PART];
  gssize n = read (fd, part, sizeof part);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (n > 0 && transfer->got->len + (gsize)n <= transfer->max) {
    g_byte_array_append (transfer->got, part, (guint)n);
    wait_anew (transfer);
    return G_SOURCE_CONTINUE;
  }
  if (n > 0)
    g_info ("what was copied is too large to be kept");
  transfer->source = 0;
  finish (transfer, n == 0);
  return G_SOURCE_REMOVE;
}

static gboolean on_writable (int fd, GIOCondition condition, gpointer data)
{
  InosTransfer *transfer = data;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (transfer->bytes, &length);
  gssize n = write (fd, bytes + transfer->sent, length - transfer->sent);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (n > 0) {
    transfer->sent += (gsize)n;
    wait_anew (transfer);
    if (transfer->sent < length)
      return G_SOURCE_CONTINUE;
  }
  transfer->source = 0;
  finish (transfer, transfer->sent == length);
  return G_SOURCE_REMOVE;
}

static InosTransfer *create (int fd, GIOCondition condition, GUnixFDSourceFunc func, gpointer data)
{
  InosTransfer *transfer = g_new0 (InosTransfer, 1);

  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  transfer->fd = fd;
  transfer->data = data;
  transfer->source = g_unix_fd_add (fd, condition, func, transfer);
  transfer->end = g_timeout_add_seconds (MOST_TIME, on_timeout, transfer);
  wait_anew (transfer);
  return transfer;
}

InosTransfer *inos_transfer_read (int fd, gsize max, InosTransferRead done, gpointer data)
{
  InosTransfer *transfer = create (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, data);

  transfer->got = g_byte_array_new();
  transfer->max = max;
  transfer->read = done;
  return transfer;
}

/* What is none of them may block, whatever flags it has. */
static gboolean is_pipe (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && (S_ISFIFO (status.st_mode) || S_ISSOCK (status.st_mode));
}

InosTransfer *inos_transfer_write (int fd, GBytes *bytes, InosTransferWritten done, gpointer data)
{
  InosTransfer *transfer;

  if (!is_pipe (fd)) {
    close (fd);
    return NULL;
  }
  transfer = create (fd, G_IO_OUT | G_IO_HUP | G_IO_ERR, on_writable, data);

  transfer->bytes = g_bytes_ref (bytes);
  transfer->written = done;
  return transfer;
}
