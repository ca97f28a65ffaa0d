/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The node's arena in one page: maps it over an ArrayBuffer, and tells the page of new epochs and
 * of the node's end.
 *
 * The page has an object `inosArena` with the methods opened (buffer, offset, want, count), signal
 * () and gone (); want (tables, interval) is a function that says to the node what the page reads,
 * and count (table, begun) one that says which epoch is finished, or begun. The mapping is private:
 * what a page writes there it alone sees, and no other process.
 */

#include <webkit/webkit-web-process-extension.h>

typedef struct InosPageArena InosPageArena;

/* Belongs to the page, and ends with it. */
void inos_page_arena_attach (WebKitWebPage *page);
