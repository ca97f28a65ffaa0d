/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw.h"

#include "marks.h"
#include "write.h"

#include <glib/gi18n.h>
#include <math.h>

#define DOT 9.0
#define DOT_STEP 15.0
#define RADIUS 10.0
#define SHAKE 8.0 /* px */

struct page { /* what the functions here share */
  cairo_t *cairo;
  const struct inos_look *look;
  const struct inos_layout *layout;
  const struct inos_view *view;
  double unit;
};

static void round_box (cairo_t *cairo, const struct inos_box *box, double radius)
{
  double right = box->x + box->width - radius, bottom = box->y + box->height - radius;
  cairo_new_sub_path (cairo);
  cairo_arc (cairo, right, box->y + radius, radius, -G_PI / 2, 0);
  cairo_arc (cairo, right, bottom, radius, 0, G_PI / 2);
  cairo_arc (cairo, box->x + radius, bottom, radius, G_PI / 2, G_PI);
  cairo_arc (cairo, box->x + radius, box->y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cairo);
}

static void outline (const struct page *page, const struct inos_box *box, double radius,
                     enum inos_tone tone, double width)
{
  struct inos_box inner = {box->x + width / 2, box->y + width / 2, box->width - width,
                           box->height - width};
  round_box (page->cairo, &inner, radius);
  inos_set_tone (page->cairo, page->look, tone);
  cairo_set_line_width (page->cairo, width);
  cairo_stroke (page->cairo);
}

static void write_row (const struct page *page, const char *text, double size, int weight,
                       enum inos_tone tone, double y, double height)
{
  struct inos_writing writing = {text, size * page->unit, weight, tone, INOS_ALIGN_CENTRE, 1};
  struct inos_box box = {8, y, page->layout->width - 16, height * page->unit};
  inos_write (page->cairo, page->look, &writing, &box);
}

static void draw_head (const struct page *page)
{
  const struct inos_layout *layout = page->layout;
  if (layout->has_clock) {
    write_row (page, page->view->time, 88, 300, INOS_TONE_TEXT_1, layout->clock, 112);
    write_row (page, page->view->date, 18, 400, INOS_TONE_TEXT_2, layout->date, 28);
  }
  write_row (page, page->view->name, 18, 600, INOS_TONE_TEXT_1, layout->name, 32);
}

/* How far it is along, from the side where reading begins. */
static double along (const struct page *page, const struct inos_box *box, double at)
{
  return page->view->rtl ? box->x + box->width - at : box->x + at;
}

static double draw_dots (const struct page *page, const struct inos_box *box)
{
  double step = DOT_STEP * page->unit, radius = DOT * page->unit / 2;
  size_t room = (size_t)MAX ((box->width - 4) / step, 1);
  size_t count = MIN (inos_secret_count (page->view->secret), room);
  inos_set_tone (page->cairo, page->look, page->view->busy ? INOS_TONE_TEXT_3 : INOS_TONE_TEXT_1);
  for (size_t i = 0; i < count; i++) {
    cairo_arc (page->cairo, along (page, box, radius + (double)i * step), box->y + box->height / 2,
               radius, 0, 2 * G_PI);
    cairo_fill (page->cairo);
  }
  return (double)count * step;
}

static void draw_caret (const struct page *page, const struct inos_box *box, double at)
{
  double height = 22 * page->unit, width = 2;
  inos_set_tone (page->cairo, page->look, INOS_TONE_ACCENT);
  cairo_rectangle (page->cairo, along (page, box, at + 2) - width / 2,
                   box->y + (box->height - height) / 2, width, height);
  cairo_fill (page->cairo);
}

static void draw_entry (const struct page *page)
{
  const struct inos_view *view = page->view;
  const struct inos_box *box = &page->layout->entry;
  double written = 0;
  if (view->secret->length == 0) {
    struct inos_writing hint = {view->hint,       15 * page->unit,  400,
                                INOS_TONE_TEXT_3, INOS_ALIGN_START, 1};
    struct inos_box behind = {box->x + (view->rtl ? 0 : 6), box->y, box->width - 6, box->height};
    inos_write (page->cairo, page->look, &hint, &behind);
  } else if (view->shown) {
    written = inos_write_secret (page->cairo, page->look, inos_secret_text (view->secret),
                                 15 * page->unit, box, view->rtl);
  } else {
    written = draw_dots (page, box);
  }
  if (view->focus == INOS_PART_FIELD && !view->busy)
    draw_caret (page, box, written);
}

