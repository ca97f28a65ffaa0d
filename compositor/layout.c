#include "layout.h"

#include <glib.h>

static const char *const names[] = {"floating", "dwindle", "scroll"};

enum inos_layout inos_layout_from_name (const char *name)
{
  int i = 0;
  while (i < INOS_LAYOUT_COUNT && !g_str_equal (names[i], name))
    i++;
  return (enum inos_layout)i;
}

const char *inos_layout_name (enum inos_layout layout)
{
  return names[layout];
}
