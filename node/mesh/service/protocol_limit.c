/*
 * Limits of single protocols, as the settings have them:
 * "/perf/1.0.0:send=512,receive=512,memory=4096", in KiB a second and KiB.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/mesh_config.h"

#include <string.h>

#define KIB 1024u

static bool rate_is_right (uint64_t rate)
{
  return rate == 0 || (rate >= INOS_MESH_RATE_LEAST && rate <= INOS_MESH_RATE_MOST);
}

bool inos_mesh_limits_are_right (const struct inos_protocol_limits *limits)
{
  return rate_is_right (limits->send_max) && rate_is_right (limits->receive_max) &&
         (limits->memory_max == 0 || (limits->memory_max >= INOS_MESH_MEMORY_LEAST &&
                                      limits->memory_max <= INOS_MESH_MEMORY_MOST));
}

bool inos_mesh_protocol_is_right (const char *name)
{
  size_t len = strlen (name);

  if (len < 2 || len > INOS_MESH_PROTOCOL_MAX || name[0] != '/')
    return false;
  for (const char *c = name; *c; c++)
    if (!g_ascii_isgraph (*c) || *c == ':' || *c == ';')
      return false;
  return true;
}

/* "send=512" */
static bool read_part (const char *part, struct inos_protocol_limits *limits)
{
  const struct {
    const char *name;
    uint64_t *value;
  } parts[] = {{"send=", &limits->send_max},
               {"receive=", &limits->receive_max},
               {"memory=", &limits->memory_max}};
  guint64 kib;

  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_str_has_prefix (part, parts[i].name) &&
        g_ascii_string_to_unsigned (part + strlen (parts[i].name), 10, 0, G_MAXUINT32, &kib,
                                    NULL)) {
      *parts[i].value = kib * KIB;
      return true;
    }
  return false;
}

bool inos_mesh_protocol_limit_parse (struct inos_mesh_protocol_limit *limit, const char *text)
{
  const char *colon = strchr (text, ':');
  g_autofree char *name = colon ? g_strndup (text, (gsize)(colon - text)) : NULL;

  *limit = (struct inos_mesh_protocol_limit){0};
  if (!name || !inos_mesh_protocol_is_right (name))
    return false;
  g_strlcpy (limit->protocol, name, sizeof limit->protocol);
  g_auto (GStrv) parts = g_strsplit (colon + 1, ",", -1);
  for (char **part = parts; *part; part++)
    if (!read_part (*part, &limit->limits))
      return false;
  return inos_mesh_limits_are_right (&limit->limits);
}
