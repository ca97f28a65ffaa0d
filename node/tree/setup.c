/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/tree/setup.h"

#include "node/api/connection.h"
#include "node/terminal/terminals.h"

void inos_setup_init (struct inos_setup *setup)
{
  *setup = (struct inos_setup){
    .proc = "/proc",
    .sys = "/sys",
    .alerts = inos_alert_defaults(),
    .socket_mode = 0600,
    .group = INOS_NO_GROUP,
    .frame_timeout_ms = INOS_FRAME_TIMEOUT_MS,
    .started = g_get_real_time(),
  };
  setup->guests = inos_guests_new();
  setup->authority = inos_authority_new (INOS_AUTHORITY_PATIENCE_MS, INOS_AUTHORITY_PROMPT_MS);
  inos_mesh_config_init (&setup->mesh);
  g_mutex_init (&setup->lock);
}

void inos_setup_finish (struct inos_setup *setup)
{
  g_clear_pointer (&setup->terminals, inos_terminals_free);
  g_clear_pointer (&setup->guests, inos_guests_free);
  g_clear_pointer (&setup->authority, inos_authority_free);
  if (setup->listening)
    inos_listen_end (&setup->listener);
  setup->listening = false;
  g_clear_error (&setup->fault);
  g_mutex_clear (&setup->lock);
}

void inos_setup_blame (struct inos_setup *setup, GError *error)
{
  g_mutex_lock (&setup->lock);
  if (setup->fault)
    g_error_free (error);
  else
    setup->fault = error;
  g_mutex_unlock (&setup->lock);
}

GError *inos_setup_fault (struct inos_setup *setup)
{
  g_mutex_lock (&setup->lock);
  GError *fault = g_steal_pointer (&setup->fault);
  g_mutex_unlock (&setup->lock);
  return fault;
}
