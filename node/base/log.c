/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"

G_DEFINE_QUARK (inos-node-error, inos_node_error)
