/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What jobs of Files do: moving, replacing, the trash of disks that somebody else has written, and
 * the ways back. */
#define G_LOG_DOMAIN "test"

#include "app/files_job.h"
#include "app/files_trash.h"

#include "files_tree.h"

#include <linux/capability.h>
#include <sys/syscall.h>

/* A stick that somebody else has written, at its top. */
static char *stick_path (const char *disk, const char *path)
{
  g_autofree char *trash = g_strdup_printf ("%s/.Trash-%u", disk, getuid());

  return g_build_filename (trash, path, NULL);
}

static void lead (const char *target, const char *path)
{
  g_autoptr (GFile) to = at (target), link = at (path);

  assert_int_equal (symlink (g_file_peek_path (to), g_file_peek_path (link)), 0);
}

static guint count_of_disk (const char *disk)
{
  g_autoptr (GFile) top = at (disk);
  g_autoptr (GPtrArray) entries = inos_trash_list_disk (g_file_peek_path (top), NULL);

  return entries->len;
}

static void a_trash_that_leads_elsewhere_is_none (void **state)
{
  g_autofree char *good = stick_path ("stick1", "files/a"), *bad = stick_path ("stick2", "info"),
                  *files = stick_path ("stick2", "files"), *notes = stick_path ("stick3", "info"),
                  *third = stick_path ("stick3", "files/a"),
                  *shared = g_strdup_printf ("stick4/.Trash/%u/files/a", getuid());
  g_autoptr (GFile) all = at ("stick4/.Trash");

  make ("precious/thesis", "years");
  make (good, "");
  make (bad, NULL);
  lead ("precious", files);
  make (third, "");
  lead ("precious", notes);
  make (shared, "");
  assert_int_equal (count_of_disk ("stick1"), 1);
  assert_int_equal (count_of_disk ("stick2"), 0);
  assert_int_equal (count_of_disk ("stick3"), 0);
  assert_int_equal (chmod (g_file_peek_path (all), 0755), 0);
  assert_int_equal (count_of_disk ("stick4"), 0);
  assert_int_equal (chmod (g_file_peek_path (all), 01777), 0);
  assert_int_equal (count_of_disk ("stick4"), 1);
}

/* Jobs */

typedef struct {
  gboolean ended;
  guint done;
  char *error;
  GPtrArray *moved, *replaced;
} Result;

static void on_job (InosJobKind kind, GPtrArray *done, GPtrArray *replaced, gint64 since,
                    const char *error, gpointer data)
{
  Result *result = data;

  *result =
    (Result){TRUE, done->len, g_strdup (error), g_ptr_array_ref (done), g_ptr_array_ref (replaced)};
}

static void result_clear (Result *result)
{
  g_free (result->error);
  g_ptr_array_unref (result->moved);
  g_ptr_array_unref (result->replaced);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static void on_jobs (gpointer data)
{
}

static GPtrArray *list_of (GFile *file)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  if (file)
    g_ptr_array_add (list, g_object_ref (file));
  return list;
}

/* Each question gets this answer. */
static void do_job (InosJobPlan *plan, const char *answer, Result *result)
{
  InosJobs *jobs = inos_jobs_create (on_jobs, NULL);

  assert_true (inos_jobs_start (jobs, plan, on_job, result, NULL, NULL));
  assert_true (inos_jobs_are_running());
  while (!result->ended) {
    g_main_context_iteration (NULL, FALSE);
    inos_jobs_answer (jobs, 1, answer, FALSE);
  }
  assert_false (inos_jobs_are_running());
  inos_jobs_destroy (jobs);
}

static void carry (InosJobKind kind, GFile *source, GFile *folder, Result *result)
{
  InosJobPlan plan = {
    .kind = kind, .sources = list_of (source), .folder = folder ? g_object_ref (folder) : NULL};

  do_job (&plan, "replace", result);
}

static void restore_of_disk (const char *disk, Result *result)
{
  g_autoptr (GFile) top = at (disk);
  g_autoptr (GPtrArray) entries = inos_trash_list_disk (g_file_peek_path (top), NULL);
  const InosTrashEntry *entry = entries->pdata[0];
  InosJobPlan plan = {.kind = INOS_JOB_RESTORE,
                      .sources = list_of (entry->file),
                      .targets = list_of (entry->origin),
                      .notes = list_of (entry->note)};

  assert_int_equal (entries->len, 1);
  do_job (&plan, "skip", result);
}

