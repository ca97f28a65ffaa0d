/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/mesh_config.h"
#include "node/mesh/link/pnet.h"
#include "node/mesh/net/dnsaddr.h"

#include <string.h>

#define CONNECTIONS_LEAST 8
#define CONNECTIONS_MOST 4096

static const char *const default_listen[] = {
  "/ip4/0.0.0.0/tcp/4630",
  "/ip6/::/tcp/4630",
  "/ip4/0.0.0.0/tcp/4631/ws",
  "/ip6/::/tcp/4631/ws",
};

void inos_mesh_config_init (struct inos_mesh_config *config)
{
  *config = (struct inos_mesh_config){
    .enabled = true,
    .discovery = true,
    .relay = INOS_RELAY_MODE_MEMBERS,
    .hole_punching = true,
    .connections_max = 256,
    .metered_send_max = 256 * 1024,
  };
  for (unsigned i = 0; i < G_N_ELEMENTS (default_listen); i++)
    inos_multiaddr_parse (&config->listen[config->n_listen++], default_listen[i], NULL);
}

struct reading {
  struct inos_mesh_config *config;
  GKeyFile *file;
  inos_mesh_config_wrong wrong;
  void *data;
  bool right;
};

static void complain (struct reading *reading, const char *key, const char *what)
{
  reading->right = false;
  reading->wrong (reading->data, key, what);
}

static void read_bool (struct reading *reading, const char *key, bool *value)
{
  g_autoptr (GError) error = NULL;
  gboolean read = g_key_file_get_boolean (reading->file, INOS_MESH_GROUP, key, &error);

  if (!error)
    *value = read;
  else if (!g_error_matches (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND))
    complain (reading, key, "it is neither true nor false");
}

/* (transfer full): what is between blanks or semicolons, none for an empty list; NULL: nothing is
 * said. */
static char **read_words (const struct reading *reading, const char *key)
{
  g_autofree char *text = g_key_file_get_string (reading->file, INOS_MESH_GROUP, key, NULL);
  g_auto (GStrv) parts = text ? g_strsplit_set (text, " ;\t", -1) : NULL;
  g_autoptr (GStrvBuilder) words = g_strv_builder_new();

  for (char **part = parts; part && *part; part++)
    if (**part)
      g_strv_builder_add (words, *part);
  return parts ? g_strv_builder_end (words) : NULL;
}

static void read_addresses (struct reading *reading, const char *key, bool with_peer,
                            struct inos_multiaddr *addresses, unsigned *count)
{
  g_auto (GStrv) words = read_words (reading, key);
  struct inos_multiaddr list[INOS_MESH_ADDRESSES_MAX];
  struct inos_peer_id peer;
  unsigned n = 0;

  for (; words && words[n]; n++) {
    g_autoptr (GError) error = NULL;
    if (n == INOS_MESH_ADDRESSES_MAX) {
      complain (reading, key, "there are more than 16 addresses");
      return;
    }
    if (!inos_multiaddr_parse (&list[n], words[n], &error)) {
      complain (reading, key, error->message);
      return;
    }
    if (with_peer && !inos_dnsaddr_is (&list[n]) && !inos_multiaddr_peer (&list[n], &peer)) {
      complain (reading, key, "an address lacks “/p2p/” and the id of whom to find there");
      return;
    }
  }
  if (!words)
    return;
  memcpy (addresses, list, n * sizeof *list);
  *count = n;
}

