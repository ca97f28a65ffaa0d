/* Which buttons a title bar has, and on which side: "close:minimize,maximize" has one on the left
 * and two on the right. */
#pragma once

#include <stdbool.h>

enum inos_title_button {
  INOS_TITLE_MINIMIZE,
  INOS_TITLE_MAXIMIZE,
  INOS_TITLE_CLOSE,
  INOS_TITLE_BUTTON_COUNT,
};

/* enum inos_title_button, from the left to the right. Two that are the same have the same bytes. */
struct inos_title_buttons {
  unsigned char left[INOS_TITLE_BUTTON_COUNT], right[INOS_TITLE_BUTTON_COUNT];
  unsigned char left_count, right_count;
};

/* The name of a button; NULL where there is none of that number. */
const char *inos_title_button_name (int button);

/* text: as above, or NULL for all of them on the right. Returns false where it has other words than
 * minimize, maximize and close, one twice, or not one colon. */
bool inos_title_buttons_parse (const char *text, struct inos_title_buttons *buttons);

/* The middle of the nth button, from the left side's first to the right side's last, in a bar of
 * that size, px. */
double inos_title_button_middle (const struct inos_title_buttons *buttons, int nth, int width,
                                 int height);
/* Which button that is; -1 where there are no more. */
int inos_title_button_at (const struct inos_title_buttons *buttons, int nth);
