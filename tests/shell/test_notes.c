/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "notify/notes.h"

#include "notify/flood.h"
#include "notify/store.h"
#include "test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECOND G_TIME_SPAN_SECOND

/* What the hooks heard: "closed 3 because 1", "gone 3". */
typedef struct {
  InosNotes *notes;
  GString *heard;
  char *path;
} World;

static void on_changed (gpointer data)
{
}

static void on_closed (const InosNote *note, InosNoteReason reason, gpointer data)
{
  g_string_append_printf (((World *)data)->heard, "closed %u because %d;", note->id, (int)reason);
}

static void on_gone (const InosNote *note, gpointer data)
{
  g_string_append_printf (((World *)data)->heard, "gone %u;", note->id);
}

static void open_notes (World *world, const char *bus)
{
  static const InosNotesHooks hooks = {on_changed, on_closed, on_gone};

  world->notes = inos_notes_create (world->path, bus, &hooks, world);
}

static void begin (World *world)
{
  static guint n;
  g_autofree char *name = g_strdup_printf ("journal-%u", n++);

  world->path = g_build_filename (g_getenv ("XDG_STATE_HOME"), name, NULL);
  world->heard = g_string_new (NULL);
  open_notes (world, "b");
}

static void again (World *world, const char *bus)
{
  inos_notes_destroy (world->notes);
  open_notes (world, bus);
}

static void end (World *world)
{
  inos_notes_destroy (world->notes);
  g_string_free (world->heard, TRUE);
  g_free (world->path);
}

static void expect_heard (World *world, const char *wanted)
{
  assert_string_equal (world->heard->str, wanted);
  g_string_truncate (world->heard, 0);
}

static InosNote *make (const char *sender, const char *summary, int timeout, const char *hints)
{
  static const char *const actions[] = {"default", "Open", "x", "X", "odd", NULL};
  g_autoptr (GVariant) value =
    g_variant_ref_sink (g_variant_new_parsed (hints ? hints : "@a{sv} {}"));
  InosNote *note = inos_note_new (sender, "App", "icon", summary, "body", actions, value, timeout);

  note->time = g_get_real_time();
  return note;
}

static guint add (World *world, InosNote *note, gint64 now)
{
  return inos_notes_add (world->notes, note, 0, FALSE, now);
}

static InosNote *get (World *world, guint id)
{
  return inos_notes_find (world->notes, id);
}

static void is_shown_then_kept (void **state)
{
  World world;
  gint64 next;

  begin (&world);
  assert_int_equal (add (&world, make (":1", "one", -1, NULL), SECOND), 1);
  assert_true (get (&world, 1)->up);
  next = inos_notes_tick (world.notes, SECOND);
  assert_in_range (next, 6 * SECOND, 14 * SECOND);
  assert_int_equal (inos_notes_tick (world.notes, next), 0);
  assert_int_equal (get (&world, 1)->state, INOS_NOTE_KEPT);
  expect_heard (&world, "");
  assert_true (inos_notes_close (world.notes, 1, INOS_NOTE_CLOSED));
  assert_false (inos_notes_close (world.notes, 1, INOS_NOTE_CLOSED));
  expect_heard (&world, "closed 1 because 3;gone 1;");
  end (&world);
}

static void timeouts_are_the_senders (void **state)
{
  World world;

  begin (&world);
  add (&world, make (":1", "soon", 2000, NULL), 0);
  add (&world, make (":1", "never", 0, NULL), 0);
  add (&world, make (":1", "critical", -1, "{'urgency': <byte 2>}"), 0);
  assert_int_equal (inos_notes_tick (world.notes, 0), 2 * SECOND);
  assert_int_equal (inos_notes_tick (world.notes, 2 * SECOND), 0);
  expect_heard (&world, "closed 1 because 1;");
  assert_int_equal (get (&world, 1)->state, INOS_NOTE_PAST);
  inos_notes_tick (world.notes, 1000 * SECOND);
  assert_true (get (&world, 2)->up && get (&world, 3)->up);
  add (&world, make (":1", "volume", -1, "{'x-canonical-private-synchronous': <'v'>}"), 0);
  inos_notes_tick (world.notes, 100 * SECOND);
  assert_null (get (&world, 4));
  expect_heard (&world, "closed 4 because 1;gone 4;");
  end (&world);
}

