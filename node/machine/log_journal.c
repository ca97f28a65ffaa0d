/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/log_journal.h"

#include "node/api/frame.h"
#include "node/machine/log_line.h"

#include <errno.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

static const char *const places[] = {"/var/log/journal", "/run/log/journal"};

struct inos_log_journal {
  char *folder;       /* NULL: the machine's */
  sd_journal *opened; /* NULL: not yet */
};

struct inos_log_journal *inos_log_journal_new (const char *folder)
{
  struct inos_log_journal *self = g_new0 (struct inos_log_journal, 1);

  self->folder = g_strdup (folder);
  return self;
}

void inos_log_journal_forget (struct inos_log_journal *self)
{
  g_clear_pointer (&self->opened, sd_journal_close);
}

void inos_log_journal_free (struct inos_log_journal *self)
{
  if (!self)
    return;
  inos_log_journal_forget (self);
  g_free (self->folder);
  g_free (self);
}

static bool fail (GError **error, const char *what, int code)
{
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_FAILED, "%s: %s.", what, g_strerror (-code));
  return false;
}

/* Also looks whether there are other files than before. */
static bool open_journal (struct inos_log_journal *self, GError **error)
{
  if (self->opened) {
    int changed = sd_journal_process (self->opened);
    if (changed < 0)
      return fail (error, "The journal cannot be read on", changed);
    return true;
  }
  int done = self->folder ? sd_journal_open_directory (&self->opened, self->folder, 0)
                          : sd_journal_open (&self->opened, SD_JOURNAL_LOCAL_ONLY);
  if (done < 0) {
    self->opened = NULL;
    return fail (error, "The journal cannot be opened", done);
  }
  sd_journal_set_data_threshold (self->opened, INOS_LOG_FIELD_MAX + 256);
  sd_journal_get_fd (self->opened); /* from now on it hears of new files */
  return true;
}

/* Who may read it */

/* Whether this machine's own entries in @place can be read; -1: there are none. */
static int can_read (const char *place, const char *machine)
{
  g_autofree char *file = g_build_filename (place, machine, "system.journal", NULL);

  if (access (file, R_OK) == 0)
    return 1;
  return errno == EACCES || errno == EPERM ? 0 : -1;
}

enum inos_log_reach inos_log_journal_reach (struct inos_log_journal *self)
{
  char machine[SD_ID128_STRING_MAX];
  bool refused = false, read = false;
  sd_id128_t id;

  if (self->folder)
    return access (self->folder, R_OK | X_OK) == 0 ? INOS_LOG_ALL
           : errno == EACCES                       ? INOS_LOG_REFUSED
                                                   : INOS_LOG_NONE;
  if (sd_id128_get_machine (&id) < 0)
    return INOS_LOG_NONE;
  sd_id128_to_string (id, machine);
  for (size_t i = 0; i < G_N_ELEMENTS (places); i++) {
    int can = can_read (places[i], machine);
    refused |= can == 0;
    read |= can == 1;
  }
  if (!refused)
    return read ? INOS_LOG_ALL : INOS_LOG_NONE;
  if (!open_journal (self, NULL))
    return INOS_LOG_REFUSED;
  sd_journal_flush_matches (self->opened);
  sd_journal_seek_tail (self->opened);
  return sd_journal_previous (self->opened) > 0 ? INOS_LOG_OWN : INOS_LOG_REFUSED;
}

/* What is meant */

static void match (sd_journal *journal, const char *field, const char *value)
{
  g_autofree char *text = g_strconcat (field, "=", value, NULL);

  sd_journal_add_match (journal, text, 0);
}

static void match_unit (sd_journal *journal, const char *unit)
{
  static const char *const fields[] = {"_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT", "UNIT", "USER_UNIT"};
  g_autofree char *service = g_strconcat (unit, ".service", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++) {
    match (journal, fields[i], unit);
    match (journal, fields[i], service); /* of the same field either is enough */
    sd_journal_add_disjunction (journal);
  }
  match (journal, "SYSLOG_IDENTIFIER", unit);
  sd_journal_add_disjunction (journal);
  match (journal, "_COMM", unit);
  sd_journal_add_conjunction (journal);
}

static bool set_matches (sd_journal *journal, const struct inos_log_query *query, GError **error)
{
  char boot[SD_ID128_STRING_MAX];
  sd_id128_t id;

  sd_journal_flush_matches (journal);
  if (*query->unit)
    match_unit (journal, query->unit);
  /* What says none of its own is INOS_LOG_INFO, which tell() looks at. */
  for (char priority[] = "0";
       query->priority < INOS_LOG_INFO && (uint32_t)(priority[0] - '0') <= query->priority;
       priority[0]++)
    match (journal, "PRIORITY", priority);
  if (strcmp (query->boot, "this") == 0) {
    if (sd_id128_get_boot (&id) < 0)
      return fail (error, "The machine does not say which boot this is", -ENOSYS);
    match (journal, "_BOOT_ID", sd_id128_to_string (id, boot));
  } else if (*query->boot) {
    match (journal, "_BOOT_ID", query->boot);
  }
  return true;
}

