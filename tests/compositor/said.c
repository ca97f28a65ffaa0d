#include "said.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <wlr/util/log.h>

/* The log has no place for a pointer of ours. */
static GPtrArray *lines;

static void G_GNUC_PRINTF (2, 0)
  on_line (enum wlr_log_importance importance, const char *format, va_list arguments)
{
  char *line = g_strdup_vprintf (format, arguments);
  if (lines) {
    g_ptr_array_add (lines, line);
    return;
  }
  if (importance == WLR_ERROR)
    g_printerr ("%s\n", line);
  g_free (line);
}

void said_begin (void)
{
  if (!lines)
    lines = g_ptr_array_new_with_free_func (g_free);
  said_forget();
  wlr_log_init (WLR_INFO, on_line);
}

void said_end (void)
{
  g_clear_pointer (&lines, g_ptr_array_unref);
}

void said_forget (void)
{
  g_ptr_array_set_size (lines, 0);
}

unsigned int said_count (const char *who, const char *what)
{
  unsigned int count = 0;
  for (guint i = 0; i < lines->len; i++)
    count += (!who || strstr (lines->pdata[i], who)) && strstr (lines->pdata[i], what);
  return count;
}

static void fail_unless_said (const char *who, const char *what)
{
  if (said_count (who, what) > 0)
    return;
  /* Not by fail_msg, which cuts long texts. */
  for (guint i = 0; i < lines->len; i++)
    g_printerr ("  %s\n", (const char *)lines->pdata[i]);
  fail_msg ("of %s it is not said: %s", who ? who : "anybody", what);
}

void assert_said_of (pid_t pid, const char *what)
{
  g_autofree char *who = g_strdup_printf ("process %d", (int)pid);
  fail_unless_said (who, what);
}

void assert_said (const char *what)
{
  fail_unless_said (NULL, what);
}

void assert_not_said (const char *what)
{
  if (said_count (NULL, what) > 0)
    fail_msg ("it is said: %s", what);
}