static void some_are_up_and_others_wait (void **state)
{
  World world;
  gint64 next;

  begin (&world);
  for (int i = 0; i < INOS_NOTES_MAX_UP + 2; i++)
    add (&world, make (":1", "x", -1, NULL), 0);
  assert_int_equal (inos_notes_count_waiting (world.notes), 2);
  assert_true (get (&world, 1)->up);
  add (&world, make (":1", "critical", -1, "{'urgency': <byte 2>}"), 0);
  next = inos_notes_tick (world.notes, 0);
  inos_notes_tick (world.notes, next);
  /* What is critical takes the first place that is free. */
  assert_true (get (&world, INOS_NOTES_MAX_UP + 3)->up);
  assert_int_equal (inos_notes_count_waiting (world.notes), 0);
  end (&world);
}

static void holding_gives_the_time_back (void **state)
{
  World world;
  gint64 next;

  begin (&world);
  add (&world, make (":1", "x", -1, NULL), 0);
  next = inos_notes_tick (world.notes, 0);
  inos_notes_hold (world.notes, INOS_NOTES_HELD_BY_POINTER, TRUE, SECOND);
  assert_int_equal (inos_notes_tick (world.notes, 1000 * SECOND), 0);
  assert_true (get (&world, 1)->up);
  inos_notes_hold (world.notes, INOS_NOTES_HELD_BY_POINTER, FALSE, 1001 * SECOND);
  assert_int_equal (inos_notes_tick (world.notes, 1001 * SECOND), next + 1000 * SECOND);
  inos_notes_hold (world.notes, INOS_NOTES_HELD_BY_LOCK, TRUE, 1001 * SECOND);
  add (&world, make (":1", "locked", -1, NULL), 1002 * SECOND);
  assert_false (get (&world, 2)->up);
  inos_notes_hold (world.notes, INOS_NOTES_HELD_BY_LOCK, FALSE, 1003 * SECOND);
  inos_notes_tick (world.notes, 1003 * SECOND);
  assert_true (get (&world, 2)->up);
  assert_true (get (&world, 2)->deadline > 1003 * SECOND);
  end (&world);
}

static void replaces_and_answers (void **state)
{
  World world;
  guint id;

  begin (&world);
  id = add (&world, make (":1", "a", -1, NULL), 0);
  assert_int_equal (inos_notes_add (world.notes, make (":1", "b", -1, NULL), id, FALSE, 0), id);
  assert_int_equal (inos_notes_get_list (world.notes)->len, 1);
  assert_string_equal (get (&world, id)->summary, "b");
  /* One that was never given is not taken. */
  assert_int_equal (inos_notes_add (world.notes, make (":1", "c", -1, NULL), 4711, FALSE, 0), 2);
  inos_notes_answered (world.notes, get (&world, 1));
  expect_heard (&world, "closed 1 because 2;gone 1;");
  assert_int_equal (
    inos_notes_add (world.notes, make (":1", "d", -1, "{'resident': <true>}"), 1, FALSE, 0), 1);
  inos_notes_answered (world.notes, get (&world, 1));
  assert_non_null (get (&world, 1));
  assert_true (inos_note_can_act (get (&world, 1)));
  inos_notes_sender_left (world.notes, ":1");
  assert_false (inos_note_can_act (get (&world, 1)));
  end (&world);
}

#define TAGGED "{'x-canonical-private-synchronous': <'volume'>}"

