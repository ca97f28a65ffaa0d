/*
 * What an operation on the operating system came to, and the bytes that go to and fro.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdint.h>

enum inos_os_error {
  INOS_OS_OK,
  INOS_OS_REFUSED,    /* the security context does not allow it; nothing was done */
  INOS_OS_NOT_FOUND,  /* there is no such file, program or socket */
  INOS_OS_EXISTS,     /* it is there already */
  INOS_OS_DENIED,     /* the system itself does not allow it */
  INOS_OS_WRONG_KIND, /* not a regular file, not a directory, not an address */
  INOS_OS_TOO_LARGE,  /* more than the bound that was given, or that there is */
  INOS_OS_NO_SPACE,   /* of disk, or of a quota */
  INOS_OS_BUSY,       /* too much is under way already */
  INOS_OS_LATE,       /* not done in time; it may still be done */
  INOS_OS_CLOSED,     /* the other side takes no more */
  INOS_OS_FAILED,     /* anything else; `number` says what */
};

struct inos_os_result {
  enum inos_os_error error;
  int32_t number; /* errno, or 0 where the system was not asked */
};

/* Bytes as a message or a part of one; the message's own. */
struct inos_chunk {
  GBytes *bytes;
};

/** inos_os_result_of: what errno @number stands for; 0 is INOS_OS_OK. */
struct inos_os_result inos_os_result_of (int number);

/** inos_os_text: what went wrong, for people, such as "refused by the security context". */
const char *inos_os_text (struct inos_os_result result);

/* For the `.clear` and `.copy` of messages that are a struct inos_chunk. */
void inos_chunk_clear (void *chunk);
void inos_chunk_copy (void *to, const void *from);
