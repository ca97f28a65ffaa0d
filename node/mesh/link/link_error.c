/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/link_error.h"

G_DEFINE_QUARK (inos-link-error, inos_link_error)
