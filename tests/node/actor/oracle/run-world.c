/*
 * Plays the scripts of a file in the made-up world and writes their logs. Usage: run-world FILE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "world.h"

int main (int argc, char **argv)
{
  FILE *file = argc > 1 ? fopen (argv[1], "re") : stdin;
  struct script *script;

  if (!file)
    g_error ("cannot read %s", argv[1]);
  while ((script = script_read (file, &world_worker))) {
    uint32_t margin = world_play (script);
    g_print ("script %" G_GUINT64_FORMAT " %u\n%sanswers\n%sdone\n", script->seed, margin,
             script->log->str, script->answers->str);
    script_free (script);
  }
  fclose (file);
  return 0;
}
