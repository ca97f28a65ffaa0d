/* Who may call what: one table of methods and the capability that each needs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

struct inos_policy {
  const char *interface, *method, *capability;
};

/* The capability that a caller of the method needs, or NULL: the method is nobody's to call. */
const char *inos_policy_capability (const char *interface, const char *method);

/* The whole table, for tests and documentation. */
const struct inos_policy *inos_policy_table (size_t *count);
