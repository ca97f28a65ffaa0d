/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/remote_link.h"

#include "node/mesh/service/parts.h"
#include "node/mesh/service/remote.h"

#include <stdatomic.h>

struct inos_remote_link {
  gatomicrefcount refs;
  struct inos_runtime *runtime;
  _Atomic uint64_t last;
  GMutex lock;
  struct inos_mesh *mesh; /* `lock`; NULL: it has ended */
};

static void on_order (struct inos_mesh_parts *parts, void *data)
{
  g_autofree struct inos_remote_order *order = data;

  inos_remote_do (parts->remote, order);
  inos_remote_message_clear (&order->message);
}

bool inos_remote_link_do (struct inos_remote_link *link, const struct inos_remote_order *order)
{
  g_mutex_lock (&link->lock);
  bool there = link->mesh;
  if (there) {
    struct inos_remote_order *copy = g_memdup2 (order, sizeof *order);
    if (copy->message.body)
      g_variant_ref (copy->message.body);
    inos_mesh_invoke (link->mesh, on_order, copy);
  }
  g_mutex_unlock (&link->lock);
  return there;
}

uint64_t inos_remote_link_number (struct inos_remote_link *link)
{
  return atomic_fetch_add (&link->last, 1) + 1;
}

static void on_begin (struct inos_mesh_parts *parts, void *data)
{
  struct inos_remote_link *link = data;

  inos_remote_serve (parts->remote, link->runtime, link);
  inos_remote_link_unref (link);
}

struct inos_remote_link *inos_remote_link_new (struct inos_mesh *mesh, struct inos_runtime *runtime)
{
  struct inos_remote_link *link = g_new0 (struct inos_remote_link, 1);

  g_atomic_ref_count_init (&link->refs);
  g_mutex_init (&link->lock);
  link->runtime = runtime;
  link->mesh = mesh;
  inos_mesh_invoke (mesh, on_begin, inos_remote_link_ref (link));
  return link;
}

struct inos_remote_link *inos_remote_link_ref (struct inos_remote_link *link)
{
  g_atomic_ref_count_inc (&link->refs);
  return link;
}

void inos_remote_link_unref (struct inos_remote_link *link)
{
  if (!g_atomic_ref_count_dec (&link->refs))
    return;
  g_mutex_clear (&link->lock);
  g_free (link);
}

void inos_remote_link_end (struct inos_remote_link *link)
{
  g_mutex_lock (&link->lock);
  link->mesh = NULL;
  g_mutex_unlock (&link->lock);
}
