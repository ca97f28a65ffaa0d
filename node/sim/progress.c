/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/progress.h"

static void put (GString *out, const char *name, uint64_t value)
{
  g_string_append_printf (out, ",\"%s\":%" G_GUINT64_FORMAT, name, value);
}

char *inos_sim_progress_second (const struct inos_sim_world *world)
{
  const struct inos_sim_second *second =
    &g_array_index (world->seconds, struct inos_sim_second, world->seconds->len - 1);
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "{\"second\":%u,\"of\":%g,\"mean\":%.2f", world->seconds->len,
                          world->scenario->seconds, second->known_mean);
  put (out, "up", second->up);
  put (out, "least", second->known_least);
  put (out, "most", second->known_most);
  put (out, "datagrams", second->datagrams);
  put (out, "messages", second->messages);
  put (out, "bytes", second->bytes);
  put (out, "suspected", second->suspicions);
  put (out, "dead", second->deaths);
  put (out, "failed", world->n_failures);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static void put_text (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *at = text; *at; at++) {
    if (*at == '"' || *at == '\\')
      g_string_append_c (out, '\\');
    if ((unsigned char)*at < ' ')
      g_string_append_printf (out, "\\u%04x", *at);
    else
      g_string_append_c (out, *at);
  }
  g_string_append_c (out, '"');
}

char *inos_sim_progress_end (const struct inos_sim_world *world, double processor, unsigned most)
{
  const struct inos_sim_counts *counts = &world->counts;
  GString *out = g_string_new (NULL);

  g_string_append_printf (
    out,
    "{\"end\":\"%s\",\"seed\":\"%" G_GUINT64_FORMAT "\",\"digest\":\"%016" G_GINT64_MODIFIER
    "x\",\"seconds\":%g,\"processor\":%.6f,\"slowest\":%.1f",
    world->n_failures ? "failed" : "ok", world->seed, world->digest, world->scenario->seconds,
    processor, (double)counts->death_delay_max / 1e9);
  put (out, "nodes", world->n_nodes);
  put (out, "events", counts->events);
  put (out, "lost", counts->lost);
  put (out, "suspected", counts->suspicions);
  put (out, "cleared", counts->cleared);
  put (out, "dead", counts->deaths);
  put (out, "falsely", counts->false_deaths);
  put (out, "failed", world->n_failures);
  g_string_append (out, ",\"failures\":[");
  for (unsigned i = 0; i < MIN (most, world->failures->len); i++) {
    if (i > 0)
      g_string_append_c (out, ',');
    put_text (out, world->failures->pdata[i]);
  }
  g_string_append (out, "]}");
  return g_string_free (out, FALSE);
}
