/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view.h"

#include <glib/gi18n.h>
#include <string.h>

enum {
  BUSY_AFTER = 300,  /* ms until it is said that it is checked */
  LONG_AFTER = 2000, /* ms until it is said for how long */
  SECOND = 1000,
};

static void take (char **text, char *taken)
{
  g_free (*text);
  *text = taken;
}

/* Begun seconds count. */
static int seconds_left (const struct inos_attempt *attempt, int64_t now)
{
  int64_t left = MAX (attempt->until - now, 0);
  return (int)((left + SECOND - 1) / SECOND);
}

static char *pause_words (const struct inos_attempt *attempt, int64_t now)
{
  int seconds = seconds_left (attempt, now);
  if (attempt->phase != INOS_ATTEMPT_PAUSED && attempt->phase != INOS_ATTEMPT_BROKEN)
    return g_strdup ("");
  if (attempt->queued)
    return g_strdup_printf (
      ngettext ("It is checked in %d second.", "It is checked in %d seconds.", (gulong)seconds),
      seconds);
  return g_strdup_printf (
    ngettext ("The next try is in %d second.", "The next try is in %d seconds.", (gulong)seconds),
    seconds);
}

static char *outcome_words (const struct inos_attempt *attempt)
{
  const char *reason = attempt->reason[0] ? attempt->reason : _ ("no reason was given");
  switch (attempt->outcome) {
  case INOS_OUTCOME_WRONG:
    return g_strdup (_ ("That was not right."));
  case INOS_OUTCOME_TOO_MANY:
    return g_strdup (_ ("Too many tries: no more are taken for now."));
  case INOS_OUTCOME_EXPIRED:
    return g_strdup (
      _ ("This account has expired. Whoever administers this machine can renew it."));
  case INOS_OUTCOME_DENIED:
    return g_strdup (
      _ ("This account may not be used here or now. Whoever administers this machine "
         "can allow it."));
  case INOS_OUTCOME_REFUSED:
    return g_strdup (_ ("Nobody is let in at the moment."));
  case INOS_OUTCOME_BROKEN:
    return g_strdup_printf (_ ("Passwords cannot be checked: %s."), reason);
  case INOS_OUTCOME_DIED:
    return g_strdup (_ ("Passwords cannot be checked: the program that does so has ended."));
  case INOS_OUTCOME_NO_START:
    return g_strdup_printf (_ ("Passwords cannot be checked: %s."), reason);
  case INOS_OUTCOME_STOPPED:
    return g_strdup (_ ("Stopped."));
  default:
    return g_strdup ("");
  }
}

static char *checking_words (const struct inos_attempt *attempt, int64_t now)
{
  int64_t lasted = now - attempt->since;
  if (lasted < BUSY_AFTER)
    return g_strdup ("");
  if (lasted < LONG_AFTER)
    return g_strdup (_ ("Checking…"));
  int seconds = (int)(lasted / SECOND);
  return g_strdup_printf (ngettext ("Checking for %d second. Escape stops it.",
                                    "Checking for %d seconds. Escape stops it.", (gulong)seconds),
                          seconds);
}

static char *state_words (const struct inos_attempt *attempt, int64_t now)
{
  if (attempt->phase == INOS_ATTEMPT_CHECKING)
    return checking_words (attempt, now);
  if (attempt->phase == INOS_ATTEMPT_LISTENING && attempt->queued)
    return g_strdup (_ ("It is checked as soon as it is asked for. Escape takes it back."));
  g_autofree char *outcome = outcome_words (attempt);
  g_autofree char *pause = pause_words (attempt, now);
  return g_strstrip (g_strjoin (" ", outcome, pause, NULL));
}

/* PAM's question without the colon that terminals need. "Password:" is what all say. */
static char *hint_words (const struct inos_attempt *attempt)
{
  if (attempt->phase == INOS_ATTEMPT_READY)
    return g_strdup (_ ("Press Enter to unlock"));
  g_autofree char *asked = g_strdup (attempt->prompt);
  g_strchomp (asked);
  if (g_str_has_suffix (asked, ":"))
    asked[strlen (asked) - 1] = 0;
  g_strchomp (asked);
  bool plain = !asked[0] || g_str_equal (asked, "Password");
  return g_strdup (plain ? _ ("Password") : asked);
}

void inos_view_clear (struct inos_view *view)
{
  char **const texts[] = {&view->time,  &view->date,   &view->name,  &view->hint,   &view->state,
                          &view->notes, &view->layout, &view->power, &view->session};
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_clear_pointer (texts[i], g_free);
}

void inos_view_describe (struct inos_view *view, const struct inos_attempt *attempt, int64_t now)
{
  bool both = attempt->info[0] && attempt->error[0];
  take (&view->name, g_strdup (attempt->who));
  take (&view->hint, hint_words (attempt));
  take (&view->state, state_words (attempt, now));
  take (&view->notes, g_strconcat (attempt->error, both ? "\n" : "", attempt->info, NULL));
  view->busy = attempt->phase == INOS_ATTEMPT_CHECKING || attempt->queued;
  view->mood = INOS_MOOD_PLAIN;
  if (view->busy)
    view->mood = INOS_MOOD_BUSY;
  else if (attempt->outcome != INOS_OUTCOME_NONE && attempt->outcome != INOS_OUTCOME_STOPPED)
    view->mood = INOS_MOOD_BAD;
  view->shown = attempt->echo || view->peek;
}

void inos_view_set_time (struct inos_view *view, GDateTime *time, bool twelve)
{
  /* TRANSLATORS: the lock screen's clock with twelve hours, as g_date_time_format() takes it. */
  const char *format = twelve ? _ ("%-l:%M %p") : "%H:%M";
  g_autofree char *clock = g_date_time_format (time, format);
  take (&view->time, g_strdup (clock ? g_strstrip (clock) : "—"));
  /* TRANSLATORS: the lock screen's date, as g_date_time_format() takes it: "Sunday 22 November". */
  char *date = g_date_time_format (time, _ ("%A %-d %B"));
  take (&view->date, date ? date : g_strdup (""));
}

int64_t inos_view_deadline (const struct inos_attempt *attempt, int64_t now)
{
  if (attempt->phase == INOS_ATTEMPT_PAUSED || attempt->phase == INOS_ATTEMPT_BROKEN) {
    int64_t left = attempt->until - now;
    return left <= 0 ? now : now + (left % SECOND ? left % SECOND : SECOND);
  }
  if (attempt->phase != INOS_ATTEMPT_CHECKING)
    return -1;
  int64_t lasted = now - attempt->since;
  if (lasted < BUSY_AFTER)
    return attempt->since + BUSY_AFTER;
  return lasted < LONG_AFTER ? attempt->since + LONG_AFTER
                             : attempt->since + (lasted / SECOND + 1) * SECOND;
}

bool inos_view_reads_from_right (const char *word)
{
  switch (g_unichar_get_script (g_utf8_get_char (word))) {
  case G_UNICODE_SCRIPT_ARABIC:
  case G_UNICODE_SCRIPT_HEBREW:
  case G_UNICODE_SCRIPT_SYRIAC:
  case G_UNICODE_SCRIPT_THAANA:
  case G_UNICODE_SCRIPT_NKO:
    return true;
  default:
    return false;
  }
}
