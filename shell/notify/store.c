/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define LONG_BYTES (2 * 1024 * 1024)
/* A rewritten journal can come to half of this where all is as long as it may be, what was cleared
 * as well, and needs two bytes a character; what is longer is none that we wrote. */
#define MAX_BYTES (16 * 1024 * 1024)

struct InosNoteStore {
  char *path;
  char *bus;
  int fd;          /* -1 where it cannot be written */
  gsize written;   /* bytes of the file */
  gsize rewritten; /* those that it had when it was last rewritten, or 0 */
  gboolean complained;
};

static void complain (InosNoteStore *self, const char *what)
{
  if (!self->complained)
    g_warning ("%s %s: %s. Notifications are shown, and forgotten when the shell ends", what,
               self->path, g_strerror (errno));
  self->complained = TRUE;
}

/* Reading */

static gint64 int_of (JsonObject *object, const char *name, gint64 other)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
           ? json_node_get_int (node)
           : other;
}

static gint64 element_of (JsonObject *object, const char *name, guint index)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonNode *element =
    array && index < json_array_get_length (array) ? json_array_get_element (array, index) : NULL;

  return element && JSON_NODE_HOLDS_VALUE (element) &&
             json_node_get_value_type (element) == G_TYPE_INT64
           ? json_node_get_int (element)
           : -1;
}

static gboolean find (GPtrArray *notes, gint64 id, guint *index)
{
  for (guint i = 0; i < notes->len; i++) {
    if (((InosNote *)g_ptr_array_index (notes, i))->id == id) {
      *index = i;
      return TRUE;
    }
  }
  return FALSE;
}

static void read_note (InosNoteMemory *memory, InosNote *note)
{
  guint index;

  if (find (memory->notes, note->id, &index))
    g_ptr_array_remove_index (memory->notes, index);
  g_ptr_array_insert (memory->notes, 0, note);
  if (note->id >= memory->next)
    memory->next = note->id == G_MAXUINT ? 1 : note->id + 1;
}

static void read_state (InosNoteMemory *memory, JsonObject *object)
{
  gint64 state = element_of (object, "state", 1);
  guint index;

  if (state >= INOS_NOTE_SHOWN && state <= INOS_NOTE_PAST &&
      find (memory->notes, element_of (object, "state", 0), &index))
    ((InosNote *)g_ptr_array_index (memory->notes, index))->state = (InosNoteState)state;
}

/* Whether it is a line of a journal; *same_bus as the first line says. */
static gboolean read_line (InosNoteStore *self, const char *line, InosNoteMemory *memory,
                           gboolean *same_bus)
{
  g_autoptr (JsonNode) root = json_from_string (line, NULL);
  JsonObject *object = root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *bus = object ? json_object_get_member (object, "bus") : NULL;
  InosNote *note;
  guint index;

  if (!object)
    return FALSE;
  memory->seen = MAX (memory->seen, int_of (object, "seen", 0));
  if (bus && JSON_NODE_HOLDS_VALUE (bus)) {
    *same_bus = g_strcmp0 (json_node_get_string (bus), self->bus) == 0;
    memory->next = (guint)CLAMP (int_of (object, "next", 1), 1, G_MAXUINT);
  } else if (json_object_has_member (object, "note")) {
    note = inos_note_load (json_object_get_member (object, "note"));
    if (!note)
      return FALSE;
    read_note (memory, note);
  } else if (json_object_has_member (object, "state")) {
    read_state (memory, object);
  } else if (find (memory->notes, element_of (object, "gone", 0), &index)) {
    g_ptr_array_remove_index (memory->notes, index);
  }
  return TRUE;
}

static void free_note (gpointer data)
{
  inos_note_free (data);
}

/* Returns whether it can be gone on with as it is. */
static gboolean read_file (InosNoteStore *self, InosNoteMemory *memory)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean same_bus = FALSE;
  guint bad = 0;
  gsize length;

  if (!g_file_get_contents (self->path, &text, &length, &error)) {
    if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      g_warning ("the history of notifications is begun anew: %s", error->message);
    return FALSE;
  }
  if (length > MAX_BYTES) {
    g_warning ("the history of notifications %s has %" G_GSIZE_FORMAT
               " bytes, which no shell wrote; it is begun anew",
               self->path, length);
    return FALSE;
  }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    /* The last one was begun and not ended, or is empty. */
    gboolean whole = lines[i + 1] != NULL;

    if (*lines[i] && (!whole || !read_line (self, lines[i], memory, &same_bus)))
      bad++;
  }
  if (bad > 0)
    g_warning ("%u line(s) of the history of notifications %s cannot be read and are left out", bad,
               self->path);
  for (guint i = 0; !same_bus && i < memory->notes->len; i++)
    g_clear_pointer (&((InosNote *)g_ptr_array_index (memory->notes, i))->sender, g_free);
  self->written = length;
  return same_bus && bad == 0 && length <= LONG_BYTES;
}

