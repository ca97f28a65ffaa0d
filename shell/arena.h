/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Hands the node's arena to a page: asks the bridge for its descriptors and gives them to the
 * page's web process, where shell/extension maps it. Nothing of it stays here.
 */

#include "bus_client.h"
#include "reply.h"

#include <webkit/webkit.h>

/* Answers reply with null once the page has the arena. view may be NULL. */
void inos_arena_open (InosBusClient *node, WebKitWebView *view, InosReply *reply);
