/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_disk.h"
#include "files_part.h"
#include "files_trash.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_BYTES 1024
/* Numbers of files that were made that a page is told. */
#define IDS_MOST 1000

/* The way back of a deed. */
typedef struct {
  InosFiles *files;
  InosJobKind kind;
  GPtrArray *done;     /* InosMoved */
  GPtrArray *replaced; /* InosMoved */
  gint64 since;
} Way;

static Way *way_new (InosFiles *files, InosJobKind kind, GPtrArray *done, GPtrArray *replaced,
                     gint64 since)
{
  Way *way = g_new0 (Way, 1);

  *way = (Way){files, kind, g_ptr_array_ref (done), g_ptr_array_ref (replaced), since};
  return way;
}

static void way_free (gpointer data)
{
  Way *way = data;

  g_ptr_array_unref (way->done);
  g_ptr_array_unref (way->replaced);
  g_free (way);
}

static GPtrArray *new_list (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

static void touch_all (InosFiles *self, GPtrArray *done, GPtrArray *replaced)
{
  for (guint i = 0; i < done->len; i++) {
    const InosMoved *moved = done->pdata[i];

    if (moved->from)
      inos_files_touch (self, moved->from);
    if (moved->to)
      inos_files_touch (self, moved->to);
  }
  for (guint i = 0; i < replaced->len; i++)
    inos_files_touch (self, ((InosMoved *)replaced->pdata[i])->from);
}

/* Going back */

/* One reply that is answered once, by the end of a job or by the window's. */
typedef struct {
  InosFiles *files;
  InosReply *reply;
  guint view; /* which asked for it */
} Answer;

static void answer_free (gpointer data)
{
  Answer *answer = data;

  if (answer->reply)
    inos_reply_fail (answer->reply, "%s", _ ("The window was closed."));
  g_free (answer);
}

static Answer *answer_new (InosFiles *files, guint view)
{
  Answer *answer = g_new0 (Answer, 1);

  *answer = (Answer){.files = files, .view = view};
  return answer;
}

/* It was tried, and is not to be tried again: what went wrong is no failure of the command. */
static void answer_error (InosReply *reply, const char *error)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "error", error ? error : "");
  json_node_take_object (node, object);
  inos_reply_ok (reply, node);
}

static void on_went_back (InosJobKind kind, GPtrArray *done, GPtrArray *replaced, gint64 since,
                          const char *error, gpointer data)
{
  Answer *answer = data;
  InosReply *reply = g_steal_pointer (&answer->reply);

  touch_all (answer->files, done, replaced);
  answer_error (reply, error);
}

static void start_back (InosFiles *self, InosJobPlan *plan, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  Answer *answer = answer_new (self, 0);

  if (inos_jobs_start (self->jobs, plan, on_went_back, answer, answer_free, &error))
    answer->reply = reply;
  else
    inos_reply_fail (reply, "%s", error->message);
}

static GPtrArray *list_of (GPtrArray *done, gboolean to)
{
  GPtrArray *list = new_list();

  for (guint i = done->len; i > 0; i--) {
    const InosMoved *moved = done->pdata[i - 1];
    GFile *file = to ? moved->to : moved->from;

    if (file)
      g_ptr_array_add (list, g_object_ref (file));
  }
  return list;
}

/* A folder that was made and that nobody has put anything into leaves nothing behind. */
static gboolean unmake_folder (Way *way)
{
  const InosMoved *made = way->done->len == 1 ? way->done->pdata[0] : NULL;

  if (!made || made->from || !made->to || rmdir (g_file_peek_path (made->to)) != 0)
    return FALSE;
  inos_files_touch (way->files, made->to);
  return TRUE;
}

static void go_back (gpointer data, InosReply *reply)
{
  Way *way = data;
  InosJobPlan plan = {.kind = INOS_JOB_TRASH, .since = way->since};

  if (unmake_folder (way)) {
    answer_error (reply, NULL);
    return;
  }
  if (way->kind == INOS_JOB_TRASH) {
    plan.kind = INOS_JOB_RESTORE;
    plan.sources = new_list();
    plan.trashed = g_ptr_array_ref (way->done);
  } else {
    plan.sources = list_of (way->done, TRUE);
    if (way->kind == INOS_JOB_MOVE) {
      plan.kind = INOS_JOB_MOVE;
      plan.targets = list_of (way->done, FALSE);
    }
  }
  if (way->replaced->len > 0)
    plan.replaced = g_ptr_array_ref (way->replaced);
  start_back (way->files, &plan, reply);
}

