/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the page can ask for that draws the question for a password; rows of commands.c.
 */

#include "../reply.h"

#include <json-glib/json-glib.h>

void inos_authentication_run_answer (gpointer context, JsonObject *args, InosReply *reply);
void inos_authentication_run_cancel (gpointer context, JsonObject *args, InosReply *reply);
void inos_authentication_run_choose (gpointer context, JsonObject *args, InosReply *reply);
void inos_authentication_run_fit (gpointer context, JsonObject *args, InosReply *reply);
void inos_authentication_run_painted (gpointer context, JsonObject *args, InosReply *reply);