/* One entry */

static char *field (sd_journal *journal, const char *name, size_t most, bool *cut)
{
  const void *data;
  size_t length, skip = strlen (name) + 1;

  if (cut)
    *cut = false;
  if (sd_journal_get_data (journal, name, &data, &length) < 0 || length < skip)
    return NULL;
  return inos_log_text ((const char *)data + skip, length - skip, most, cut);
}

static char *first_field (sd_journal *journal, const char *const *names)
{
  char *text = NULL;

  for (; !text && *names; names++)
    text = field (journal, *names, INOS_LOG_UNIT_MAX, NULL);
  return text ? text : g_strdup ("");
}

static uint32_t number_field (sd_journal *journal, const char *const *names, uint32_t most,
                              uint32_t otherwise)
{
  g_autofree char *text = first_field (journal, names);
  guint64 number;

  return g_ascii_string_to_unsigned (text, 10, 0, most, &number, NULL) ? (uint32_t)number
                                                                       : otherwise;
}

static const char *const units[] = {"_SYSTEMD_USER_UNIT", "_SYSTEMD_UNIT", NULL};
static const char *const programs[] = {"SYSLOG_IDENTIFIER", "_COMM", NULL};
static const char *const pids[] = {"_PID", "SYSLOG_PID", NULL};
static const char *const priorities[] = {"PRIORITY", NULL};

/* Returns: whether another may be. */
static bool tell (sd_journal *journal, const struct inos_log_query *query, const char *cursor,
                  gint64 time, struct inos_log_answer *answer)
{
  g_autofree char *unit = first_field (journal, units);
  g_autofree char *program = first_field (journal, programs);
  bool cut;
  g_autofree char *message = field (journal, "MESSAGE", INOS_LOG_MESSAGE_MAX, &cut);
  struct inos_log_entry entry = {
    .cursor = cursor,
    .time = time,
    .priority = number_field (journal, priorities, INOS_LOG_PRIORITIES - 1, INOS_LOG_INFO),
    .pid = number_field (journal, pids, G_MAXINT32, 0),
    .unit = unit,
    .program = program,
    .message = message ? message : "",
    .cut = cut,
  };

  return entry.priority > query->priority || !inos_log_query_found (query, &entry) ||
         inos_log_answer_add (answer, query, &entry);
}

static int step (sd_journal *journal, bool newer)
{
  return newer ? sd_journal_next (journal) : sd_journal_previous (journal);
}

/* To the first entry that is looked at. Returns: as step(). */
static int begin (sd_journal *journal, const struct inos_log_query *query)
{
  int done;

  if (*query->cursor)
    done = sd_journal_seek_cursor (journal, query->cursor);
  else if (!query->newer)
    done = sd_journal_seek_tail (journal);
  else if (query->since > 0)
    done = sd_journal_seek_realtime_usec (journal, (uint64_t)query->since);
  else
    done = sd_journal_seek_head (journal);
  if (done < 0)
    return done;
  done = step (journal, query->newer);
  if (done > 0 && *query->cursor && sd_journal_test_cursor (journal, query->cursor) > 0)
    done = step (journal, query->newer); /* that was told of */
  return done;
}

bool inos_log_journal_read (struct inos_log_journal *self, const struct inos_log_query *query,
                            struct inos_log_answer *answer, GError **error)
{
  bool goes_on = true;
  int at;

  if (!open_journal (self, error) || !set_matches (self->opened, query, error))
    return false;
  for (at = begin (self->opened, query); at > 0; at = step (self->opened, query->newer)) {
    g_autofree char *cursor = NULL;
    uint64_t time = 0;

    if (!goes_on) {
      answer->more = true;
      return true;
    }
    if (sd_journal_get_cursor (self->opened, &cursor) < 0 ||
        strlen (cursor) > INOS_LOG_CURSOR_MAX ||
        sd_journal_get_realtime_usec (self->opened, &time) < 0)
      continue; /* it is damaged */
    if (!query->newer && query->since > 0 && (gint64)time < query->since)
      return true;
    goes_on = inos_log_answer_looks (answer, query, cursor);
    goes_on &= tell (self->opened, query, cursor, (gint64)time, answer);
  }
  if (at == -EINVAL && *query->cursor) {
    g_set_error_literal (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD,
                         "This is no place in the journal.");
    return false;
  }
  return at == 0 || fail (error, "The journal cannot be read", at);
}

