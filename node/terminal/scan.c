/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/terminal/scan.h"

#include <glib.h>
#include <string.h>

#define ESC 0x1b
#define BEL 0x07
#define CAN 0x18
#define SUB 0x1a

/* Private modes that hold until they are changed, and how a terminal begins. The other screen comes
 * first: what is set after it is set there. */
static const struct {
  uint16_t mode;
  bool at_first;
} modes[] = {
  {1049, false}, {1047, false}, {47, false},   {1, false},    {7, true},     {25, true},
  {66, false},   {9, false},    {1000, false}, {1002, false}, {1003, false}, {1004, false},
  {1005, false}, {1006, false}, {1015, false}, {1016, false}, {2004, false},
};

static void set_mode (struct inos_scan_output *scan, unsigned mode, bool on)
{
  for (size_t i = 0; i < G_N_ELEMENTS (modes); i++) {
    uint32_t bit = 1u << i;
    if (modes[i].mode == mode)
      scan->modes = on == modes[i].at_first ? scan->modes & ~bit : scan->modes | bit;
  }
}

static void reset (struct inos_scan_output *scan)
{
  scan->modes = 0;
}

/* Titles are shown to people beside other text: no controls, no broken UTF-8. */
static void set_title (struct inos_scan_output *scan)
{
  g_autofree char *valid = g_utf8_make_valid (scan->text, scan->length);
  char title[INOS_TITLE_MAX + 1];
  size_t size = 0;

  for (const char *c = valid; *c; c = g_utf8_next_char (c)) {
    size_t n = (size_t)(g_utf8_next_char (c) - c);
    gunichar u = g_utf8_get_char (c);
    if (size + n > INOS_TITLE_MAX)
      break;
    if (g_unichar_iscntrl (u) || g_unichar_type (u) == G_UNICODE_FORMAT)
      continue;
    memcpy (title + size, c, n);
    size += n;
  }
  title[size] = '\0';
  if (strcmp (title, scan->title) == 0)
    return;
  memcpy (scan->title, title, size + 1);
  scan->title_changed = true;
}

static void begin_csi (struct inos_scan_output *scan)
{
  scan->state = INOS_SCAN_CSI;
  scan->private = false;
  scan->parameters = 0;
  scan->parameter[0] = 0;
}

static void begin_string (struct inos_scan_output *scan, enum inos_scan_state state)
{
  scan->state = state;
  scan->escaped = false;
  scan->number = 0;
  scan->length = 0;
}

static void take_escape (struct inos_scan_output *scan, uint8_t c)
{
  scan->state = INOS_SCAN_GROUND;
  switch (c) {
  case '[':
    begin_csi (scan);
    break;
  case ']':
    begin_string (scan, INOS_SCAN_OSC_NUMBER);
    break;
  case 'P':
  case 'X':
  case '^':
  case '_':
    begin_string (scan, INOS_SCAN_STRING);
    break;
  case 'c':
    reset (scan);
    break;
  case '=':
    set_mode (scan, 66, true);
    break;
  case '>':
    set_mode (scan, 66, false);
    break;
  case ESC:
    scan->state = INOS_SCAN_ESCAPE;
    break;
  default:
    break;
  }
}

static void end_csi (struct inos_scan_output *scan, uint8_t final)
{
  scan->state = INOS_SCAN_GROUND;
  if (!scan->private || (final != 'h' && final != 'l'))
    return;
  for (unsigned i = 0; i <= scan->parameters && i < INOS_SCAN_PARAMETERS; i++)
    set_mode (scan, scan->parameter[i], final == 'h');
}

