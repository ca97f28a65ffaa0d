/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_password.h"

#include <glib/gi18n.h>
#include <string.h>

#define PROGRAM "passwd"
#define PATIENCE 30    /* s: PAM waits for a while after a wrong password */
#define SAID_MOST 4096 /* bytes of what it says */
#define CHUNK 256

typedef struct {
  GSubprocess *program;
  char *old, *wanted;
  InosPasswordFunc done;
  gpointer data;
  GString *said; /* since the last answer */
  gsize total;   /* of all that it said */
  gboolean knew; /* the old one was asked for and not refused */
  guint new_asked, answers, source;
  gboolean out; /* it takes nothing more */
} Change;

static void forget (char *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

static void change_free (Change *change)
{
  g_clear_handle_id (&change->source, g_source_remove);
  g_object_unref (change->program);
  forget (change->old);
  forget (change->wanted);
  g_string_free (change->said, TRUE);
  g_free (change);
}

gboolean inos_password_can_change (void)
{
  g_autofree char *path = g_find_program_in_path (PROGRAM);

  return path != NULL;
}

/* The last line that is no question and not the program's own summary; may be "". Transfer full. */
static char *reason_of (const char *said)
{
  g_auto (GStrv) lines = g_strsplit (said, "\n", -1);
  g_autofree char *found = g_strdup ("");

  for (char **line = lines; *line; line++) {
    const char *text = g_strstrip (*line);

    if (*text == '\0' || g_str_has_suffix (text, ":") || strstr (text, "unchanged") ||
        strstr (text, "token manipulation") || g_str_has_prefix (text, "Changing password"))
      continue;
    g_free (found);
    found = g_utf8_make_valid (text, -1);
  }
  return g_steal_pointer (&found);
}

static void on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Change *change = data;
  g_autofree char *reason = reason_of (change->said->str);
  g_autofree char *sentence = NULL;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  if (g_subprocess_get_if_exited (change->program) &&
      g_subprocess_get_exit_status (change->program) == 0)
    sentence = NULL;
  else if (change->answers == 1 && !change->knew)
    sentence = g_strdup (_ ("Your present password is another one. Nothing has changed."));
  else if (*reason)
    /* Translators: %s is what the system's rules for passwords say, in English. */
    sentence = g_strdup_printf (_ ("The password was not taken: %s"), reason);
  else
    sentence = g_strdup (_ ("The password was not taken. Nothing has changed."));
  change->done (sentence, change->data);
  change_free (change);
}

static void end (Change *change, gboolean kills)
{
  if (change->out)
    return;
  change->out = TRUE;
  if (kills)
    g_subprocess_force_exit (change->program);
  g_subprocess_wait_async (change->program, NULL, on_ended, change);
}

static gboolean on_late (gpointer data)
{
  Change *change = data;

  change->source = 0;
  g_subprocess_force_exit (change->program); /* which ends what it says */
  return G_SOURCE_REMOVE;
}

static gboolean say (Change *change, const char *answer)
{
  GOutputStream *stream = g_subprocess_get_stdin_pipe (change->program);

  change->answers++;
  g_string_truncate (change->said, 0);
  return g_output_stream_write_all (stream, answer, strlen (answer), NULL, NULL, NULL) &&
         g_output_stream_write_all (stream, "\n", 1, NULL, NULL, NULL) &&
         g_output_stream_flush (stream, NULL, NULL);
}

/* It asks when it has said something without an end of line. FALSE: it is not to go on. */
static gboolean answer (Change *change)
{
  const char *line = strrchr (change->said->str, '\n');

  line = line ? line + 1 : change->said->str;
  if (!g_str_has_suffix (line, ": "))
    return TRUE;
  if (strstr (line, "Retype") || strstr (line, "again"))
    return say (change, change->wanted);
  if (strstr (line, "New") || strstr (line, "new")) {
    change->knew = TRUE;
    /* Asked once more: it did not like the first one. */
    return change->new_asked++ == 0 && say (change, change->wanted);
  }
  return change->answers == 0 && say (change, change->old);
}

static void read_more (Change *change);

static void on_said (GObject *source, GAsyncResult *result, gpointer data)
{
  Change *change = data;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  gsize size = bytes ? g_bytes_get_size (bytes) : 0;

  if (size == 0 || (change->total += size) > SAID_MOST) {
    end (change, size > 0);
    return;
  }
  g_string_append_len (change->said, g_bytes_get_data (bytes, NULL), (gssize)size);
  if (answer (change))
    read_more (change);
  else
    end (change, TRUE);
}

static void read_more (Change *change)
{
  g_input_stream_read_bytes_async (g_subprocess_get_stdout_pipe (change->program), CHUNK,
                                   G_PRIORITY_DEFAULT, NULL, on_said, change);
}

void inos_password_change (const char *old, const char *wanted, InosPasswordFunc done,
                           gpointer data)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  GSubprocess *program;
  Change *change;

  /* Its questions are known by their words. */
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "LANGUAGE");
  program = g_subprocess_launcher_spawn (launcher, &error, PROGRAM, NULL);
  if (!program) {
    done (error->message, data);
    return;
  }
  change = g_new0 (Change, 1);
  *change = (Change){.program = program,
                     .old = g_strdup (old),
                     .wanted = g_strdup (wanted),
                     .done = done,
                     .data = data,
                     .said = g_string_new (NULL)};
  change->source = g_timeout_add_seconds (PATIENCE, on_late, change);
  read_more (change);
}
