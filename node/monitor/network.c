/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/monitor/network.h"
#include "node/monitor/source.h"

#include <stdio.h>
#include <string.h>

enum { COLUMN_RX = 0, COLUMN_TX = 8, COLUMNS };

void inos_network_init (struct inos_network_monitor *network, int sys)
{
  *network = (struct inos_network_monitor){.sys = sys};
}

void inos_network_finish (struct inos_network_monitor *network)
{
  for (uint32_t i = 0; i < network->count; i++)
    inos_source_close (&network->link[i].operstate);
  network->count = 0;
}

static bool parse_interface (struct inos_scan line, struct inos_interface *out)
{
  struct inos_scan name;
  uint64_t column[COLUMNS];

  *out = (struct inos_interface){0};
  if (!inos_scan_word (&line, &name))
    return false;
  /* "eth0: 1" or, in old kernels, "eth0:1"; an alias has a colon of its own */
  const char *colon = memrchr (name.at, ':', (size_t)(name.end - name.at));
  if (!colon || colon == name.at || (size_t)(colon - name.at) >= sizeof out->name)
    return false;
  line.at = colon + 1;
  name.end = colon;
  if (memchr (name.at, '/', (size_t)(name.end - name.at)) || name.at[0] == '.')
    return false; /* the kernel gives no such name, and it becomes a path */
  for (int i = 0; i < COLUMNS; i++)
    if (!inos_scan_u64 (&line, &column[i]))
      return false;
  inos_scan_copy (name, out->name, sizeof out->name);
  out->rx = column[COLUMN_RX];
  out->tx = column[COLUMN_TX];
  return true;
}

void inos_network_parse (struct inos_scan text, struct inos_sample *sample)
{
  struct inos_scan line;

  sample->interfaces = 0;
  while (sample->interfaces < INOS_INTERFACES_MAX && inos_scan_line (&text, &line))
    if (parse_interface (line, &sample->interface[sample->interfaces]))
      sample->interfaces++;
}

static void open_link (struct inos_network_monitor *network, struct inos_link *link)
{
  char path[64];

  snprintf (path, sizeof path, "class/net/%s/operstate", link->name);
  inos_source_close (&link->operstate);
  link->operstate = inos_source_open (network->sys, path);
}

static struct inos_link *find_link (struct inos_network_monitor *network, const char *name)
{
  for (uint32_t i = 0; i < network->count; i++)
    if (strcmp (network->link[i].name, name) == 0)
      return &network->link[i];
  return NULL;
}

static bool is_up (struct inos_network_monitor *network, struct inos_link *link)
{
  char buffer[32];
  struct inos_scan text, word;

  if (!inos_source_read (link->operstate, buffer, sizeof buffer, &text)) {
    open_link (network, link); /* an interface that went and came back with the same name */
    inos_source_read (link->operstate, buffer, sizeof buffer, &text);
  }
  /* The loopback and many tunnels do not know. */
  return inos_scan_line (&text, &word) &&
         (inos_scan_is (word, "up") || inos_scan_is (word, "unknown"));
}

static uint64_t rate (uint64_t before, uint64_t now, double seconds)
{
  return now > before ? (uint64_t)((double)(now - before) / seconds) : 0;
}

static void forget_gone (struct inos_network_monitor *network)
{
  for (uint32_t i = 0; i < network->count;) {
    if (network->link[i].seen) {
      i++;
      continue;
    }
    inos_source_close (&network->link[i].operstate);
    network->link[i] = network->link[--network->count];
  }
}

void inos_network_update (struct inos_network_monitor *network, struct inos_sample *sample,
                          double seconds, const struct inos_sample *previous)
{
  for (uint32_t i = 0; i < network->count; i++)
    network->link[i].seen = false;
  for (uint32_t i = 0; i < sample->interfaces; i++) {
    struct inos_link *link = find_link (network, sample->interface[i].name);
    if (link)
      link->seen = true;
  }
  forget_gone (network);
  for (uint32_t i = 0; i < sample->interfaces; i++) {
    struct inos_interface *interface = &sample->interface[i];
    struct inos_link *link = find_link (network, interface->name);
    bool known = link != NULL;
    if (!known) {
      link = &network->link[network->count++]; /* no more than the sample has */
      *link = (struct inos_link){.operstate = -1, .rx = interface->rx, .tx = interface->tx};
      memcpy (link->name, interface->name, sizeof link->name);
    }
    interface->up = is_up (network, link);
    if (seconds > 0) {
      interface->rx_rate = known ? rate (link->rx, interface->rx, seconds) : 0;
      interface->tx_rate = known ? rate (link->tx, interface->tx, seconds) : 0;
      link->rx = interface->rx, link->tx = interface->tx;
    } else if (previous && i < previous->interfaces &&
               strcmp (previous->interface[i].name, interface->name) == 0) {
      interface->rx_rate = previous->interface[i].rx_rate;
      interface->tx_rate = previous->interface[i].tx_rate;
    }
  }
}
