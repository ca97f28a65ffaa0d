/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

/* What the thread of a job does. */

#include "files_disk.h"
#include "files_job-private.h"
#include "files_trash.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The trash's notes know seconds only. */
#define CLOCK_SLACK 2

static void on_advance (gpointer data, const char *name, guint64 bytes)
{
  InosJob *job = data;

  g_mutex_lock (&job->lock);
  if (name && g_strcmp0 (job->name, name) != 0) {
    g_free (job->name);
    job->name = g_strdup (name);
  }
  job->bytes += bytes;
  g_mutex_unlock (&job->lock);
}

static InosDiskWatch watch_of (InosJob *job)
{
  return (InosDiskWatch){job->cancellable, on_advance, job};
}

/* The first that went wrong is said. */
static void note_error (InosJob *job, GFile *file, const GError *error)
{
  g_autofree char *name = inos_disk_shown_name (file);

  job->failed++;
  if (!job->error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    job->error = inos_disk_say (error, name);
}

/* Something is in the way */

static InosAnswer ask (InosJob *job, GFile *target)
{
  InosAnswer answer;
  gboolean is_folder;

  if (job->always != INOS_ANSWER_NONE)
    return job->always;
  /* A disk may take its time; the main thread does not wait for this lock so long. */
  is_folder = g_file_query_file_type (target, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL) ==
              G_FILE_TYPE_DIRECTORY;
  g_mutex_lock (&job->lock);
  job->asked = inos_disk_shown_name (target);
  job->asked_folder = is_folder;
  job->answer = INOS_ANSWER_NONE;
  while (job->answer == INOS_ANSWER_NONE && !g_cancellable_is_cancelled (job->cancellable))
    g_cond_wait (&job->answered, &job->lock);
  answer = job->answer;
  if (job->for_all)
    job->always = answer;
  g_clear_pointer (&job->asked, g_free);
  g_mutex_unlock (&job->lock);
  return answer == INOS_ANSWER_NONE ? INOS_ANSWER_SKIP : answer;
}

static GFile *other_name (GFile *target)
{
  g_autoptr (GFile) folder = g_file_get_parent (target);
  g_autofree char *name = g_file_get_basename (target);

  return inos_disk_free_name (folder, name);
}

/* Where it goes; NULL: nowhere. */
static GFile *settle (InosJob *job, GFile *source, GFile *target, gboolean *replace)
{
  *replace = FALSE;
  if (g_file_equal (source, target))
    return job->plan.kind == INOS_JOB_COPY ? other_name (target) : NULL;
  if (!inos_disk_exists (target))
    return g_object_ref (target);
  switch (ask (job, target)) {
  case INOS_ANSWER_REPLACE:
    *replace = TRUE;
    return g_object_ref (target);
  case INOS_ANSWER_KEEP:
    return other_name (target);
  default:
    return NULL;
  }
}

/* All of it is where it should be, and it was moved; only, it is still where it was too. */
static void note_left (InosJob *job, GFile *source)
{
  g_autofree char *name = inos_disk_shown_name (source);

  job->failed++;
  if (!job->error)
    job->error = g_strdup_printf (
      _ ("“%s” is in its new folder, but not all of it could be removed from the old one."), name);
}

static gboolean carry (InosJob *job, GFile *source, GFile *target, GError **error)
{
  InosDiskWatch watch = watch_of (job);
  gboolean left = FALSE;

  if (job->plan.kind == INOS_JOB_COPY)
    return inos_disk_copy (source, target, &watch, error);
  if (!inos_disk_move (source, target, &watch, &left, error))
    return FALSE;
  if (left)
    note_left (job, source);
  return TRUE;
}

/* Into the trash, and which file that was. */
static gboolean put_away (InosJob *job, GFile *file, GPtrArray *list, GError **error)
{
  struct stat status = {0};
  InosMoved *moved;

  if (lstat (g_file_peek_path (file), &status) != 0)
    status = (struct stat){0};
  if (!inos_trash_put (file, job->cancellable, error))
    return FALSE;
  moved = inos_moved_new (file, NULL);
  moved->device = status.st_dev;
  moved->inode = status.st_ino;
  g_ptr_array_add (list, moved);
  return TRUE;
}

static InosTrashEntry *find_trashed (GPtrArray *entries, const InosMoved *moved, gint64 since)
{
  return inos_trash_find (entries, moved->from, since - CLOCK_SLACK, moved->device, moved->inode);
}

/* What was put away last is there again, where nothing came instead. Where that cannot be it stays
 * in the trash. */
static void give_back (InosJob *job)
{
  const InosMoved *moved = job->replaced->pdata[job->replaced->len - 1];
  g_autoptr (GPtrArray) entries = inos_trash_list (NULL);
  const InosTrashEntry *entry = find_trashed (entries, moved, job->since);

  if (!entry || !entry->note || !inos_disk_rename (entry->file, moved->from, NULL))
    return;
  unlink (g_file_peek_path (entry->note));
  g_ptr_array_remove_index (job->replaced, job->replaced->len - 1);
}

/* On one disk: nothing has another name meanwhile. */
static gboolean rename_over (InosJob *job, GFile *source, GFile *target, GError **error)
{
  if (!put_away (job, target, job->replaced, error))
    return FALSE;
  if (inos_disk_rename (source, target, error))
    return TRUE;
  give_back (job);
  return FALSE;
}

/* The new one is whole before the old one goes, and the source goes last. */
static gboolean copy_over (InosJob *job, GFile *source, GFile *target, GError **error)
{
  InosDiskWatch watch = watch_of (job);
  g_autoptr (GFile) folder = g_file_get_parent (target);
  g_autofree char *name = g_strdup_printf (".inos-%08x%08x.new", g_random_int(), g_random_int());
  g_autoptr (GFile) draft = g_file_get_child (folder, name);

  if (!inos_disk_copy (source, draft, &watch, error))
    return FALSE;
  if (put_away (job, target, job->replaced, error)) {
    if (inos_disk_rename (draft, target, error)) {
      if (job->plan.kind != INOS_JOB_COPY && !inos_disk_delete (source, NULL, NULL))
        note_left (job, source);
      return TRUE;
    }
    give_back (job);
  }
  inos_disk_drop_draft (draft);
  return FALSE;
}

static gboolean replace_with (InosJob *job, GFile *source, GFile *target, GError **error)
{
  g_autoptr (GFile) folder = g_file_get_parent (target);
  g_autoptr (GError) failed = NULL;

  if (job->plan.kind == INOS_JOB_COPY || !inos_disk_is_one (source, folder))
    return copy_over (job, source, target, error);
  if (rename_over (job, source, target, &failed))
    return TRUE;
  /* One disk that is mounted twice. */
  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED) && inos_disk_exists (target))
    return copy_over (job, source, target, error);
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static void take_one (InosJob *job, GFile *source, GFile *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) folder = g_file_get_parent (wanted);
  g_autoptr (GFile) target = NULL;
  gboolean replace, ok;

  if (folder && inos_disk_is_inside (folder, source)) {
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_WOULD_RECURSE, "");
    note_error (job, source, error);
    return;
  }
  target = settle (job, source, wanted, &replace);
  if (!target)
    return;
  ok = replace ? replace_with (job, source, target, &error) : carry (job, source, target, &error);
  if (ok)
    g_ptr_array_add (job->done, inos_moved_new (source, target));
  else
    note_error (job, source, error);
}

