/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * The language of a person's sessions, and how numbers and dates are written in them: [language] of
 * session.ini, org.inos.Session1.Language on the session bus. It counts from the next log-in: a
 * program cannot change its language while it runs.
 */
struct inos_locale;

/* Sets this process's environment, which all programs of the session get, as session.ini in
 * `config_home` says. A locale that the machine has not is left out, with a message. */
void inos_locale_apply (const char *config_home);

struct inos_locale *inos_locale_new (GDBusConnection *bus, const char *config_home, GError **error);
void inos_locale_free (struct inos_locale *locale); /* may be NULL */

/* Whether the machine has a locale of that name, "de_DE.UTF-8". */
gboolean inos_locale_exists (const char *name);
