/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/log_files.h"

#include "node/machine/log_line.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FOLDER "log"
#define SESSION "session"
#define OLD ".old"
/* A line that has no end yet is waited for, unless it is that long. */
#define LINE_MOST (64u * 1024)
/* A clock that is ahead of its file's by less is of the same day. */
#define AHEAD (60 * G_USEC_PER_SEC)

struct line {
  gint64 time, clock, span; /* -1: not known; from 1970, midnight, its program's begin */
  uint32_t priority, pid;
  GRefString *file; /* of which it is, without its ending; all its lines have the same */
  char *domain;     /* may be "" */
  char *message;
};

/* A file, which keeps its place when it is turned over. */
struct file {
  dev_t device;
  ino_t number; /* the next file may have that of one that was removed */
  gint64 born;  /* ns; 0: not known */
  char *name;
  off_t offset;
  unsigned seen;
};

struct inos_log_files {
  char *state;
  GArray *files;       /* struct file */
  GPtrArray *lines;    /* struct line; the oldest first, but for what was written late */
  uint64_t forgotten;  /* how many went before the first of lines */
  uint64_t generation; /* of the lines; 0: nothing was read */
  size_t bytes;
  unsigned look;
};

static void line_free (void *data)
{
  struct line *line = data;

  g_clear_pointer (&line->file, g_ref_string_release);
  g_free (line->domain);
  g_free (line->message);
  g_free (line);
}

static void file_clear (void *data)
{
  g_clear_pointer (&((struct file *)data)->name, g_free);
}

struct inos_log_files *inos_log_files_new (const char *state)
{
  struct inos_log_files *self = g_new0 (struct inos_log_files, 1);

  self->state = g_strdup (state);
  self->files = g_array_new (FALSE, TRUE, sizeof (struct file));
  g_array_set_clear_func (self->files, file_clear);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  return self;
}

void inos_log_files_forget (struct inos_log_files *self)
{
  g_array_set_size (self->files, 0);
  g_ptr_array_set_size (self->lines, 0);
  self->forgotten = self->generation = 0;
  self->bytes = 0;
}

void inos_log_files_free (struct inos_log_files *self)
{
  if (!self)
    return;
  g_array_unref (self->files);
  g_ptr_array_unref (self->lines);
  g_free (self->state);
  g_free (self);
}

/* Reading on */

static gint64 birth_of (int fd)
{
  struct statx is;

  if (statx (fd, "", AT_EMPTY_PATH, STATX_BTIME, &is) < 0 || !(is.stx_mask & STATX_BTIME))
    return 0;
  return is.stx_btime.tv_sec * INT64_C (1000000000) + is.stx_btime.tv_nsec;
}

/* Whether what was @before can be called @now. */
static bool is_turned_over (const char *before, const char *now)
{
  size_t length = strlen (before);

  return strncmp (before, now, length) == 0 &&
         (now[length] == '\0' || strcmp (now + length, OLD) == 0);
}

/* NULL: it was looked at under another name. */
static struct file *file_of (struct inos_log_files *self, const struct stat *is, gint64 born,
                             const char *name)
{
  for (guint i = 0; i < self->files->len; i++) {
    struct file *file = &g_array_index (self->files, struct file, i);
    if (file->device != is->st_dev || file->number != is->st_ino)
      continue;
    if (file->seen == self->look)
      return NULL;
    if (file->born != born || (born == 0 && !is_turned_over (file->name, name)))
      file->offset = 0; /* it is another */
    file->born = born;
    g_free (file->name);
    file->name = g_strdup (name);
    return file;
  }
  struct file file = {
    .device = is->st_dev, .number = is->st_ino, .born = born, .name = g_strdup (name)};
  g_array_append_val (self->files, file);
  return &g_array_index (self->files, struct file, self->files->len - 1);
}

/* Of lines that say how long after their program's begin they were written, the last was written at
 * @written. Of another run before it is not known when: at the latest then. */
static void date_spans (GPtrArray *lines, gint64 written)
{
  gint64 after = -1;

  for (guint i = lines->len; i > 0; i--) {
    struct line *line = g_ptr_array_index (lines, i - 1);

    if (line->span < 0)
      continue;
    if (after >= line->span)
      written -= after - line->span;
    after = line->span;
    line->time = MAX (written, 0);
  }
}

/* What lines say of the time: of most the clock alone. The last of them was not written after
 * @written, and those that say nothing are as old as the one before. */
