/*
 * Files, through an actor with a security context.
 *
 * The actor does everything on the compute pool, many things at a time, and so in no order: who
 * needs one waits for the answer. Bytes go and come as GBytes and are not copied. What is written
 * is durable when the answer comes: it goes to a file of its own, which is on the disk, with its
 * directory, before it has the name; whoever reads meanwhile gets the old one or the new one.
 *
 * Symbolic links are never followed, and nothing but regular files is read or replaced. Paths are
 * owned by the message: g_strdup() them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/runtime.h"
#include "node/os/security.h"

/* One read, and what a read is where nothing is said. */
#define INOS_FILE_READ_MAX (64u << 20)
#define INOS_FILE_READ_DEFAULT (1u << 20)
/* One list. */
#define INOS_FILE_NAMES_MAX 65536u
/* After which an answer is INOS_OS_LATE. */
#define INOS_FILE_TIMEOUT (60 * INOS_SECOND)

struct inos_file_path {
  char *path;
};

struct inos_file_part {
  char *path;
  uint64_t offset;
  uint32_t most; /* bytes; 0: INOS_FILE_READ_DEFAULT */
};

struct inos_file_content {
  struct inos_os_result result;
  GBytes *bytes; /* NULL where it failed; fewer than asked for at the end of the file */
  uint64_t size; /* of all of the file */
};

struct inos_file_text {
  char *path;
  GBytes *bytes;
  uint32_t mode; /* 0: that of the file before, else 0600 */
  bool is_new;   /* fail with INOS_OS_EXISTS where there is one */
};

enum inos_file_kind { INOS_FILE_REGULAR, INOS_FILE_DIRECTORY, INOS_FILE_OTHER };

struct inos_file_status {
  struct inos_os_result result;
  enum inos_file_kind kind;
  uint32_t mode; /* permissions */
  uint64_t size;
  int64_t modified; /* ns since 1970 */
};

struct inos_file_names {
  struct inos_os_result result;
  char **names; /* sorted, ended by NULL; without `.` and `..` */
  bool more;    /* there are more than INOS_FILE_NAMES_MAX */
};

struct inos_file_names_of {
  char *from, *to;
};

/* For the protocol's messages. */
void inos_file_path_clear (void *message);
void inos_file_path_copy (void *to, const void *from);
void inos_file_part_copy (void *to, const void *from);
void inos_file_content_clear (void *reply);
void inos_file_text_clear (void *message);
void inos_file_text_copy (void *to, const void *from);
void inos_file_names_clear (void *reply);
void inos_file_names_of_clear (void *message);
void inos_file_names_of_copy (void *to, const void *from);

/* `remove` takes files and empty directories; `rename` replaces a file that is there. */
#define INOS_FILE(MESSAGE, REQUEST)                                                                \
  REQUEST (inos_file, read, struct inos_file_part, struct inos_file_content, 1,                    \
           .clear = inos_file_path_clear, .copy = inos_file_part_copy,                             \
           .clear_reply = inos_file_content_clear)                                                 \
  REQUEST (inos_file, write, struct inos_file_text, struct inos_os_result, 1,                      \
           .clear = inos_file_text_clear, .copy = inos_file_text_copy)                             \
  REQUEST (inos_file, status, struct inos_file_path, struct inos_file_status, 1,                   \
           .clear = inos_file_path_clear, .copy = inos_file_path_copy)                             \
  REQUEST (inos_file, list, struct inos_file_path, struct inos_file_names, 1,                      \
           .clear = inos_file_path_clear, .copy = inos_file_path_copy,                             \
           .clear_reply = inos_file_names_clear)                                                   \
  REQUEST (inos_file, make_directory, struct inos_file_path, struct inos_os_result, 1,             \
           .clear = inos_file_path_clear, .copy = inos_file_path_copy)                             \
  REQUEST (inos_file, rename, struct inos_file_names_of, struct inos_os_result, 1,                 \
           .clear = inos_file_names_of_clear, .copy = inos_file_names_of_copy)                     \
  REQUEST (inos_file, remove, struct inos_file_path, struct inos_os_result, 1,                     \
           .clear = inos_file_path_clear, .copy = inos_file_path_copy)
INOS_PROTOCOL (inos_file, INOS_FILE);

struct inos_file_argument {
  const struct inos_security *security; /* must live as long as the actor */
};

extern const struct inos_behaviour inos_file_behaviour;

/** inos_file_spawn: Returns: the actor; an id of 0 where it could not be spawned. */
inos_file_ref inos_file_spawn (struct inos_context *context, const struct inos_security *security);
