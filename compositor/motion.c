#include "motion.h"

#include <math.h>
#include <wlr/types/wlr_alpha_modifier_v1.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>

#include "each_frame.h"
#include "look.h"
#include "seats.h"

enum {
  FADE = 150,       /* ms to open or close */
  SLIDE = 200,      /* ms to a place */
  MOST_GHOSTS = 32, /* of windows that are gone: a client may open and close as many as it likes */
  LATE = 50,        /* ms after which a motion ends without frames: its output is off */
  WHOLE = 1000,     /* of an opacity that is kept as a whole number */
};

struct inos_motion {
  struct wl_list link; /* inos_motions.motions */
  struct inos_motions *motions;
  struct inos_view *view;       /* NULL: the picture of one */
  struct wlr_scene_tree *ghost; /* NULL where there is a view */
  int x, y;                     /* of the ghost at first */
  int from_x, from_y;           /* px from where it belongs: at the start, of a ghost at the end */
  bool fades;
  gint64 start, length; /* ms */
};

struct inos_motions {
  struct inos_compositor *compositor;
  struct wl_list motions; /* inos_motion.link */
  struct wl_event_source *timer;
};

gint64 inos_motion_now (struct inos_compositor *compositor)
{
  const struct inos_options *options = &compositor->options;
  return options->now ? options->now (options->now_data) : g_get_monotonic_time() / 1000;
}

bool inos_motions_are_on (struct inos_compositor *compositor)
{
  return compositor->motions && compositor->options.moves && compositor->config.animations &&
         !compositor->ending && !compositor->locked && inos_look_moves (compositor);
}

/* What the client itself wants its surface to be. */
static double own_opacity (struct wlr_scene_buffer *buffer)
{
  const struct wlr_scene_surface *scene = wlr_scene_surface_try_from_buffer (buffer);
  const struct wlr_alpha_modifier_surface_v1_state *state =
    scene ? wlr_alpha_modifier_v1_get_surface_state (scene->surface) : NULL;
  return state ? state->multiplier : 1;
}

static void set_opacity (struct wlr_scene_buffer *buffer, int sx, int sy, void *data)
{
  const double *part = data;
  wlr_scene_buffer_set_opacity (buffer, (float)(*part * own_opacity (buffer)));
}

static void set_ghost_opacity (struct wlr_scene_buffer *buffer, int sx, int sy, void *data)
{
  const double *part = data;
  wlr_scene_buffer_set_opacity (buffer,
                                (float)(*part * GPOINTER_TO_INT (buffer->node.data) / WHOLE));
}

static bool accepts_nothing (struct wlr_scene_buffer *buffer, double *sx, double *sy)
{
  return false;
}

static void copy_buffer (struct wlr_scene_tree *to, struct wlr_scene_buffer *from, int x, int y)
{
  if (!from->buffer)
    return;
  struct wlr_scene_buffer *copy = wlr_scene_buffer_create (to, from->buffer);
  copy->node.data = GINT_TO_POINTER ((int)(from->opacity * WHOLE));
  copy->point_accepts_input = accepts_nothing;
  wlr_scene_node_set_position (&copy->node, x, y);
  wlr_scene_buffer_set_source_box (copy, &from->src_box);
  wlr_scene_buffer_set_dest_size (copy, from->dst_width, from->dst_height);
  wlr_scene_buffer_set_transform (copy, from->transform);
  wlr_scene_buffer_set_opaque_region (copy, &from->opaque_region);
  wlr_scene_buffer_set_filter_mode (copy, from->filter_mode);
}

/* closing: how many levels below this one may be off, as those of a window that is closing are:
 * that of its xdg_surface, and that of its wl_surface. */