static void date_lines (GPtrArray *lines, gint64 written)
{
  gint64 anchor = written, midnight = G_MAXINT64;

  for (guint i = lines->len; i > 0; i--) {
    struct line *line = g_ptr_array_index (lines, i - 1);

    if (line->time >= 0 || line->clock < 0)
      continue;
    if (midnight > anchor) {
      g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (anchor / G_USEC_PER_SEC);
      g_autoptr (GDateTime) day =
        then ? g_date_time_new_local (g_date_time_get_year (then), g_date_time_get_month (then),
                                      g_date_time_get_day_of_month (then), 0, 0, 0)
             : NULL;
      midnight = day ? g_date_time_to_unix (day) * G_USEC_PER_SEC : 0;
    }
    line->time = midnight + line->clock;
    if (line->time > anchor + AHEAD)
      line->time -= G_TIME_SPAN_DAY;
    line->time = MAX (line->time, 0);
    anchor = MIN (anchor, line->time);
  }
  gint64 before = -1;
  for (guint i = 0; i < lines->len && before < 0; i++)
    before = ((struct line *)g_ptr_array_index (lines, i))->time;
  if (before < 0)
    before = written;
  for (guint i = 0; i < lines->len; i++) {
    struct line *line = g_ptr_array_index (lines, i);
    if (line->time < 0)
      line->time = before;
    before = line->time;
  }
}

static void add_line (GPtrArray *lines, GRefString *file, const char *text, size_t length)
{
  struct inos_log_line parsed;
  struct line *line;

  inos_log_line_parse (text, length, &parsed);
  g_autofree char *message = inos_log_text (
    parsed.message, (size_t)(text + length - parsed.message), INOS_LOG_FIELD_MAX, NULL);
  if (*message == '\0')
    return;
  line = g_new0 (struct line, 1);
  *line = (struct line){
    .time = parsed.time,
    .clock = parsed.clock,
    .span = parsed.span,
    .priority = parsed.priority,
    .pid = parsed.pid,
    .file = g_ref_string_acquire (file),
    .domain = inos_log_text (parsed.domain, parsed.domain_length, INOS_LOG_UNIT_MAX, NULL),
    .message = g_steal_pointer (&message),
  };
  g_ptr_array_add (lines, line);
}

/* Where the last lines of a text begin, of which no more are remembered. */
static const char *last_lines (const char *at, const char *end)
{
  const char *stop = end;

  for (guint count = 0; stop > at; count++) {
    const char *before = memrchr (at, '\n', (size_t)(stop - at - 1));
    if (!before)
      return at;
    if (count >= INOS_LOG_LINES_MAX)
      return stop;
    stop = before + 1;
  }
  return at;
}

/* Lines that are whole, from where the last look ended; of more than a look takes, the last. */
static void read_on (struct file *file, int fd, const struct stat *is, GRefString *name,
                     GPtrArray *lines)
{
  bool skips = is->st_size - file->offset > (off_t)INOS_LOG_TAIL;

  if (skips)
    file->offset = is->st_size - (off_t)INOS_LOG_TAIL;
  size_t room = (size_t)(is->st_size - file->offset);
  g_autofree char *text = g_malloc (room + 1);
  ssize_t got = pread (fd, text, room, file->offset);
  const char *at = text, *end = text + MAX (got, 0), *stop;

  if (skips) {
    stop = memchr (at, '\n', (size_t)(end - at));
    at = stop ? stop + 1 : end;
  }
  at = last_lines (at, end);
  while (at < end) {
    stop = memchr (at, '\n', (size_t)(end - at));
    if (!stop && (size_t)(end - at) < LINE_MOST)
      break;
    add_line (lines, name, at, (size_t)((stop ? stop : end) - at));
    at = stop ? stop + 1 : end;
  }
  file->offset += at - text;
}

static int compare_lines (const void *a, const void *b)
{
  gint64 one = (*(struct line *const *)a)->time, other = (*(struct line *const *)b)->time;

  return (one > other) - (one < other);
}

static size_t size_of (const struct line *line)
{
  return strlen (line->message) + strlen (line->domain) + sizeof *line;
}

/* Forgets the first lines, until there are no more than are remembered. Returns: how many. */
static guint cut (GPtrArray *lines, size_t *bytes)
{
  guint gone = 0;

  while (lines->len - gone > INOS_LOG_LINES_MAX ||
         (*bytes > INOS_LOG_BYTES_MAX && gone < lines->len))
    *bytes -= size_of (g_ptr_array_index (lines, gone++));
  if (gone > 0)
    g_ptr_array_remove_range (lines, 0, gone);
  return gone;
}

