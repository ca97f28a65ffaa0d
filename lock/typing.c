/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "typing.h"

#include <string.h>

enum { DELAY = 500, PERIOD = 60 /* ms */ };

struct inos_typing {
  struct inos_view *view;
  struct inos_board *board; /* NULL until it is shown */
  char *layout;             /* of the other keyboard; may be NULL */
  guint repetition;
  void (*key) (const struct inos_key *key, void *data);
  void *data;
};

static void tell (struct inos_typing *typing, const struct inos_board_typed *typed)
{
  struct inos_key key = {.text = ""};
  if (typed->kind == INOS_BOARD_BACKSPACE)
    key.symbol = XKB_KEY_BackSpace;
  else if (typed->kind == INOS_BOARD_ENTER)
    key.symbol = XKB_KEY_Return;
  else if (typed->kind == INOS_BOARD_ESCAPE)
    key.symbol = XKB_KEY_Escape;
  else if (typed->kind == INOS_BOARD_TYPES && typed->text[0])
    key.text = typed->text;
  else
    return;
  typing->key (&key, typing->data);
}

static void stop (struct inos_typing *typing)
{
  g_clear_handle_id (&typing->repetition, g_source_remove);
}

static gboolean on_repeat (void *data)
{
  struct inos_typing *typing = data;
  const struct inos_board_typed erased = {.kind = INOS_BOARD_BACKSPACE};
  typing->repetition = g_timeout_add (PERIOD, on_repeat, typing);
  tell (typing, &erased);
  return G_SOURCE_REMOVE;
}

void inos_typing_press (struct inos_typing *typing, enum inos_part part)
{
  struct inos_board_typed typed;
  stop (typing);
  if (!typing->view->board || part < INOS_PART_KEY ||
      !inos_board_press (typing->board, (int)part - INOS_PART_KEY, &typed))
    return;
  typing->view->pressed = part;
  if (typed.kind == INOS_BOARD_BACKSPACE)
    typing->repetition = g_timeout_add (DELAY, on_repeat, typing);
  tell (typing, &typed);
  explicit_bzero (&typed, sizeof typed);
}

bool inos_typing_release (struct inos_typing *typing)
{
  bool was = typing->view->pressed != INOS_PART_NONE;
  stop (typing);
  typing->view->pressed = INOS_PART_NONE;
  return was;
}

void inos_typing_show (struct inos_typing *typing, bool shown)
{
  inos_typing_release (typing);
  if (shown && !typing->board) {
    typing->board = inos_board_create();
    if (!typing->board)
      g_warning ("there is no keymap to show a keyboard of");
    else
      inos_board_follow (typing->board, typing->layout);
  }
  if (typing->board)
    inos_board_reset (typing->board);
  typing->view->board = shown ? typing->board : NULL;
}

void inos_typing_follow (struct inos_typing *typing, const char *layout)
{
  if (g_strcmp0 (typing->layout, layout) == 0)
    return; /* one that was chosen here stays */
  g_free (typing->layout);
  typing->layout = g_strdup (layout);
  if (typing->board)
    inos_board_follow (typing->board, layout);
}

struct inos_typing *inos_typing_create (struct inos_view *view,
                                        void (*key) (const struct inos_key *key, void *data),
                                        void *data)
{
  struct inos_typing *typing = g_new0 (struct inos_typing, 1);
  *typing = (struct inos_typing){.view = view, .key = key, .data = data};
  return typing;
}

void inos_typing_destroy (struct inos_typing *typing)
{
  if (!typing)
    return;
  stop (typing);
  typing->view->board = NULL;
  inos_board_destroy (typing->board);
  g_free (typing->layout);
  g_free (typing);
}
