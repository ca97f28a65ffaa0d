/*
 * Fuzz target of what the kernel says of a process, in which are names and words that the process
 * chose. Whatever comes, what is taken ends within its room.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/machine/process_text.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_cgroup (struct inos_scan text)
{
  char path[INOS_PROCESS_CGROUP];
  size_t length;

  inos_process_parse_cgroup (text, path, sizeof path);
  if (!memchr (path, '\0', sizeof path))
    g_error ("a path has no end");
  const char *unit = inos_process_unit (path, &length);
  if (length > strlen (unit) || memchr (unit, '/', length))
    g_error ("a unit is no part of its path");
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *bytes = g_malloc (size + 1);
  struct inos_scan text = {bytes, bytes + size};
  struct inos_process_status status;
  struct inos_process_stat stat;

  if (size > 0)
    memcpy (bytes, data, size);
  if (inos_process_parse_stat (text, &stat) &&
      (!memchr (stat.name, '\0', sizeof stat.name) || stat.nice < -20 || stat.nice > 19))
    g_error ("a stat is out of bounds");
  inos_process_parse_status (text, &status);
  check_cgroup (text);
  size_t length = size;
  inos_process_words (bytes, &length);
  for (size_t i = 0; i < length; i++)
    if (bytes[i] == '\0' || bytes[i] == '\n' || bytes[i] == '\033')
      g_error ("a command line has a control");
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "42 (a) b) S 1 42 42 0 -1 4194560 1 0 0 0 7 3 0 0 20 -5 4 0 1000 8192 25 1 1\n",
    "Name:\tsh\nUid:\t1000\t1000\t1000\t1000\nVmSwap:\t12 kB\nRssAnon:\t4 kB\n",
    "1:name=systemd:/user.slice/a.scope\n0::/user.slice/user@1000.service/app.slice/b.service\n",
    "sh -c sleep 10",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "process", make_corpus());
}

#endif