/* What one look found. */
struct batch {
  GPtrArray *lines; /* struct line */
  size_t bytes;
};

/* Takes what @lines has. */
static void add_to_batch (struct batch *batch, GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++) {
    batch->bytes += size_of (g_ptr_array_index (lines, i));
    g_ptr_array_add (batch->lines, g_ptr_array_index (lines, i));
  }
  if (batch->lines->len <= INOS_LOG_LINES_MAX && batch->bytes <= INOS_LOG_BYTES_MAX)
    return;
  g_ptr_array_sort (batch->lines, compare_lines);
  cut (batch->lines, &batch->bytes);
}

static void look_at (struct inos_log_files *self, int folder, const char *name, struct batch *batch)
{
  struct stat is;
  int fd = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct file *file = NULL;

  if (fd < 0)
    return;
  if (fstat (fd, &is) == 0 && S_ISREG (is.st_mode))
    file = file_of (self, &is, birth_of (fd), name);
  if (file) {
    g_autoptr (GPtrArray) lines = g_ptr_array_new();
    g_autofree char *raw = g_strndup (name, strcspn (name, "."));
    g_autofree char *shown = inos_log_text (raw, strlen (raw), INOS_LOG_UNIT_MAX, NULL);
    g_autoptr (GRefString) shared = g_ref_string_new (shown);

    file->seen = self->look;
    if (is.st_size < file->offset)
      file->offset = 0; /* it was begun anew */
    if (is.st_size > file->offset)
      read_on (file, fd, &is, shared, lines);
    date_spans (lines, is.st_mtim.tv_sec * G_USEC_PER_SEC);
    date_lines (lines, is.st_mtim.tv_sec * G_USEC_PER_SEC + is.st_mtim.tv_nsec / 1000);
    add_to_batch (batch, lines);
  }
  close (fd);
}

static void take_batch (struct inos_log_files *self, struct batch *batch)
{
  g_ptr_array_sort (batch->lines, compare_lines);
  g_ptr_array_extend (self->lines, batch->lines, NULL, NULL);
  g_ptr_array_set_free_func (batch->lines, NULL);
  self->bytes += batch->bytes;
  self->forgotten += cut (self->lines, &self->bytes);
}

static bool is_log (const char *name)
{
  return name[0] != '.' && (g_str_has_suffix (name, ".log") || g_str_has_suffix (name, ".log" OLD));
}

