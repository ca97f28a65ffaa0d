/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "manager_logs.h"

#include "manager_node.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MACHINE "org.inos.Node1.Machine"
#define ROWS "a(sxussusb)"
#define PAGE 200u
#define PATIENCE 15000 /* ms */
#define NAMES_MOST 100u

struct InosLogExport {
  GDBusConnection *bus;
  GCancellable *cancellable;
  InosReply *reply;           /* NULL: was answered */
  InosLogExportFunc progress; /* NULL: was cancelled */
  gpointer data;
  char *node;         /* whose log; NULL: this machine's */
  GVariant *question; /* (ssssux): the first of ReadLog's */
  gboolean json;
  char *cursor;
  GPtrArray *lines; /* char *: the newest first */
  gsize bytes;
  gboolean all;
  char *path;       /* of what is written */
  gboolean written; /* it is there, whole */
};

static void export_free (InosLogExport *self)
{
  g_object_unref (self->bus);
  g_object_unref (self->cancellable);
  g_variant_unref (self->question);
  g_free (self->node);
  g_free (self->cursor);
  g_ptr_array_unref (self->lines);
  g_free (self->path);
  g_free (self);
}

static void fail (InosLogExport *self, const char *sentence)
{
  if (self->reply)
    inos_reply_fail (g_steal_pointer (&self->reply), "%s", sentence);
}

static void end (InosLogExport *self)
{
  if (self->progress)
    self->progress (-1, self->data);
  export_free (self);
}

/* A line */

static const char *priority_name (guint priority)
{
  static const char *const names[] = {"emerg",   "alert",  "crit", "err",
                                      "warning", "notice", "info", "debug"};

  return priority < G_N_ELEMENTS (names) ? names[priority] : "info";
}

static char *iso_time (gint64 time)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_local_usec (time);
  g_autofree char *text = moment ? g_date_time_format_iso8601 (moment) : NULL;

  return text ? g_steal_pointer (&text) : g_strdup ("-");
}

static char *text_line (const char *moment, guint priority, const char *who, guint pid,
                        const char *message, gboolean cut)
{
  g_auto (GStrv) lines = g_strsplit (message, "\n", -1);
  g_autofree char *whole = g_strjoinv ("\n    ", lines);
  g_autofree char *number = pid > 0 ? g_strdup_printf ("[%u]", pid) : g_strdup ("");

  return g_strdup_printf ("%s %s%s <%s>: %s%s\n", moment, who, number, priority_name (priority),
                          whole, cut ? " …" : "");
}

static void add_text (JsonObject *object, const char *name, const char *text)
{
  if (*text)
    json_object_set_string_member (object, name, text);
}

char *inos_log_export_line (GVariant *row, gboolean json)
{
  const char *unit, *program, *message;
  guint priority, pid;
  gboolean cut;
  gint64 time;

  g_variant_get (row, "(&sxu&s&su&sb)", NULL, &time, &priority, &unit, &program, &pid, &message,
                 &cut);
  g_autofree char *moment = iso_time (time);
  if (!json)
    return text_line (moment, priority, *program ? program : unit, pid, message, cut);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new();
  json_object_set_string_member (object, "time", moment);
  json_object_set_string_member (object, "priority", priority_name (priority));
  add_text (object, "unit", unit);
  add_text (object, "program", program);
  if (pid > 0)
    json_object_set_int_member (object, "pid", pid);
  json_object_set_string_member (object, "message", message);
  if (cut)
    json_object_set_boolean_member (object, "cut", TRUE);
  json_node_set_object (node, object);
  g_autofree char *text = json_to_string (node, FALSE);
  return g_strconcat (text, "\n", NULL);
}

/* Writing, in a thread */

static int create_file (InosLogExport *self, GError **error)
{
  const char *downloads = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);
  g_autoptr (GDateTime) now = g_date_time_new_now_local();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d-%H%M%S");
  int fd = -1;

  if (!downloads || g_mkdir_with_parents (downloads, 0755) < 0)
    downloads = g_get_home_dir();
  for (guint i = 0; i < NAMES_MOST && fd < 0; i++) {
    g_autofree char *more = i > 0 ? g_strdup_printf ("-%u", i + 1) : g_strdup ("");
    g_autofree char *name =
      g_strdup_printf ("inos-log-%s%s.%s", stamp, more, self->json ? "jsonl" : "txt");
    g_free (self->path);
    self->path = g_build_filename (downloads, name, NULL);
    fd = open (self->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno != EEXIST)
      break;
  }
  if (fd < 0)
    g_set_error (error, G_IO_ERROR, (gint)g_io_error_from_errno (errno), _ ("cannot write %s: %s"),
                 self->path, g_strerror (errno));
  return fd;
}

gboolean inos_log_export_write (GPtrArray *lines, int fd, GCancellable *cancellable, GError **error)
{
  FILE *stream = fdopen (fd, "w");
  gboolean whole = TRUE;
  int why = 0;

  if (!stream) {
    g_set_error_literal (error, G_IO_ERROR, (gint)g_io_error_from_errno (errno),
                         g_strerror (errno));
    close (fd);
    return FALSE;
  }
  for (guint i = lines->len; whole && i > 0 && !g_cancellable_is_cancelled (cancellable); i--) {
    whole = fputs (g_ptr_array_index (lines, i - 1), stream) >= 0;
    why = whole ? 0 : errno;
  }
  if (fclose (stream) != 0 && whole) {
    whole = FALSE;
    why = errno;
  }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!whole)
    g_set_error_literal (error, G_IO_ERROR, (gint)g_io_error_from_errno (why), g_strerror (why));
  return whole;
}