/* Kinds */

static void put_into_trash (InosJob *job, GFile *source)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = inos_disk_shown_name (source);

  on_advance (job, name, 0);
  if (put_away (job, source, job->done, &error))
    return;
  if (!job->error && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    job->error = g_strdup_printf (
      _ ("The disk that “%s” is on has no trash. Delete it for good with Shift+Delete."), name);
  if (!job->error && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG))
    job->error = g_strdup_printf (_ ("The name “%s” is too long for the trash. Choose a shorter "
                                     "one, or delete it for good with Shift+Delete."),
                                  name);
  note_error (job, source, error);
}

static void remove_note (InosJob *job, guint at)
{
  GFile *note = job->plan.notes ? job->plan.notes->pdata[at] : NULL;

  if (note)
    unlink (g_file_peek_path (note));
}

static void delete_one (InosJob *job, GFile *source, guint at)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = inos_disk_shown_name (source);
  InosDiskWatch watch = watch_of (job);

  on_advance (job, name, 0);
  if (!inos_disk_delete (source, &watch, &error)) {
    note_error (job, source, error);
    return;
  }
  remove_note (job, at);
  g_ptr_array_add (job->done, inos_moved_new (source, NULL));
}

/* The folder that it was in may have gone. */
static void restore_one (InosJob *job, GFile *source, GFile *target, guint at)
{
  g_autoptr (GError) error = NULL;
  guint before = job->done->len;

  if (!inos_trash_make_way (source, target, &error)) {
    note_error (job, target, error);
    return;
  }
  take_one (job, source, target);
  if (job->done->len > before)
    remove_note (job, at);
}

static GFile *target_of (InosJob *job, guint at)
{
  g_autofree char *name = NULL;

  if (job->plan.targets)
    return g_object_ref (job->plan.targets->pdata[at]);
  name = g_file_get_basename (job->plan.sources->pdata[at]);
  return g_file_get_child (job->plan.folder, name);
}

/* Disks are looked at for what may lie there alone: one of them may never answer. */
static gboolean is_trashed (InosJob *job, GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *name = folder ? g_file_get_basename (folder) : NULL;

  if (g_strcmp0 (name, "files") != 0)
    return FALSE;
  if (!job->trashes)
    job->trashes = inos_trash_get_folders();
  return inos_trash_holds (job->trashes, file);
}

