/*
 * Which processes are told of, in which order, and what there is to know of one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/processes_private.h"

#include "node/api/messages.h"
#include "node/machine/users.h"
#include "node/monitor/source.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WORDS_MAX 16
#define KERNEL_NAME 15 /* bytes of a name that the kernel keeps */
/* Bytes of rows that surely go in a frame. */
#define ANSWER_MAX (INOS_FRAME_MAX - 128 * 1024)
#define ROW_BYTES 112 /* of one besides its texts */
#define FILES_MAX 65536

/* The order: the larger first, texts from A to Z the other way round, as with numbers. */

static int by_number (double a, double b)
{
  return (a < b) - (a > b);
}

static int compare_cpu (const struct process *a, const struct process *b)
{
  return by_number (a->share, b->share);
}

static int compare_memory (const struct process *a, const struct process *b)
{
  return by_number ((double)a->stat.pages, (double)b->stat.pages);
}

static int compare_name (const struct process *a, const struct process *b)
{
  return g_ascii_strcasecmp (b->stat.name, a->stat.name);
}

static int compare_pid (const struct process *a, const struct process *b)
{
  return by_number (a->pid, b->pid);
}

static int compare_user (const struct process *a, const struct process *b)
{
  return by_number (a->uid, b->uid);
}

static int compare_unit (const struct process *a, const struct process *b)
{
  return strcmp (b->unit, a->unit);
}

static int compare_state (const struct process *a, const struct process *b)
{
  return strcmp (inos_process_state (b->stat.state), inos_process_state (a->stat.state));
}

static int compare_nice (const struct process *a, const struct process *b)
{
  return by_number (a->stat.nice, b->stat.nice);
}

static int compare_threads (const struct process *a, const struct process *b)
{
  return by_number (a->stat.threads, b->stat.threads);
}

static int compare_started (const struct process *a, const struct process *b)
{
  return by_number ((double)a->stat.start, (double)b->stat.start);
}

struct order {
  const char *name;
  int (*compare) (const struct process *a, const struct process *b);
};

static const struct order orders[] = {
  {"cpu", compare_cpu},     {"memory", compare_memory},   {"name", compare_name},
  {"nice", compare_nice},   {"pid", compare_pid},         {"started", compare_started},
  {"state", compare_state}, {"threads", compare_threads}, {"unit", compare_unit},
  {"user", compare_user},
};

struct sorting {
  const struct order *order;
  int way;
};

static gint compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const struct process *left = *(struct process *const *)a, *right = *(struct process *const *)b;
  const struct sorting *sorting = data;
  int way = sorting->way * sorting->order->compare (left, right);

  return way != 0 ? way : (left->pid > right->pid) - (left->pid < right->pid);
}

static bool find_order (const char *name, struct sorting *out, GError **error)
{
  out->way = *name == '-' ? -1 : 1;
  for (size_t i = 0; i < G_N_ELEMENTS (orders); i++)
    if (strcmp (orders[i].name, name + (*name == '-')) == 0) {
      out->order = &orders[i];
      return true;
    }
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD,
               "Processes cannot be ordered by “%s”. There are cpu, memory, name, nice, pid, "
               "started, state, threads, unit and user.",
               name);
  return false;
}

/* The search */

char *inos_process_shown (const struct process *process)
{
  const char *name = process->stat.name;
  size_t len = strcspn (process->command, " ");

  if (strlen (name) == KERNEL_NAME && len < INOS_PROCESS_COMMAND - 1) {
    const char *slash = memrchr (process->command, '/', len);
    const char *program = slash ? slash + 1 : process->command;
    size_t rest = len - (size_t)(program - process->command);
    if (rest > KERNEL_NAME && memcmp (program, name, KERNEL_NAME) == 0)
      return g_strndup (program, rest);
  }
  return g_utf8_make_valid (name, -1);
}

static bool fits (struct inos_processes *self, const struct process *process, char **words)
{
  char pid[16];

  snprintf (pid, sizeof pid, "%u", process->pid);
  for (char **word = words; *word; word++) {
    g_autofree char *name = inos_process_shown (process);
    const char *texts[] = {name, process->command, process->unit,
                           inos_users_name (self->users, process->uid)};
    bool found = strcmp (pid, *word) == 0;
    for (size_t i = 0; i < G_N_ELEMENTS (texts) && !found; i++) {
      g_autofree char *folded = g_utf8_casefold (texts[i], -1);
      found = strstr (folded, *word) != NULL;
    }
    if (!found)
      return false;
  }
  return true;
}

