/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/machine/process_text.h"

#include <string.h>

/* Numbers of a stat after the state, from the parent on. */
enum { PARENT = 0, UTIME = 10, STIME = 11, NICE = 15, THREADS = 16, START = 18, RSS = 20, NUMBERS };

static uint64_t positive (int64_t number)
{
  return number > 0 ? (uint64_t)number : 0;
}

bool inos_process_parse_stat (struct inos_scan text, struct inos_process_stat *out)
{
  size_t len = (size_t)(text.end - text.at);
  const char *open = len > 0 ? memchr (text.at, '(', len) : NULL;
  /* A name may have brackets and ends of lines itself; after the last one there are none. */
  const char *close = len > 0 ? memrchr (text.at, ')', len) : NULL;
  int64_t number[NUMBERS];
  struct inos_scan state;

  *out = (struct inos_process_stat){0};
  if (!open || !close || close < open)
    return false;
  struct inos_scan rest = {close + 1, text.end};
  if (!inos_scan_word (&rest, &state))
    return false;
  for (int i = 0; i < NUMBERS; i++)
    if (!inos_scan_i64 (&rest, &number[i]))
      return false;
  inos_scan_copy ((struct inos_scan){open + 1, close}, out->name, sizeof out->name);
  out->state = *state.at;
  out->parent = (uint32_t)positive (number[PARENT]);
  out->threads = (uint32_t)positive (number[THREADS]);
  out->nice = (int32_t)(number[NICE] < -20 ? -20 : number[NICE] > 19 ? 19 : number[NICE]);
  if (__builtin_add_overflow (positive (number[UTIME]), positive (number[STIME]), &out->ticks))
    return false;
  out->start = positive (number[START]);
  out->pages = positive (number[RSS]);
  return true;
}

/* "Key:\t12 kB" */
static void take_size (struct inos_scan line, const char *key, uint64_t *bytes)
{
  uint64_t value;

  if (inos_scan_skip (&line, key) && inos_scan_u64 (&line, &value) && value < UINT64_MAX / 1024)
    *bytes = value * 1024;
}

bool inos_process_parse_status (struct inos_scan text, struct inos_process_status *out)
{
  struct inos_scan line;
  bool found = false;

  *out = (struct inos_process_status){0};
  while (inos_scan_line (&text, &line)) {
    struct inos_scan rest = line;
    uint64_t real, effective;
    if (inos_scan_skip (&rest, "Uid:") && inos_scan_u64 (&rest, &real) &&
        inos_scan_u64 (&rest, &effective) && effective <= UINT32_MAX) {
      out->uid = (uint32_t)effective;
      found = true;
    }
    take_size (line, "RssAnon:", &out->own);
    take_size (line, "RssFile:", &out->file);
    take_size (line, "RssShmem:", &out->shared);
    take_size (line, "VmSwap:", &out->swap);
  }
  return found;
}

void inos_process_parse_cgroup (struct inos_scan text, char *out, size_t size)
{
  struct inos_scan line;

  out[0] = '\0';
  while (inos_scan_line (&text, &line)) {
    if (inos_scan_skip (&line, "0::/")) {
      line.at--;
      inos_scan_copy (line, out, size);
      return;
    }
    const char *named = memmem (line.at, (size_t)(line.end - line.at), ":name=systemd:", 14);
    if (named)
      inos_scan_copy ((struct inos_scan){named + 14, line.end}, out, size);
  }
}

static bool ends (const char *at, size_t len, const char *with)
{
  size_t tail = strlen (with);

  return len > tail && memcmp (at + len - tail, with, tail) == 0;
}

const char *inos_process_unit (const char *cgroup, size_t *length)
{
  const char *found = "";

  *length = 0;
  for (bool unit = false; *cgroup;) {
    size_t len = strcspn (cgroup, "/");
    bool is = ends (cgroup, len, ".service") || ends (cgroup, len, ".scope");
    if (len > 0 && (is || !unit)) {
      found = cgroup;
      *length = len;
      unit = unit || is;
    }
    cgroup += len + (cgroup[len] == '/');
  }
  return found;
}

void inos_process_words (char *bytes, size_t *len)
{
  while (*len > 0 && bytes[*len - 1] == '\0')
    --*len;
  for (size_t i = 0; i < *len; i++)
    if ((unsigned char)bytes[i] < ' ' || bytes[i] == 0x7f)
      bytes[i] = ' ';
}

const char *inos_process_state (char letter)
{
  static const struct {
    char letter;
    const char *word;
  } words[] = {
    {'R', "running"}, {'S', "sleeping"}, {'D', "waiting"}, {'T', "stopped"},
    {'t', "traced"},  {'Z', "zombie"},   {'I', "idle"},
  };

  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (words[i].letter == letter)
      return words[i].word;
  return "other";
}
