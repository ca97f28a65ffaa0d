/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal of the node, shown in the one in which this program runs. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

struct terminal_view {
  GDBusConnection *bus;
  const char *name, *path, *interface; /* of the object that is told of sizes */
  guint64 id;
  int stream;
  guint64 replay; /* bytes of it that had been written before */
};

/* Standard input's, if that is a terminal; else they stay as they are. */
void terminal_view_size (guint *columns, guint *rows);

/* Until the terminal ends or the person leaves it. False where that cannot be: it has been said. */
bool terminal_view_run (const struct terminal_view *view);
