/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layout.h"

enum {
  COLUMN = 560,
  BOARD_COLUMN = 880, /* with the keyboard */
  BOARD_ROW = 52,
  BOARD_EDGE = 10,
  KEY_GAP = 6,
  EDGE = 16,
  CLOCK = 112,
  DATE = 64,
  NAME = 40,
  FIELD = 48,
  FIELD_WIDTH = 376,
  HINTS = 36,
  STATE = 96,
  BUTTON = 36,
  BOTTOM = 64,
  GAP = 12,
  DEED_WIDTH = 132,
  SESSION_WIDTH = 280,
  PERSON_WIDTH = 168,
  PEOPLE_ABREAST = 3,
  POWER_WIDTH = 80, /* of a battery and three digits, with the gap to the buttons */
};

static void mirror (struct inos_box *box, double width)
{
  box->x = width - box->x - box->width;
}

static void place_field (struct inos_layout *layout, double y, const struct inos_view *view)
{
  double unit = layout->unit, button = BUTTON * unit, gap = (FIELD * unit - button) / 2;
  double width = MIN (FIELD_WIDTH * unit, layout->width - 2 * EDGE);
  struct inos_box field = {(layout->width - width) / 2, y, width, FIELD * unit};
  double end = field.x + field.width - gap - button;
  layout->parts[INOS_PART_FIELD] = field;
  layout->parts[INOS_PART_SUBMIT] = (struct inos_box){end, y + gap, button, button};
  layout->parts[INOS_PART_PEEK] = (struct inos_box){end - button - 2, y + gap, button, button};
  layout->parts[INOS_PART_BOARD] =
    (struct inos_box){end - 2 * (button + 2), y + gap, button, button};
  double start = field.x + EDGE * unit;
  layout->entry =
    (struct inos_box){start, y, layout->parts[INOS_PART_BOARD].x - 4 - start, field.height};
  if (!view->rtl)
    return;
  mirror (&layout->parts[INOS_PART_BOARD], layout->width);
  mirror (&layout->parts[INOS_PART_SUBMIT], layout->width);
  mirror (&layout->parts[INOS_PART_PEEK], layout->width);
  mirror (&layout->entry, layout->width);
}

/* What is at the bottom takes so much of the height. */
static double bottom_of (const struct inos_view *view)
{
  return view->session ? BOTTOM + BUTTON + GAP : BOTTOM;
}

/* Above what else is at the bottom. */
static void place_session (struct inos_layout *layout)
{
  double unit = layout->unit, width = MIN (SESSION_WIDTH * unit, layout->width - 2 * EDGE);
  layout->parts[INOS_PART_SESSION] =
    (struct inos_box){(layout->width - width) / 2, layout->height - (BOTTOM + BUTTON + GAP) * unit,
                      width, BUTTON * unit};
}

/* Between what is said and the bottom, in rows, each in the middle; as many rows as there is room
 * for. */
static void place_people (struct inos_layout *layout, guint count, bool rtl, double end)
{
  double unit = layout->unit, gap = GAP * unit, height = BUTTON * unit;
  double all = layout->width - 2 * EDGE;
  guint abreast = MIN (count, PEOPLE_ABREAST);
  double width = MIN (PERSON_WIDTH * unit, (all - gap * (abreast - 1)) / abreast);
  double y = layout->state + STATE * unit;
  for (guint i = 0; i < count && y + height + gap <= end; i++) {
    guint column = i % abreast, row = MIN (abreast, count - (i - column));
    double start = (layout->width - row * (width + gap) + gap) / 2;
    struct inos_box *box = &layout->parts[INOS_PART_PERSON + i];
    *box = (struct inos_box){start + column * (width + gap), y, width, height};
    if (rtl)
      mirror (box, layout->width);
    y += column + 1 == row ? height + gap : 0;
  }
}

