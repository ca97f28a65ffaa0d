/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The person's language, for the pages: which catalogue of the bundle serves it, how the language
 * is called on the web, and which way it runs. Honours LANGUAGE, LC_ALL, LC_MESSAGES and LANG.
 */

#include <json-glib/json-glib.h>

/* "de_AT.UTF-8@euro" → "de-AT"; "C" and "POSIX" → "en". Transfer full. */
char *inos_language_to_tag (const char *locale);
/* True for languages that are written from right to left. */
gboolean inos_language_is_rtl (const char *locale);
/* {"language", "dir", "locale", "catalogue"}: catalogue is null where there is none. locale is what
 * dates and numbers follow. */
JsonNode *inos_language_describe (void);
/* Of what inos_language_describe() says: whether its texts run from the right to the left. */
gboolean inos_language_runs_rtl (JsonNode *language);
