/*
 * From the name of a socket to a socket, under a security context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/os/security.h"

/* A path of a Unix socket; or, where it is NULL, a literal address and a port of the internet. */
struct inos_endpoint {
  const char *path;
  const char *address;
  uint16_t port;
};

/** inos_endpoint_name: a word for messages. */
const char *inos_endpoint_name (const struct inos_endpoint *endpoint);

/**
 * inos_endpoint_spawn:
 * @table: @size bytes, a multiple of 8, which @endpoint is a part of
 * @how: (nullable): as of inos_argument_spawn()
 *
 * Spawns an actor with a copy of @table and of the strings that @endpoint has.
 *
 * Returns: 0 where there is no memory.
 */
inos_actor_id inos_endpoint_spawn (struct inos_context *context,
                                   const struct inos_behaviour *behaviour, const void *table,
                                   gsize size, const struct inos_endpoint *endpoint,
                                   const struct inos_spawn *how);

/**
 * inos_endpoint_unpack:
 * @argument: what inos_endpoint_spawn() has made of a table of @size bytes
 * @endpoint: (out): its strings, which belong to @argument; the port is left as it is
 */
void inos_endpoint_unpack (const void *argument, gsize size, struct inos_endpoint *endpoint);

/**
 * inos_endpoint_connect:
 * @fd: (out): a nonblocking socket, or -1
 * @connecting: (out): whether it has yet to become writable, when SO_ERROR says how it went
 */
struct inos_os_result inos_endpoint_connect (const struct inos_endpoint *endpoint,
                                             const struct inos_security *security, int *fd,
                                             bool *connecting);

/* A socket that listens, and the name in the file system that it has, if any. */
struct inos_listening {
  int fd;
  int dir; /* of @name; only where there is one */
  char *name;
};

/**
 * inos_endpoint_listen:
 * @mode: of a Unix socket, from before anybody can connect to it
 * @listening: (out): to be given to inos_listening_clear(); untouched on failure
 *
 * A socket file that nobody listens on any more is replaced. Port 0 is any free one, where the
 * context allows port 0.
 */
struct inos_os_result inos_endpoint_listen (const struct inos_endpoint *endpoint,
                                            const struct inos_security *security, int backlog,
                                            mode_t mode, struct inos_listening *listening);

/** inos_listening_clear: closes it and removes its name; takes one that is zeroed, too. */
void inos_listening_clear (struct inos_listening *listening);