static void nothing_is_restored_outside_its_disk (void **state)
{
  g_autofree char *file = stick_path ("stick5", "files/x"),
                  *note = stick_path ("stick5", "info/x.trashinfo"),
                  *file6 = stick_path ("stick6", "files/x"),
                  *note6 = stick_path ("stick6", "info/x.trashinfo");
  g_auto (Result) bad = {0}, good = {0};

  make ("autostart/there", "");
  make (file, "evil");
  make (note, "[Trash Info]\nPath=docs/new/x\nDeletionDate=2026-01-02T03:04:05\n");
  lead ("autostart", "stick5/docs");
  restore_of_disk ("stick5", &bad);
  assert_int_equal (bad.done, 0);
  assert_non_null (bad.error);
  assert_false (is_there ("autostart/new"));
  assert_true (is_there (file));
  make (file6, "good");
  make (note6, "[Trash Info]\nPath=docs/new/x\nDeletionDate=2026-01-02T03:04:05\n");
  restore_of_disk ("stick6", &good);
  assert_null (good.error);
  assert_text ("stick6/docs/new/x", "good");
  assert_false (is_there (note6));
}

/* Root may do all. Threads that begin meanwhile may not either. */
static void let_be_master_of_all (gboolean may)
{
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2];
  guint32 bits = (1u << CAP_DAC_OVERRIDE) | (1u << CAP_DAC_READ_SEARCH);

  assert_int_equal (syscall (SYS_capget, &header, data), 0);
  data[0].effective =
    may ? data[0].effective | (data[0].permitted & bits) : data[0].effective & ~bits;
  assert_int_equal (syscall (SYS_capset, &header, data), 0);
}

/* A tree on another disk, one folder of which may only be read; NULL where there is no other. */
static char *make_far (void)
{
  char *far = g_strdup ("/dev/shm/inos-files-XXXXXX");
  g_autofree char *text = NULL, *locked = NULL;
  struct stat a, b;

  if (!g_mkdtemp (far) || stat (far, &a) != 0 || stat (root, &b) != 0 || a.st_dev == b.st_dev) {
    rmdir (far);
    g_free (far);
    return NULL;
  }
  locked = g_build_filename (far, "moving", "locked", NULL);
  text = g_build_filename (locked, "file", NULL);
  assert_int_equal (g_mkdir_with_parents (locked, 0700), 0);
  assert_true (g_file_set_contents (text, "new", -1, NULL));
  assert_int_equal (chmod (locked, 0500), 0);
  return far;
}

