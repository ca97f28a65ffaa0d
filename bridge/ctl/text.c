/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text.h"

#include <glib/gi18n.h>
#include <math.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool turns_direction (gunichar c)
{
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

static bool is_dangerous (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);
  return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
         type == G_UNICODE_PARAGRAPH_SEPARATOR || turns_direction (c);
}

char *ctl_text_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    g_string_append_unichar (clean, is_dangerous (c) ? 0xFFFD : c);
  }
  return g_string_free (clean, FALSE);
}

static int char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

int ctl_text_width (const char *text)
{
  int width = 0;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += char_width (g_utf8_get_char (p));
  return width;
}

char *ctl_text_fit (const char *text, int columns)
{
  const char *end = text;
  int width = 0;

  if (ctl_text_width (text) <= columns)
    return g_strdup (text);
  if (columns < 1)
    return g_strdup ("");
  while (*end != '\0') {
    int next = char_width (g_utf8_get_char (end));
    if (width + next > columns - 1)
      break;
    width += next;
    end = g_utf8_next_char (end);
  }
  return g_strdup_printf ("%.*s…", (int)(end - text), text);
}

char *ctl_text_bytes (guint64 bytes)
{
  static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = (double)bytes;
  size_t unit = 0;

  if (bytes < 1024)
    return g_strdup_printf ("%u B", (unsigned)bytes);
  for (value /= 1024; value >= 1023.95 && unit + 1 < G_N_ELEMENTS (units); unit++)
    value /= 1024;
  return g_strdup_printf ("%.1f %s", value, units[unit]);
}

char *ctl_text_duration (guint64 seconds)
{
  guint64 minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

  if (days > 0)
    return g_strdup_printf (_ ("%u d %u h"), (unsigned)MIN (days, G_MAXUINT),
                            (unsigned)(hours % 24));
  if (hours > 0)
    return g_strdup_printf (_ ("%u h %u min"), (unsigned)hours, (unsigned)(minutes % 60));
  if (minutes > 0)
    return g_strdup_printf (_ ("%u min %u s"), (unsigned)minutes, (unsigned)(seconds % 60));
  return g_strdup_printf (_ ("%u s"), (unsigned)seconds);
}

char *ctl_text_bar (double fraction, int columns)
{
  bool unicode = g_get_charset (NULL);
  GString *bar = g_string_new (NULL);
  double bounded = isfinite (fraction) ? CLAMP (fraction, 0.0, 1.0) : 0.0;
  int full = (int)lround (bounded * columns);

  for (int i = 0; i < columns; i++) {
    if (unicode)
      g_string_append (bar, i < full ? "█" : "░");
    else
      g_string_append_c (bar, i < full ? '#' : '.');
  }
  return g_string_free (bar, FALSE);
}

enum ctl_paint ctl_text_severity (double fraction)
{
  if (fraction >= 0.9)
    return CTL_RED;
  return fraction >= 0.7 ? CTL_YELLOW : CTL_GREEN;
}

void ctl_text_paint (GString *out, enum ctl_paint paint, const char *text, bool color)
{
  static const char *const codes[] = {
    [CTL_PLAIN] = "0",  [CTL_BOLD] = "1",    [CTL_DIM] = "2",
    [CTL_GREEN] = "32", [CTL_YELLOW] = "33", [CTL_RED] = "31",
  };

  if (!color || paint == CTL_PLAIN)
    g_string_append (out, text);
  else
    g_string_append_printf (out, "\033[%sm%s\033[0m", codes[paint], text);
}

void ctl_text_terminal_size (int *columns, int *rows)
{
  struct winsize size = {0};

  *columns = *rows = 0;
  if (!isatty (STDOUT_FILENO))
    return;
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
    *columns = size.ws_col;
    *rows = size.ws_row;
  }
  if (*columns == 0)
    *columns = 80;
  if (*rows == 0)
    *rows = 24;
}

char *ctl_text_escape_json (const char *json)
{
  GString *safe = g_string_new (NULL);

  for (const char *p = json; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (c != '\n' && is_dangerous (c))
      g_string_append_printf (safe, "\\u%04x", c);
    else
      g_string_append_unichar (safe, c);
  }
  return g_string_free (safe, FALSE);
}

int ctl_text_draw_over (const char *text, int before)
{
  int columns, rows, count = 0;
  g_autoptr (GString) frame = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  ctl_text_terminal_size (&columns, &rows);
  if (before > 0)
    g_string_append_printf (frame, "\r\033[%dA", before);
  for (char **line = lines; *line != NULL && line[1] != NULL && count < rows - 1; line++, count++)
    g_string_append_printf (frame, "%s\033[K\n", *line);
  g_string_append (frame, "\033[J");
  g_print ("%s", frame->str);
  return count;
}

char *ctl_text_time (guint64 ns)
{
  static const struct {
    guint64 unit;
    const char *name;
  } units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "µs"}};

  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    if (ns >= units[i].unit)
      return g_strdup_printf ("%.*f %s", ns < 10 * units[i].unit ? 1 : 0,
                              (double)ns / (double)units[i].unit, units[i].name);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " ns", ns);
}

char *ctl_text_branch (const char *indent, bool last)
{
  bool ascii = !g_get_charset (NULL);

  return g_strconcat (indent, last ? (ascii ? "`- " : "└─ ") : (ascii ? "|- " : "├─ "), NULL);
}

char *ctl_text_below (const char *indent, bool last)
{
  return g_strconcat (indent, last ? "   " : (g_get_charset (NULL) ? "│  " : "|  "), NULL);
}