/* Ids can be guessed, and any name can be claimed. */
static void belongs_to_its_sender (void **state)
{
  World world;

  begin (&world);
  add (&world, make (":1", "one", -1, NULL), 0);
  add (&world, make (":1", "tagged", -1, TAGGED), 0);
  assert_int_equal (inos_notes_add (world.notes, make (":2", "x", -1, NULL), 1, FALSE, 0), 3);
  assert_int_equal (add (&world, make (":2", "x", -1, TAGGED), 0), 4);
  assert_string_equal (get (&world, 1)->summary, "one");
  assert_string_equal (get (&world, 2)->summary, "tagged");
  assert_false (inos_note_belongs_to (get (&world, 1), ":2"));
  inos_notes_clear (world.notes, 1, NULL, 0);
  assert_int_equal (inos_notes_add (world.notes, make (":2", "x", -1, NULL), 1, FALSE, 0), 5);
  assert_true (inos_notes_undo (world.notes, 0));
  expect_heard (&world, "");
  inos_notes_sender_left (world.notes, ":1");
  assert_true (inos_note_belongs_to (get (&world, 1), ":2"));
  assert_int_equal (inos_notes_add (world.notes, make (":2", "y", -1, NULL), 1, FALSE, 0), 1);
  assert_int_equal (add (&world, make (":3", "y", -1, TAGGED), 0), 2);
  end (&world);
}

static void clears_and_brings_back (void **state)
{
  World world;

  begin (&world);
  for (int i = 0; i < 3; i++)
    add (&world, make (":1", "x", -1, NULL), 0);
  assert_int_equal (inos_notes_clear (world.notes, 2, NULL, 0), 1);
  assert_int_equal (inos_notes_clear (world.notes, 0, NULL, 0), 2);
  expect_heard (&world, "closed 2 because 2;gone 2;");
  assert_int_equal (inos_notes_get_list (world.notes)->len, 0);
  assert_true (inos_notes_undo (world.notes, SECOND));
  assert_int_equal (inos_notes_get_list (world.notes)->len, 2);
  inos_notes_clear (world.notes, 0, "App", SECOND);
  assert_int_equal (inos_notes_tick (world.notes, SECOND), SECOND + INOS_NOTES_UNDO_US);
  inos_notes_tick (world.notes, SECOND + INOS_NOTES_UNDO_US);
  assert_false (inos_notes_undo (world.notes, 0));
  assert_non_null (strstr (world.heard->str, "closed 1 because 2"));
  end (&world);
}

static void one_sender_does_not_push_others_out (void **state)
{
  World world;

  begin (&world);
  add (&world, make (":quiet", "mine", -1, NULL), 0);
  for (int i = 0; i < 1000; i++) {
    g_autofree char *sender = g_strdup_printf (":%d", i % 5);
    add (&world, make (sender, "x", -1, NULL), 0);
  }
  assert_true (inos_notes_get_list (world.notes)->len <= INOS_NOTES_MAX);
  assert_non_null (get (&world, 1));
  end (&world);
}

static void survives (void **state)
{
  World world;

  begin (&world);
  add (&world, make (":1", "one", -1, "{'urgency': <byte 2>, 'value': <int32 40>}"), 0);
  add (&world, make (":1", "two", 10, NULL), 0);
  add (&world, make (":1", "three", -1, NULL), 0);
  inos_notes_tick (world.notes, SECOND);
  inos_notes_close (world.notes, 3, INOS_NOTE_DISMISSED);
  inos_notes_see (world.notes);
  again (&world, "b");
  assert_int_equal (inos_notes_get_list (world.notes)->len, 2);
  assert_int_equal (get (&world, 1)->state, INOS_NOTE_SHOWN);
  assert_int_equal (get (&world, 1)->progress, 40);
  assert_int_equal (get (&world, 1)->actions->len, 2);
  assert_string_equal (get (&world, 1)->sender, ":1");
  assert_int_equal (get (&world, 2)->state, INOS_NOTE_PAST);
  assert_int_equal (inos_notes_count_unseen (world.notes), 0);
  /* Ids go on. */
  assert_int_equal (add (&world, make (":1", "four", -1, NULL), 0), 4);
  again (&world, "other");
  assert_null (get (&world, 1)->sender);
  inos_notes_clear (world.notes, 0, NULL, 0);
  inos_notes_tick (world.notes, 100 * SECOND);
  again (&world, "b");
  assert_int_equal (add (&world, make (":1", "five", -1, NULL), 0), 5);
  end (&world);
}