/* Writing */

static void append (InosNoteStore *self, const char *text, gsize length)
{
  if (self->fd < 0)
    return;
  /* In one piece: what else is torn is a line that ends early, and is left out. */
  if (write (self->fd, text, length) != (gssize)length)
    complain (self, "could not write");
  else
    self->written += length;
}

static void append_format (InosNoteStore *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void append_format (InosNoteStore *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  append (self, text, strlen (text));
}

static char *note_line (const InosNote *note)
{
  g_autoptr (JsonNode) node = inos_note_save (note);
  g_autofree char *json = json_to_string (node, FALSE);

  return g_strdup_printf ("{\"note\":%s}\n", json);
}

static void open_file (InosNoteStore *self)
{
  self->fd = open (self->path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  if (self->fd < 0)
    complain (self, "could not open");
}

void inos_note_store_rewrite (InosNoteStore *self, const InosNoteMemory *memory)
{
  /* Nobody waits for a disk where there is nothing to lose. */
  GFileSetContentsFlags flags =
    memory->notes->len > 0 ? G_FILE_SET_CONTENTS_CONSISTENT : G_FILE_SET_CONTENTS_NONE;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_string_append_printf (text, "{\"bus\":\"%s\",\"next\":%u,\"seen\":%" G_GINT64_FORMAT "}\n",
                          self->bus, memory->next, memory->seen);
  for (guint i = memory->notes->len; i > 0; i--) {
    g_autofree char *line = note_line (g_ptr_array_index (memory->notes, i - 1));

    g_string_append (text, line);
  }
  g_clear_fd (&self->fd, NULL);
  self->written = self->rewritten = text->len;
  if (!g_file_set_contents_full (self->path, text->str, (gssize)text->len, flags, 0600, &error)) {
    if (!self->complained)
      g_warning ("could not write %s: %s. Notifications are shown, and forgotten when the shell "
                 "ends",
                 self->path, error->message);
    self->complained = TRUE;
  }
  open_file (self);
}

InosNoteStore *inos_note_store_open (const char *path, const char *bus, InosNoteMemory *memory)
{
  InosNoteStore *self = g_new0 (InosNoteStore, 1);
  g_autofree char *folder = g_path_get_dirname (path);

  self->path = g_strdup (path);
  self->bus = g_strdup (bus);
  self->fd = -1;
  *memory = (InosNoteMemory){.notes = g_ptr_array_new_with_free_func (free_note), .next = 1};
  if (g_mkdir_with_parents (folder, 0700) != 0)
    complain (self, "there is no folder for");
  if (read_file (self, memory))
    open_file (self);
  else
    inos_note_store_rewrite (self, memory);
  return self;
}

void inos_note_store_close (InosNoteStore *self)
{
  if (!self)
    return;
  g_clear_fd (&self->fd, NULL);
  g_free (self->path);
  g_free (self->bus);
  g_free (self);
}

void inos_note_store_put (InosNoteStore *self, const InosNote *note)
{
  g_autofree char *line = note_line (note);

  append (self, line, strlen (line));
}

void inos_note_store_set_state (InosNoteStore *self, const InosNote *note)
{
  append_format (self, "{\"state\":[%u,%d]}\n", note->id, (int)note->state);
}

void inos_note_store_drop (InosNoteStore *self, guint id)
{
  append_format (self, "{\"gone\":[%u]}\n", id);
}

void inos_note_store_see (InosNoteStore *self, gint64 seen)
{
  append_format (self, "{\"seen\":%" G_GINT64_FORMAT "}\n", seen);
}

gboolean inos_note_store_is_long (InosNoteStore *self)
{
  return self->written > MAX (LONG_BYTES, 2 * self->rewritten);
}
