/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the machine is, and which keyboard layouts it knows.
 */

#include <json-glib/json-glib.h>

/* {"version", "system", "kernel", "host", "processor", "cores", "memory"}; memory in bytes, and
 * what is not known is missing. */
JsonNode *inos_machine_describe (void);

/* [[id, variant, name]], such as ["de", "nodeadkeys", "German (no dead keys)"], from the text of
 * xkeyboard-config's evdev.lst. */
JsonNode *inos_layouts_parse (const char *text);
/* As above, of this machine, with names in the person's language; an empty list where there are
 * none. */
JsonNode *inos_layouts_list (void);
