/*
 * What the mesh leaves out where the network costs, or the machine lives on its battery: see
 * docs/mesh.md.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/saving.h"

#include "node/mesh/net/wait.h"
#include "node/mesh/service/ask.h"

#include <string.h>

#define DESCRIBE_EVERY                                                                             \
  (60 * G_GUINT64_CONSTANT (1000000000)) /* ns; others forget it after ten min */

struct inos_saving_mode {
  struct inos_mesh_parts *parts;
  struct inos_thrift *thrift;
  uint64_t send_max;  /* bytes a second, where the network costs */
  bool saves;         /* now, for either reason */
  uint64_t described; /* ns, when this machine was last; 0: never */
};

static void on_changed (void *data, const struct inos_thrift_state *state)
{
  struct inos_saving_mode *mode = data;
  struct inos_mesh_parts *parts = mode->parts;

  mode->saves = state->metered || state->battery;
  g_message ("The mesh %s: the network is %s, the machine %s.",
             mode->saves ? "spends less" : "spends as usual",
             state->metered ? "metered" : "not metered",
             state->battery ? "on battery" : "not on battery");
  inos_limits_save (parts->limits, state->metered ? mode->send_max : 0);
  inos_relays_rest (parts->relays, mode->saves);
  inos_topics_rest (parts->topics, mode->saves);
  inos_membership_rest (parts->membership, mode->saves);
  inos_wait_asleep (state->battery);
  if (inos_dht_serve (parts->dht, !mode->saves))
    inos_identify_renew (parts->identify);
}

struct inos_saving_mode *inos_saving_new (struct inos_mesh_parts *parts,
                                          const struct inos_mesh_config *config,
                                          GMainContext *context)
{
  struct inos_saving_mode *mode = g_new0 (struct inos_saving_mode, 1);

  mode->parts = parts;
  mode->send_max = config->metered_send_max;
  mode->thrift = inos_thrift_new (context, config->metered, config->battery, on_changed, mode);
  return mode;
}

void inos_saving_free (struct inos_saving_mode *mode)
{
  if (!mode)
    return;
  inos_thrift_free (mode->thrift);
  g_free (mode);
}

void inos_saving_set_power (struct inos_saving_mode *mode, enum inos_power power)
{
  inos_thrift_set_power (mode->thrift, power);
}

bool inos_saving_may_describe (struct inos_saving_mode *mode)
{
  uint64_t now = inos_env_now (inos_host_env (mode->parts->host));

  if (mode->saves && mode->described > 0 && now - mode->described < DESCRIBE_EVERY)
    return false;
  mode->described = now;
  return true;
}

/* Questions */

void inos_saving_add_status (const struct inos_saving_mode *mode, GVariantBuilder *status)
{
  struct inos_thrift_state state;

  inos_thrift_look (mode->thrift, &state);
  g_variant_builder_add (status, "{sv}", "metered", g_variant_new_boolean (state.metered));
  g_variant_builder_add (status, "{sv}", "metered-why", g_variant_new_string (state.metered_why));
  g_variant_builder_add (status, "{sv}", "battery", g_variant_new_boolean (state.battery));
  g_variant_builder_add (status, "{sv}", "battery-why", g_variant_new_string (state.battery_why));
  g_variant_builder_add (status, "{sv}", "saving", g_variant_new_boolean (mode->saves));
}

void inos_ask_save (struct inos_ask *ask)
{
  enum inos_saving metered, battery;
  const char *words[2];

  g_variant_get (inos_ask_parameters (ask), "(&s&s)", &words[0], &words[1]);
  if (!inos_mesh_saving_parse (words[0], &metered) ||
      !inos_mesh_saving_parse (words[1], &battery)) {
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                     "Whether to save is “auto”, “yes” or “no”, for a metered network and for the "
                     "battery.");
    return;
  }
  inos_thrift_set (inos_ask_parts (ask)->saving->thrift, metered, battery);
  inos_ask_answer (ask, g_variant_new ("()"));
}
