/*
 * Who may call what: one table of every D-Bus method with the capability its caller needs. A method
 * that is not in the table is refused. A test holds the table against the annotations in the XML.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

struct inos_policy_rule {
  const char *interface, *method, *capability;
};

/**
 * inos_policy_table:
 * @count: (out): how many rows there are
 *
 * Returns: the table.
 */
const struct inos_policy_rule *inos_policy_table (size_t *count);

/**
 * inos_policy_capability:
 * @interface: a D-Bus interface
 * @method: one of its methods
 *
 * Returns: (nullable): the capability a caller needs, NULL where the table has no such method.
 */
const char *inos_policy_capability (const char *interface, const char *method);

/**
 * inos_policy_grants:
 * @capability: (nullable): what a method needs
 *
 * The session bus lets only the session's own user in, and every program of the session that is in
 * no sandbox holds all capabilities that begin with "node." or "permissions.". Those that begin
 * with "shell." are the shell's, and Node Manager's where it reads the arena, which
 * inos_policy_authorize() knows by their names on the bus. Nobody holds another one. What is in a
 * sandbox is judged by bridge/permit.
 *
 * Returns: whether any caller on the session bus holds it.
 */
bool inos_policy_grants (const char *capability);

/**
 * inos_policy_authorize:
 * @invocation: a call of a program in no sandbox; where it is refused it is answered and consumed
 *
 * Thread-safe: GDBus asks from a worker thread.
 *
 * Returns: whether the call may go on.
 */
bool inos_policy_authorize (GDBusMethodInvocation *invocation);
