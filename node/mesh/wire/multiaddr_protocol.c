/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/multiaddr_protocol.h"

#include <arpa/inet.h>
#include <string.h>

#define LABEL_MAX 63   /* bytes of one part of a name (RFC 1035) */
#define ZONE_MAX 64    /* bytes; Linux's names of interfaces have at most 15 */
#define IP_TEXT_MAX 64 /* more than any address in digits */

static bool any (const uint8_t *value, size_t len)
{
  return true;
}

static size_t parse_ip (int family, const char *text, size_t len, uint8_t *out)
{
  char copy[IP_TEXT_MAX];

  if (len >= sizeof copy || memchr (text, '\0', len))
    return 0;
  memcpy (copy, text, len);
  copy[len] = '\0';
  if (inet_pton (family, copy, out) != 1)
    return 0;
  return family == AF_INET ? sizeof (struct in_addr) : sizeof (struct in6_addr);
}

static size_t parse_ip4 (const char *text, size_t len, uint8_t *out)
{
  return parse_ip (AF_INET, text, len, out);
}

static size_t parse_ip6 (const char *text, size_t len, uint8_t *out)
{
  return parse_ip (AF_INET6, text, len, out);
}

static void print_ip (GString *out, const uint8_t *value, size_t len)
{
  char text[INET6_ADDRSTRLEN];

  g_string_append (out, inet_ntop (len == 4 ? AF_INET : AF_INET6, value, text, sizeof text));
}

/* Decimal digits, no more than needed, up to @max. */
static bool parse_number (const char *text, size_t len, uint64_t max, uint64_t *number)
{
  *number = 0;
  if (len == 0 || (len > 1 && text[0] == '0'))
    return false;
  for (size_t i = 0; i < len; i++) {
    unsigned digit = (unsigned)(text[i] - '0');
    if (!g_ascii_isdigit (text[i]) || *number > (max - digit) / 10)
      return false;
    *number = *number * 10 + digit;
  }
  return true;
}

static size_t parse_big_endian (const char *text, size_t len, uint8_t *out, unsigned size,
                                uint64_t max)
{
  uint64_t number;

  if (!parse_number (text, len, max, &number))
    return 0;
  for (unsigned i = 0; i < size; i++)
    out[i] = (uint8_t)(number >> (8 * (size - 1 - i)));
  return size;
}

static size_t parse_port (const char *text, size_t len, uint8_t *out)
{
  return parse_big_endian (text, len, out, 2, UINT16_MAX);
}

static size_t parse_memory (const char *text, size_t len, uint8_t *out)
{
  return parse_big_endian (text, len, out, 8, UINT64_MAX);
}

static void print_number (GString *out, const uint8_t *value, size_t len)
{
  uint64_t number = 0;

  for (size_t i = 0; i < len; i++)
    number = number << 8 | value[i];
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, number);
}

/* As names of hosts are, with "_" as some are all the same; those of other scripts in punycode. */
static bool name_is_valid (const uint8_t *value, size_t len)
{
  size_t label = 0;

  if (len > INOS_MULTIADDR_VALUE_MAX)
    return false;
  for (size_t i = 0; i < len; i++) {
    if (value[i] == '.' && label > 0)
      label = 0;
    else if ((g_ascii_isalnum ((char)value[i]) || value[i] == '-' || value[i] == '_') &&
             label < LABEL_MAX)
      label++;
    else
      return false;
  }
  return len > 0 && value[0] != '.';
}

static bool zone_is_valid (const uint8_t *value, size_t len)
{
  for (size_t i = 0; i < len; i++)
    if (!g_ascii_isgraph ((char)value[i]) || value[i] == '/')
      return false;
  return len > 0 && len <= ZONE_MAX;
}

static size_t parse_text (const char *text, size_t len, uint8_t *out)
{
  if (len > INOS_MULTIADDR_VALUE_MAX)
    return 0;
  memcpy (out, text, len);
  return len;
}

static void print_text (GString *out, const uint8_t *value, size_t len)
{
  g_string_append_len (out, (const char *)value, (gssize)len);
}

static bool peer_is_valid (const uint8_t *value, size_t len)
{
  return inos_peer_id_read (&(struct inos_peer_id){0}, value, len);
}

static size_t parse_peer (const char *text, size_t len, uint8_t *out)
{
  char copy[INOS_PEER_TEXT_MAX];
  struct inos_peer_id id;

  if (len >= sizeof copy)
    return 0;
  memcpy (copy, text, len);
  copy[len] = '\0';
  if (!inos_peer_id_parse (&id, copy))
    return 0;
  memcpy (out, id.bytes, id.len);
  return id.len;
}

static void print_peer (GString *out, const uint8_t *value, size_t len)
{
  char text[INOS_PEER_TEXT_MAX];
  struct inos_peer_id id;

  if (inos_peer_id_read (&id, value, len)) {
    inos_peer_id_text (&id, text);
    g_string_append (out, text);
  }
}

static const struct inos_multiaddr_value ip4 = {4, any, parse_ip4, print_ip};
static const struct inos_multiaddr_value ip6 = {16, any, parse_ip6, print_ip};
static const struct inos_multiaddr_value port = {2, any, parse_port, print_number};
static const struct inos_multiaddr_value memory = {8, any, parse_memory, print_number};
static const struct inos_multiaddr_value name = {0, name_is_valid, parse_text, print_text};
static const struct inos_multiaddr_value zone = {0, zone_is_valid, parse_text, print_text};
static const struct inos_multiaddr_value peer = {0, peer_is_valid, parse_peer, print_peer};

static const struct inos_multiaddr_protocol protocols[] = {
  {INOS_MULTIADDR_IP4, "ip4", &ip4},         {INOS_MULTIADDR_TCP, "tcp", &port},
  {INOS_MULTIADDR_IP6, "ip6", &ip6},         {INOS_MULTIADDR_IP6ZONE, "ip6zone", &zone},
  {INOS_MULTIADDR_DNS, "dns", &name},        {INOS_MULTIADDR_DNS4, "dns4", &name},
  {INOS_MULTIADDR_DNS6, "dns6", &name},      {INOS_MULTIADDR_DNSADDR, "dnsaddr", &name},
  {INOS_MULTIADDR_UDP, "udp", &port},        {INOS_MULTIADDR_P2P_CIRCUIT, "p2p-circuit", NULL},
  {INOS_MULTIADDR_P2P, "p2p", &peer},        {INOS_MULTIADDR_P2P, "ipfs", &peer}, /* its old name */
  {INOS_MULTIADDR_TLS, "tls", NULL},         {INOS_MULTIADDR_SNI, "sni", &name},
  {INOS_MULTIADDR_QUIC_V1, "quic-v1", NULL}, {INOS_MULTIADDR_WS, "ws", NULL},
  {INOS_MULTIADDR_WSS, "wss", NULL},         {INOS_MULTIADDR_MEMORY, "memory", &memory},
};

const struct inos_multiaddr_protocol *inos_multiaddr_protocol (uint64_t code)
{
  for (size_t i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (protocols[i].code == code)
      return &protocols[i];
  return NULL;
}

const struct inos_multiaddr_protocol *inos_multiaddr_protocol_named (const char *text, size_t len)
{
  for (size_t i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (strlen (protocols[i].name) == len && memcmp (protocols[i].name, text, len) == 0)
      return &protocols[i];
  return NULL;
}
