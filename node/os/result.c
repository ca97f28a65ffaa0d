/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/result.h"

#include <errno.h>

static enum inos_os_error kind_of (int number)
{
  switch (number) {
  case 0:
    return INOS_OS_OK;
  case ENOENT:
  case ECONNREFUSED:
    return INOS_OS_NOT_FOUND;
  case EEXIST:
  case EADDRINUSE:
  case ENOTEMPTY:
    return INOS_OS_EXISTS;
  case EACCES:
  case EPERM:
  case EROFS:
    return INOS_OS_DENIED;
  case ENOTDIR:
  case EISDIR:
  case ELOOP:
  case ENXIO:
  case ENOEXEC:
    return INOS_OS_WRONG_KIND;
  case EFBIG:
  case E2BIG:
  case ENAMETOOLONG:
    return INOS_OS_TOO_LARGE;
  case ENOSPC:
  case EDQUOT:
    return INOS_OS_NO_SPACE;
  case EPIPE:
  case ECONNRESET:
    return INOS_OS_CLOSED;
  case ECANCELED:
  case ETIMEDOUT:
    return INOS_OS_LATE;
  case EMFILE:
  case ENFILE:
    return INOS_OS_BUSY;
  default:
    return INOS_OS_FAILED;
  }
}

struct inos_os_result inos_os_result_of (int number)
{
  return (struct inos_os_result){kind_of (number), number};
}

const char *inos_os_text (struct inos_os_result result)
{
  if (result.error == INOS_OS_REFUSED)
    return "refused by the security context";
  if (result.number != 0)
    return g_strerror (result.number);
  switch (result.error) {
  case INOS_OS_OK:
    return "done";
  case INOS_OS_TOO_LARGE:
    return "larger than it may be";
  case INOS_OS_BUSY:
    return "too much is under way already";
  case INOS_OS_LATE:
    return "not done in time";
  case INOS_OS_CLOSED:
    return "the other side takes no more";
  case INOS_OS_WRONG_KIND:
    return "of the wrong kind";
  default:
    return "failed";
  }
}

void inos_chunk_clear (void *chunk)
{
  struct inos_chunk *c = chunk;

  g_clear_pointer (&c->bytes, g_bytes_unref);
}

void inos_chunk_copy (void *to, const void *from)
{
  const struct inos_chunk *c = from;

  *(struct inos_chunk *)to = (struct inos_chunk){c->bytes ? g_bytes_ref (c->bytes) : NULL};
}