GVariant *inos_log_journal_inspect (struct inos_log_journal *self, const char *cursor)
{
  GVariantBuilder fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));
  size_t length, bytes = 0, count = 0;
  uint64_t time = 0;
  const void *data;

  if (!open_journal (self, NULL))
    return NULL;
  sd_journal_flush_matches (self->opened);
  if (sd_journal_seek_cursor (self->opened, cursor) < 0 || sd_journal_next (self->opened) <= 0 ||
      sd_journal_test_cursor (self->opened, cursor) <= 0 ||
      sd_journal_get_realtime_usec (self->opened, &time) < 0)
    return NULL;
  sd_journal_restart_data (self->opened);
  while (count < INOS_LOG_FIELDS_MAX && bytes < INOS_LOG_FIELDS_BYTES &&
         sd_journal_enumerate_available_data (self->opened, &data, &length) > 0) {
    const char *text = data, *equals = memchr (text, '=', length);
    if (!equals)
      continue;
    size_t name_length = (size_t)(equals - text);
    g_autofree char *name = inos_log_text (text, name_length, INOS_LOG_UNIT_MAX, NULL);
    g_autofree char *value =
      inos_log_text (equals + 1, length - name_length - 1, INOS_LOG_FIELD_MAX, NULL);
    g_variant_builder_add (&fields, "(ss)", name, value);
    bytes += strlen (name) + strlen (value);
    count++;
  }
  return g_variant_new ("(xa(ss))", (gint64)time, &fields);
}

/* Boots */

/* Of the entry at which it is. */
static bool boot_here (sd_journal *journal, sd_id128_t *boot)
{
  uint64_t time;

  return sd_journal_get_monotonic_usec (journal, &time, boot) >= 0;
}

/* From an entry of @boot to the first one, whose time it returns; 0: there is none. */
static gint64 begin_of_boot (sd_journal *journal, sd_id128_t boot)
{
  char text[SD_ID128_STRING_MAX];
  uint64_t time = 0;

  sd_journal_flush_matches (journal);
  match (journal, "_BOOT_ID", sd_id128_to_string (boot, text));
  if (sd_journal_seek_head (journal) < 0 || sd_journal_next (journal) <= 0 ||
      sd_journal_get_realtime_usec (journal, &time) < 0)
    time = 0;
  return (gint64)time;
}

/* From the first entry of a boot to the entry before it, of whichever boot that is. */
static bool step_before (sd_journal *journal)
{
  g_autofree char *cursor = NULL;

  if (sd_journal_get_cursor (journal, &cursor) < 0)
    return false;
  sd_journal_flush_matches (journal);
  if (sd_journal_seek_cursor (journal, cursor) < 0 || sd_journal_previous (journal) <= 0)
    return false;
  return sd_journal_test_cursor (journal, cursor) <= 0 || sd_journal_previous (journal) > 0;
}

static bool has_boot (const GArray *boots, sd_id128_t boot)
{
  for (guint i = 0; i < boots->len; i++)
    if (sd_id128_equal (g_array_index (boots, sd_id128_t, i), boot))
      return true;
  return false;
}

static void tell_boot (GVariantBuilder *rows, sd_id128_t boot, gint64 time)
{
  char text[SD_ID128_STRING_MAX];

  g_variant_builder_add (rows, "(sx)", sd_id128_to_string (boot, text), time);
}

GVariant *inos_log_journal_boots (struct inos_log_journal *self)
{
  g_autoptr (GArray) walked = g_array_new (FALSE, FALSE, sizeof (sd_id128_t));
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sx)"));
  gint64 until = g_get_monotonic_time() + INOS_LOG_PATIENCE;
  sd_id128_t present = SD_ID128_NULL, boot;
  bool is_at;

  if (!open_journal (self, NULL))
    return g_variant_builder_end (&rows);
  if (sd_id128_get_boot (&present) >= 0)
    tell_boot (&rows, present, begin_of_boot (self->opened, present));
  sd_journal_flush_matches (self->opened);
  sd_journal_seek_tail (self->opened);
  is_at = sd_journal_previous (self->opened) > 0;
  while (is_at && walked->len < INOS_LOG_BOOTS_MAX && g_get_monotonic_time() < until) {
    if (!boot_here (self->opened, &boot) || has_boot (walked, boot)) {
      is_at = sd_journal_previous (self->opened) > 0; /* the clock went back and forth */
      continue;
    }
    gint64 time = begin_of_boot (self->opened, boot);
    g_array_append_val (walked, boot);
    if (!sd_id128_equal (boot, present))
      tell_boot (&rows, boot, time);
    is_at = time > 0 && step_before (self->opened);
  }
  return g_variant_builder_end (&rows);
}
