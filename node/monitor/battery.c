/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/monitor/battery.h"
#include "node/monitor/source.h"

#include <stdio.h>
#include <string.h>

#define UEVENT_MAX 2048
#define AMOUNT_MAX (INT64_C (1) << 40) /* a megawatt-hour; what is larger is nonsense */

void inos_batteries_init (struct inos_batteries *b, int sys)
{
  *b = (struct inos_batteries){.sys = sys};
}

void inos_batteries_finish (struct inos_batteries *b)
{
  while (b->count > 0)
    inos_source_close (&b->uevent[--b->count]);
}

static void parse_number (struct inos_scan line, const char *name, int64_t *value)
{
  int64_t v;

  if (inos_scan_skip (&line, name) && inos_scan_i64 (&line, &v)) {
    if (v < 0)
      v = -v; /* some drivers give a current that flows out a sign */
    if (v <= AMOUNT_MAX)
      *value = v;
  }
}

static void parse_state (struct inos_scan line, struct inos_battery_report *r)
{
  if (inos_scan_is (line, "TYPE=Battery"))
    r->is_battery = true;
  else if (inos_scan_is (line, "SCOPE=Device"))
    r->of_device = true;
  else if (inos_scan_is (line, "PRESENT=0"))
    r->present = false;
  else if (inos_scan_is (line, "STATUS=Charging"))
    r->charging = true;
  else if (inos_scan_is (line, "STATUS=Discharging"))
    r->discharging = true;
}

void inos_battery_parse (struct inos_scan text, struct inos_battery_report *r)
{
  int64_t charge_now = -1, charge_full = -1, current = -1, now = -1, full = -1, power = -1;
  struct inos_scan line;

  *r = (struct inos_battery_report){
    .present = true, .capacity = -1, .now = -1, .full = -1, .rate = -1};
  while (inos_scan_line (&text, &line)) {
    if (!inos_scan_skip (&line, "POWER_SUPPLY_"))
      continue;
    parse_state (line, r);
    parse_number (line, "CAPACITY=", &r->capacity);
    parse_number (line, "ENERGY_NOW=", &now);
    parse_number (line, "ENERGY_FULL=", &full);
    parse_number (line, "POWER_NOW=", &power);
    parse_number (line, "CHARGE_NOW=", &charge_now);
    parse_number (line, "CHARGE_FULL=", &charge_full);
    parse_number (line, "CURRENT_NOW=", &current);
  }
  if (r->capacity > 100)
    r->capacity = 100;
  r->in_energy = now >= 0 && full > 0;
  r->now = r->in_energy ? now : charge_now;
  r->full = r->in_energy ? full : charge_full;
  r->rate = r->in_energy ? power : current;
  if (r->full <= 0)
    r->now = r->full = -1;
}

static int64_t seconds_left (const struct inos_battery *battery, bool discharging, int64_t now,
                             int64_t full, int64_t rate)
{
  int64_t rest = battery->charging ? full - now : now;

  if (!(battery->charging || discharging) || rate <= 0 || rest < 0)
    return -1;
  return (int64_t)((double)rest / (double)rate * 3600);
}

struct inos_battery inos_battery_combine (const struct inos_battery_report *reports, uint32_t count)
{
  struct inos_battery battery = {.seconds = -1};
  int64_t now = 0, full = 0, rate = 0, capacity = 0, counted = 0, with_capacity = 0;
  bool summable = true, discharging = false;

  for (uint32_t i = 0; i < count; i++) {
    const struct inos_battery_report *r = &reports[i];
    if (!r->present)
      continue;
    counted++;
    battery.charging = battery.charging || r->charging;
    discharging = discharging || r->discharging;
    summable = summable && r->full > 0 && r->now >= 0 && r->in_energy == reports[0].in_energy;
    now += r->now, full += r->full;
    rate += r->rate > 0 ? r->rate : 0;
    if (r->capacity >= 0)
      capacity += r->capacity, with_capacity++;
  }
  battery.discharging = discharging && !battery.charging;
  battery.present = counted > 0 && (summable || with_capacity > 0);
  if (!battery.present)
    return (struct inos_battery){.seconds = -1};
  /* One battery's own figure is the one that other programs show. */
  if (counted == 1 ? with_capacity > 0 : !summable)
    battery.percent = (double)capacity / (double)with_capacity;
  else
    battery.percent = now < full ? 100.0 * (double)now / (double)full : 100;
  if (summable)
    battery.seconds = seconds_left (&battery, discharging, now, full, rate);
  return battery;
}

static bool scan_supply (const char *name, void *data)
{
  struct inos_batteries *b = data;
  char path[160], buffer[UEVENT_MAX];
  struct inos_scan text, word;
  struct inos_battery_report report;

  if (strlen (name) > 64)
    return true;
  snprintf (path, sizeof path, "class/power_supply/%s/type", name);
  if (!inos_source_read_once (b->sys, path, buffer, sizeof buffer, &text) ||
      !inos_scan_line (&text, &word) || !inos_scan_is (word, "Battery"))
    return true;
  snprintf (path, sizeof path, "class/power_supply/%s/uevent", name);
  int fd = inos_source_open (b->sys, path);
  if (!inos_source_read (fd, buffer, sizeof buffer, &text)) {
    inos_source_close (&fd);
    return true;
  }
  inos_battery_parse (text, &report);
  if (report.of_device)
    inos_source_close (&fd);
  else
    b->uevent[b->count++] = fd;
  return b->count < INOS_BATTERIES_MAX;
}

void inos_batteries_scan (struct inos_batteries *b)
{
  inos_batteries_finish (b);
  inos_dir_each (b->sys, "class/power_supply", scan_supply, b);
}

void inos_batteries_read (const struct inos_batteries *b, struct inos_sample *sample)
{
  struct inos_battery_report reports[INOS_BATTERIES_MAX];
  char buffer[UEVENT_MAX];
  struct inos_scan text;
  uint32_t count = 0;

  for (uint32_t i = 0; i < b->count; i++)
    if (inos_source_read (b->uevent[i], buffer, sizeof buffer, &text))
      inos_battery_parse (text, &reports[count++]);
  sample->battery = inos_battery_combine (reports, count);
}
