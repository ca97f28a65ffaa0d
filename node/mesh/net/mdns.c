/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/mdns.h"

#include "node/mesh/net/dns_packet.h"

#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define MS G_GUINT64_CONSTANT (1000000)
#define META "_services._dns-sd._udp.local"
#define ATTRIBUTE "dnsaddr="
#define STRING_MAX 255  /* bytes of one attribute */
#define LABEL_LEN 32    /* of the name that this peer takes for itself */
#define ANNOUNCEMENTS 2 /* RFC 6762, 8.3 */
#define NETWORK_MAX 48  /* characters, so that the service's name stays a label */

struct inos_mdns {
  const struct inos_mesh_env *env;
  const struct inos_mdns_events *events;
  void *data;
  struct inos_peer_id self;
  char service[INOS_DNS_NAME_MAX];  /* "_p2p._udp.local" */
  char instance[INOS_DNS_NAME_MAX]; /* "<label>._p2p._udp.local" */
  unsigned n_addresses;
  struct inos_multiaddr addresses[INOS_MDNS_ADDRESSES];
  uint64_t query_at, query_every;
  uint64_t answer_at, meta_at;
  uint64_t answered;      /* when last */
  unsigned announcements; /* that are left */
  uint64_t second;        /* in which packets are counted */
  unsigned packets;
};

/* A peer that one packet speaks of. */
struct found {
  struct inos_peer_id peer;
  unsigned n_addresses;
  struct inos_multiaddr addresses[INOS_MDNS_ADDRESSES];
};

static void make_names (struct inos_mdns *mdns, const char *network)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  char label[LABEL_LEN + 1] = "";

  for (unsigned i = 0; i < LABEL_LEN; i++)
    label[i] = letters[inos_env_below (mdns->env, sizeof letters - 1)];
  g_snprintf (mdns->service, sizeof mdns->service, "_p2p%s%.*s._udp.local", network ? "-" : "",
              NETWORK_MAX, network ? network : "");
  g_snprintf (mdns->instance, sizeof mdns->instance, "%s.%s", label, mdns->service);
}

void inos_mdns_restart (struct inos_mdns *mdns)
{
  uint64_t now = inos_env_now (mdns->env);

  /* not all who were started by the same event at once: RFC 6762, 5.2 */
  mdns->query_at = now + (20 + inos_env_below (mdns->env, 100)) * MS;
  mdns->query_every = SECOND;
  if (mdns->n_addresses > 0) {
    mdns->announcements = ANNOUNCEMENTS;
    mdns->answer_at = MAX (mdns->query_at, mdns->answered + SECOND);
  }
}

struct inos_mdns *inos_mdns_new (const struct inos_mesh_env *env,
                                 const struct inos_mdns_events *events, void *data,
                                 const struct inos_peer_id *self, const char *network)
{
  struct inos_mdns *mdns = g_new0 (struct inos_mdns, 1);

  mdns->env = env;
  mdns->events = events;
  mdns->data = data;
  mdns->self = *self;
  mdns->answer_at = mdns->meta_at = INOS_NEVER;
  make_names (mdns, network);
  inos_mdns_restart (mdns);
  return mdns;
}

void inos_mdns_free (struct inos_mdns *mdns)
{
  g_free (mdns);
}

/* Whether @address can mean anything to another peer on the network: an IP address, and neither
 * this machine's own nor one of a single interface. */
static bool is_useful (const struct inos_multiaddr *address)
{
  enum inos_multiaddr_reach reach = inos_multiaddr_reach (address);

  return (reach == INOS_REACH_PRIVATE || reach == INOS_REACH_PUBLIC) &&
         !inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT);
}

void inos_mdns_set_addresses (struct inos_mdns *mdns, const struct inos_multiaddr *addresses,
                              unsigned n_addresses)
{
  struct inos_multiaddr before[INOS_MDNS_ADDRESSES];
  unsigned n_before = mdns->n_addresses;

  memcpy (before, mdns->addresses, sizeof before);
  mdns->n_addresses = 0;
  for (unsigned i = 0; i < n_addresses && mdns->n_addresses < INOS_MDNS_ADDRESSES; i++)
    if (is_useful (&addresses[i]))
      inos_multiaddr_without_peer (&addresses[i], &mdns->addresses[mdns->n_addresses++]);
  bool same = n_before == mdns->n_addresses;
  for (unsigned i = 0; same && i < n_before; i++)
    same = inos_multiaddr_equal (&before[i], &mdns->addresses[i]);
  if (!same)
    inos_mdns_restart (mdns);
}