static void draw_button (const struct page *page, enum inos_part part, enum inos_mark mark,
                         bool filled)
{
  const struct inos_box *box = &page->layout->parts[part];
  const struct inos_view *view = page->view;
  double radius = (RADIUS - 4) * page->unit;
  enum inos_tone tone = filled ? INOS_TONE_ON_ACCENT : INOS_TONE_TEXT_2;
  if (filled || view->hover == part) {
    round_box (page->cairo, box, radius);
    inos_set_tone (page->cairo, page->look, filled ? INOS_TONE_ACCENT : INOS_TONE_RAISED);
    cairo_fill (page->cairo);
  }
  if (view->focus == part)
    outline (page, box, radius, filled ? INOS_TONE_TEXT_1 : INOS_TONE_ACCENT, 2);
  inos_set_tone (page->cairo, page->look, tone);
  inos_mark_draw (page->cairo, mark, box->x + box->width / 2, box->y + box->height / 2,
                  16 * page->unit, view->rtl);
}

static void draw_field (const struct page *page)
{
  const struct inos_view *view = page->view;
  const struct inos_box *field = &page->layout->parts[INOS_PART_FIELD];
  bool bad = view->mood == INOS_MOOD_BAD, focused = view->focus == INOS_PART_FIELD;
  enum inos_tone edge = focused ? INOS_TONE_ACCENT : INOS_TONE_LINE;
  cairo_save (page->cairo);
  cairo_translate (page->cairo,
                   SHAKE * page->unit * sin (view->shake * 6 * G_PI) * (1 - view->shake), 0);
  round_box (page->cairo, field, RADIUS * page->unit);
  inos_set_tone (page->cairo, page->look, INOS_TONE_SURFACE);
  cairo_fill (page->cairo);
  outline (page, field, RADIUS * page->unit, bad ? INOS_TONE_NEGATIVE : edge, focused ? 2 : 1);
  draw_entry (page);
  draw_button (page, INOS_PART_BOARD, INOS_MARK_KEYBOARD, false);
  draw_button (page, INOS_PART_PEEK, view->peek ? INOS_MARK_EYE_SHUT : INOS_MARK_EYE, false);
  draw_button (page, INOS_PART_SUBMIT, view->busy ? INOS_MARK_STOP : INOS_MARK_GO,
               view->can_submit && !view->busy);
  cairo_restore (page->cairo);
}

/* A mark and words behind it; returns their width, and draws nothing where `draw` is false. */
static double draw_chip (const struct page *page, enum inos_mark mark, const char *text,
                         enum inos_tone tone, double x, bool draw)
{
  double size = 16 * page->unit, gap = 6 * page->unit, y = page->layout->hints;
  double height = 28 * page->unit;
  struct inos_writing writing = {text, 13 * page->unit, 500, tone, INOS_ALIGN_START, 1};
  double words = ceil (inos_write_width (page->cairo, &writing)) + 1;
  double width = size + gap + words;
  if (!draw)
    return width;
  bool rtl = page->view->rtl;
  struct inos_box box = {rtl ? x : x + size + gap, y, words, height};
  inos_write (page->cairo, page->look, &writing, &box);
  inos_set_tone (page->cairo, page->look, tone);
  inos_mark_draw (page->cairo, mark, rtl ? x + width - size / 2 : x + size / 2, y + height / 2,
                  size, false);
  return width;
}

static void draw_hints (const struct page *page)
{
  const struct inos_view *view = page->view;
  const struct {
    enum inos_mark mark;
    const char *text;
    enum inos_tone tone;
  } chips[] = {
    {INOS_MARK_CAPS, view->caps ? _ ("Caps Lock is on") : NULL, INOS_TONE_WARNING},
    {INOS_MARK_KEYBOARD, view->layout, INOS_TONE_TEXT_2},
  };
  double all = 0, gap = 20 * page->unit;
  for (size_t i = 0; i < G_N_ELEMENTS (chips); i++) {
    if (chips[i].text)
      all += (all > 0 ? gap : 0) +
             draw_chip (page, chips[i].mark, chips[i].text, chips[i].tone, 0, false);
  }
  double x = (page->layout->width - all) / 2;
  for (size_t n = 0; n < G_N_ELEMENTS (chips); n++) {
    size_t i = view->rtl ? G_N_ELEMENTS (chips) - 1 - n : n;
    if (chips[i].text)
      x += gap + draw_chip (page, chips[i].mark, chips[i].text, chips[i].tone, x, true);
  }
}

