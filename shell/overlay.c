/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay.h"

static const InosOverlay overlays[] = {
  {"clipboard",
   {.align = GTK_ALIGN_CENTER, .top = 112, .width = 480, .height = 536, .dims = TRUE},
   FALSE},
  {"launcher",
   {.align = GTK_ALIGN_CENTER, .top = 112, .width = 600, .height = 536, .dims = TRUE},
   FALSE},
  {"notifications", {.align = GTK_ALIGN_END, .top = 40, .width = 400, .height = 640}, FALSE},
  {"power", {.align = GTK_ALIGN_END, .top = 40, .width = 264, .height = 64}, TRUE},
  {"quick", {.align = GTK_ALIGN_END, .top = 40, .width = 380, .height = 320}, TRUE},
  {"shortcuts",
   {.align = GTK_ALIGN_CENTER, .top = 72, .width = 860, .height = 640, .dims = TRUE},
   FALSE},
  {"tray", {.align = GTK_ALIGN_END, .top = 40, .width = 320, .height = 120}, TRUE},
};

char *inos_overlay_list (void)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (overlays); i++)
    g_string_append_printf (list, i > 0 ? ", '%s'" : "'%s'", overlays[i].name);
  return g_string_free_and_steal (list);
}

const InosOverlay *inos_overlay_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (overlays); i++) {
    if (g_str_equal (overlays[i].name, name))
      return &overlays[i];
  }
  return NULL;
}