static void take_csi (struct inos_scan_output *scan, uint8_t c)
{
  if (c >= '0' && c <= '9') {
    if (scan->parameters < INOS_SCAN_PARAMETERS)
      scan->parameter[scan->parameters] =
        (uint16_t)MIN (scan->parameter[scan->parameters] * 10u + (c - '0'), UINT16_MAX);
  } else if (c == ';' || c == ':') {
    scan->parameters = MIN (scan->parameters + 1, INOS_SCAN_PARAMETERS);
    if (scan->parameters < INOS_SCAN_PARAMETERS)
      scan->parameter[scan->parameters] = 0;
  } else if (c == '?' && scan->parameters == 0) {
    scan->private = true;
  } else if (c >= 0x40 && c <= 0x7e) {
    end_csi (scan, c);
  } else if (c >= 0x20) {
    scan->state = INOS_SCAN_CSI_OTHER;
  }
}

/* CSI ! p: a soft reset. Only its end is of interest, and that it may be one does no harm. */
static void take_csi_other (struct inos_scan_output *scan, uint8_t c)
{
  if (c < 0x40 || c > 0x7e)
    return;
  scan->state = INOS_SCAN_GROUND;
}

static void end_string (struct inos_scan_output *scan)
{
  if (scan->state == INOS_SCAN_OSC_TEXT)
    set_title (scan);
  scan->state = INOS_SCAN_GROUND;
}

static void take_osc_number (struct inos_scan_output *scan, uint8_t c)
{
  if (c >= '0' && c <= '9')
    scan->number = MIN (scan->number * 10 + (c - '0'), 10000u);
  else if (c == ';' && (scan->number == 0 || scan->number == 2))
    scan->state = INOS_SCAN_OSC_TEXT;
  else
    scan->state = INOS_SCAN_STRING;
}

static void take_string (struct inos_scan_output *scan, uint8_t c)
{
  if (scan->escaped) {
    /* ESC \ ends a string; any other sequence breaks it off, as CAN and SUB do. */
    if (c == '\\')
      end_string (scan);
    else
      take_escape (scan, c);
    scan->escaped = false;
  } else if (c == ESC) {
    scan->escaped = true;
  } else if (c == BEL) {
    end_string (scan);
  } else if (c == CAN || c == SUB) {
    scan->state = INOS_SCAN_GROUND;
  } else if (scan->state == INOS_SCAN_OSC_NUMBER) {
    take_osc_number (scan, c);
  } else if (scan->state == INOS_SCAN_OSC_TEXT && scan->length < sizeof scan->text) {
    scan->text[scan->length++] = (char)c;
  }
}

static void take (struct inos_scan_output *scan, uint8_t c)
{
  if (scan->state >= INOS_SCAN_OSC_NUMBER)
    take_string (scan, c);
  else if (c == ESC)
    scan->state = INOS_SCAN_ESCAPE;
  else if (c == CAN || c == SUB)
    scan->state = INOS_SCAN_GROUND;
  else if (scan->state == INOS_SCAN_ESCAPE)
    take_escape (scan, c);
  else if (scan->state == INOS_SCAN_CSI)
    take_csi (scan, c);
  else
    take_csi_other (scan, c);
}

void inos_scan_output (struct inos_scan_output *scan, const void *bytes, size_t size)
{
  const uint8_t *at = bytes, *end = at + size;

  while (at < end) {
    if (scan->state == INOS_SCAN_GROUND) { /* most output is text */
      at = memchr (at, ESC, (size_t)(end - at));
      if (!at)
        return;
    }
    take (scan, *at++);
  }
}

size_t inos_scan_restore (const struct inos_scan_output *scan, char out[INOS_RESTORE_MAX])
{
  size_t size = 0;

  for (size_t i = 0; i < G_N_ELEMENTS (modes); i++)
    if (scan->modes & (1u << i))
      size += (size_t)g_snprintf (out + size, (gulong)(INOS_RESTORE_MAX - size), "\033[?%u%c",
                                  modes[i].mode, modes[i].at_first ? 'l' : 'h');
  if (*scan->title)
    size += (size_t)g_snprintf (out + size, (gulong)(INOS_RESTORE_MAX - size), "\033]2;%s\033\\",
                                scan->title);
  return size;
}