static GPtrArray *find (struct inos_processes *self, const char *search, bool own)
{
  g_autofree char *folded = g_utf8_casefold (search, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t", WORDS_MAX);
  GPtrArray *found = g_ptr_array_new();
  GHashTableIter iter;
  void *value;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    struct process *process = value;
    if ((!own || process->uid == self->uid) && fits (self, process, words))
      g_ptr_array_add (found, process);
  }
  return found;
}

/* The rows */

static size_t add_row (struct inos_processes *self, GVariantBuilder *rows,
                       const struct process *process)
{
  g_autofree char *name = inos_process_shown (process);
  const char *user = inos_users_name (self->users, process->uid);
  const char *state = inos_process_state (process->stat.state);

  g_variant_builder_add (rows, "(utussusdtuisbs)", process->pid, (guint64)process->stat.start,
                         process->stat.parent, name, user, process->uid, state, process->share,
                         (guint64)(process->stat.pages * self->page), process->stat.threads,
                         process->stat.nice, process->unit, process->uid == self->uid,
                         process->command);
  return ROW_BYTES + strlen (name) + strlen (user) + strlen (process->unit) +
         strlen (process->command);
}

GVariant *inos_processes_list (struct inos_processes *self, const char *search, const char *order,
                               bool own, uint32_t limit, gint64 now, GError **error)
{
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_PROCESS_ROWS_TYPE));
  struct sorting sorting;
  size_t bytes = 0;

  if (!find_order (order, &sorting, error))
    return NULL;
  double seconds = inos_processes_look (self, now);
  g_autoptr (GPtrArray) found = find (self, search, own);
  g_ptr_array_sort_with_data (found, compare, &sorting);
  limit = MIN (limit, INOS_PROCESS_ROWS_MAX);
  for (guint i = 0; i < MIN (found->len, limit) && bytes < ANSWER_MAX; i++)
    bytes += add_row (self, &rows, found->pdata[i]);
  return g_variant_new ("(uud" INOS_PROCESS_ROWS_TYPE ")", g_hash_table_size (self->known),
                        found->len, seconds, &rows);
}

/* One of them */

static void put (GVariantBuilder *dict, const char *key, GVariant *value)
{
  g_variant_builder_add (dict, "{sv}", key, value);
}

static void put_text (GVariantBuilder *dict, const char *key, const char *bytes, size_t len)
{
  put (dict, key, g_variant_new_take_string (g_utf8_make_valid (bytes, (gssize)len)));
}

/* What a link such as /proc/PID/exe leads to; only of one's own processes. */
static void put_link (struct inos_processes *self, GVariantBuilder *dict, const char *key,
                      uint32_t pid, const char *name)
{
  char path[40], target[4096];

  snprintf (path, sizeof path, "%u/%s", pid, name);
  ssize_t len = readlinkat (self->proc, path, target, sizeof target);
  if (len > 0)
    put_text (dict, key, target, (size_t)len);
}

static bool count_file (const char *name, void *data)
{
  uint32_t *count = data;

  return ++*count < FILES_MAX;
}

static void put_io (struct inos_processes *self, GVariantBuilder *dict, uint32_t pid)
{
  char path[40], buffer[1024];
  struct inos_scan text, line;
  uint64_t bytes;

  snprintf (path, sizeof path, "%u/io", pid);
  inos_source_read_once (self->proc, path, buffer, sizeof buffer, &text);
  while (inos_scan_line (&text, &line)) {
    struct inos_scan rest = line;
    if (inos_scan_skip (&rest, "read_bytes:") && inos_scan_u64 (&rest, &bytes))
      put (dict, "read", g_variant_new_uint64 (bytes));
    rest = line;
    if (inos_scan_skip (&rest, "write_bytes:") && inos_scan_u64 (&rest, &bytes))
      put (dict, "written", g_variant_new_uint64 (bytes));
  }
}

