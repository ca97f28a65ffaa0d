/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/machine/log_line.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)
#define DOMAIN_MOST 64u
#define ISO_SHORTEST 19u /* 2026-01-31T12:34:56 */
#define ISO_LONGEST 40u

struct rest {
  const char *at, *end;
};

static bool take (struct rest *rest, const char *text)
{
  size_t length = strlen (text);

  if ((size_t)(rest->end - rest->at) < length || memcmp (rest->at, text, length) != 0)
    return false;
  rest->at += length;
  return true;
}

static bool take_digits (struct rest *rest, size_t count, gint64 *number)
{
  if ((size_t)(rest->end - rest->at) < count)
    return false;
  *number = 0;
  for (size_t i = 0; i < count; i++) {
    if (!g_ascii_isdigit (rest->at[i]))
      return false;
    *number = *number * 10 + (rest->at[i] - '0');
  }
  rest->at += count;
  return true;
}

/* "16:31:22.123", and what comes after it */
static bool take_clock (struct rest *rest, const char *after, gint64 *clock)
{
  struct rest now = *rest;
  gint64 hours, minutes, seconds, ms;

  if (!take_digits (&now, 2, &hours) || !take (&now, ":") || !take_digits (&now, 2, &minutes) ||
      !take (&now, ":") || !take_digits (&now, 2, &seconds) || !take (&now, ".") ||
      !take_digits (&now, 3, &ms) || !take (&now, after) || hours > 23 || minutes > 59 ||
      seconds > 60)
    return false;
  *clock = ((hours * 60 + minutes) * 60 + seconds) * SECOND + ms * 1000;
  *rest = now;
  return true;
}

/* "(inos-node:123): " */
static bool take_process (struct rest *rest, uint32_t *pid)
{
  struct rest now = *rest;
  guint64 number = 0;

  if (!take (&now, "("))
    return false;
  while (now.at < now.end && *now.at != ':' && *now.at != ')')
    now.at++;
  if (!take (&now, ":"))
    return false;
  for (; now.at < now.end && g_ascii_isdigit (*now.at) && number <= G_MAXINT32; now.at++)
    number = number * 10 + (guint64)(*now.at - '0');
  if (!take (&now, "): "))
    return false;
  *pid = number <= G_MAXINT32 ? (uint32_t)number : 0;
  *rest = now;
  return true;
}

/* "inos-node-WARNING **: ", "inos-node-Message: "; @bare: "Message: ", of no domain */
static bool take_level (struct rest *rest, bool bare, struct inos_log_line *line)
{
  static const struct {
    const char *name;
    uint32_t priority;
  } levels[] = {
    {"ERROR", 2},   {"CRITICAL", 3},         {"WARNING", INOS_LOG_WARNING},
    {"Message", 5}, {"INFO", INOS_LOG_INFO}, {"DEBUG", 7},
  };
  struct rest now = *rest;
  const char *name = now.at;

  for (; now.at < now.end && (size_t)(now.at - name) < DOMAIN_MOST && !g_ascii_isspace (*now.at);
       now.at++)
    for (size_t i = 0; (bare || now.at > name) && i < G_N_ELEMENTS (levels); i++) {
      struct rest level = now;
      bool begins = bare ? now.at == name : now.at[-1] == '-';
      if (!begins || !take (&level, levels[i].name))
        continue;
      take (&level, " **");
      if (!take (&level, ": "))
        continue;
      line->priority = levels[i].priority;
      line->domain = name;
      line->domain_length = bare ? 0 : (size_t)(now.at - name) - 1;
      *rest = level;
      return true;
    }
  return false;
}

/* "00:00:01.234 [ERROR] ": after so long */
static bool take_wlroots (struct rest *rest, struct inos_log_line *line)
{
  static const struct {
    const char *name;
    uint32_t priority;
  } levels[] = {{"[ERROR] ", 3}, {"[INFO] ", INOS_LOG_INFO}, {"[DEBUG] ", 7}};
  struct rest now = *rest;
  gint64 span;

  if (!take_clock (&now, " ", &span))
    return false;
  for (size_t i = 0; i < G_N_ELEMENTS (levels); i++)
    if (take (&now, levels[i].name)) {
      line->span = span;
      line->priority = levels[i].priority;
      *rest = now;
      return true;
    }
  return false;
}

