/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/devices.h"

#include "node/api/messages.h"
#include "node/machine/pace.h"
#include "node/monitor/disk.h"
#include "node/monitor/source.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX (128 * 1024)
#define SECTOR 512 /* what the kernel counts in, whatever the disk has */
#define ADDRESSES_MAX 32
#define NAME_MAX_BYTES 32

/* What goes in and out of one. */
struct traffic {
  struct inos_counter in, out, busy;
  unsigned seen;
};

/* Disks or interfaces. */
struct devices {
  GHashTable *known; /* what names one: struct traffic */
  struct inos_pace pace;
  unsigned look;
};

struct inos_devices {
  int proc, sys;
  struct devices disks, interfaces;
  char *text; /* TEXT_MAX */
  struct inos_sample *sample;
};

struct inos_devices *inos_devices_new (int proc, int sys)
{
  struct inos_devices *self = g_new0 (struct inos_devices, 1);

  self->proc = proc;
  self->sys = sys;
  self->disks.known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->interfaces.known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->text = g_malloc (TEXT_MAX);
  self->sample = g_new0 (struct inos_sample, 1);
  return self;
}

static void forget (struct devices *devices)
{
  g_hash_table_remove_all (devices->known);
  devices->pace = (struct inos_pace){0};
}

void inos_devices_forget (struct inos_devices *self)
{
  forget (&self->disks);
  forget (&self->interfaces);
}

void inos_devices_free (struct inos_devices *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->disks.known);
  g_hash_table_unref (self->interfaces.known);
  g_free (self->text);
  g_free (self->sample);
  g_free (self);
}

static void begin (struct devices *devices, gint64 now)
{
  devices->look++;
  inos_pace_look (&devices->pace, now);
}

static struct traffic *traffic_of (struct devices *devices, const char *name)
{
  struct traffic *traffic = g_hash_table_lookup (devices->known, name);

  if (!traffic) {
    traffic = g_new0 (struct traffic, 1);
    g_hash_table_insert (devices->known, g_strdup (name), traffic);
  }
  traffic->seen = devices->look;
  return traffic;
}

static void forget_gone (struct devices *devices)
{
  GHashTableIter iter;
  void *value;

  g_hash_table_iter_init (&iter, devices->known);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((struct traffic *)value)->seen != devices->look)
      g_hash_table_iter_remove (&iter);
}

/* Disks */

/* A line of /proc/diskstats. */
struct line {
  uint64_t major, minor, read, written, busy; /* bytes, bytes, ms */
  char name[NAME_MAX_BYTES];
};

/* major minor name reads merged sectors ms writes merged sectors ms in-flight ms */
static bool parse_line (struct inos_scan text, struct line *out)
{
  enum { READ = 2, WRITTEN = 6, BUSY = 9, NUMBERS };
  uint64_t number[NUMBERS];
  struct inos_scan name;

  if (!inos_scan_u64 (&text, &out->major) || !inos_scan_u64 (&text, &out->minor) ||
      !inos_scan_word (&text, &name))
    return false;
  for (int i = 0; i < NUMBERS; i++)
    if (!inos_scan_u64 (&text, &number[i]))
      return false;
  inos_scan_copy (name, out->name, sizeof out->name);
  out->read = number[READ] * SECTOR;
  out->written = number[WRITTEN] * SECTOR;
  out->busy = number[BUSY];
  return true;
}

static bool is_on (const struct line *line, const struct inos_disk *disk)
{
  if (disk->major != 0)
    return line->major == disk->major && line->minor == disk->minor;
  return g_str_has_prefix (disk->source, "/dev/") && strcmp (disk->source + 5, line->name) == 0;
}

static bool find_line (struct inos_scan text, const struct inos_disk *disk, struct line *out)
{
  struct inos_scan line;

  while (inos_scan_line (&text, &line))
    if (parse_line (line, out) && is_on (out, disk))
      return true;
  return false;
}

static void add_disk (struct inos_devices *self, GVariantBuilder *rows,
                      const struct inos_disk *disk, struct inos_scan stats)
{
  g_autofree char *mount = g_utf8_make_valid (disk->mount, -1);
  g_autofree char *source = g_utf8_make_valid (disk->source, -1);
  double in = -1, out = -1, busy = -1;
  struct line line;

  if (find_line (stats, disk, &line)) {
    /* By device and source, not by mount: two may be mounted over each other, and what has no
     * device of its own (btrfs' subvolumes) has one number each, which another has later. */
    g_autofree char *key = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT " %s",
                                            (guint64)disk->major, (guint64)disk->minor, source);
    struct traffic *traffic = traffic_of (&self->disks, key);
    in = inos_counter_rate (&traffic->in, &self->disks.pace, line.read, false);
    out = inos_counter_rate (&traffic->out, &self->disks.pace, line.written, false);
    busy = inos_counter_rate (&traffic->busy, &self->disks.pace, line.busy, false);
  }
  g_variant_builder_add (rows, "(ssstttddd)", mount, disk->type, source, (guint64)disk->total,
                         (guint64)disk->used, (guint64)disk->available, in, out,
                         busy < 0 ? -1 : MIN (busy / 1000, 1));
}