static void look (struct inos_log_files *self)
{
  const struct dirent *entry;
  unsigned count = 0;

  if (!self->state)
    return;
  int state = open (self->state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (state < 0)
    return;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  struct batch batch = {.lines = lines};
  self->look++;
  if (self->generation == 0)
    self->generation = (uint64_t)g_get_real_time();
  look_at (self, state, SESSION ".log", &batch);
  int below = openat (state, FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *folder = below >= 0 ? fdopendir (below) : NULL;
  if (!folder && below >= 0)
    close (below);
  while (folder && count < INOS_LOG_FILES_MAX && (entry = readdir (folder)))
    if (is_log (entry->d_name)) {
      look_at (self, below, entry->d_name, &batch);
      count++;
    }
  if (folder)
    closedir (folder);
  close (state);
  for (guint i = self->files->len; i > 0; i--)
    if (g_array_index (self->files, struct file, i - 1).seen != self->look)
      g_array_remove_index_fast (self->files, i - 1);
  take_batch (self, &batch);
}

/* Answers */

bool inos_log_files_are (struct inos_log_files *self)
{
  if (!self->state)
    return false;
  g_autofree char *session = g_build_filename (self->state, SESSION ".log", NULL);
  g_autofree char *folder = g_build_filename (self->state, FOLDER, NULL);

  return access (session, R_OK) == 0 || access (folder, R_OK) == 0;
}

static char *cursor_of (const struct inos_log_files *self, guint index)
{
  const struct line *line = g_ptr_array_index (self->lines, index);

  return g_strdup_printf ("%" G_GINT64_MODIFIER "x.%" G_GINT64_MODIFIER "x.%" G_GINT64_MODIFIER "x",
                          self->generation, self->forgotten + index, (uint64_t)line->time);
}

/* Its place; of what was read anew, the last that is not younger. -1: before all. */
static gint64 place_of (const struct inos_log_files *self, const char *cursor, bool *same)
{
  g_auto (GStrv) parts = g_strsplit (cursor, ".", 4);
  guint64 numbers[3];

  *same = false;
  if (g_strv_length (parts) != G_N_ELEMENTS (numbers))
    return -1;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!g_ascii_string_to_unsigned (parts[i], 16, 0, G_MAXINT64, &numbers[i], NULL))
      return -1;
  if (numbers[0] == self->generation) {
    if (numbers[1] < self->forgotten)
      return -1;
    *same = numbers[1] - self->forgotten < self->lines->len;
    return *same ? (gint64)(numbers[1] - self->forgotten) : (gint64)self->lines->len - 1;
  }
  for (guint i = self->lines->len; i > 0; i--)
    if (((const struct line *)g_ptr_array_index (self->lines, i - 1))->time <= (gint64)numbers[2])
      return (gint64)i - 1;
  return -1;
}

/* Of what was read anew there is no more to know it by. */
static bool is_as_old (const struct inos_log_files *self, guint index, const char *cursor)
{
  g_autofree char *its = cursor_of (self, index);

  return strcmp (strrchr (its, '.'), strrchr (cursor, '.')) == 0;
}

static gint64 boot_time (void)
{
  struct timespec since;

  if (clock_gettime (CLOCK_BOOTTIME, &since) < 0)
    return 0;
  return g_get_real_time() - since.tv_sec * G_USEC_PER_SEC - since.tv_nsec / 1000;
}

static struct inos_log_entry entry_of (const struct line *line, const char *cursor)
{
  return (struct inos_log_entry){
    .cursor = cursor,
    .time = line->time,
    .priority = line->priority,
    .pid = line->pid,
    .unit = line->file,
    .program = line->domain,
    .message = line->message,
  };
}

/* Returns: whether another may be. */
static bool tell (const struct inos_log_files *self, guint index,
                  const struct inos_log_query *query, struct inos_log_answer *answer)
{
  const struct line *line = g_ptr_array_index (self->lines, index);
  g_autofree char *cursor = cursor_of (self, index), *shown = NULL;
  struct inos_log_entry entry = entry_of (line, cursor);
  bool goes_on = inos_log_answer_looks (answer, query, cursor);

  if (!inos_log_query_has (query, &entry))
    return goes_on;
  shown = inos_log_text (line->message, strlen (line->message), INOS_LOG_MESSAGE_MAX, &entry.cut);
  entry.message = shown;
  return inos_log_answer_add (answer, query, &entry) && goes_on;
}

void inos_log_files_read (struct inos_log_files *self, const struct inos_log_query *asked,
                          struct inos_log_answer *answer)
{
  struct inos_log_query query = *asked;
  bool same = false;

  look (self);
  gint64 length = self->lines->len, at = query.newer ? -1 : length;
  if (*query.boot && strcmp (query.boot, "this") != 0)
    return; /* there is no more of another */
  if (*query.boot)
    query.since = MAX (query.since, boot_time());
  if (*query.cursor) {
    at = place_of (self, query.cursor, &same);
    if (!same && !query.newer)
      at++; /* that one is not younger, and was not told of */
  }
  gint64 step = query.newer ? 1 : -1;
  for (at += step; at >= 0 && at < length; at += step)
    if (!tell (self, (guint)at, &query, answer)) {
      answer->more = at + step >= 0 && at + step < length;
      return;
    }
}

GVariant *inos_log_files_inspect (struct inos_log_files *self, const char *cursor)
{
  GVariantBuilder fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));
  bool same = false;

  if (self->generation == 0)
    look (self);
  gint64 at = place_of (self, cursor, &same);
  if (at < 0 || (!same && !is_as_old (self, (guint)at, cursor))) {
    g_variant_builder_clear (&fields);
    return NULL;
  }
  const struct line *line = g_ptr_array_index (self->lines, (guint)at);
  g_autofree char *priority = g_strdup_printf ("%u", line->priority);
  g_variant_builder_add (&fields, "(ss)", "MESSAGE", line->message);
  g_variant_builder_add (&fields, "(ss)", "PRIORITY", priority);
  g_variant_builder_add (&fields, "(ss)", "FILE", line->file);
  if (*line->domain)
    g_variant_builder_add (&fields, "(ss)", "GLIB_DOMAIN", line->domain);
  if (line->pid > 0) {
    g_autofree char *pid = g_strdup_printf ("%u", line->pid);
    g_variant_builder_add (&fields, "(ss)", "SYSLOG_PID", pid);
  }
  return g_variant_new ("(xa(ss))", line->time, &fields);
}
