#include "title_buttons.h"

#include <glib.h>

#define STANDARD ":minimize,maximize,close"

static const char *const names[] = {
  [INOS_TITLE_MINIMIZE] = "minimize",
  [INOS_TITLE_MAXIMIZE] = "maximize",
  [INOS_TITLE_CLOSE] = "close",
};

const char *inos_title_button_name (int button)
{
  return button >= 0 && button < INOS_TITLE_BUTTON_COUNT ? names[button] : NULL;
}

static int find (const char *name)
{
  for (int i = 0; i < INOS_TITLE_BUTTON_COUNT; i++) {
    if (g_str_equal (names[i], name))
      return i;
  }
  return -1;
}

/* seen: one bit for each button that there is already. */
static bool parse_side (const char *text, unsigned char *side, unsigned char *count, unsigned *seen)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  for (char **word = words; *word; word++) {
    const char *name = g_strstrip (*word);
    int button = find (name);
    if (name[0] == '\0' && !words[1]) /* nothing on that side */
      return true;
    if (button < 0 || *seen & 1U << button)
      return false;
    *seen |= 1U << button;
    side[(*count)++] = (unsigned char)button;
  }
  return true;
}

bool inos_title_buttons_parse (const char *text, struct inos_title_buttons *buttons)
{
  unsigned seen = 0;
  g_auto (GStrv) sides = g_strsplit (text ? text : STANDARD, ":", -1);
  *buttons = (struct inos_title_buttons){0};
  return g_strv_length (sides) == 2 &&
         parse_side (sides[0], buttons->left, &buttons->left_count, &seen) &&
         parse_side (sides[1], buttons->right, &buttons->right_count, &seen);
}

double inos_title_button_middle (const struct inos_title_buttons *buttons, int nth, int width,
                                 int height)
{
  int from_right = buttons->left_count + buttons->right_count - nth;
  return nth < buttons->left_count ? (nth + 0.5) * height : width - (from_right - 0.5) * height;
}

int inos_title_button_at (const struct inos_title_buttons *buttons, int nth)
{
  if (nth < buttons->left_count)
    return buttons->left[nth];
  return nth < buttons->left_count + buttons->right_count
           ? buttons->right[nth - buttons->left_count]
           : -1;
}
