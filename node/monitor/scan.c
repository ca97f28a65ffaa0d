/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/monitor/scan.h"

#include <string.h>

static bool is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static void skip_blanks (struct inos_scan *line)
{
  while (line->at < line->end && (*line->at == ' ' || *line->at == '\t'))
    line->at++;
}

bool inos_scan_line (struct inos_scan *text, struct inos_scan *line)
{
  if (text->at >= text->end)
    return false;

  const char *stop = memchr (text->at, '\n', (size_t)(text->end - text->at));
  *line = (struct inos_scan){text->at, stop ? stop : text->end};
  text->at = stop ? stop + 1 : text->end;
  return true;
}

bool inos_scan_word (struct inos_scan *line, struct inos_scan *word)
{
  skip_blanks (line);
  const char *start = line->at;
  while (line->at < line->end && *line->at != ' ' && *line->at != '\t')
    line->at++;
  *word = (struct inos_scan){start, line->at};
  return line->at > start;
}

bool inos_scan_skip (struct inos_scan *line, const char *literal)
{
  size_t len = strlen (literal);

  if ((size_t)(line->end - line->at) < len || memcmp (line->at, literal, len) != 0)
    return false;
  line->at += len;
  return true;
}

bool inos_scan_is (struct inos_scan word, const char *literal)
{
  return inos_scan_skip (&word, literal) && word.at == word.end;
}

bool inos_scan_u64 (struct inos_scan *line, uint64_t *value)
{
  struct inos_scan s = *line;
  uint64_t v = 0;

  skip_blanks (&s);
  if (s.at >= s.end || !is_digit (*s.at))
    return false;
  for (; s.at < s.end && is_digit (*s.at); s.at++)
    if (__builtin_mul_overflow (v, 10, &v) ||
        __builtin_add_overflow (v, (uint64_t)(*s.at - '0'), &v))
      return false;
  *line = s;
  *value = v;
  return true;
}

bool inos_scan_i64 (struct inos_scan *line, int64_t *value)
{
  struct inos_scan s = *line;
  uint64_t v;

  skip_blanks (&s);
  bool negative = inos_scan_skip (&s, "-");
  if (negative && (s.at >= s.end || !is_digit (*s.at)))
    return false;
  if (!inos_scan_u64 (&s, &v) || v > INT64_MAX)
    return false;
  *line = s;
  *value = negative ? -(int64_t)v : (int64_t)v;
  return true;
}

bool inos_scan_decimal (struct inos_scan *line, double *value)
{
  struct inos_scan s = *line;
  uint64_t whole;
  double fraction = 0, unit = 0.1;

  if (!inos_scan_u64 (&s, &whole))
    return false;
  if (inos_scan_skip (&s, "."))
    for (; s.at < s.end && is_digit (*s.at); s.at++, unit /= 10)
      fraction += (*s.at - '0') * unit;
  *line = s;
  *value = (double)whole + fraction;
  return true;
}

void inos_scan_copy (struct inos_scan word, char *out, size_t size)
{
  size_t len = (size_t)(word.end - word.at);

  if (len > size - 1)
    len = size - 1;
  memcpy (out, word.at, len);
  out[len] = '\0';
}
