/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Files does to the disk, and what it makes of a trash that somebody else has written. */
#define G_LOG_DOMAIN "test"

#include "app/files_place.h"
#include "app/files_row.h"
#include "app/files_thumbs.h"
#include "app/files_trash.h"

#include "files_tree.h"

static void trees_are_copied_with_links_as_links (void **state)
{
  g_autoptr (GFile) from = at ("tree"), to = at ("copy"), link = at ("tree/loop"),
                    copied = at ("copy/loop");
  g_autofree char *target = NULL;
  GError *error = NULL;

  make ("tree/a/b/file", "words");
  assert_int_equal (symlink ("..", g_file_peek_path (link)), 0);
  assert_true (inos_disk_copy (from, to, NULL, &error));
  assert_text ("copy/a/b/file", "words");
  target = g_file_read_link (g_file_peek_path (copied), NULL);
  assert_string_equal (target, "..");
}

static void nothing_is_written_over (void **state)
{
  g_autoptr (GFile) from = at ("new"), to = at ("old");
  GError *error = NULL;

  make ("new", "new");
  make ("old", "old");
  assert_false (inos_disk_copy (from, to, NULL, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS));
  g_clear_error (&error);
  assert_false (inos_disk_move (from, to, NULL, NULL, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS));
  g_clear_error (&error);
  assert_text ("old", "old");
  assert_text ("new", "new");
}

/* What could not be copied leaves nothing, under no name. */
static void what_is_not_finished_is_taken_away (void **state)
{
  g_autoptr (GFile) from = at ("mixed"), to = at ("mixed-copy"), pipe = at ("mixed/pipe");
  GError *error = NULL;

  make ("mixed/a", "a");
  assert_int_equal (mkfifo (g_file_peek_path (pipe), 0600), 0);
  assert_false (inos_disk_copy (from, to, NULL, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE));
  g_clear_error (&error);
  assert_false (inos_disk_exists (to));
  assert_no_drafts ("");
}