/* What is sent */

static void send_query (struct inos_mdns *mdns)
{
  struct inos_buffer out = {0};

  inos_dns_put_header (&out, false, 1, 0, 0);
  inos_dns_put_question (&out, mdns->service, INOS_DNS_PTR);
  mdns->events->send (mdns->data, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

/* One attribute of the TXT record: a length and the text. */
static void put_address (struct inos_mdns *mdns, const struct inos_multiaddr *address,
                         struct inos_buffer *out)
{
  struct inos_multiaddr whole = *address;

  if (!inos_multiaddr_append (&whole, INOS_MULTIADDR_P2P, mdns->self.bytes, mdns->self.len))
    return;
  g_autofree char *text = inos_multiaddr_text (&whole);
  size_t len = sizeof ATTRIBUTE - 1 + strlen (text);
  uint8_t length = (uint8_t)len;
  if (len > STRING_MAX || inos_buffer_len (out) + 1 + len > INOS_MDNS_PACKET_MAX)
    return;
  inos_buffer_append (out, &length, 1);
  inos_buffer_append (out, ATTRIBUTE, sizeof ATTRIBUTE - 1);
  inos_buffer_append (out, text, strlen (text));
}

static void put_pointer (struct inos_buffer *out, const char *name, const char *target)
{
  size_t pointer = inos_dns_open_record (out, name, INOS_DNS_PTR, INOS_MDNS_TTL);

  inos_dns_put_name (out, target);
  inos_dns_close_record (out, pointer);
}

static void send_answer (struct inos_mdns *mdns)
{
  struct inos_buffer out = {0};

  inos_dns_put_header (&out, true, 0, 1, 1);
  put_pointer (&out, mdns->service, mdns->instance);
  size_t text = inos_dns_open_record (&out, mdns->instance, INOS_DNS_TXT, INOS_MDNS_TTL);
  for (unsigned i = 0; i < mdns->n_addresses; i++)
    put_address (mdns, &mdns->addresses[i], &out);
  inos_dns_close_record (&out, text);
  mdns->events->send (mdns->data, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

static void send_meta (struct inos_mdns *mdns)
{
  struct inos_buffer out = {0};

  inos_dns_put_header (&out, true, 0, 1, 0);
  put_pointer (&out, META, mdns->service);
  mdns->events->send (mdns->data, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

uint64_t inos_mdns_deadline (const struct inos_mdns *mdns)
{
  return MIN (mdns->query_at, MIN (mdns->answer_at, mdns->meta_at));
}

void inos_mdns_tick (struct inos_mdns *mdns)
{
  uint64_t now = inos_env_now (mdns->env);

  if (now >= mdns->query_at) {
    send_query (mdns);
    mdns->query_at = now + mdns->query_every;
    mdns->query_every = MIN (mdns->query_every * 2, INOS_MDNS_QUERY_MAX * SECOND);
  }
  if (now >= mdns->meta_at) {
    mdns->meta_at = INOS_NEVER;
    send_meta (mdns);
  }
  if (now >= mdns->answer_at) {
    mdns->answer_at = INOS_NEVER;
    mdns->answered = now;
    if (mdns->announcements > 0)
      mdns->announcements--;
    if (mdns->announcements > 0)
      mdns->answer_at = now + SECOND;
    if (mdns->n_addresses > 0)
      send_answer (mdns);
  }
}

/* What comes */

/* An answer to all, a little later, so that not all answer at once, and once in a second. */
static void answer_soon (struct inos_mdns *mdns)
{
  uint64_t soon = inos_env_now (mdns->env) + (20 + inos_env_below (mdns->env, 100)) * MS;

  if (mdns->answered > 0)
    soon = MAX (soon, mdns->answered + SECOND);
  mdns->answer_at = MIN (mdns->answer_at, soon);
}

static void take_question (struct inos_mdns *mdns, const struct inos_dns_entry *entry)
{
  bool all = entry->type == INOS_DNS_ANY;

  if (entry->klass != INOS_DNS_IN && entry->klass != (INOS_DNS_ANY & INOS_DNS_CLASS_MASK))
    return;
  bool service = (all || entry->type == INOS_DNS_PTR) && strcmp (entry->name, mdns->service) == 0;
  bool instance = (all || entry->type == INOS_DNS_TXT) && strcmp (entry->name, mdns->instance) == 0;
  if (service || instance)
    answer_soon (mdns);
  else if ((all || entry->type == INOS_DNS_PTR) && strcmp (entry->name, META) == 0 &&
           mdns->meta_at == INOS_NEVER)
    mdns->meta_at = inos_env_now (mdns->env) + SECOND;
}

/* Whose addresses in @found those of @peer are. Returns: (nullable): NULL: there are too many. */
static struct found *find (struct found *found, unsigned *n_found, const struct inos_peer_id *peer)
{
  for (unsigned i = 0; i < *n_found; i++)
    if (inos_peer_id_equal (&found[i].peer, peer))
      return &found[i];
  if (*n_found == INOS_MDNS_PEERS)
    return NULL;
  found[*n_found] = (struct found){.peer = *peer};
  return &found[(*n_found)++];
}

/* One attribute of a TXT record. */
static void take_attribute (struct inos_mdns *mdns, const uint8_t *bytes, size_t len,
                            struct found *found, unsigned *n_found)
{
  const size_t prefix = sizeof ATTRIBUTE - 1;
  char text[STRING_MAX + 1];
  struct inos_multiaddr address, bare;
  struct inos_peer_id peer;

  if (len <= prefix || memcmp (bytes, ATTRIBUTE, prefix) != 0 || memchr (bytes, '\0', len))
    return;
  memcpy (text, bytes + prefix, len - prefix);
  text[len - prefix] = '\0';
  if (!inos_multiaddr_parse (&address, text, NULL) || !is_useful (&address))
    return;
  inos_multiaddr_without_peer (&address, &bare);
  if (bare.len == address.len || !inos_multiaddr_peer (&address, &peer) ||
      inos_peer_id_equal (&peer, &mdns->self))
    return;
  struct found *whose = find (found, n_found, &peer);
  if (whose && whose->n_addresses < INOS_MDNS_ADDRESSES)
    whose->addresses[whose->n_addresses++] = bare;
}

static void take_record (struct inos_mdns *mdns, const struct inos_dns_entry *entry,
                         struct found *found, unsigned *n_found)
{
  const char *label_end = strchr (entry->name, '.');

  if (entry->type != INOS_DNS_TXT || entry->klass != INOS_DNS_IN || !label_end ||
      strcmp (label_end + 1, mdns->service) != 0)
    return;
  for (size_t at = 0, len; at < entry->len; at += len) {
    len = entry->data[at++];
    if (len > entry->len - at)
      return;
    take_attribute (mdns, entry->data + at, len, found, n_found);
  }
}

/* Whether this second has room for one more packet. */
static bool count_packet (struct inos_mdns *mdns)
{
  uint64_t second = inos_env_now (mdns->env) / SECOND;

  if (second != mdns->second) {
    mdns->second = second;
    mdns->packets = 0;
  }
  return mdns->packets++ < INOS_MDNS_PACKETS;
}

void inos_mdns_receive (struct inos_mdns *mdns, const uint8_t *bytes, size_t len)
{
  struct inos_dns_reader reader;
  struct inos_dns_entry entry;
  unsigned n_found = 0;

  if (!count_packet (mdns) || !inos_dns_begin (&reader, bytes, len))
    return;
  g_autofree struct found *found = g_new (struct found, INOS_MDNS_PEERS);
  while (inos_dns_next (&reader, &entry)) {
    if (!reader.response && entry.question)
      take_question (mdns, &entry);
    else if (reader.response && !entry.question)
      take_record (mdns, &entry, found, &n_found);
  }
  for (unsigned i = 0; i < n_found; i++)
    mdns->events->found (mdns->data, &found[i].peer, found[i].addresses, found[i].n_addresses);
}