static void draw_state (const struct page *page)
{
  const struct inos_view *view = page->view;
  double width = MIN (page->layout->width - 32, 440 * page->unit), line = 22 * page->unit;
  struct inos_box box = {(page->layout->width - width) / 2, page->layout->state, width, line};
  enum inos_tone tone = view->mood == INOS_MOOD_BAD ? INOS_TONE_NEGATIVE : INOS_TONE_TEXT_2;
  struct inos_writing state = {view->state, 15 * page->unit, 500, tone, INOS_ALIGN_CENTRE, 3};
  struct inos_writing notes = {view->notes,      13 * page->unit,   400,
                               INOS_TONE_TEXT_2, INOS_ALIGN_CENTRE, 3};
  if (view->state[0]) {
    /* As many lines as it takes. */
    double lines = ceil (inos_write_width (page->cairo, &state) / width);
    inos_write (page->cairo, page->look, &state, &box);
    box.y += CLAMP (lines, 1, 3) * line + 4 * page->unit;
  }
  if (view->notes[0])
    inos_write (page->cairo, page->look, &notes, &box);
}

static void draw_power (const struct page *page)
{
  const struct inos_view *view = page->view;
  const struct inos_box *box = &page->layout->power;
  double size = 16 * page->unit, gap = 8 * page->unit;
  struct inos_writing writing = {view->power,      13 * page->unit,  500,
                                 INOS_TONE_TEXT_2, INOS_ALIGN_START, 1};
  double words = ceil (inos_write_width (page->cairo, &writing)) + 1, width = size + gap + words;
  /* At the button's side where there is one. */
  double x = box->x + (box->width - width) / 2;
  if (view->can_suspend || view->can_restart || view->can_power_off)
    x = view->rtl ? box->x : box->x + box->width - width;
  struct inos_box text = {view->rtl ? x : x + size + gap, box->y, words, box->height};
  inos_write (page->cairo, page->look, &writing, &text);
  inos_set_tone (page->cairo, page->look, INOS_TONE_TEXT_2);
  inos_mark_battery (page->cairo, view->charge, view->charging,
                     view->rtl ? x + width - size / 2 : x + size / 2, box->y + box->height / 2,
                     size);
}

/* A button with a mark and a word. */
static void draw_pill (const struct page *page, enum inos_part part, enum inos_mark mark,
                       const char *word)
{
  const struct inos_box *box = &page->layout->parts[part];
  const struct inos_view *view = page->view;
  double size = 16 * page->unit, gap = 8 * page->unit, radius = box->height / 2;
  struct inos_writing writing = {word, 13 * page->unit, 500, INOS_TONE_TEXT_1, INOS_ALIGN_START, 1};
  double words =
    MIN (ceil (inos_write_width (page->cairo, &writing)) + 1, box->width - size - 3 * gap);
  double x = box->x + (box->width - size - gap - words) / 2;
  if (view->hover == part) {
    round_box (page->cairo, box, radius);
    inos_set_tone (page->cairo, page->look, INOS_TONE_RAISED);
    cairo_fill (page->cairo);
  }
  bool focused = view->focus == part;
  outline (page, box, radius, focused ? INOS_TONE_ACCENT : INOS_TONE_LINE, focused ? 2 : 1);
  struct inos_box text = {view->rtl ? x : x + size + gap, box->y, words, box->height};
  inos_write (page->cairo, page->look, &writing, &text);
  inos_set_tone (page->cairo, page->look, INOS_TONE_TEXT_2);
  inos_mark_draw (page->cairo, mark, view->rtl ? x + words + gap + size / 2 : x + size / 2,
                  box->y + box->height / 2, size, false);
}