static void torn_journal_loses_its_last_line_only (void **state)
{
  World world;
  g_autofree char *text = NULL;
  gsize length;

  begin (&world);
  add (&world, make (":1", "one", -1, NULL), 0);
  add (&world, make (":1", "two", -1, NULL), 0);
  assert_true (g_file_get_contents (world.path, &text, &length, NULL));
  for (gsize cut = 0; cut <= length; cut += 7) {
    guint n;

    assert_true (g_file_set_contents (world.path, text, (gssize)cut, NULL));
    again (&world, "b");
    n = inos_notes_get_list (world.notes)->len;
    assert_true (n <= 2);
    for (guint id = 1; id <= n; id++)
      assert_string_equal (get (&world, id)->summary, id == 1 ? "one" : "two");
  }
  assert_true (
    g_file_set_contents (world.path, "{]\n[]\n7\n{\"note\":{}}\n{\"state\":[]}\n", -1, NULL));
  again (&world, "b");
  assert_int_equal (inos_notes_get_list (world.notes)->len, 0);
  end (&world);
}

/* A child is killed while it writes; what it said was kept is kept. */
static void killed_at_any_moment (void **state)
{
  World world;

  begin (&world);
  for (int round = 0; round < 10; round++) {
    int pipe_fds[2];
    guint last = 0, id;
    pid_t child;

    inos_notes_destroy (world.notes);
    world.notes = NULL;
    assert_int_equal (pipe (pipe_fds), 0);
    child = fork();
    if (child == 0) {
      open_notes (&world, "b");
      for (;;) {
        id = add (&world, make (":1", "x", -1, NULL), 0);
        if (write (pipe_fds[1], &id, sizeof id) != sizeof id)
          _exit (1);
      }
    }
    close (pipe_fds[1]);
    for (int i = 0; i < 20 + round * 30; i++)
      assert_int_equal (read (pipe_fds[0], &last, sizeof last), sizeof last);
    kill (child, SIGKILL);
    waitpid (child, NULL, 0);
    while (read (pipe_fds[0], &id, sizeof id) == sizeof id)
      last = id;
    close (pipe_fds[0]);
    open_notes (&world, "b");
    assert_non_null (get (&world, last));
    assert_true (add (&world, make (":2", "y", -1, NULL), 0) > last);
  }
  end (&world);
}

static void journal_is_bounded (void **state)
{
  World world;
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autofree char *text = NULL;
  gsize length;

  begin (&world);
  for (int i = 0; i < 1500; i++) {
    InosNote *note = make (":1", long_text, -1, NULL);

    g_free (note->body);
    note->body = g_strnfill (INOS_NOTE_MAX_BODY, 'y');
    add (&world, note, 0);
  }
  assert_true (g_file_get_contents (world.path, &text, &length, NULL));
  assert_true (length < 3 * 1024 * 1024);
  assert_true (strlen (get (&world, 1500)->summary) <= INOS_NOTE_MAX_SUMMARY);
  end (&world);
}

/* As long in the journal as one can be, nearly. */
static InosNote *make_largest (const char *sender)
{
  g_autofree char *quotes = g_strnfill (INOS_NOTE_MAX_BODY, '"');
  g_autoptr (GVariant) hints = g_variant_ref_sink (g_variant_new_parsed ("@a{sv} {}"));
  const char *actions[2 * INOS_NOTE_MAX_ACTIONS + 1] = {NULL};
  InosNote *note;

  for (guint i = 0; i < INOS_NOTE_MAX_ACTIONS; i++) {
    actions[2 * i] = quotes + INOS_NOTE_MAX_BODY - INOS_NOTE_MAX_WORD + i;
    actions[2 * i + 1] = quotes;
  }
  note = inos_note_new (sender, quotes, "", quotes, quotes, actions, hints, -1);
  note->time = g_get_real_time();
  return note;
}

static gint64 size_of (World *world)
{
  GStatBuf status;

  assert_int_equal (g_stat (world->path, &status), 0);
  return status.st_size;
}

/* Where all that is kept is longer than what is long. */
static void journal_is_not_rewritten_each_time (void **state)
{
  World world;
  gint64 size = 0;
  guint rewritten = 0;

  begin (&world);
  for (int i = 0; i < 3 * INOS_NOTES_MAX; i++) {
    g_autofree char *sender = g_strdup_printf (":%d", i % 10);
    gint64 before = size;

    add (&world, make_largest (sender), 0);
    size = size_of (&world);
    rewritten += size <= before;
  }
  again (&world, "b");
  assert_int_equal (inos_notes_get_list (world.notes)->len, INOS_NOTES_MAX);
  assert_true (size_of (&world) > 2 * 1024 * 1024);
  assert_in_range (rewritten, 1, 4);
  end (&world);
}

