#include "layout.h"

#include <glib.h>

static struct wlr_box shrink (struct wlr_box box, int gap)
{
  int x = MIN (gap, MAX (0, (box.width - 1) / 2)), y = MIN (gap, MAX (0, (box.height - 1) / 2));
  return (struct wlr_box){box.x + x, box.y + y, box.width - 2 * x, box.height - 2 * y};
}

void inos_layout_dwindle (struct wlr_box area, int gap, const double *shares, unsigned int count,
                          struct wlr_box *boxes)
{
  struct wlr_box left = shrink (area, gap);
  for (unsigned int i = 0; i < count; i++) {
    boxes[i] = left;
    if (i + 1 == count)
      return;
    bool across = left.width >= left.height;
    int length = across ? left.width : left.height;
    /* What is too small for a gap is shared without one. */
    int between = length > 2 * gap ? gap : 0;
    int room = length - between;
    int first = (int)(room * CLAMP (shares[i], INOS_SHARE_LEAST, INOS_SHARE_MOST));
    first = CLAMP (first, 1, MAX (1, room - 1));
    if (across) {
      boxes[i].width = first;
      left.x += first + between;
      left.width = MAX (1, room - first);
    } else {
      boxes[i].height = first;
      left.y += first + between;
      left.height = MAX (1, room - first);
    }
  }
}
