#include "layout.h"

#include <glib.h>

int inos_layout_scroll (struct wlr_box area, int gap, const double *shares, unsigned int count,
                        unsigned int focus, int offset, struct wlr_box *boxes)
{
  int at = gap, least = MAX (1, area.width - 2 * gap);
  for (unsigned int i = 0; i < count; i++) {
    double share = CLAMP (shares[i], INOS_SHARE_LEAST, 1.0);
    int width = CLAMP ((int)(share * (area.width - gap)) - gap, 1, least);
    boxes[i] = (struct wlr_box){at, area.y + gap, width, MAX (1, area.height - 2 * gap)};
    at += width + gap;
  }
  if (focus < count) {
    int left = boxes[focus].x - gap, right = boxes[focus].x + boxes[focus].width + gap;
    if (left < offset)
      offset = left;
    else if (right > offset + area.width)
      offset = right - area.width;
  }
  /* No room at the ends; a strip that is shorter than the area begins at its left. */
  offset = CLAMP (offset, 0, MAX (0, at - area.width));
  for (unsigned int i = 0; i < count; i++)
    boxes[i].x += area.x - offset;
  return offset;
}