static void put_texts (struct inos_processes *self, GVariantBuilder *dict, uint32_t pid)
{
  char path[40], buffer[4096], cgroup[INOS_PROCESS_CGROUP];
  struct inos_scan text;
  uint32_t files = 0;

  snprintf (path, sizeof path, "%u/cmdline", pid);
  inos_source_read_once (self->proc, path, buffer, sizeof buffer, &text);
  size_t length = (size_t)(text.end - text.at);
  inos_process_words (buffer, &length);
  put_text (dict, "command", buffer, length);
  snprintf (path, sizeof path, "%u/cgroup", pid);
  inos_source_read_once (self->proc, path, buffer, sizeof buffer, &text);
  inos_process_parse_cgroup (text, cgroup, sizeof cgroup);
  put_text (dict, "cgroup", cgroup, strlen (cgroup));
  put_link (self, dict, "executable", pid, "exe");
  put_link (self, dict, "folder", pid, "cwd");
  snprintf (path, sizeof path, "%u/fd", pid);
  inos_dir_each (self->proc, path, count_file, &files);
  if (files > 0)
    put (dict, "files", g_variant_new_uint32 (files));
}

static void put_status (struct inos_processes *self, GVariantBuilder *dict, uint32_t pid)
{
  struct inos_process_status status;
  struct inos_scan text;
  char path[40], buffer[4096];

  snprintf (path, sizeof path, "%u/status", pid);
  if (!inos_source_read_once (self->proc, path, buffer, sizeof buffer, &text) ||
      !inos_process_parse_status (text, &status))
    return;
  put (dict, "user", g_variant_new_string (inos_users_name (self->users, status.uid)));
  put (dict, "uid", g_variant_new_uint32 (status.uid));
  put (dict, "mine", g_variant_new_boolean (status.uid == self->uid));
  put (dict, "own-memory", g_variant_new_uint64 (status.own));
  put (dict, "file-memory", g_variant_new_uint64 (status.file));
  put (dict, "shared-memory", g_variant_new_uint64 (status.shared));
  put (dict, "swap", g_variant_new_uint64 (status.swap));
}

/* µs since 1970 of ticks after the boot. */
static gint64 real_time (const struct inos_processes *self, uint64_t ticks)
{
  struct timespec boot;

  clock_gettime (CLOCK_BOOTTIME, &boot);
  double ago = (double)boot.tv_sec + (double)boot.tv_nsec / 1e9 - (double)ticks * self->tick;
  return g_get_real_time() - (gint64)(CLAMP (ago, 0, 1e11) * G_USEC_PER_SEC);
}

static void put_stat (struct inos_processes *self, GVariantBuilder *dict,
                      const struct inos_process_stat *stat)
{
  put_text (dict, "name", stat->name, strlen (stat->name));
  put (dict, "start", g_variant_new_uint64 (stat->start));
  put (dict, "started", g_variant_new_int64 (real_time (self, stat->start)));
  put (dict, "state", g_variant_new_string (inos_process_state (stat->state)));
  put (dict, "parent", g_variant_new_uint32 (stat->parent));
  put (dict, "threads", g_variant_new_uint32 (stat->threads));
  put (dict, "nice", g_variant_new_int32 (stat->nice));
  put (dict, "memory", g_variant_new_uint64 (stat->pages * self->page));
  put (dict, "cpu-time", g_variant_new_uint64 ((guint64)((double)stat->ticks * self->tick * 1e6)));
}

GVariant *inos_processes_inspect (struct inos_processes *self, uint32_t pid, uint64_t start,
                                  GError **error)
{
  g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  struct inos_process_stat stat;
  struct inos_scan text;
  char path[40], buffer[1024];

  snprintf (path, sizeof path, "%u/stat", pid);
  if (!inos_source_read_once (self->proc, path, buffer, sizeof buffer, &text) ||
      !inos_process_parse_stat (text, &stat) || (start != 0 && stat.start != start)) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND,
                 "There is no such process %u. It has ended.", pid);
    return NULL;
  }
  put (&dict, "pid", g_variant_new_uint32 (pid));
  put_stat (self, &dict, &stat);
  put_status (self, &dict, pid);
  put_texts (self, &dict, pid);
  put_io (self, &dict, pid);
  return g_variant_new ("(a{sv})", &dict);
}