/* At the bottom: the battery's words and the buttons, together in the middle. */
static void place_bottom (struct inos_layout *layout, const struct inos_view *view)
{
  const struct {
    enum inos_part part;
    bool is_there;
  } deeds[] = {
    {INOS_PART_SUSPEND, view->can_suspend},
    {INOS_PART_RESTART, view->can_restart},
    {INOS_PART_POWER_OFF, view->can_power_off},
  };
  int count = view->can_suspend + view->can_restart + view->can_power_off;
  double unit = layout->unit, y = layout->height - BOTTOM * unit, height = BUTTON * unit;
  double words = view->power ? POWER_WIDTH * unit : 0, gap = GAP * unit;
  layout->power = (struct inos_box){EDGE, y, layout->width - 2 * EDGE, height};
  if (count == 0)
    return;
  double room = layout->width - 2 * EDGE - words - gap * (count - 1);
  double width = MIN (DEED_WIDTH * unit, room / count), step = width + gap;
  double start = (layout->width - count * step + gap + words) / 2, x = start;
  for (size_t i = 0; i < G_N_ELEMENTS (deeds); i++) {
    if (!deeds[i].is_there)
      continue;
    layout->parts[deeds[i].part] = (struct inos_box){x, y, width, height};
    if (view->rtl)
      mirror (&layout->parts[deeds[i].part], layout->width);
    x += step;
  }
  if (!view->power)
    return;
  /* More words than usual reach farther to the edge. */
  layout->power.width = start - EDGE * unit - layout->power.x;
  if (view->rtl)
    mirror (&layout->power, layout->width);
}

/* At the very bottom, at most half of the height. Returns how much of it. */
static double place_board (struct inos_layout *layout, double height, double text,
                           const struct inos_board *board)
{
  double row = MIN (BOARD_ROW * text, height / 2 / (INOS_BOARD_ROWS + 1));
  double edge = MIN (BOARD_EDGE, row / 2), unit = (layout->width - 2 * edge) / INOS_BOARD_UNITS;
  double all = INOS_BOARD_ROWS * row + 2 * edge, gap = MIN (KEY_GAP, unit / 6);
  double taken[INOS_BOARD_ROWS] = {0}, x[INOS_BOARD_ROWS];
  for (int i = 0; i < board->count; i++)
    taken[board->keys[i].row] += board->keys[i].units;
  for (int i = 0; i < INOS_BOARD_ROWS; i++)
    x[i] = edge + (INOS_BOARD_UNITS - taken[i]) / 2 * unit;
  layout->board = (struct inos_box){0, height - all, layout->width, all};
  for (int i = 0; i < board->count; i++) {
    const struct inos_board_key *key = &board->keys[i];
    layout->parts[INOS_PART_KEY + i] =
      (struct inos_box){x[key->row] + gap / 2, height - all + edge + key->row * row + gap / 2,
                        key->units * unit - gap, row - gap};
    x[key->row] += key->units * unit;
  }
  return all;
}

int inos_layout_column (int output_width, double text, const struct inos_view *view)
{
  return MIN (output_width, (int)((view->board ? BOARD_COLUMN : COLUMN) * text));
}

void inos_layout_make (struct inos_layout *layout, int width, int height, double text,
                       const struct inos_view *view)
{
  double least = NAME + FIELD + HINTS + STATE;
  double bottom = bottom_of (view);
  *layout = (struct inos_layout){.width = width};
  double above = height - (view->board ? place_board (layout, height, text, view->board) : 0);
  double unit = CLAMP (text, 0.5, MAX (0.5, MIN (width / 360.0, above / (least + bottom + EDGE))));
  layout->height = above;
  layout->unit = unit;
  double room = above - bottom * unit, all = (least + CLOCK + DATE) * unit;
  layout->has_clock = all + EDGE <= room;
  double y = layout->has_clock ? MAX (EDGE, (above - all) * 0.42)
                               : MAX (EDGE / 2.0, (room - least * unit) * 0.5);
  layout->clock = y;
  layout->date = y + CLOCK * unit;
  y += layout->has_clock ? (CLOCK + DATE) * unit : 0;
  layout->name = y;
  place_field (layout, y + NAME * unit, view);
  layout->hints = y + (NAME + FIELD) * unit;
  layout->state = layout->hints + HINTS * unit;
  place_bottom (layout, view);
  if (view->session)
    place_session (layout);
  if (view->people && view->people->len > 0)
    place_people (layout, MIN (view->people->len, INOS_PEOPLE_MOST), view->rtl, room);
}

enum inos_part inos_layout_at (const struct inos_layout *layout, double x, double y)
{
  /* Buttons lie on the field, and come behind it. */
  for (int part = INOS_PART_COUNT - 1; part > INOS_PART_NONE; part--) {
    const struct inos_box *box = &layout->parts[part];
    if (x >= box->x && y >= box->y && x < box->x + box->width && y < box->y + box->height)
      return part;
  }
  return INOS_PART_NONE;
}

enum inos_part inos_layout_next (const struct inos_layout *layout, enum inos_part part, bool back)
{
  do
    part = (part + (back ? INOS_PART_KEY - 1 : 1)) % INOS_PART_KEY;
  while (part == INOS_PART_NONE || layout->parts[part].width <= 0);
  return part;
}
