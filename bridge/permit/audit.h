/*
 * What was decided about applications, in a file of JSON lines: who wanted what, what came of it,
 * when. Never what a call had in it.
 *
 *     {"time":"2026-11-22T21:00:00Z","app":"org.example.App","capability":"node.mesh",
 *      "decision":"granted","by":":1.7","times":1}
 *
 * That the same was allowed, refused, asked or left again is one line a minute, which counts: what
 * an application does in a loop does not drive out what else is there. A file that has grown to its
 * bound becomes the older one of two.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define INOS_AUDIT_FILE_MAX (256 * 1024)
#define INOS_AUDIT_REST (60 * G_TIME_SPAN_SECOND)

/* Without asking anybody. */
#define INOS_AUDIT_ALLOWED "allowed"
#define INOS_AUDIT_REFUSED "refused"
/* Of prompts, and of grants. */
#define INOS_AUDIT_ASKED "asked"
#define INOS_AUDIT_ONCE "once"
#define INOS_AUDIT_GRANTED "granted"
#define INOS_AUDIT_DENIED "denied"
#define INOS_AUDIT_EXPIRED "expired"
#define INOS_AUDIT_GONE "gone"
#define INOS_AUDIT_REVOKED "revoked"

struct inos_audit;

/** inos_audit_new: @path: of the file; the older one has ".1" behind it. */
struct inos_audit *inos_audit_new (const char *path);
void inos_audit_free (struct inos_audit *audit); /* takes NULL */

/**
 * inos_audit_add:
 * @app: "" where nobody knows
 * @capability: "" for all of an application's
 * @decision: one word
 * @by: a name on the bus, or "person"
 * @now: µs since 1970
 *
 * None of them needs escapes: see inos_app_id_is_valid().
 */
void inos_audit_add (struct inos_audit *audit, const char *app, const char *capability,
                     const char *decision, const char *by, gint64 now);

/** inos_audit_read: Returns: (transfer full): the last @most lines, the oldest first. */
char **inos_audit_read (struct inos_audit *audit, guint most);