static void copy_tree (struct wlr_scene_tree *to, struct wlr_scene_tree *from, int x, int y,
                       int closing)
{
  struct wlr_scene_node *node;
  wl_list_for_each (node, &from->children, link) {
    if (!node->enabled && closing == 0)
      continue;
    if (node->type == WLR_SCENE_NODE_BUFFER)
      copy_buffer (to, wlr_scene_buffer_from_node (node), x + node->x, y + node->y);
    else if (node->type == WLR_SCENE_NODE_TREE)
      copy_tree (to, wlr_scene_tree_from_node (node), x + node->x, y + node->y,
                 MAX (0, closing - 1));
  }
}

static void schedule (struct inos_motions *motions)
{
  struct inos_output *output;
  wl_list_for_each (output, &motions->compositor->outputs, link)
    wlr_output_schedule_frame (output->wlr);
}

static int drawn_offset (const struct inos_motion *motion, int offset, double part)
{
  return (int)lround (motion->ghost ? part * offset : (1 - part) * offset);
}

/* Fast at first: what was asked for is nearly there at once. */
static double part_of (const struct inos_motion *motion, gint64 now)
{
  if (now >= motion->start + motion->length)
    return 1;
  double left = 1 - MAX (0.0, (double)(now - motion->start)) / (double)motion->length;
  return 1 - left * left * left;
}

static void show (struct inos_motion *motion, double part)
{
  int dx = drawn_offset (motion, motion->from_x, part);
  int dy = drawn_offset (motion, motion->from_y, part);
  double seen = motion->ghost ? 1 - part : part;
  if (motion->ghost) {
    wlr_scene_node_set_position (&motion->ghost->node, motion->x + dx, motion->y + dy);
    wlr_scene_node_for_each_buffer (&motion->ghost->node, set_ghost_opacity, &seen);
    return;
  }
  motion->view->drawn_x = dx;
  motion->view->drawn_y = dy;
  inos_motion_place (motion->view);
  if (motion->fades)
    wlr_scene_node_for_each_buffer (&motion->view->tree->node, set_opacity, &seen);
}

void inos_motion_place (struct inos_view *view)
{
  wlr_scene_node_set_position (&view->tree->node, view->x + view->drawn_x, view->y + view->drawn_y);
}

static void motion_end (struct inos_motion *motion)
{
  struct inos_view *view = motion->view;
  wl_list_remove (&motion->link);
  if (view) {
    show (motion, 1);
    view->motion = NULL;
    /* The window came to the pointer, or went from it. */
    inos_seats_refresh_cursor_later (view->compositor);
  } else {
    wlr_scene_node_destroy (&motion->ghost->node);
  }
  g_free (motion);
}

static void step (struct inos_motions *motions)
{
  gint64 now = inos_motion_now (motions->compositor);
  struct inos_motion *motion, *next;
  wl_list_for_each_safe (motion, next, &motions->motions, link) {
    double part = part_of (motion, now);
    if (part < 1)
      show (motion, part);
    else
      motion_end (motion);
  }
}

/* An output that is off draws no frames, and what moves there must end all the same. */
static int on_late (void *data)
{
  struct inos_motions *motions = data;
  step (motions);
  if (!wl_list_empty (&motions->motions))
    wl_event_source_timer_update (motions->timer, LATE);
  return 0;
}

static gint64 length_of (struct inos_compositor *compositor, int standard)
{
  return MAX (1, standard * 100 / compositor->config.animation_speed);
}

static void begin (struct inos_motion *motion, int standard)
{
  struct inos_motions *motions = motion->motions;
  motion->start = inos_motion_now (motions->compositor);
  motion->length = length_of (motions->compositor, standard);
  show (motion, 0);
  wl_event_source_timer_update (motions->timer, (int)motion->length + LATE);
  schedule (motions);
}

/* The motion of the view, which goes on from where it is now drawn. */
static struct inos_motion *motion_of (struct inos_view *view)
{
  if (view->motion)
    return view->motion;
  struct inos_motion *motion = g_new0 (struct inos_motion, 1);
  motion->motions = view->compositor->motions;
  motion->view = view;
  wl_list_insert (&motion->motions->motions, &motion->link);
  view->motion = motion;
  return motion;
}