static void remove_far (const char *path)
{
  g_autofree char *locked = g_build_filename (path, "moving", "locked", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  chmod (locked, 0700);
  inos_disk_delete (file, NULL, NULL);
}

/* The new one is whole and has its name, whatever becomes of the old one. */
static void what_cannot_be_removed_was_moved (void **state)
{
  g_autofree char *far = make_far();
  g_autofree char *path = far ? g_build_filename (far, "moving", NULL) : NULL;
  g_autoptr (GFile) source = path ? g_file_new_for_path (path) : NULL;
  g_autoptr (GFile) folder = at ("arrivals"), locked = at ("arrivals/moving/locked");
  g_auto (Result) plain = {0}, over = {0};

  if (!far)
    skip();
  make ("arrivals", NULL);
  let_be_master_of_all (FALSE);
  carry (INOS_JOB_MOVE, source, folder, &plain);
  assert_int_equal (plain.done, 1);
  assert_non_null (plain.error);
  assert_text ("arrivals/moving/locked/file", "new");
  chmod (g_file_peek_path (locked), 0700);
  make ("arrivals/moving/locked/mine", "old");
  carry (INOS_JOB_MOVE, source, folder, &over);
  let_be_master_of_all (TRUE);
  assert_int_equal (over.done, 1);
  assert_int_equal (over.replaced->len, 1);
  assert_non_null (over.error);
  assert_text ("arrivals/moving/locked/file", "new");
  assert_false (is_there ("arrivals/moving/locked/mine"));
  assert_no_drafts ("arrivals");
  remove_far (far);
}

static void drafts_that_may_only_be_read_are_taken_away (void **state)
{
  g_autoptr (GFile) from = at ("bound"), to = at ("bound-copies/copy"), pipe = at ("bound/z/pipe"),
                    locked = at ("bound/z/locked");
  g_autoptr (GError) error = NULL;

  make ("bound/z/locked/file", "x");
  make ("bound-copies", NULL);
  assert_int_equal (mkfifo (g_file_peek_path (pipe), 0600), 0);
  assert_int_equal (chmod (g_file_peek_path (locked), 0500), 0);
  let_be_master_of_all (FALSE);
  assert_false (inos_disk_copy (from, to, NULL, &error));
  let_be_master_of_all (TRUE);
  assert_no_drafts ("bound-copies");
  chmod (g_file_peek_path (locked), 0700);
}

static void what_is_replaced_comes_back (void **state)
{
  g_autoptr (GFile) source = at ("one/same"), folder = at ("two"), place = at ("two/same");
  g_auto (Result) over = {0}, back = {0};
  InosJobPlan plan = {.kind = INOS_JOB_MOVE, .since = g_get_real_time() / G_USEC_PER_SEC};

  make ("one/same", "new");
  make ("two/same", "old");
  carry (INOS_JOB_MOVE, source, folder, &over);
  assert_null (over.error);
  assert_text ("two/same", "new");
  plan.sources = list_of (place);
  plan.targets = list_of (source);
  plan.replaced = g_ptr_array_ref (over.replaced);
  do_job (&plan, "skip", &back);
  assert_null (back.error);
  assert_text ("one/same", "new");
  assert_text ("two/same", "old");
}

/* Two of one name in one second: each undo has its own. */
static void the_very_file_comes_back (void **state)
{
  g_autoptr (GFile) file = at ("twice");
  g_auto (Result) first = {0}, second = {0}, back = {0};
  InosJobPlan plan = {.kind = INOS_JOB_RESTORE,
                      .sources = list_of (NULL),
                      .since = g_get_real_time() / G_USEC_PER_SEC};

  make ("twice", "first");
  carry (INOS_JOB_TRASH, file, NULL, &first);
  assert_null (first.error);
  make ("twice", "second");
  carry (INOS_JOB_TRASH, file, NULL, &second);
  plan.trashed = g_ptr_array_ref (first.moved);
  do_job (&plan, "skip", &back);
  assert_null (back.error);
  assert_text ("twice", "first");
}

/* One that cannot come back holds up no other. */
static void one_fault_of_an_undo_is_its_own (void **state)
{
  g_autoptr (GFile) source = at ("three/same"), folder = at ("four"), gone = at ("four/gone"),
                    where = at ("three/gone");
  g_auto (Result) over = {0}, back = {0};
  InosJobPlan plan = {.kind = INOS_JOB_MOVE, .since = g_get_real_time() / G_USEC_PER_SEC};
  g_autoptr (GFile) place = at ("four/same");

  make ("three/same", "new");
  make ("four/same", "old");
  carry (INOS_JOB_MOVE, source, folder, &over);
  plan.sources = list_of (gone);
  plan.targets = list_of (where);
  g_ptr_array_add (plan.sources, g_object_ref (place));
  g_ptr_array_add (plan.targets, g_object_ref (source));
  plan.replaced = g_ptr_array_ref (over.replaced);
  do_job (&plan, "skip", &back);
  assert_non_null (back.error);
  assert_text ("three/same", "new");
  assert_text ("four/same", "old");
}

/* One that has no error of its own said, too. */
static void a_trash_that_cannot_be_made_is_said (void **state)
{
  g_autofree char *name = g_strnfill (255, 'z');
  g_autoptr (GFile) file = at (name), trash = at ("data/Trash"), away = at ("data/Away");
  g_autofree char *nothing = inos_disk_say (NULL, "file");
  g_auto (Result) result = {0};

  assert_non_null (strstr (nothing, "file"));
  make (name, "long");
  make ("data/Trash", NULL);
  assert_int_equal (g_rename (g_file_peek_path (trash), g_file_peek_path (away)), 0);
  make ("data/Trash", "no folder");
  carry (INOS_JOB_TRASH, file, NULL, &result);
  assert_non_null (result.error);
  assert_int_equal (result.done, 0);
  assert_true (is_there (name));
  assert_int_equal (unlink (g_file_peek_path (trash)), 0);
  assert_int_equal (g_rename (g_file_peek_path (away), g_file_peek_path (trash)), 0);
}

/* It has its name again, and its note goes; the way back makes it one that is there. */
static void what_leaves_the_trash_leaves_no_note (void **state)
{
  g_autoptr (GFile) trashed = at ("data/Trash/files/left.2"), folder = at ("desk"),
                    moved = at ("desk/left");
  g_autoptr (GPtrArray) entries = NULL;
  g_auto (Result) copied = {0}, out = {0}, back = {0};
  InosJobPlan plan = {.kind = INOS_JOB_MOVE, .sources = list_of (moved)};
  const InosTrashEntry *entry;

  make ("desk", NULL);
  make ("data/Trash/files/left.2", "text");
  make ("data/Trash/info/left.2.trashinfo",
        "[Trash Info]\nPath=/nowhere/left\nDeletionDate=2026-01-02T03:04:05\n");
  carry (INOS_JOB_COPY, trashed, folder, &copied);
  assert_null (copied.error);
  assert_text ("desk/left", "text");
  assert_true (is_there ("data/Trash/info/left.2.trashinfo"));
  assert_int_equal (unlink (g_file_peek_path (moved)), 0);
  carry (INOS_JOB_MOVE, trashed, folder, &out);
  assert_null (out.error);
  assert_text ("desk/left", "text");
  assert_false (is_there ("data/Trash/files/left.2"));
  assert_false (is_there ("data/Trash/info/left.2.trashinfo"));
  plan.targets = list_of (trashed);
  do_job (&plan, "skip", &back);
  assert_null (back.error);
  assert_false (is_there ("desk/left"));
  entries = inos_trash_list (NULL);
  entry = inos_trash_find (entries, moved, 0, 0, 0);
  assert_non_null (entry);
  assert_non_null (entry->note);
}

/* Notes are a stranger's words: what they say is one name at most. */
static void a_note_names_no_other_folder (void **state)
{
  static const struct {
    const char *path, *name;
  } notes[] = {{"/", "odd"}, {"/..", "odd"}, {"/a/%2E%2E/b", "b"}, {"%00", "odd"}, {"x", "odd"}};
  g_autoptr (GFile) trashed = at ("data/Trash/files/odd"), folder = at ("tray");

  make ("tray", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (notes); i++) {
    g_autofree char *text = g_strdup_printf ("[Trash Info]\nPath=%s\n", notes[i].path),
                    *target = g_build_filename ("tray", notes[i].name, NULL);
    g_autoptr (GFile) made = at (target);
    g_auto (Result) result = {0};

    make ("data/Trash/files/odd", "odd");
    make ("data/Trash/info/odd.trashinfo", text);
    carry (INOS_JOB_MOVE, trashed, folder, &result);
    assert_null (result.error);
    assert_text (target, "odd");
    assert_false (is_there ("data/Trash/info/odd.trashinfo"));
    assert_int_equal (unlink (g_file_peek_path (made)), 0);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_trash_that_leads_elsewhere_is_none),
    cmocka_unit_test (nothing_is_restored_outside_its_disk),
    cmocka_unit_test (what_cannot_be_removed_was_moved),
    cmocka_unit_test (drafts_that_may_only_be_read_are_taken_away),
    cmocka_unit_test (what_is_replaced_comes_back),
    cmocka_unit_test (the_very_file_comes_back),
    cmocka_unit_test (one_fault_of_an_undo_is_its_own),
    cmocka_unit_test (what_leaves_the_trash_leaves_no_note),
    cmocka_unit_test (a_note_names_no_other_folder),
    cmocka_unit_test (a_trash_that_cannot_be_made_is_said),
  };
  int failed;

  tree_begin();
  failed = cmocka_run_group_tests (tests, NULL, NULL);
  tree_end();
  return failed;
}
