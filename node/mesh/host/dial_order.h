/*
 * In which order addresses are tried (RFC 8305, 4): those that are near before those that are far,
 * IPv6 and IPv4 in turns, TCP before WebSocket, relayed ones last.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/multiaddr.h"

/**
 * inos_dial_order: sorts @addresses in place.
 * @own: where this node listens: what it shares a network with is near
 */
void inos_dial_order (struct inos_multiaddr *addresses, unsigned n_addresses,
                      const struct inos_multiaddr *own, unsigned n_own);
