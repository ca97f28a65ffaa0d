#include "resistance.h"

#include <glib.h>
#include <wlr/util/edges.h>

/* One side of a box on one axis: how far to move it so that the edge holds it. */
struct pull {
  int by;
  bool found;
};

/* direction: -1 where the side looks to lower coordinates, 1 where to higher ones. */
static void hold (struct pull *pull, int side, int edge, int direction, int strength)
{
  int beyond = (side - edge) * direction;
  if (beyond <= 0 || beyond >= strength || (pull->found && ABS (pull->by) <= beyond))
    return;
  pull->by = edge - side;
  pull->found = true;
}

static bool overlap (int a, int a_length, int b, int b_length)
{
  return a < b + b_length && b < a + a_length;
}

static struct pull pull_across (struct wlr_box box, int direction,
                                const struct inos_obstacle *obstacles, unsigned int count,
                                int strength)
{
  struct pull pull = {0};
  int side = direction < 0 ? box.x : box.x + box.width;
  for (unsigned int i = 0; i < count; i++) {
    struct wlr_box other = obstacles[i].box;
    if (!overlap (box.y, box.height, other.y, other.height))
      continue;
    bool near_edge = obstacles[i].room == (direction < 0);
    hold (&pull, side, near_edge ? other.x : other.x + other.width, direction, strength);
  }
  return pull;
}

static struct wlr_box turned (struct wlr_box box)
{
  return (struct wlr_box){box.y, box.x, box.height, box.width};
}

static struct pull pull_along (struct wlr_box box, int direction,
                               const struct inos_obstacle *obstacles, unsigned int count,
                               int strength)
{
  struct pull best = {0};
  for (unsigned int i = 0; i < count; i++) {
    struct inos_obstacle obstacle = {turned (obstacles[i].box), obstacles[i].room};
    struct pull pull = pull_across (turned (box), direction, &obstacle, 1, strength);
    if (pull.found && (!best.found || ABS (pull.by) < ABS (best.by)))
      best = pull;
  }
  return best;
}

struct wlr_box inos_resist_move (struct wlr_box box, const struct inos_obstacle *obstacles,
                                 unsigned int count, int strength)
{
  struct pull left = pull_across (box, -1, obstacles, count, strength);
  struct pull right = pull_across (box, 1, obstacles, count, strength);
  struct pull top = pull_along (box, -1, obstacles, count, strength);
  struct pull bottom = pull_along (box, 1, obstacles, count, strength);
  box.x += left.found ? left.by : right.by;
  box.y += top.found ? top.by : bottom.by;
  return box;
}

struct wlr_box inos_resist_resize (struct wlr_box box, uint32_t edges,
                                   const struct inos_obstacle *obstacles, unsigned int count,
                                   int strength)
{
  struct wlr_box result = box;
  if (edges & WLR_EDGE_LEFT) {
    int by = pull_across (box, -1, obstacles, count, strength).by;
    result.x += by;
    result.width -= by;
  } else if (edges & WLR_EDGE_RIGHT) {
    result.width += pull_across (box, 1, obstacles, count, strength).by;
  }
  if (edges & WLR_EDGE_TOP) {
    int by = pull_along (box, -1, obstacles, count, strength).by;
    result.y += by;
    result.height -= by;
  } else if (edges & WLR_EDGE_BOTTOM) {
    result.height += pull_along (box, 1, obstacles, count, strength).by;
  }
  return result;
}
