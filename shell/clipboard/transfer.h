/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Bytes through a pipe whose other end is a stranger's, a few at once, each within a time.
 */

#include <glib.h>

typedef struct InosTransfer InosTransfer;

/* data: all that came until the other end was closed, to be freed by the receiver; NULL: it was too
 * much, too slow or broken. The transfer is gone after this. */
typedef void (*InosTransferRead) (GBytes *bytes, gpointer data);
typedef void (*InosTransferWritten) (InosTransfer *transfer, gpointer data);

/* Takes fd. At most max bytes are read. */
InosTransfer *inos_transfer_read (int fd, gsize max, InosTransferRead done, gpointer data);
/* Takes fd. done is called once it is all written, or given up; the transfer is gone after this.
 * NULL where fd is no pipe. */
InosTransfer *inos_transfer_write (int fd, GBytes *bytes, InosTransferWritten done, gpointer data);
/* Gives it up; done is not called. transfer may be NULL. */
void inos_transfer_cancel (InosTransfer *transfer);
