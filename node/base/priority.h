/*
 * How urgent a message is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

enum inos_priority {
  INOS_PRIORITY_CRITICAL,
  INOS_PRIORITY_HIGH,
  INOS_PRIORITY_NORMAL,
  INOS_PRIORITY_LOW,
  INOS_PRIORITIES
};
