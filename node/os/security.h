/*
 * Security contexts: what an actor over the operating system may touch.
 *
 * A context is a plain table that is given to such an actor when it is spawned, and lives as long
 * as it. What the table does not name is refused; an empty table, or none, refuses everything.
 * Every refusal is logged, with the context's name and what was refused, and is told to who asked
 * as INOS_OS_REFUSED. A context only ever takes away: what the system denies this program stays
 * denied.
 *
 * A path is allowed where the rule with the longest prefix of it says so. The prefix is opened as
 * it is, for whoever wrote the table is trusted; all below it is opened from there by the kernel's
 * rules of openat2 (RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS), so that no
 * symbolic link and no race with a rename leads out. `..` is refused by itself. What it cannot see:
 * hard links and mounts that somebody who may make them has put below a prefix.
 *
 * Everything here may be called from any thread, and may block on the file system.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/os/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum inos_access {
  INOS_ACCESS_NONE = 0, /* carves something out of a wider rule */
  INOS_ACCESS_READ = 1 << 0,
  INOS_ACCESS_WRITE = 1 << 1,
};

struct inos_path_rule {
  const char *prefix; /* absolute, without `.`, `..` and double or final slashes */
  unsigned access;    /* enum inos_access, or-ed */
};

enum inos_reach {
  INOS_REACH_CONNECT = 1 << 0,
  INOS_REACH_LISTEN = 1 << 1,
};

/* Addresses of the internet. */
struct inos_net_rule {
  const char *network; /* "127.0.0.0/8", "::1" */
  uint16_t first_port, last_port;
  unsigned reach; /* enum inos_reach, or-ed */
};

/* Sockets with a path: one, or all below a directory. */
struct inos_unix_rule {
  const char *prefix; /* as of a path rule */
  unsigned reach;
};

#define INOS_LIMIT_NONE UINT64_MAX

/* Of one process. 0: what this program has itself. */
struct inos_os_limits {
  uint64_t memory;      /* bytes of data, RLIMIT_DATA */
  uint64_t cpu_seconds; /* RLIMIT_CPU: SIGXCPU, and SIGKILL a second later */
  uint64_t files;       /* open descriptors */
  uint64_t file_size;   /* bytes of a file that it writes */
  uint64_t processes;   /* of this user in all, as RLIMIT_NPROC counts */
};

struct inos_security {
  const char *name;            /* for the log */
  const char *const *programs; /* absolute paths, ended by NULL */
  const struct inos_path_rule *paths;
  size_t n_paths;
  const struct inos_net_rule *networks;
  size_t n_networks;
  const struct inos_unix_rule *sockets;
  size_t n_sockets;
  struct inos_os_limits limits; /* at most these, whatever a process asks for */
  bool may_gain_privileges;     /* by set-user-id programs; else PR_SET_NO_NEW_PRIVS */
};

/** inos_security_program: whether @path, an absolute one, may be run. */
struct inos_os_result inos_security_program (const struct inos_security *security,
                                             const char *path);

/**
 * inos_security_open:
 * @path: an absolute path
 * @flags: of open(); with O_PATH as O_RDONLY would be. O_CLOEXEC is added
 * @mode: of a file that is made
 * @fd: (out): a descriptor, or -1
 *
 * Opens a file or directory that the context allows for reading, writing or both, as @flags say.
 */
struct inos_os_result inos_security_open (const struct inos_security *security, const char *path,
                                          int flags, mode_t mode, int *fd);

/**
 * inos_security_parent:
 * @path: an absolute path, which need not be there
 * @moves: whether what is there loses its name: then @path may be, or lie above, no rule of its own
 * @dir: (out): a descriptor of the directory it is in, or -1
 * @name: (out) (transfer full): its name there
 *
 * For what is made, replaced, renamed or removed: asks for writing to @path.
 */
struct inos_os_result inos_security_parent (const struct inos_security *security, const char *path,
                                            bool moves, int *dir, char **name);

/**
 * inos_security_socket:
 * @path: an absolute path of a socket
 * @reach: what for: one of enum inos_reach
 * @dir: (out): a descriptor of the directory it is in, or -1
 * @name: (out) (transfer full): its name there
 */
struct inos_os_result inos_security_socket (const struct inos_security *security, const char *path,
                                            enum inos_reach reach, int *dir, char **name);

/**
 * inos_security_network:
 * @address: a literal address; names are not looked up. An IPv4 address in IPv6's clothes is
 *           treated as what it is
 */
struct inos_os_result inos_security_network (const struct inos_security *security,
                                             const char *address, uint16_t port,
                                             enum inos_reach reach);

/** inos_security_limits: @wanted, but no more than the context has. */
struct inos_os_limits inos_security_limits (const struct inos_security *security,
                                            const struct inos_os_limits *wanted);