static void read_psk (struct reading *reading)
{
  g_autofree char *path =
    g_key_file_get_string (reading->file, INOS_MESH_GROUP, "private-key-file", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  if (!path || !*path)
    return;
  reading->config->has_psk = g_file_get_contents (path, &text, &len, &error) &&
                             inos_pnet_parse_key (text, len, reading->config->psk, &error);
  if (error)
    complain (reading, "private-key-file", error->message);
}

static void read_connections (struct reading *reading)
{
  g_autoptr (GError) error = NULL;
  gint count = g_key_file_get_integer (reading->file, INOS_MESH_GROUP, "connections-max", &error);

  if (g_error_matches (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND))
    return;
  if (error || count < CONNECTIONS_LEAST || count > CONNECTIONS_MOST)
    complain (reading, "connections-max", "it is not a number from 8 to 4096");
  else
    reading->config->connections_max = (unsigned)count;
}

/* In KiB a second. */
static void read_rate (struct reading *reading, const char *key, uint64_t *rate)
{
  g_autoptr (GError) error = NULL;
  guint64 value = g_key_file_get_uint64 (reading->file, INOS_MESH_GROUP, key, &error);

  if (g_error_matches (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND))
    return;
  if (error || (value > 0 && value < INOS_MESH_RATE_LEAST / 1024) ||
      value > INOS_MESH_RATE_MOST / 1024)
    complain (reading, key, "it is neither 0 nor a number of KiB/s from 16 to 100000000");
  else
    *rate = value * 1024;
}

static void read_peer_memory (struct reading *reading)
{
  g_autoptr (GError) error = NULL;
  guint64 value = g_key_file_get_uint64 (reading->file, INOS_MESH_GROUP, "peer-memory-max", &error);

  if (g_error_matches (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND))
    return;
  struct inos_protocol_limits limits = {.memory_max = MIN (value, G_MAXUINT32) * 1024};
  if (error || !inos_mesh_limits_are_right (&limits))
    complain (reading, "peer-memory-max", "it is neither 0 nor a number of KiB from 1024 up");
  else
    reading->config->peer_memory_max = limits.memory_max;
}

static void read_protocol_limits (struct reading *reading)
{
  g_auto (GStrv) words = read_words (reading, "protocol-limits");
  struct inos_mesh_config *config = reading->config;
  unsigned n = 0;

  for (; words && words[n]; n++)
    if (n == INOS_MESH_LIMITS_MAX ||
        !inos_mesh_protocol_limit_parse (&config->protocol_limits[n], words[n])) {
      complain (reading, "protocol-limits",
                "it is not a list of up to 16 such as “/perf/1.0.0:send=512,receive=512,"
                "memory=4096”: 16 KiB/s and 1024 KiB are the least");
      n = 0;
      break;
    }
  if (words)
    config->n_protocol_limits = n;
}

static void read_region (struct reading *reading)
{
  g_autofree char *text = g_key_file_get_string (reading->file, INOS_MESH_GROUP, "region", NULL);

  if (!text)
    return;
  if (strlen (text) > INOS_MESH_REGION_MAX)
    complain (reading, "region", "it is longer than 32 bytes");
  else
    g_strlcpy (reading->config->region, text, sizeof reading->config->region);
}

static void read_public_actors (struct reading *reading)
{
  g_auto (GStrv) words = read_words (reading, "public-actors");
  struct inos_mesh_config *config = reading->config;
  unsigned n = 0;

  for (; words && words[n]; n++) {
    if (n == INOS_MESH_ACTORS_MAX || !inos_remote_name_is_right (words[n])) {
      complain (reading, "public-actors", "it is not a list of up to 16 names of actors");
      n = 0;
      break;
    }
    g_strlcpy (config->public_actors[n], words[n], sizeof config->public_actors[0]);
  }
  if (words)
    config->n_public_actors = n;
}

static void read_node (struct reading *reading)
{
  g_autofree char *text = g_key_file_get_string (reading->file, INOS_MESH_GROUP, "node", NULL);

  if (!text || strcmp (text, "own") == 0 || strcmp (text, "system") == 0)
    reading->config->of_system = text && *text == 's';
  else
    complain (reading, "node", "it is neither own nor system");
}

static void read_peers (struct reading *reading, const char *key, struct inos_peer_id *peers,
                        unsigned *count)
{
  g_auto (GStrv) words = read_words (reading, key);
  unsigned n = 0;

  for (; words && words[n]; n++)
    if (n == INOS_MESH_MANAGERS_MAX || !inos_peer_id_parse (&peers[n], words[n])) {
      complain (reading, key, "it is not a list of up to 16 peer ids, which look like “12D3KooW…”");
      n = 0;
      break;
    }
  if (words)
    *count = n;
}

static void read_relay (struct reading *reading)
{
  static const char *const modes[] = {"off", "members", "on"};
  g_autofree char *text = g_key_file_get_string (reading->file, INOS_MESH_GROUP, "relay", NULL);

  for (unsigned i = 0; text && i < G_N_ELEMENTS (modes); i++)
    if (strcmp (text, modes[i]) == 0) {
      reading->config->relay = (enum inos_relay_mode)i;
      return;
    }
  if (text)
    complain (reading, "relay", "it is neither off nor members nor on");
}

bool inos_mesh_saving_parse (const char *text, enum inos_saving *saving)
{
  static const char *const words[] = {"auto", "yes", "no"};

  for (unsigned i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (text, words[i]) == 0) {
      *saving = (enum inos_saving)i;
      return true;
    }
  return false;
}

static void read_saving (struct reading *reading, const char *key, enum inos_saving *saving)
{
  g_autofree char *text = g_key_file_get_string (reading->file, INOS_MESH_GROUP, key, NULL);

  if (text && !inos_mesh_saving_parse (text, saving))
    complain (reading, key, "it is neither auto nor yes nor no");
}

static void read_access (struct reading *reading)
{
  static const char *const words[] = {"auto", "open", "members"};
  g_autofree char *text = g_key_file_get_string (reading->file, INOS_MESH_GROUP, "access", NULL);

  for (unsigned i = 0; text && i < G_N_ELEMENTS (words); i++)
    if (strcmp (text, words[i]) == 0) {
      reading->config->access = (enum inos_access)i;
      return;
    }
  if (text)
    complain (reading, "access", "it is neither auto nor open nor members");
}

static void check_names (struct reading *reading)
{
  static const char *const known[] = {
    "enabled",       "node",        "discovery",        "perf",
    "listen",        "bootstrap",   "private-key-file", "connections-max",
    "region",        "relay",       "hole-punching",    "port-mapping",
    "send-max",      "receive-max", "peer-send-max",    "peer-receive-max",
    "public-actors", "access",      "peer-memory-max",  "protocol-limits",
    "metered",       "battery",     "metered-send-max", "lookers",
    "managers",      NULL};
  g_auto (GStrv) keys = g_key_file_get_keys (reading->file, INOS_MESH_GROUP, NULL, NULL);

  for (char **key = keys; key && *key; key++)
    if (!g_strv_contains (known, *key))
      complain (reading, *key, "there is no such setting");
}

bool inos_mesh_config_read (struct inos_mesh_config *config, GKeyFile *file,
                            inos_mesh_config_wrong wrong, void *data)
{
  struct reading reading = {config, file, wrong, data, true};

  if (!g_key_file_has_group (file, INOS_MESH_GROUP))
    return true;
  check_names (&reading);
  read_bool (&reading, "enabled", &config->enabled);
  read_bool (&reading, "discovery", &config->discovery);
  read_bool (&reading, "perf", &config->perf);
  read_bool (&reading, "hole-punching", &config->hole_punching);
  read_bool (&reading, "port-mapping", &config->port_mapping);
  read_addresses (&reading, "listen", false, config->listen, &config->n_listen);
  read_addresses (&reading, "bootstrap", true, config->bootstrap, &config->n_bootstrap);
  read_psk (&reading);
  read_connections (&reading);
  read_rate (&reading, "send-max", &config->send_max);
  read_rate (&reading, "receive-max", &config->receive_max);
  read_rate (&reading, "peer-send-max", &config->peer_send_max);
  read_rate (&reading, "peer-receive-max", &config->peer_receive_max);
  read_rate (&reading, "metered-send-max", &config->metered_send_max);
  read_saving (&reading, "metered", &config->metered);
  read_saving (&reading, "battery", &config->battery);
  read_peer_memory (&reading);
  read_protocol_limits (&reading);
  read_region (&reading);
  read_node (&reading);
  read_relay (&reading);
  read_access (&reading);
  read_public_actors (&reading);
  read_peers (&reading, "lookers", config->lookers, &config->n_lookers);
  read_peers (&reading, "managers", config->managers, &config->n_managers);
  return reading.right;
}
