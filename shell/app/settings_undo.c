/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_undo.h"

#include <glib/gi18n.h>

#define MOST 64

typedef struct {
  guint serial;
  InosUndoFunc run;
  gpointer data;
  GDestroyNotify free;
} Undo;

struct InosUndos {
  GPtrArray *list; /* Undo, the oldest first */
  guint last;
};

static void undo_free (gpointer data)
{
  Undo *undo = data;

  undo->free (undo->data);
  g_free (undo);
}

InosUndos *inos_undos_new (void)
{
  InosUndos *self = g_rc_box_new0 (InosUndos);

  self->list = g_ptr_array_new_with_free_func (undo_free);
  return self;
}

InosUndos *inos_undos_ref (InosUndos *self)
{
  return g_rc_box_acquire (self);
}

static void clear (gpointer data)
{
  g_ptr_array_unref (((InosUndos *)data)->list);
}

void inos_undos_unref (InosUndos *self)
{
  g_rc_box_release_full (self, clear);
}

guint inos_undos_add (InosUndos *self, InosUndoFunc run, gpointer data, GDestroyNotify free)
{
  Undo *undo = g_new0 (Undo, 1);

  *undo = (Undo){++self->last, run, data, free};
  if (self->list->len == MOST)
    g_ptr_array_remove_index (self->list, 0);
  g_ptr_array_add (self->list, undo);
  return undo->serial;
}

void inos_undos_answer (InosUndos *self, InosUndoFunc run, gpointer data, GDestroyNotify free,
                        InosReply *reply)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "undo", inos_undos_add (self, run, data, free));
  json_node_take_object (node, object);
  inos_reply_ok (reply, node);
}

static Undo *find (InosUndos *self, guint serial)
{
  for (guint i = 0; i < self->list->len; i++) {
    Undo *undo = self->list->pdata[i];

    if (undo->serial == serial)
      return undo;
  }
  return NULL;
}

typedef struct {
  InosUndos *undos;
  guint serial;
  InosReply *reply;
} Going;

static void on_gone (const char *json, const char *error, gpointer data)
{
  g_autofree Going *going = data;
  g_autoptr (InosUndos) undos = going->undos;
  Undo *undo = find (undos, going->serial);

  if (error) {
    inos_reply_fail (going->reply, "%s", error);
    return;
  }
  if (undo)
    g_ptr_array_remove (undos->list, undo);
  inos_reply_ok (going->reply, json_from_string (json, NULL));
}

void inos_undos_run (InosUndos *self, guint serial, InosReply *reply)
{
  Undo *undo = find (self, serial);
  Going *going;

  if (!undo) {
    inos_reply_fail (reply, "%s", _ ("This cannot be taken back any more."));
    return;
  }
  going = g_new0 (Going, 1);
  *going = (Going){inos_undos_ref (self), serial, reply};
  undo->run (undo->data, inos_reply_new (on_gone, going));
}