/* "2026-01-31T12:34:56.000000+01 ", as session.log has it. */
static bool take_date (struct rest *rest, gint64 *time)
{
  const char *end = memchr (rest->at, ' ', (size_t)(rest->end - rest->at));
  size_t length = end ? (size_t)(end - rest->at) : 0;

  if (length < ISO_SHORTEST || length > ISO_LONGEST || rest->at[4] != '-' || rest->at[10] != 'T' ||
      memchr (rest->at, '\0', length))
    return false;
  g_autofree char *text = g_strndup (rest->at, length);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local();
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (text, zone);
  if (!date)
    return false;
  *time = g_date_time_to_unix (date) * SECOND + g_date_time_get_microsecond (date);
  rest->at = end + 1;
  return true;
}

void inos_log_line_parse (const char *text, size_t length, struct inos_log_line *line)
{
  struct rest rest = {text, text + length}, whole = rest;

  *line = (struct inos_log_line){.time = -1,
                                 .clock = -1,
                                 .span = -1,
                                 .priority = INOS_LOG_INFO,
                                 .domain = text,
                                 .message = text};
  if (take_date (&rest, &line->time) || take_wlroots (&rest, line)) {
    line->message = rest.at;
    return;
  }
  bool bare = take (&rest, "** ");
  take_process (&rest, &line->pid);
  if (!take_level (&rest, bare, line)) {
    line->pid = 0;
    rest = whole;
  }
  take_clock (&rest, ": ", &line->clock);
  line->message = rest.at;
}

/* A text for display */

/* Colours, and whatever else a terminal obeys: ESC [ … letter, ESC ] … BEL, ESC and one letter. */
static const char *skip_escape (const char *at, const char *end)
{
  if (++at >= end)
    return end;
  if (*at == ']') {
    while (at < end && *at != '\a' && *at != '\n' && *at != '\033')
      at++;
    return at < end && *at == '\a' ? at + 1 : at;
  }
  if (*at != '[')
    return (*at >= '0' && *at <= '~') ? at + 1 : at;
  at++;
  while (at < end && *at >= ' ' && *at <= '?')
    at++;
  return at < end && *at >= '@' && *at <= '~' ? at + 1 : at;
}

static bool is_harmful (gunichar letter)
{
  return (letter < 0x20 && letter != '\t' && letter != '\n') ||
         (letter >= 0x7f && letter <= 0x9f) || letter == 0x61c || letter == 0x200b ||
         letter == 0x200e || letter == 0x200f || (letter >= 0x2028 && letter <= 0x202e) ||
         (letter >= 0x2060 && letter <= 0x2069) || letter == 0xfeff ||
         (letter >= 0xfff9 && letter <= 0xfffb);
}

char *inos_log_text (const char *bytes, size_t length, size_t most, bool *cut)
{
  const char *at = bytes, *end = bytes + length;
  GString *text = g_string_new (NULL);

  while (end > at && g_ascii_isspace (end[-1]))
    end--;
  while (at < end && text->len + 3 < most) {
    if (*at == '\033') {
      at = skip_escape (at, end);
      continue;
    }
    gunichar letter = g_utf8_get_char_validated (at, end - at);
    if (letter >= (gunichar)-2) {
      g_string_append (text, "\357\277\275");
      at++;
      continue;
    }
    at = g_utf8_next_char (at);
    if (is_harmful (letter))
      g_string_append (text, letter == '\r' ? "" : "\357\277\275");
    else
      g_string_append_unichar (text, letter);
  }
  if (cut)
    *cut = at < end;
  size_t room = text->len + 1;
  return g_realloc (g_string_free (text, FALSE), room);
}
