#include "binding_flags.h"

#include <string.h>

#include "action.h"

static const struct {
  const char *name;
  int locked, repeat; /* -1: says nothing of it */
} words[] = {
  {"--locked", 1, -1},
  {"--repeat", -1, 1},
  {"--once", -1, 0},
};

const char *inos_binding_flags_read (const char *text, struct inos_binding_flags *flags)
{
  int locked = -1, repeat = -1;
  while (g_str_has_prefix (text, "--")) {
    size_t length = strcspn (text, " "), i = 0;
    while (i < G_N_ELEMENTS (words) &&
           (strlen (words[i].name) != length || strncmp (words[i].name, text, length) != 0))
      i++;
    if (i == G_N_ELEMENTS (words))
      return NULL;
    locked = words[i].locked >= 0 ? words[i].locked : locked;
    repeat = words[i].repeat >= 0 ? words[i].repeat : repeat;
    text += length;
    text += strspn (text, " ");
  }
  flags->locked = locked >= 0 ? locked : inos_action_works_locked (text);
  flags->repeat = repeat >= 0 ? repeat : inos_action_repeats (text);
  return text;
}
