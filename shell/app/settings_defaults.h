/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which program opens what, by GIO and thus in mimeapps.list, as all desktops have it.
 */

#include "settings_undo.h"

/* [{"kind", "chosen": id or null, "apps": [{"id", "name"}]}], kinds that no program opens too. */
JsonNode *inos_defaults_list (void);
/* {"kind", "id"}; answers {"undo"}. */
void inos_defaults_set (JsonObject *args, InosUndos *undos, InosReply *reply);