static void what_is_cancelled_ends (void **state)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new();
  InosDiskWatch watch = {.cancellable = cancellable};
  g_autoptr (GFile) from = at ("tree2"), to = at ("tree3");
  GError *error = NULL;

  make ("tree2/file", "words");
  g_cancellable_cancel (cancellable);
  assert_false (inos_disk_copy (from, to, &watch, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error (&error);
  assert_false (inos_disk_delete (from, &watch, &error));
  g_clear_error (&error);
  assert_text ("tree2/file", "words");
  assert_false (inos_disk_exists (to));
}

static void links_are_removed_and_not_followed (void **state)
{
  g_autoptr (GFile) doomed = at ("doomed"), link = at ("doomed/link"), outside = at ("outside");
  GError *error = NULL;

  make ("outside/stays", "stays");
  make ("doomed/a/b/c", "c");
  assert_int_equal (symlink (g_file_peek_path (outside), g_file_peek_path (link)), 0);
  assert_true (inos_disk_delete (doomed, NULL, &error));
  assert_false (inos_disk_exists (doomed));
  assert_text ("outside/stays", "stays");
  assert_false (inos_disk_delete (doomed, NULL, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  g_clear_error (&error);
}

static void a_folder_is_not_put_into_itself (void **state)
{
  g_autoptr (GFile) outer = at ("outer"), inner = at ("outer/inner"), beside = at ("outer2"),
                    way = at ("way"), by_link = at ("way/inner");

  make ("outer/inner", NULL);
  make ("outer2", NULL);
  assert_int_equal (symlink ("outer", g_file_peek_path (way)), 0);
  assert_true (inos_disk_is_inside (inner, outer));
  assert_true (inos_disk_is_inside (outer, outer));
  assert_true (inos_disk_is_inside (by_link, outer));
  assert_false (inos_disk_is_inside (beside, outer));
}

static void assert_free (const char *name, const char *expected)
{
  g_autoptr (GFile) folder = at ("names");
  g_autoptr (GFile) found = inos_disk_free_name (folder, name);
  g_autofree char *base = g_file_get_basename (found);

  assert_string_equal (base, expected);
}

static void names_that_are_free (void **state)
{
  g_autofree char *long_name = g_strnfill (250, 'x');
  g_autoptr (GFile) folder = at ("names");
  g_autoptr (GFile) longest = NULL;
  g_autofree char *base = NULL;

  make ("names/a.txt", "");
  make ("names/a (2).txt", "");
  make ("names/b.tar.gz", "");
  make ("names/.hidden", "");
  assert_free ("free", "free");
  assert_free ("a.txt", "a (3).txt");
  assert_free ("b.tar.gz", "b (2).tar.gz");
  assert_free (".hidden", ".hidden (2)");
  longest = g_file_get_child (folder, long_name);
  write_plainly (longest, "");
  g_object_unref (longest);
  longest = inos_disk_free_name (folder, long_name);
  base = g_file_get_basename (longest);
  assert_true (strlen (base) <= 255);
  assert_false (inos_disk_exists (longest));
}

static void names_that_may_be_given (void **state)
{
  g_autofree char *long_name = g_strnfill (256, 'x');

  assert_null (inos_disk_why_no_name ("a name"));
  assert_null (inos_disk_why_no_name ("..."));
  assert_non_null (inos_disk_why_no_name (""));
  assert_non_null (inos_disk_why_no_name ("."));
  assert_non_null (inos_disk_why_no_name (".."));
  assert_non_null (inos_disk_why_no_name ("a/b"));
  assert_non_null (inos_disk_why_no_name (long_name));
}

static void names_are_shown_on_one_line (void **state)
{
  static const struct {
    const char *bytes, *shown;
  } names[] = {
    {"plain", "plain"}, {"a\nb", "a␊b"},
    {"a\x7f", "a␡"},    {"photo\xe2\x80\xaegpj.exe", "photo�gpj.exe"},
    {"\xff", "�"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GFile) file = at (names[i].bytes);
    g_autofree char *shown = inos_disk_shown_name (file);

    assert_string_equal (shown, names[i].shown);
  }
}

static void faults_are_said_with_their_names (void **state)
{
  g_autoptr (GError) full = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "x");
  g_autoptr (GError) odd = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "the odd 100%s");
  g_autofree char *first = inos_disk_say (full, "film%n.mkv");
  g_autofree char *second = inos_disk_say (odd, "file");

  assert_non_null (strstr (first, "full"));
  assert_non_null (strstr (first, "film%n.mkv"));
  assert_non_null (strstr (second, "the odd 100%s"));
}

static void paths_that_are_typed (void **state)
{
  g_autoptr (GFile) folder = at ("outer");
  g_autoptr (GFile) whole = inos_place_take_path ("/usr", folder, NULL);
  g_autoptr (GFile) below = inos_place_take_path ("inner/../inner", folder, NULL);
  g_autoptr (GFile) home = inos_place_take_path ("~", folder, NULL);
  g_autoptr (GFile) expected = at ("outer/inner");
  g_autoptr (GError) error = NULL;

  assert_string_equal (g_file_peek_path (whole), "/usr");
  assert_true (g_file_equal (below, expected));
  assert_string_equal (g_file_peek_path (home), g_get_home_dir());
  assert_null (inos_place_take_path ("sftp://host/folder", folder, &error));
  assert_non_null (error);
}

/* The trash */

static InosTrashEntry *entry_of (GPtrArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++) {
    InosTrashEntry *entry = entries->pdata[i];
    g_autofree char *base = g_file_get_basename (entry->file);

    if (g_str_equal (base, name))
      return entry;
  }
  return NULL;
}

