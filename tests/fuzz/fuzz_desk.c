/*
 * Fuzz target of a roll of open windows: whatever the file says, what is read is within its limits,
 * and is read the same from what is written of it.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "session/desk_file.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check (const struct inos_desk_window *window)
{
  gsize length = strlen (window->app_id);
  if (length == 0 || length > INOS_DESK_MAX_APP_ID || !g_utf8_validate (window->app_id, -1, NULL))
    g_error ("a window is of '%s'", window->app_id);
  if (window->workspace > INOS_DESK_MAX_WORKSPACE || window->program > INOS_DESK_MAX_PROGRAM)
    g_error ("workspace %u, program %u", window->workspace, window->program);
  if (ABS (window->x) > INOS_DESK_MAX_PLACE || ABS (window->y) > INOS_DESK_MAX_PLACE ||
      window->width < 1 || window->width > INOS_DESK_MAX_SIZE || window->height < 1 ||
      window->height > INOS_DESK_MAX_SIZE)
    g_error ("%dx%d at %d, %d", window->width, window->height, window->x, window->y);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) windows = inos_desk_parse ((const char *)data, size, NULL);
  if (windows == NULL)
    return 0;
  if (windows->len > INOS_DESK_MOST)
    g_error ("%u windows", windows->len);
  for (guint i = 0; i < windows->len; i++)
    check (g_ptr_array_index (windows, i));
  gsize length, again;
  g_autofree char *text = inos_desk_format (windows, &length);
  g_autoptr (GPtrArray) read = inos_desk_parse (text, length, NULL);
  g_autofree char *same = read != NULL ? inos_desk_format (read, &again) : NULL;
  if (same == NULL || !g_str_equal (text, same))
    g_error ("what was written is read as something else:\n%s\n%s", text, same);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "[window 1]\napp-id=foot\nprogram=7\nworkspace=0\nx=1\ny=-2\nwidth=30\nheight=40\n",
    "[w]\napp-id=a\\sb\\n\nprogram=0\nworkspace=15\nx=0\ny=0\nwidth=1\nheight=9\nsticky=1\n",
    "[a]\n[window 1]\nx=99999999999\n# remark\n",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "desk", make_corpus());
}

#endif