static void write_file (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  InosLogExport *self = data;
  GError *error = NULL;
  int fd = create_file (self, &error);

  if (fd < 0) {
    g_task_return_error (task, error);
  } else if (inos_log_export_write (self->lines, fd, cancellable, &error)) {
    self->written = TRUE;
    g_task_return_boolean (task, TRUE);
  } else {
    g_autofree char *why = g_steal_pointer (&error->message);

    unlink (self->path);
    error->message = g_strdup_printf (_ ("cannot write %s: %s"), self->path, why);
    g_task_return_error (task, error);
  }
}

static void on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  InosLogExport *self = data;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    if (self->written)
      unlink (self->path); /* it was cancelled since */
    fail (self, error->message);
  } else if (self->reply) {
    JsonNode *node = json_node_new (JSON_NODE_ARRAY);
    JsonArray *array = json_array_new();

    json_array_add_string_element (array, self->path);
    json_array_add_int_element (array, self->lines->len);
    json_array_add_boolean_element (array, self->all);
    json_node_take_array (node, array);
    inos_reply_ok (g_steal_pointer (&self->reply), node);
  }
  end (self);
}

static void begin_writing (InosLogExport *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, on_written, self);

  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, write_file);
}

/* Reading */

static void read_more (InosLogExport *self);

/* Whether another page is to be asked for. */
static gboolean take_page (InosLogExport *self, GVariant *answer)
{
  g_autoptr (GVariant) rows = NULL;
  const char *last;
  gboolean more;

  g_variant_get (answer, "(&s&s&sb@" ROWS ")", NULL, NULL, &last, &more, &rows);
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    char *line = inos_log_export_line (row, self->json);

    self->bytes += strlen (line);
    g_ptr_array_add (self->lines, line);
    if (self->lines->len >= INOS_LOG_EXPORT_MOST || self->bytes >= INOS_LOG_EXPORT_BYTES)
      return FALSE;
  }
  more = more && strcmp (last, self->cursor) != 0;
  self->all = !more;
  g_free (self->cursor);
  self->cursor = g_strdup (last);
  return more;
}

static void on_page (GObject *source, GAsyncResult *result, gpointer data)
{
  InosLogExport *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = inos_node_call_finish (source, result, "(sssb" ROWS ")", &error);

  if (!answer) {
    g_dbus_error_strip_remote_error (error);
    fail (self, error->message);
    end (self);
  } else if (take_page (self, answer)) {
    if (self->progress)
      self->progress (self->lines->len, self->data);
    read_more (self);
  } else {
    begin_writing (self);
  }
}

static void read_more (InosLogExport *self)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);

  for (gsize i = 0; i < g_variant_n_children (self->question); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (self->question, i);
    g_variant_builder_add_value (&builder, child);
  }
  g_variant_builder_add (&builder, "s", self->cursor);
  g_variant_builder_add (&builder, "b", FALSE);
  g_variant_builder_add (&builder, "u", PAGE);
  inos_node_call (self->bus, self->node, MACHINE, "ReadLog", g_variant_builder_end (&builder),
                  PATIENCE, self->cancellable, on_page, self);
}

InosLogExport *inos_log_export_begin (GDBusConnection *bus, JsonObject *args, InosReply *reply,
                                      InosLogExportFunc progress, gpointer data)
{
  static const InosQuestion asked = {MACHINE, "ReadLog", "", 0, {INOS_LOG_FILTER}};
  static const InosQuestion format = {MACHINE, "ReadLog", "", 0, {{"format", 's', 8}}};
  g_autoptr (GError) error = NULL;
  const char *node = NULL;
  GVariant *question = inos_question_node (args, &node, &error)
                         ? inos_question_arguments (&asked, args, &error)
                         : NULL;
  g_autoptr (GVariant) said = question ? inos_question_arguments (&format, args, &error) : NULL;
  const char *name = NULL;

  if (said)
    g_variant_get (g_variant_ref_sink (said), "(&s)", &name);
  if (!name || (strcmp (name, "text") != 0 && strcmp (name, "json") != 0)) {
    g_clear_pointer (&question, g_variant_unref);
    inos_reply_fail (reply, "%s", error ? error->message : "the format is text or json");
    return NULL;
  }
  InosLogExport *self = g_new0 (InosLogExport, 1);
  *self = (InosLogExport){
    .bus = g_object_ref (bus),
    .cancellable = g_cancellable_new(),
    .reply = reply,
    .progress = progress,
    .data = data,
    .node = g_strdup (node),
    .question = g_variant_ref_sink (question),
    .json = strcmp (name, "json") == 0,
    .cursor = g_strdup (""),
    .lines = g_ptr_array_new_with_free_func (g_free),
  };
  read_more (self);
  return self;
}

void inos_log_export_cancel (InosLogExport *self)
{
  self->progress = NULL;
  fail (self, _ ("No file was written."));
  g_cancellable_cancel (self->cancellable);
}