/* Answers */

/* Numbers of what was made, of the view that asked. */
static JsonArray *ids_of (InosFiles *self, GPtrArray *done, guint view)
{
  JsonArray *ids = json_array_new();

  for (guint i = 0; i < done->len && json_array_get_length (ids) < IDS_MOST; i++) {
    const InosMoved *moved = done->pdata[i];

    for (guint k = 0; moved->to && k < self->views->len; k++) {
      guint id = inos_view_expect (self->views->pdata[k], moved->to);

      if (id && inos_view_get_number (self->views->pdata[k]) == view)
        json_array_add_int_element (ids, id);
    }
  }
  return ids;
}

static void answer_deed (InosFiles *self, guint view, GPtrArray *done, Way *way, const char *error,
                         InosReply *reply)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "undo",
                              way ? inos_undos_add (self->undos, go_back, way, way_free) : 0);
  json_object_set_int_member (object, "done", done->len);
  json_object_set_string_member (object, "error", error ? error : "");
  json_object_set_array_member (object, "ids", ids_of (self, done, view));
  json_node_take_object (node, object);
  inos_reply_ok (reply, node);
}

static void on_done (InosJobKind kind, GPtrArray *done, GPtrArray *replaced, gint64 since,
                     const char *error, gpointer data)
{
  Answer *answer = data;
  InosFiles *self = answer->files;
  InosReply *reply = g_steal_pointer (&answer->reply);
  gboolean has_way = kind != INOS_JOB_DELETE && done->len > 0;

  touch_all (self, done, replaced);
  if (done->len == 0 && error)
    inos_reply_fail (reply, "%s", error);
  else
    answer_deed (self, answer->view, done,
                 has_way ? way_new (self, kind, done, replaced, since) : NULL, error, reply);
}

static gboolean start (InosFiles *self, InosJobPlan *plan, guint view, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  Answer *answer = answer_new (self, view);
  gboolean ok = inos_jobs_start (self->jobs, plan, on_done, answer, answer_free, &error);

  if (ok)
    answer->reply = reply;
  else
    inos_reply_fail (reply, "%s", error->message);
  return ok;
}

gboolean inos_files_carry (InosFiles *self, gboolean move, GPtrArray *files, GFile *folder,
                           guint view, InosReply *reply)
{
  InosJobPlan plan = {.kind = move ? INOS_JOB_MOVE : INOS_JOB_COPY,
                      .sources = g_ptr_array_ref (files),
                      .folder = g_object_ref (folder)};

  return start (self, &plan, view, reply);
}

gboolean inos_files_discard (InosFiles *self, GPtrArray *files, InosReply *reply)
{
  InosJobPlan plan = {.kind = INOS_JOB_TRASH, .sources = g_ptr_array_ref (files)};

  return start (self, &plan, 0, reply);
}

/* Commands */

void inos_files_run_trash (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  g_autoptr (GPtrArray) items = inos_files_get_items (self, args, reply);
  g_autoptr (GPtrArray) files = items ? inos_files_of_items (items) : NULL;

  if (files)
    inos_files_discard (self, files, reply);
}

static void unref_maybe (gpointer object)
{
  g_clear_object (&object);
}

static void add_note (GPtrArray *notes, GFile *note)
{
  g_ptr_array_add (notes, note ? g_object_ref (note) : NULL);
}

static GPtrArray *notes_of (GPtrArray *items)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func (unref_maybe);

  for (guint i = 0; i < items->len; i++)
    add_note (notes, ((InosItem *)items->pdata[i])->note);
  return notes;
}

void inos_files_run_delete (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  g_autoptr (GPtrArray) items = inos_files_get_items (self, args, reply);
  InosJobPlan plan = {.kind = INOS_JOB_DELETE};

  if (!items)
    return;
  plan.sources = inos_files_of_items (items);
  plan.notes = notes_of (items);
  start (self, &plan, 0, reply);
}

