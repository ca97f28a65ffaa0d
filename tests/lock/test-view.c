/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the lock screen says, where its parts are, and that all of it can be drawn at any size. */
#include "draw.h"
#include "ground.h"
#include "test.h"

#include <math.h>
#include <string.h>

/* Not ours: fontconfig keeps what it has read. */
const char *__lsan_default_suppressions (void);
__attribute__ ((weak)) const char *__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}

static void words_follow_what_happens (void **state)
{
  struct inos_attempt attempt = {.phase = INOS_ATTEMPT_ASKED, .prompt = "Password: "};
  struct inos_view view = {0};
  inos_view_describe (&view, &attempt, 0);
  assert_string_equal (view.hint, "Password");
  assert_string_equal (view.state, "");
  g_strlcpy (attempt.prompt, "One-time code:", sizeof attempt.prompt);
  inos_view_describe (&view, &attempt, 0);
  assert_string_equal (view.hint, "One-time code");
  attempt = (struct inos_attempt){.phase = INOS_ATTEMPT_CHECKING, .since = 1000};
  inos_view_describe (&view, &attempt, 1100);
  assert_string_equal (view.state, "");
  assert_int_equal (inos_view_deadline (&attempt, 1100), 1300);
  inos_view_describe (&view, &attempt, 1300);
  assert_string_equal (view.state, "Checking…");
  assert_int_equal (inos_view_deadline (&attempt, 1300), 3000);
  inos_view_describe (&view, &attempt, 4500);
  assert_string_equal (view.state, "Checking for 3 seconds. Escape stops it.");
  assert_int_equal (inos_view_deadline (&attempt, 4500), 5000);
  attempt = (struct inos_attempt){
    .phase = INOS_ATTEMPT_PAUSED, .outcome = INOS_OUTCOME_WRONG, .until = 3000};
  inos_view_describe (&view, &attempt, 900);
  assert_string_equal (view.state, "That was not right. The next try is in 3 seconds.");
  assert_int_equal (view.mood, INOS_MOOD_BAD);
  assert_int_equal (inos_view_deadline (&attempt, 900), 1000);
  assert_int_equal (inos_view_deadline (&attempt, 1000), 2000);
  attempt.queued = true;
  inos_view_describe (&view, &attempt, 2000);
  assert_string_equal (view.state, "That was not right. It is checked in 1 second.");
  inos_view_clear (&view);
}

static void each_outcome_has_words (void **state)
{
  struct inos_view view = {0};
  for (int outcome = INOS_OUTCOME_WRONG; outcome <= INOS_OUTCOME_STOPPED; outcome++) {
    struct inos_attempt attempt = {.phase = INOS_ATTEMPT_ASKED, .outcome = outcome};
    inos_view_describe (&view, &attempt, 0);
    assert_true (strlen (view.state) > 5);
  }
  inos_view_clear (&view);
}

static bool overlap (const struct inos_box *one, const struct inos_box *other)
{
  return one->x < other->x + other->width && other->x < one->x + one->width &&
         one->y < other->y + other->height && other->y < one->y + one->height;
}

static void assert_within (const struct inos_layout *layout, const struct inos_box *box)
{
  assert_true (box->x >= 0 && box->y >= 0 && box->x + box->width <= layout->width &&
               box->y + box->height <= layout->height);
}

static void assert_fits (const struct inos_layout *layout)
{
  const struct inos_box *parts = layout->parts;
  for (int part = INOS_PART_FIELD; part < INOS_PART_KEY; part++)
    assert_within (layout, &parts[part]);
  for (int part = INOS_PART_KEY; part < INOS_PART_COUNT; part++) {
    assert_true (parts[part].x >= 0 && parts[part].x + parts[part].width <= layout->width + 0.01);
    assert_true (parts[part].width == 0 || parts[part].y >= layout->height);
    assert_true (parts[part].y + parts[part].height <= layout->height + layout->board.height);
  }
  assert_false (overlap (&parts[INOS_PART_PEEK], &parts[INOS_PART_SUBMIT]));
  assert_false (overlap (&parts[INOS_PART_PEEK], &parts[INOS_PART_BOARD]));
  for (int part = INOS_PART_PERSON; part < INOS_PART_COUNT; part++) {
    assert_false (overlap (&parts[INOS_PART_FIELD], &parts[part]));
    for (int other = part + 1; other < INOS_PART_COUNT; other++)
      assert_false (overlap (&parts[part], &parts[other]));
  }
  assert_false (overlap (&layout->entry, &parts[INOS_PART_BOARD]));
}