void inos_motion_enter (struct inos_view *view, int dx)
{
  if (!inos_motions_are_on (view->compositor) || !view->tree->node.enabled)
    return;
  struct inos_motion *motion = motion_of (view);
  motion->fades = true;
  motion->from_x = dx;
  motion->from_y = 0;
  begin (motion, dx ? SLIDE : FADE);
}

void inos_motion_slide (struct inos_view *view, int x, int y)
{
  struct inos_compositor *compositor = view->compositor;
  if (!inos_motions_are_on (compositor) || !view->tree->node.enabled ||
      (x == view->x && y == view->y))
    return;
  /* From one output to another it is there at once: it would cross what lies between. */
  struct wlr_box box = inos_view_box (view);
  if (inos_output_at (compositor, x + box.width / 2.0, y + box.height / 2.0) !=
      inos_output_at (compositor, box.x + box.width / 2.0, box.y + box.height / 2.0))
    return;
  struct inos_motion *motion = motion_of (view);
  if (motion->fades)
    show (motion, 1);
  motion->fades = false;
  motion->from_x = x - view->x;
  motion->from_y = y - view->y;
  begin (motion, SLIDE);
}

void inos_motion_stop (struct inos_view *view)
{
  if (view->motion)
    motion_end (view->motion);
}

static guint count_ghosts (struct inos_motions *motions)
{
  guint count = 0;
  struct inos_motion *motion;
  wl_list_for_each (motion, &motions->motions, link)
    count += motion->ghost != NULL;
  return count;
}

static void leave (struct inos_view *view, int dx, bool closing)
{
  struct inos_motions *motions = view->compositor->motions;
  /* Nobody may look at what is private for longer than it is there. */
  if (!inos_motions_are_on (view->compositor) || view->is_private ||
      count_ghosts (motions) >= MOST_GHOSTS)
    return;
  struct inos_motion *motion = g_new0 (struct inos_motion, 1);
  motion->motions = motions;
  motion->ghost = wlr_scene_tree_create (view->tree->node.parent);
  motion->x = view->tree->node.x;
  motion->y = view->tree->node.y;
  motion->from_x = dx;
  motion->fades = true;
  copy_tree (motion->ghost, view->tree, 0, 0, closing ? 2 : 0);
  wlr_scene_node_place_above (&motion->ghost->node, &view->tree->node);
  wl_list_insert (&motions->motions, &motion->link);
  begin (motion, dx ? SLIDE : FADE);
}

void inos_motion_leave (struct inos_view *view, int dx)
{
  leave (view, dx, false);
}

void inos_motion_close (struct inos_view *view)
{
  leave (view, 0, true);
}

INOS_EACH_FRAME void inos_motions_step (struct inos_output *output)
{
  struct inos_motions *motions = output->compositor->motions;
  if (wl_list_empty (&motions->motions))
    return;
  step (motions);
  if (!wl_list_empty (&motions->motions))
    wlr_output_schedule_frame (output->wlr);
  else
    wl_event_source_timer_update (motions->timer, 0);
}

void inos_motions_end (struct inos_motions *motions)
{
  struct inos_motion *motion, *next;
  wl_list_for_each_safe (motion, next, &motions->motions, link)
    motion_end (motion);
}

struct inos_motions *inos_motions_create (struct inos_compositor *compositor)
{
  struct inos_motions *motions = g_new0 (struct inos_motions, 1);
  motions->compositor = compositor;
  motions->timer = wl_event_loop_add_timer (compositor->loop, on_late, motions);
  wl_list_init (&motions->motions);
  return motions;
}

void inos_motions_destroy (struct inos_motions *motions)
{
  if (!motions)
    return;
  inos_motions_end (motions);
  wl_event_source_remove (motions->timer);
  g_free (motions);
}
