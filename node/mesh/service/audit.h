/*
 * What has happened to who may come in: a line for each thing in `audit.log`, which is only ever
 * written to at its end, and the file before it in `audit.log.1`. The time in UTC, what, the peer,
 * and more in words, with blanks between them.
 *
 * On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/wire/peer_id.h"

#include <glib.h>

#define INOS_AUDIT_FILE "audit.log"
#define INOS_AUDIT_FILE_MAX (256 * 1024) /* bytes; then the next one is begun */
#define INOS_AUDIT_STRANGERS 64u         /* of whom it is known that they were written down */
#define INOS_AUDIT_STRANGER_AGAIN UINT64_C (600000000000) /* ns until the same one is again */
#define INOS_AUDIT_STRANGERS_RATE 60u                     /* lines about strangers in an hour */

struct inos_audit;

/** inos_audit_new: @dir: where its files lie; (nullable): nothing is kept. */
struct inos_audit *inos_audit_new (const struct inos_mesh_env *env, const char *dir);
/** inos_audit_free: takes NULL. */
void inos_audit_free (struct inos_audit *audit);

/**
 * inos_audit_write: on the disk when it returns.
 * @what: a word
 * @peer: (nullable): whom it is about
 * @more: one line, "" for nothing; nothing secret
 */
void inos_audit_write (struct inos_audit *audit, const char *what, const struct inos_peer_id *peer,
                       const char *more);
/** inos_audit_stranger: @peer wanted what is not for strangers; written down now and then. */
void inos_audit_stranger (struct inos_audit *audit, const struct inos_peer_id *peer,
                          const char *protocol);
/** inos_audit_read: (transfer full): char *, the last @limit lines, the oldest first. */
GPtrArray *inos_audit_read (const struct inos_audit *audit, unsigned limit);