static void draw (const struct inos_layout *layout, struct inos_view *view, bool dark,
                  bool contrast)
{
  struct inos_look look;
  cairo_surface_t *surface = cairo_image_surface_create (
    CAIRO_FORMAT_ARGB32, (int)layout->width, (int)(layout->height + layout->board.height));
  cairo_t *cairo = cairo_create (surface);
  inos_look_choose (&look, dark, contrast);
  inos_ground_draw (cairo, &look, (int)layout->width, (int)layout->height, "host");
  inos_draw (cairo, &look, layout, view);
  assert_int_equal (cairo_status (cairo), CAIRO_STATUS_SUCCESS);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
}

static GPtrArray *six_people (void)
{
  static struct inos_person people[INOS_PEOPLE_MOST];
  GPtrArray *list = g_ptr_array_new();
  for (int i = 0; i < INOS_PEOPLE_MOST; i++) {
    people[i] = (struct inos_person){
      (char *)"ada",
      i % 2 ? (char *)"Ada" : (char *)"Somebody whose name is longer than there is room for"};
    g_ptr_array_add (list, &people[i]);
  }
  return list;
}

static void parts_fit_on_any_output (void **state)
{
  static const int sizes[][2] = {{1280, 800}, {1920, 1080}, {640, 480}, {320, 480},
                                 {800, 400},  {3840, 2160}, {480, 1900}};
  static const double texts[] = {0.8, 1, 1.5, 2};
  struct inos_secret secret = {0};
  GPtrArray *people = six_people();
  struct inos_board *board = inos_board_create();
  for (int i = 0; i < 60; i++)
    inos_secret_append (&secret, i % 3 ? "a" : "م");
  struct inos_view view = {
    .time = "12:34",
    .date = "Sunday 22 November",
    .name = "Ada Lovelace",
    .hint = "Password",
    .state = "That was not right",
    .notes = "one\ntwo",
    .layout = "German",
    .power = "42 %",
    .charge = 42,
    .caps = true,
    .can_suspend = true,
    .can_submit = true,
    .secret = &secret,
    .focus = INOS_PART_FIELD,
    .shake = 1,
  };
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++) {
      struct inos_layout layout;
      int width = inos_layout_column (sizes[i][0], texts[j], &view);
      view.rtl = (i + j) % 2;
      view.shown = i % 2;
      inos_layout_make (&layout, width, sizes[i][1], texts[j], &view);
      assert_fits (&layout);
      if (sizes[i][0] <= 1920 && j < 2)
        draw (&layout, &view, i % 2, j % 2);
      /* The greeter has more. */
      struct inos_view greeter = view;
      greeter.can_restart = greeter.can_power_off = true;
      greeter.session = (char *)"Session: A desktop whose name is longer than there is room for";
      greeter.people = people;
      inos_layout_make (&layout, width, sizes[i][1], texts[j], &greeter);
      assert_fits (&layout);
      if (sizes[i][0] <= 1920 && j < 2)
        draw (&layout, &greeter, i % 2, j % 2);
      view.board = greeter.board = board;
      width = inos_layout_column (sizes[i][0], texts[j], &view);
      inos_layout_make (&layout, width, sizes[i][1], texts[j], &view);
      assert_fits (&layout);
      assert_int_equal ((int)(layout.height + layout.board.height + 0.5), sizes[i][1]);
      if (sizes[i][0] <= 1920 && j < 2)
        draw (&layout, &view, i % 2, j % 2);
      inos_layout_make (&layout, width, sizes[i][1], texts[j], &greeter);
      assert_fits (&layout);
      view.board = NULL;
    }
  }
  g_ptr_array_unref (people);
  inos_board_destroy (board);
  inos_secret_wipe (&secret);
}