void inos_files_run_restore (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  g_autoptr (GPtrArray) items = inos_files_get_items (self, args, reply);
  InosJobPlan plan = {.kind = INOS_JOB_RESTORE};

  if (!items)
    return;
  for (guint i = 0; i < items->len; i++)
    if (!((InosItem *)items->pdata[i])->origin) {
      inos_reply_fail (reply, "%s",
                       _ ("Nobody knows where this was. Cut it, and paste it where it should be."));
      return;
    }
  plan.sources = inos_files_of_items (items);
  plan.notes = notes_of (items);
  plan.targets = new_list();
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (plan.targets, g_object_ref (((InosItem *)items->pdata[i])->origin));
  start (self, &plan, 0, reply);
}

/* One that is done at once, with its way back. */
static void answer_at_once (InosFiles *self, InosView *view, InosJobKind kind, GFile *from,
                            GFile *to, InosReply *reply)
{
  g_autoptr (GPtrArray) done = g_ptr_array_new_with_free_func (inos_moved_free);
  g_autoptr (GPtrArray) none = new_list();
  gint64 now = g_get_real_time() / G_USEC_PER_SEC;

  g_ptr_array_add (done, inos_moved_new (from, to));
  touch_all (self, done, none);
  answer_deed (self, inos_view_get_number (view), done, way_new (self, kind, done, none, now), NULL,
               reply);
}

void inos_files_run_folder (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  InosView *view = inos_files_get_view (self, args, reply);
  GFile *parent = view ? inos_view_get_folder (view) : NULL;
  g_autoptr (GFile) folder = NULL;
  g_autoptr (GError) error = NULL;

  if (!view)
    return;
  if (!parent) {
    inos_reply_fail (reply, "%s", _ ("No folder can be made here."));
    return;
  }
  folder = inos_disk_free_name (parent, _ ("New Folder"));
  if (g_file_make_directory (folder, NULL, &error)) {
    answer_at_once (self, view, INOS_JOB_COPY, NULL, folder, reply);
  } else {
    g_autofree char *name = inos_disk_shown_name (parent);
    g_autofree char *sentence = inos_disk_say (error, name);

    inos_reply_fail (reply, "%s", sentence);
  }
}

void inos_files_run_rename (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  InosView *view = inos_files_get_view (self, args, reply);
  const InosItem *item = view ? inos_files_get_item (self, view, args, reply) : NULL;
  const char *name = inos_args_get_string (args, "name", NAME_MAX_BYTES, NULL);
  const char *given = json_object_get_string_member_with_default (args, "name", NULL);
  const char *why = name ? inos_disk_why_no_name (name)
                    : given && g_str_equal (given, "")
                      ? inos_disk_why_no_name (given)
                      : _ ("This name is too long. A disk takes up "
                           "to 255 bytes.");
  g_autoptr (GFile) parent = NULL;
  g_autoptr (GFile) target = NULL;
  g_autoptr (GError) error = NULL;

  if (!item)
    return;
  parent = g_file_get_parent (item->file);
  if (why || !parent || inos_view_get_kind (view) == INOS_VIEW_TRASH) {
    inos_reply_fail (reply, "%s", why ? why : _ ("What is in the trash keeps its name."));
    return;
  }
  target = g_file_get_child (parent, name);
  if (inos_disk_rename (item->file, target, &error)) {
    g_autoptr (GFile) from = g_object_ref (item->file);

    answer_at_once (self, view, INOS_JOB_MOVE, from, target, reply);
  } else {
    g_autofree char *shown =
      error->code == G_IO_ERROR_EXISTS ? g_strdup (name) : inos_disk_shown_name (item->file);
    g_autofree char *sentence = inos_disk_say (error, shown);

    inos_reply_fail (reply, "%s", sentence);
  }
}

void inos_files_run_undo (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint serial;

  if (inos_args_get_uint (args, "undo", G_MAXUINT, &serial, &error))
    inos_undos_run (inos_files_of (context)->undos, serial, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

void inos_files_run_cancel (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint job;

  if (inos_args_get_uint (args, "job", G_MAXUINT, &job, &error))
    inos_jobs_cancel (inos_files_of (context)->jobs, job);
  inos_command_finish (reply, !error, error);
}

void inos_files_run_answer (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *answer = inos_args_get_string (args, "answer", 16, &error);
  gboolean all = FALSE;
  guint job;

  if (answer && inos_args_get_uint (args, "job", G_MAXUINT, &job, &error) &&
      inos_args_get_boolean (args, "all", &all, &error))
    inos_jobs_answer (inos_files_of (context)->jobs, job, answer, all);
  inos_command_finish (reply, !error, error);
}
