/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The node's terminals on the bus, for one window: what may be asked of them, and the streams of
 * those that the window looks on at.
 */

#include "../reply.h"

#include <gio/gio.h>
#include <webkit/webkit.h>

typedef struct InosTerminalNode InosTerminalNode;

/* changed gets all terminals whenever something has become of one; rows is the callee's. */
typedef void (*InosTerminalsFunc) (JsonNode *rows, gpointer data);

InosTerminalNode *inos_terminal_node_create (GDBusConnection *bus, InosTerminalsFunc changed,
                                             gpointer data);
void inos_terminal_node_destroy (InosTerminalNode *self); /* self may be NULL */

/* Each answers the page. */
void inos_terminal_node_list (InosTerminalNode *self, InosReply *reply);
/* directory "": at home. Runs the user's shell. Answers {"id"}. */
void inos_terminal_node_open (InosTerminalNode *self, const char *directory, guint columns,
                              guint rows, InosReply *reply);
void inos_terminal_node_close (InosTerminalNode *self, guint64 id, InosReply *reply);
void inos_terminal_node_resize (InosTerminalNode *self, guint64 id, guint columns, guint rows,
                                InosReply *reply);
/* Answers {"replay", "columns", "rows"}; the bytes come by inos_terminal_node_read(). */
void inos_terminal_node_attach (InosTerminalNode *self, guint64 id, InosReply *reply);
/* How many lines the page keeps of an attached one, those on its screen among them. */
void inos_terminal_node_keep (InosTerminalNode *self, guint64 id, guint lines);
void inos_terminal_node_detach (InosTerminalNode *self, guint64 id);
void inos_terminal_node_detach_all (InosTerminalNode *self);
gboolean inos_terminal_node_write (InosTerminalNode *self, guint64 id, const guchar *bytes,
                                   gsize size, GError **error);
/* Answers with what there is, at once or when there is something. */
void inos_terminal_node_read (InosTerminalNode *self, guint64 id, WebKitURISchemeRequest *request);
