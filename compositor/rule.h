/* Rules of compositor.ini: what windows of a program, or with a title, are from the start. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct inos_compositor;
struct inos_view;

enum { INOS_RULES_MOST = 200 };

/* One group [rule NAME]. What it does not say is -1, 0 or NULL. */
struct inos_rule {
  char *name;
  GPtrArray *text; /* keys and values in turn, as written; owned */
  GPatternSpec *app_id, *title;
  char *output;
  int workspace; /* from 1 */
  int width, height;
  int x, y; /* in the usable part of the output; with has_position */
  bool has_position;
  int floating, tiled, on_top, below, sticky, fullscreen, maximized, minimized, is_private;
  int decoration; /* 0 the client's, 1 ours */
};

/* Whether a group is a rule. */
bool inos_rule_is_group (const char *group);
/* Reads one group. Returns NULL and sets error, which names the key, where a value is wrong. */
struct inos_rule *inos_rule_read (GKeyFile *file, const char *group, GError **error);
void inos_rule_free (void *rule);

/* A view has its first content and a place: applies what the rules say. */
void inos_rules_apply (struct inos_view *view);
/* The size that the rules want a view to open with. Returns false where they want none. */
bool inos_rules_size (struct inos_view *view, int *width, int *height);
/* Whether the rules keep a view out of its workspace's layout: 1 they do, 0 they want it in, -1
 * where none says. */
int inos_rules_floats (struct inos_view *view);
/* Who draws the frame: 1 we do, 0 the client, -1 where no rule says. */
int inos_rules_decoration (struct inos_view *view);
/* The names of the rules that fit, in their order, borrowed; ends with NULL. */
GPtrArray *inos_rules_matching (struct inos_compositor *compositor, const char *app_id,
                                const char *title);