static void notes_of_strangers (void **state)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *huge = g_strnfill (128 * 1024, 'x');
  const InosTrashEntry *good;

  make ("data/Trash/files/good", "");
  make ("data/Trash/info/good.trashinfo",
        "[Trash Info]\nPath=/some%20where/a%5Cb\nDeletionDate=2026-01-02T03:04:05\n");
  make ("data/Trash/files/none", "");
  make ("data/Trash/files/relative", "");
  make ("data/Trash/info/relative.trashinfo", "[Trash Info]\nPath=../../etc/passwd\n");
  make ("data/Trash/files/broken", "");
  make ("data/Trash/info/broken.trashinfo", "\xff\xff[[[[");
  make ("data/Trash/files/zero", "");
  make ("data/Trash/info/zero.trashinfo", "[Trash Info]\nPath=%00/x\nDeletionDate=yesterday\n");
  make ("data/Trash/files/huge", "");
  make ("data/Trash/info/huge.trashinfo", huge);
  entries = inos_trash_list (NULL);
  good = entry_of (entries, "good");
  assert_string_equal (g_file_peek_path (good->origin), "/some where/a\\b");
  assert_true (good->time > 0);
  assert_ptr_equal (inos_trash_find (entries, good->origin, good->time, 0, 0), good);
  assert_null (inos_trash_find (entries, good->origin, good->time + 1, 0, 0));
  assert_null (entry_of (entries, "none")->origin);
  assert_null (entry_of (entries, "relative")->origin);
  assert_null (entry_of (entries, "broken")->origin);
  assert_null (entry_of (entries, "zero")->origin);
  assert_int_equal (entry_of (entries, "zero")->time, 0);
  assert_null (entry_of (entries, "huge")->origin);
  assert_null (entry_of (entries, "huge")->note);
}

static void long_names_go_to_the_trash (void **state)
{
  g_autofree char *name = g_strnfill (255, 'y');
  g_autoptr (GFile) file = at (name);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  make (name, "long");
  assert_true (inos_trash_put (file, NULL, &error));
  assert_false (is_there (name));
  entries = inos_trash_list (NULL);
  assert_non_null (inos_trash_find (entries, file, 0, 0, 0));
}

static void kinds_have_their_pictures (void **state)
{
  assert_string_equal (inos_row_sort_of (G_FILE_TYPE_DIRECTORY, NULL), "folder");
  assert_string_equal (inos_row_sort_of (G_FILE_TYPE_REGULAR, "image/png"), "image");
  assert_string_equal (inos_row_sort_of (G_FILE_TYPE_REGULAR, "text/x-csrc"), "code");
  assert_string_equal (inos_row_sort_of (G_FILE_TYPE_REGULAR, NULL), "other");
  assert_string_equal (inos_row_sort_of (G_FILE_TYPE_SYMBOLIC_LINK, NULL), "broken");
}

static void pictures_that_are_none (void **state)
{
  g_autoptr (GFile) text = at ("picture.png"), pipe = at ("pipe.png"), none = at ("none.png");

  make ("picture.png", "no picture at all");
  assert_int_equal (mkfifo (g_file_peek_path (pipe), 0600), 0);
  assert_null (inos_file_thumb_read (g_file_peek_path (text), NULL));
  assert_null (inos_file_thumb_read (g_file_peek_path (pipe), NULL));
  assert_null (inos_file_thumb_read (g_file_peek_path (none), NULL));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (trees_are_copied_with_links_as_links),
    cmocka_unit_test (nothing_is_written_over),
    cmocka_unit_test (what_is_not_finished_is_taken_away),
    cmocka_unit_test (what_is_cancelled_ends),
    cmocka_unit_test (links_are_removed_and_not_followed),
    cmocka_unit_test (a_folder_is_not_put_into_itself),
    cmocka_unit_test (names_that_are_free),
    cmocka_unit_test (names_that_may_be_given),
    cmocka_unit_test (names_are_shown_on_one_line),
    cmocka_unit_test (faults_are_said_with_their_names),
    cmocka_unit_test (paths_that_are_typed),
    cmocka_unit_test (notes_of_strangers),
    cmocka_unit_test (long_names_go_to_the_trash),
    cmocka_unit_test (kinds_have_their_pictures),
    cmocka_unit_test (pictures_that_are_none),
  };
  int failed;

  tree_begin();
  failed = cmocka_run_group_tests (tests, NULL, NULL);
  tree_end();
  return failed;
}