GVariant *inos_devices_disks (struct inos_devices *self, gint64 now)
{
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_DISK_ROWS_TYPE));
  struct inos_scan text;

  begin (&self->disks, now);
  inos_source_read_once (self->proc, "self/mountinfo", self->text, TEXT_MAX, &text);
  inos_disks_parse (text, self->sample);
  inos_disks_measure (self->sample);
  inos_source_read_once (self->proc, "diskstats", self->text, TEXT_MAX, &text);
  for (uint32_t i = 0; i < self->sample->disks; i++)
    add_disk (self, &rows, &self->sample->disk[i], text);
  forget_gone (&self->disks);
  return g_variant_new ("(d" INOS_DISK_ROWS_TYPE ")", self->disks.pace.seconds, &rows);
}

/* Interfaces */

struct interface {
  char name[16]; /* IFNAMSIZ */
  uint64_t rx, rx_packets, rx_errors, rx_drops, tx, tx_packets, tx_errors, tx_drops;
};

/* "eth0: bytes packets errors drops …", eight for each way */
static bool parse_interface (struct inos_scan line, struct interface *out)
{
  struct inos_scan name;
  uint64_t number[12];

  *out = (struct interface){0};
  if (!inos_scan_word (&line, &name))
    return false;
  const char *colon = memrchr (name.at, ':', (size_t)(name.end - name.at));
  if (!colon || colon == name.at || (size_t)(colon - name.at) >= sizeof out->name)
    return false;
  line.at = colon + 1;
  name.end = colon;
  if (name.at[0] == '.' || memchr (name.at, '/', (size_t)(name.end - name.at)))
    return false; /* the kernel gives no such name, and it becomes a path */
  for (size_t i = 0; i < G_N_ELEMENTS (number); i++)
    if (!inos_scan_u64 (&line, &number[i]))
      return false;
  inos_scan_copy (name, out->name, sizeof out->name);
  out->rx = number[0], out->rx_packets = number[1];
  out->rx_errors = number[2], out->rx_drops = number[3];
  out->tx = number[8], out->tx_packets = number[9];
  out->tx_errors = number[10], out->tx_drops = number[11];
  return true;
}

static bool is_up (struct inos_devices *self, const char *name)
{
  char path[64], buffer[32];
  struct inos_scan text, word;

  snprintf (path, sizeof path, "class/net/%s/operstate", name);
  inos_source_read_once (self->sys, path, buffer, sizeof buffer, &text);
  /* The loopback and many tunnels do not know. */
  return inos_scan_line (&text, &word) &&
         (inos_scan_is (word, "up") || inos_scan_is (word, "unknown"));
}

/* Mbit/s; -1: not known. */
static gint64 speed_of (struct inos_devices *self, const char *name)
{
  char path[64], buffer[32];
  struct inos_scan text;
  int64_t speed;

  snprintf (path, sizeof path, "class/net/%s/speed", name);
  inos_source_read_once (self->sys, path, buffer, sizeof buffer, &text);
  return inos_scan_i64 (&text, &speed) && speed > 0 ? speed : -1;
}

static GVariant *addresses_of (const struct ifaddrs *all, const char *name)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));
  unsigned count = 0;

  for (; all && count < ADDRESSES_MAX; all = all->ifa_next) {
    char text[INET6_ADDRSTRLEN] = "";
    const void *address = all->ifa_addr;
    if (!address || strcmp (all->ifa_name, name) != 0)
      continue;
    if (all->ifa_addr->sa_family == AF_INET)
      inet_ntop (AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof text);
    else if (all->ifa_addr->sa_family == AF_INET6)
      inet_ntop (AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text, sizeof text);
    if (*text && ++count)
      g_variant_builder_add (&builder, "s", text);
  }
  return g_variant_builder_end (&builder);
}

static void add_interface (struct inos_devices *self, GVariantBuilder *rows,
                           const struct interface *interface, const struct ifaddrs *addresses)
{
  struct traffic *traffic = traffic_of (&self->interfaces, interface->name);
  g_autofree char *name = g_utf8_make_valid (interface->name, -1);
  double in = inos_counter_rate (&traffic->in, &self->interfaces.pace, interface->rx, false);
  double out = inos_counter_rate (&traffic->out, &self->interfaces.pace, interface->tx, false);

  g_variant_builder_add (
    rows, "(sbttttttddx@as)", name, is_up (self, interface->name), (guint64)interface->rx,
    (guint64)interface->tx, (guint64)interface->rx_packets, (guint64)interface->tx_packets,
    (guint64)(interface->rx_errors + interface->tx_errors),
    (guint64)(interface->rx_drops + interface->tx_drops), in, out, speed_of (self, interface->name),
    addresses_of (addresses, interface->name));
}

GVariant *inos_devices_interfaces (struct inos_devices *self, gint64 now)
{
  g_auto (GVariantBuilder) rows =
    G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_INTERFACE_ROWS_TYPE));
  struct ifaddrs *addresses = NULL;
  struct inos_scan text, line;
  struct interface interface;
  unsigned count = 0;

  begin (&self->interfaces, now);
  inos_source_read_once (self->proc, "net/dev", self->text, TEXT_MAX, &text);
  if (getifaddrs (&addresses) < 0)
    addresses = NULL;
  while (count < INOS_DEVICES_MAX && inos_scan_line (&text, &line))
    if (parse_interface (line, &interface)) {
      add_interface (self, &rows, &interface, addresses);
      count++;
    }
  if (addresses)
    freeifaddrs (addresses);
  forget_gone (&self->interfaces);
  return g_variant_new ("(d" INOS_INTERFACE_ROWS_TYPE ")", self->interfaces.pace.seconds, &rows);
}