static void parts_are_found_and_focused_in_turn (void **state)
{
  struct inos_view view = {.can_suspend = true,
                           .can_restart = true,
                           .can_power_off = true,
                           .people = six_people(),
                           .session = (char *)"Session: Inos"};
  struct inos_layout layout;
  inos_layout_make (&layout, 560, 800, 1, &view);
  for (int part = INOS_PART_FIELD; part < INOS_PART_KEY; part++) {
    const struct inos_box *box = &layout.parts[part];
    double x = part == INOS_PART_FIELD ? box->x + 4 : box->x + box->width / 2;
    assert_int_equal (inos_layout_at (&layout, x, box->y + box->height / 2), part);
  }
  assert_int_equal (inos_layout_at (&layout, 1, 1), INOS_PART_NONE);
  assert_int_equal (inos_layout_next (&layout, INOS_PART_FIELD, true), INOS_PART_POWER_OFF);
  assert_int_equal (inos_layout_next (&layout, INOS_PART_POWER_OFF, false), INOS_PART_FIELD);
  assert_int_equal (inos_layout_next (&layout, INOS_PART_SUBMIT, false), INOS_PART_PERSON);
  assert_int_equal (inos_layout_next (&layout, INOS_PART_SESSION, true), INOS_PART_SESSION - 1);
  g_ptr_array_unref ((GPtrArray *)view.people);
  view.people = NULL;
  inos_layout_make (&layout, 560, 800, 1, &view);
  assert_int_equal (inos_layout_next (&layout, INOS_PART_SUBMIT, false), INOS_PART_SESSION);
  view.can_suspend = view.can_restart = view.can_power_off = false;
  view.session = NULL;
  inos_layout_make (&layout, 560, 800, 1, &view);
  assert_int_equal (inos_layout_next (&layout, INOS_PART_SUBMIT, false), INOS_PART_FIELD);
}

/* WCAG's relative luminance and contrast ratio. */
static double luminance (const struct inos_tint *tint)
{
  const double parts[] = {tint->red, tint->green, tint->blue};
  const double weights[] = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (int i = 0; i < 3; i++)
    sum +=
      weights[i] * (parts[i] <= 0.03928 ? parts[i] / 12.92 : pow ((parts[i] + 0.055) / 1.055, 2.4));
  return sum;
}

static double ratio (const struct inos_look *look, enum inos_tone one, enum inos_tone other)
{
  double a = luminance (&look->tones[one]), b = luminance (&look->tones[other]);
  return (MAX (a, b) + 0.05) / (MIN (a, b) + 0.05);
}

/* A key is found where it is, and Tab does not go through all of them. */
static void keys_are_found (void **state)
{
  struct inos_view view = {0};
  struct inos_layout layout;
  struct inos_board *board = inos_board_create();
  view.board = board;
  inos_layout_make (&layout, inos_layout_column (1280, 1, &view), 800, 1, &view);
  for (int i = 0; i < board->count; i++) {
    const struct inos_box *box = &layout.parts[INOS_PART_KEY + i];
    assert_true (box->width >= 40 && box->height >= 40);
    assert_int_equal (inos_layout_at (&layout, box->x + box->width / 2, box->y + box->height / 2),
                      INOS_PART_KEY + i);
  }
  assert_int_equal (inos_layout_next (&layout, INOS_PART_SUBMIT, false), INOS_PART_FIELD);
  assert_int_equal (inos_layout_next (&layout, INOS_PART_FIELD, true), INOS_PART_SUBMIT);
  assert_int_equal (inos_layout_next (&layout, INOS_PART_FIELD, false), INOS_PART_BOARD);
  inos_board_destroy (board);
}

static void words_can_be_read (void **state)
{
  static const enum inos_tone texts[] = {INOS_TONE_TEXT_1, INOS_TONE_TEXT_2, INOS_TONE_WARNING,
                                         INOS_TONE_NEGATIVE};
  for (int kind = 0; kind < 4; kind++) {
    struct inos_look look;
    inos_look_choose (&look, kind & 1, kind & 2);
    double least = kind & 2 ? 7 : 4.5;
    for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
      assert_true (ratio (&look, texts[i], INOS_TONE_GROUND_FROM) >= least);
      assert_true (ratio (&look, texts[i], INOS_TONE_GROUND_TO) >= least);
    }
    assert_true (ratio (&look, INOS_TONE_TEXT_3, INOS_TONE_SURFACE) >= least);
    assert_true (ratio (&look, INOS_TONE_ON_ACCENT, INOS_TONE_ACCENT) >= least);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (words_follow_what_happens),
    cmocka_unit_test (each_outcome_has_words),
    cmocka_unit_test (parts_fit_on_any_output),
    cmocka_unit_test (parts_are_found_and_focused_in_turn),
    cmocka_unit_test (keys_are_found),
    cmocka_unit_test (words_can_be_read),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
