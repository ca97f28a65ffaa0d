/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compositor's further interfaces, and the commands that act on one of its objects. */
#pragma once

#include "bus.h"

/* Their names' last parts, after org.inos.Compositor1. */
#define DESK_CONFIG ".Config"
#define DESK_IDLE ".Idle"
#define DESK_INPUT ".Input"
#define DESK_OVERVIEW ".Overview"
#define DESK_PROFILES ".Profiles"
#define DESK_CAPTURE ".Capture"
#define DESK_NIGHT_LIGHT ".NightLight"

/* All properties of such an interface of the main object, as a{sv}; part: "" for the first. */
GVariant *desk_properties (struct ctl *ctl, const char *part, GError **error);

/* Calls a method of such an interface of the main object. */
GVariant *desk_call (struct ctl *ctl, const char *part, const char *method, GVariant *parameters,
                     GError **error);

/* Says what could not be done: `what` is part of a sentence. Returns the exit status. */
int desk_fail (struct ctl *ctl, const GError *error, const char *what);

/* Of the output with that name; NULL where it is empty. */
char *desk_output_path (const char *name);

/* How many arguments there are. */
unsigned desk_count (const struct ctl *ctl);

/* A number from `least` to `most` and nothing else. */
bool desk_number (const char *text, guint64 least, guint64 most, guint64 *number);

/* Verbs of "inosctl COMMAND WHICH VERB [VALUE]", one a line: what help says besides. */
void desk_window_help (void);
void desk_workspace_help (void);
void desk_output_help (void);
void desk_input_help (void);
