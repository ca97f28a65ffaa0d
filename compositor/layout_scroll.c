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

/* Halves of px go to the last window. What is too low for gaps is shared without them. */
static void split (struct wlr_box column, int gap, unsigned int count, struct wlr_box *boxes)
{
  int n = (int)count;
  int between = column.height >= n * (gap + 1) ? gap : 0;
  int each = MAX (1, (column.height - (n - 1) * between) / n);
  for (int i = 0; i < n; i++) {
    boxes[i] = column;
    boxes[i].y += i * (each + between);
    boxes[i].height = each;
  }
  boxes[n - 1].height = MAX (each, column.y + column.height - boxes[n - 1].y);
}

static int centre_column (struct wlr_box area, struct wlr_box *columns, unsigned int count,
                          unsigned int focus)
{
  int by = area.x + (area.width - columns[focus].width) / 2 - columns[focus].x;
  for (unsigned int i = 0; i < count; i++)
    columns[i].x += by;
  return by;
}

int inos_layout_strip (struct wlr_box area, int gap, const double *shares,
                       const unsigned int *columns, unsigned int count, unsigned int focus,
                       bool centre, int offset, struct wlr_box *boxes)
{
  g_autofree double *widths = g_new (double, count + 1);
  g_autofree struct wlr_box *places = g_new (struct wlr_box, count + 1);
  g_autofree unsigned int *sizes = g_new0 (unsigned int, count + 1);
  unsigned int n = 0, focused = UINT_MAX;
  for (unsigned int i = 0; i < count; i++) {
    if (i == 0 || columns[i] == 0 || columns[i] != columns[i - 1])
      widths[n++] = shares[i];
    sizes[n - 1]++;
    if (i == focus)
      focused = n - 1;
  }
  offset = inos_layout_scroll (area, gap, widths, n, focused, offset, places);
  if (centre && focused < n)
    offset -= centre_column (area, places, n, focused);
  for (unsigned int i = 0, done = 0; i < n; done += sizes[i++])
    split (places[i], gap, sizes[i], boxes + done);
  return offset;
}
