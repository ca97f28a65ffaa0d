/*
 * The thread of the mesh: one loop on which a host and its networks live, so that ciphers and what
 * strangers send never keep the rest of the node waiting.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"

#include <glib.h>
#include <stdbool.h>

struct inos_host;
struct inos_mesh_thread;
struct inos_drive;

/* What is done on the thread. */
typedef void (*inos_mesh_closure) (void *data);

/** inos_mesh_thread_new: (nullable): starts it; NULL: @error says why there is no thread. */
struct inos_mesh_thread *inos_mesh_thread_new (GError **error);
/**
 * inos_mesh_thread_free: ends it, after all that was asked of it has been done; takes NULL. Not to
 * be called from it.
 */
void inos_mesh_thread_free (struct inos_mesh_thread *thread);
/** inos_mesh_thread_context: its loop's; also its default one. */
GMainContext *inos_mesh_thread_context (const struct inos_mesh_thread *thread);
/** inos_mesh_thread_is_current: whether the caller runs on it. */
bool inos_mesh_thread_is_current (const struct inos_mesh_thread *thread);

/** inos_mesh_thread_invoke: has @function called there soon, in the order of the calls of one
 * thread. From any thread, without waiting. */
void inos_mesh_thread_invoke (struct inos_mesh_thread *thread, inos_mesh_closure function,
                              void *data);
/** inos_mesh_thread_call: the same, and waits until it has been called; from any other thread. */
void inos_mesh_thread_call (struct inos_mesh_thread *thread, inos_mesh_closure function,
                            void *data);

/** inos_mesh_thread_drive: has @host ticked from now on, in place of the one before; NULL: none,
 * which is to be said before a host is freed. From the thread itself. */
void inos_mesh_thread_drive (struct inos_mesh_thread *thread, struct inos_host *host);

/* What has deadlines, as env.h says. */
struct inos_driven {
  uint64_t (*deadline) (void *data);
  void (*tick) (void *data);
  void *data;
};

/**
 * inos_drive:
 * @context: where; on its thread
 * @env: whose time the deadlines are of
 *
 * Has @driven ticked at its deadlines, which are asked for after all that happens on @context, to
 * the millisecond. All of one context and one clock are one source.
 *
 * Returns: (transfer full): for inos_drive_end().
 */
struct inos_drive *inos_drive (GMainContext *context, const struct inos_mesh_env *env,
                               const struct inos_driven *driven);
/** inos_drive_end: not any more; takes a pointer to NULL. */
void inos_drive_end (struct inos_drive **drive);