/* Under the name that it had. Its note is a stranger's word: it names no folder here. */
static void take_out (InosJob *job, GFile *source)
{
  InosTrashEntry *entry = inos_trash_look (source);
  g_autoptr (GFile) parent = entry->origin ? g_file_get_parent (entry->origin) : NULL;
  g_autofree char *name = g_file_get_basename (parent ? entry->origin : source);
  g_autoptr (GFile) target = g_file_get_child (job->plan.folder, name);
  guint before = job->done->len;

  take_one (job, source, target);
  if (entry->note && job->plan.kind == INOS_JOB_MOVE && job->done->len > before)
    unlink (g_file_peek_path (entry->note));
  inos_trash_entry_free (entry);
}

static void carry_one (InosJob *job, GFile *source, guint at)
{
  g_autoptr (GFile) target = target_of (job, at);
  gboolean out = is_trashed (job, source), in = is_trashed (job, target);

  if (out && !in && !job->plan.targets)
    take_out (job, source);
  else if (in && !out && job->plan.targets) /* the way back: its note has gone */
    put_into_trash (job, source);
  else
    take_one (job, source, target);
}

static void do_one (InosJob *job, guint at)
{
  GFile *source = job->plan.sources->pdata[at];
  g_autoptr (GFile) target = NULL;

  switch (job->plan.kind) {
  case INOS_JOB_TRASH:
    put_into_trash (job, source);
    return;
  case INOS_JOB_DELETE:
    delete_one (job, source, at);
    return;
  case INOS_JOB_COPY:
  case INOS_JOB_MOVE:
    carry_one (job, source, at);
    return;
  case INOS_JOB_RESTORE:
    target = target_of (job, at);
    restore_one (job, source, target, at);
    return;
  }
}

static void measure (InosJob *job)
{
  guint64 total = 0;

  for (guint i = 0; i < job->plan.sources->len; i++) {
    guint64 bytes = 0, files = 0;

    if (g_cancellable_is_cancelled (job->cancellable))
      return;
    inos_disk_measure (job->plan.sources->pdata[i], job->cancellable, &bytes, &files);
    total += bytes;
  }
  g_mutex_lock (&job->lock);
  job->total = total;
  g_mutex_unlock (&job->lock);
}

/* What of these is in the trash still, the last first; InosTrashEntry, which entries own. */
static GPtrArray *find_all (InosJob *job, GPtrArray *trashed, GPtrArray *entries)
{
  GPtrArray *found = g_ptr_array_new();

  for (guint i = trashed->len; i > 0; i--) {
    const InosMoved *moved = trashed->pdata[i - 1];
    InosTrashEntry *entry = find_trashed (entries, moved, job->plan.since);

    if (entry && entry->note) {
      g_ptr_array_add (found, entry);
    } else {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "");

      note_error (job, moved->from, error);
    }
  }
  return found;
}

/* What was put into the trash becomes what lies there. */
static void find_in_trash (InosJob *job)
{
  g_autoptr (GPtrArray) entries = inos_trash_list (job->cancellable);
  g_autoptr (GPtrArray) found = find_all (job, job->plan.trashed, entries);
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func (g_object_unref);
  InosJobPlan *plan = &job->plan;

  plan->targets = g_ptr_array_new_with_free_func (g_object_unref);
  plan->notes = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < found->len; i++) {
    const InosTrashEntry *entry = found->pdata[i];

    g_ptr_array_add (sources, g_object_ref (entry->file));
    g_ptr_array_add (plan->targets, g_object_ref (entry->origin));
    g_ptr_array_add (plan->notes, g_object_ref (entry->note));
  }
  g_mutex_lock (&job->lock);
  g_ptr_array_unref (plan->sources);
  plan->sources = g_steal_pointer (&sources);
  g_mutex_unlock (&job->lock);
}

static void bring_back (InosJob *job, GPtrArray *found)
{
  for (guint i = 0; i < found->len; i++) {
    const InosTrashEntry *entry = found->pdata[i];
    g_autoptr (GError) error = NULL;

    if (!inos_trash_make_way (entry->file, entry->origin, &error) ||
        !inos_disk_move (entry->file, entry->origin, NULL, NULL, &error)) {
      note_error (job, entry->origin, error);
      continue;
    }
    unlink (g_file_peek_path (entry->note));
    g_ptr_array_add (job->done, inos_moved_new (entry->file, entry->origin));
  }
}

static void do_all (InosJob *job)
{
  for (guint i = 0; i < job->plan.sources->len; i++) {
    if (g_cancellable_is_cancelled (job->cancellable))
      break;
    g_mutex_lock (&job->lock);
    job->at = i;
    g_mutex_unlock (&job->lock);
    do_one (job, i);
  }
}

void inos_job_run (InosJob *job)
{
  g_autoptr (GPtrArray) entries = NULL, found = NULL;

  if (job->plan.replaced) {
    /* Before what is in their places lies there too. */
    entries = inos_trash_list (job->cancellable);
    found = find_all (job, job->plan.replaced, entries);
  }
  if (job->plan.trashed)
    find_in_trash (job);
  if (job->plan.kind == INOS_JOB_COPY || job->plan.kind == INOS_JOB_MOVE)
    measure (job);
  do_all (job);
  /* One that stays where it is keeps none but its own from its place. */
  if (found && !g_cancellable_is_cancelled (job->cancellable))
    bring_back (job, found);
}
