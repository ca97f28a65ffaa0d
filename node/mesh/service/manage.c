/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/manage-private.h"

/* Its membership has ended, or this node's: what it asks is answered no more, and its right is no
 * more there when it comes back. */
static void on_gone (void *data, const struct inos_peer_id *peer)
{
  struct inos_manage *manage = data;

  inos_manage_rights_forget (manage->rights, peer);
  manage_serve_drop (manage, peer);
}

struct inos_manage *inos_manage_new (const struct inos_manage_setup *setup)
{
  struct inos_manage *manage = g_new0 (struct inos_manage, 1);

  manage->setup = *setup;
  manage->rights =
    inos_manage_rights_new (setup->host, setup->trust, setup->config, setup->state_dir);
  manage->visitors = inos_visitors_new (setup->trust, setup->context);
  manage->served = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, manage_serve_free);
  manage->asked = g_ptr_array_new_with_free_func (manage_ask_free);
  manage->number = (uint64_t)g_get_monotonic_time(); /* of no mesh that this node had before */
  inos_trust_watch (setup->trust, on_gone, manage);
  manage_serve_start (manage);
  return manage;
}

void inos_manage_stop (struct inos_manage *manage)
{
  manage->stopped = true;
  inos_trust_watch (manage->setup.trust, NULL, NULL);
  manage_ask_stop (manage);
  manage_serve_drop (manage, NULL);
  inos_visitors_stop (manage->visitors);
}

void inos_manage_free (struct inos_manage *manage)
{
  if (!manage)
    return;
  g_ptr_array_unref (manage->asked);
  g_hash_table_unref (manage->served);
  inos_visitors_free (manage->visitors);
  inos_manage_rights_free (manage->rights);
  g_free (manage);
}

struct inos_manage_rights *inos_manage_rights (struct inos_manage *manage)
{
  return manage->rights;
}