/* What can be done with the machine, and which session is going to be started. */
static void draw_pills (const struct page *page)
{
  const struct {
    enum inos_part part;
    enum inos_mark mark;
    const char *word;
  } pills[] = {
    {INOS_PART_SESSION, INOS_MARK_SESSION, page->view->session},
    {INOS_PART_SUSPEND, INOS_MARK_MOON, _ ("Suspend")},
    {INOS_PART_RESTART, INOS_MARK_RESTART, _ ("Restart")},
    {INOS_PART_POWER_OFF, INOS_MARK_POWER, _ ("Power off")},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (pills); i++)
    if (page->layout->parts[pills[i].part].width > 0)
      draw_pill (page, pills[i].part, pills[i].mark, pills[i].word);
}

static void draw_people (const struct page *page)
{
  const GPtrArray *people = page->view->people;
  for (guint i = 0; people && i < MIN (people->len, INOS_PEOPLE_MOST); i++) {
    const struct inos_person *person = g_ptr_array_index (people, i);
    if (page->layout->parts[INOS_PART_PERSON + i].width > 0)
      draw_pill (page, INOS_PART_PERSON + i, INOS_MARK_PERSON, person->title);
  }
}

static void draw_key (const struct page *page, int index)
{
  static const enum inos_mark marks[] = {
    [INOS_BOARD_BACKSPACE] = INOS_MARK_BACKSPACE,
    [INOS_BOARD_ENTER] = INOS_MARK_GO,
    [INOS_BOARD_SHIFT] = INOS_MARK_SHIFT,
    [INOS_BOARD_LAYOUT] = INOS_MARK_GLOBE,
  };
  const struct inos_view *view = page->view;
  const struct inos_board_key *key = &view->board->keys[index];
  const struct inos_box *box = &page->layout->parts[INOS_PART_KEY + index];
  enum inos_part part = INOS_PART_KEY + index;
  bool marked = key->held || view->pressed == part;
  double size = MIN (box->height * 0.42, 20 * page->look->text), radius = MIN (8, box->height / 4);
  round_box (page->cairo, box, radius);
  inos_set_tone (page->cairo, page->look,
                 marked                ? INOS_TONE_ACCENT
                 : view->hover == part ? INOS_TONE_RAISED
                                       : INOS_TONE_SURFACE);
  cairo_fill (page->cairo);
  outline (page, box, radius, key->dead && !marked ? INOS_TONE_ACCENT : INOS_TONE_LINE, 1);
  enum inos_tone tone = marked ? INOS_TONE_ON_ACCENT : INOS_TONE_TEXT_1;
  struct inos_writing writing = {key->label, size, 400, tone, INOS_ALIGN_CENTRE, 1};
  if (key->kind == INOS_BOARD_TYPES || key->kind == INOS_BOARD_ALT_GR ||
      key->kind == INOS_BOARD_ESCAPE) {
    inos_write (page->cairo, page->look, &writing, box);
    return;
  }
  inos_set_tone (page->cairo, page->look, tone);
  inos_mark_draw (page->cairo, marks[key->kind], box->x + box->width / 2, box->y + box->height / 2,
                  size, false);
}

/* What is typed in, on the space bar, where there is a choice. */
static void draw_board (const struct page *page)
{
  const struct inos_board *board = page->view->board;
  const char *layout = inos_board_layout (board);
  round_box (page->cairo, &page->layout->board, RADIUS);
  inos_set_tone (page->cairo, page->look, INOS_TONE_GROUND_TO);
  cairo_fill (page->cairo);
  for (int i = 0; i < board->count; i++) {
    draw_key (page, i);
    if (!layout || board->keys[i].row != INOS_BOARD_ROWS - 1 ||
        board->keys[i].kind != INOS_BOARD_TYPES)
      continue;
    const struct inos_box *box = &page->layout->parts[INOS_PART_KEY + i];
    struct inos_writing writing = {layout,
                                   MIN (13 * page->look->text, box->height * 0.4),
                                   400,
                                   INOS_TONE_TEXT_2,
                                   INOS_ALIGN_CENTRE,
                                   1};
    inos_write (page->cairo, page->look, &writing, box);
  }
}

void inos_draw (cairo_t *cairo, const struct inos_look *look, const struct inos_layout *layout,
                const struct inos_view *view)
{
  const struct page page = {cairo, look, layout, view, layout->unit};
  draw_head (&page);
  draw_field (&page);
  draw_hints (&page);
  draw_state (&page);
  if (view->power)
    draw_power (&page);
  draw_people (&page);
  draw_pills (&page);
  if (view->board)
    draw_board (&page);
}