static void what_was_cleared_is_rewritten_too (void **state)
{
  World world;
  gint64 before;

  begin (&world);
  add (&world, make (":1", "one", -1, NULL), 0);
  inos_notes_clear (world.notes, 1, NULL, 0);
  do {
    before = size_of (&world);
    add (&world, make_largest (":2"), 0);
  } while (size_of (&world) > before);
  assert_true (inos_notes_undo (world.notes, SECOND));
  again (&world, "b");
  assert_non_null (get (&world, 1));
  end (&world);
}

static void hints_of_wrong_types_are_not_heeded (void **state)
{
  g_autoptr (InosNote) note =
    make (":1", "x", -7,
          "{'urgency': <'high'>, 'value': <[1, 2]>, 'resident': <'yes'>, 'desktop-entry': <7>,"
          " 'category': <@as []>, 'transient': <1>, 'image-data': <'x'>}");
  g_autoptr (InosNote) other = make (":1", "x", 5,
                                     "{'urgency': <byte 200>, 'value': <-5>,"
                                     "'desktop-entry': <'../../x'>}");

  assert_int_equal (note->urgency, INOS_NOTE_NORMAL);
  assert_int_equal (note->progress, -1);
  assert_int_equal (note->timeout, -1);
  assert_false (note->resident);
  assert_true (note->transient);
  assert_string_equal (note->entry, "");
  assert_int_equal (note->actions->len, 2);
  assert_int_equal (other->urgency, INOS_NOTE_NORMAL);
  assert_int_equal (other->progress, 0);
  assert_string_equal (other->entry, "");
}

static void a_flood_is_refused_and_forgiven (void **state)
{
  InosFlood *flood = inos_flood_create();
  guint admitted = 0, said = 0;
  gboolean first;

  for (int i = 0; i < 10000; i++) {
    admitted += inos_flood_admit (flood, ":1", INOS_FLOOD_NEW, i * 100, &first);
    said += first;
  }
  assert_in_range (admitted, INOS_FLOOD_BURST, INOS_FLOOD_BURST + INOS_FLOOD_RATE);
  assert_int_equal (said, 1);
  assert_true (inos_flood_admit (flood, ":2", INOS_FLOOD_NEW, SECOND, &first));
  assert_true (inos_flood_admit (flood, ":1", INOS_FLOOD_NEW, 10 * SECOND, &first));
  for (int i = 0; i < 5000; i++) {
    g_autofree char *sender = g_strdup_printf (":x%d", i);
    admitted = inos_flood_admit (flood, sender, INOS_FLOOD_NEW, 10 * SECOND, &first);
  }
  assert_false (admitted);
  assert_true (inos_flood_admit (flood, ":y", INOS_FLOOD_NEW, 20 * SECOND, &first));
  inos_flood_destroy (flood);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (is_shown_then_kept),
    cmocka_unit_test (timeouts_are_the_senders),
    cmocka_unit_test (some_are_up_and_others_wait),
    cmocka_unit_test (holding_gives_the_time_back),
    cmocka_unit_test (replaces_and_answers),
    cmocka_unit_test (belongs_to_its_sender),
    cmocka_unit_test (clears_and_brings_back),
    cmocka_unit_test (one_sender_does_not_push_others_out),
    cmocka_unit_test (survives),
    cmocka_unit_test (torn_journal_loses_its_last_line_only),
    cmocka_unit_test (killed_at_any_moment),
    cmocka_unit_test (journal_is_bounded),
    cmocka_unit_test (journal_is_not_rewritten_each_time),
    cmocka_unit_test (what_was_cleared_is_rewritten_too),
    cmocka_unit_test (hints_of_wrong_types_are_not_heeded),
    cmocka_unit_test (a_flood_is_refused_and_forgiven),
  };
  g_autofree char *folder = g_dir_make_tmp ("inos-notes-XXXXXX", NULL);

  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
