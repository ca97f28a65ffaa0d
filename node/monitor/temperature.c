/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/monitor/temperature.h"
#include "node/monitor/scan.h"
#include "node/monitor/source.h"

#include <stdio.h>
#include <string.h>

#define INPUTS_MAX 32 /* tempN_input of one chip */

void inos_temperatures_init (struct inos_temperatures *t, int sys)
{
  *t = (struct inos_temperatures){.sys = sys};
}

void inos_temperatures_finish (struct inos_temperatures *t)
{
  while (t->count > 0)
    inos_source_close (&t->sensor[--t->count].input);
}

/* Reads a one-line file below /sys into @out; empty where there is none. */
static void read_line (int sys, const char *path, char *out, size_t size)
{
  char buffer[128];
  struct inos_scan text, line = {buffer, buffer};

  if (inos_source_read_once (sys, path, buffer, sizeof buffer, &text))
    inos_scan_line (&text, &line);
  inos_scan_copy (line, out, size);
}

static bool add (struct inos_temperatures *t, const char *path, const char *chip, const char *name)
{
  if (t->count == INOS_TEMPERATURES_MAX)
    return false;
  int fd = inos_source_open (t->sys, path);
  if (fd < 0)
    return true;
  struct inos_thermometer *sensor = &t->sensor[t->count++];
  sensor->input = fd;
  snprintf (sensor->label, sizeof sensor->label, "%.31s%s%.31s", chip, *name ? " " : "", name);
  return true;
}

static bool scan_chip (const char *dir, void *data)
{
  struct inos_temperatures *t = data;
  char path[256], chip[32], name[32];

  if (strlen (dir) > 64)
    return true;
  snprintf (path, sizeof path, "class/hwmon/%s/name", dir);
  read_line (t->sys, path, chip, sizeof chip);
  /* To read a disk's temperature can keep it from spinning down. */
  if (strcmp (chip, "drivetemp") == 0)
    return true;
  for (int i = 1; i <= INPUTS_MAX; i++) {
    snprintf (path, sizeof path, "class/hwmon/%s/temp%d_label", dir, i);
    read_line (t->sys, path, name, sizeof name);
    snprintf (path, sizeof path, "class/hwmon/%s/temp%d_input", dir, i);
    if (!add (t, path, *chip ? chip : dir, name))
      return false;
  }
  return true;
}

static bool scan_zone (const char *dir, void *data)
{
  struct inos_temperatures *t = data;
  char path[256], type[32];

  if (strncmp (dir, "thermal_zone", 12) != 0 || strlen (dir) > 64)
    return true;
  snprintf (path, sizeof path, "class/thermal/%s/type", dir);
  read_line (t->sys, path, type, sizeof type);
  snprintf (path, sizeof path, "class/thermal/%s/temp", dir);
  return add (t, path, *type ? type : dir, "");
}

void inos_temperatures_scan (struct inos_temperatures *t)
{
  inos_temperatures_finish (t);
  inos_dir_each (t->sys, "class/hwmon", scan_chip, t);
  if (t->count == 0)
    inos_dir_each (t->sys, "class/thermal", scan_zone, t);
}

void inos_temperatures_read (const struct inos_temperatures *t, struct inos_sample *sample)
{
  char buffer[32];
  struct inos_scan text;
  int64_t millis;

  sample->temperatures = 0;
  for (uint32_t i = 0; i < t->count; i++) {
    if (!inos_source_read (t->sensor[i].input, buffer, sizeof buffer, &text) ||
        !inos_scan_i64 (&text, &millis) || millis < -273150 || millis > 1000000)
      continue;
    struct inos_temperature *out = &sample->temperature[sample->temperatures++];
    memcpy (out->label, t->sensor[i].label, sizeof out->label);
    out->celsius = (double)millis / 1000;
  }
}
