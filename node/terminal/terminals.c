/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/terminal/terminals.h"

#include "node/api/messages.h"
#include "node/terminal/door.h"

#include <string.h>
#include <unistd.h>

#define NAME_MAX_BYTES 1024 /* of a program or a folder in the list; what is longer is cut */

struct inos_terminals {
  struct inos_door *door;
  GPtrArray *all; /* struct inos_terminal, by age */
  GSList *over;   /* struct inos_terminal, to be freed when the main loop is back */
  unsigned sweep; /* source */
  uint64_t last_id;
  struct inos_terminals_events events;
  void *data;
};

static struct inos_terminal *find (struct inos_terminals *self, uint64_t id)
{
  for (unsigned i = 0; i < self->all->len; i++) {
    struct inos_terminal *t = self->all->pdata[i];
    if (inos_terminal_id (t) == id && !inos_terminal_is_hung_up (t))
      return t;
  }
  return NULL;
}

static void tell_closed (struct inos_terminals *self, uint64_t id)
{
  if (self->events.closed)
    self->events.closed (id, self->data);
}

static gboolean on_sweep (gpointer data)
{
  struct inos_terminals *self = data;

  self->sweep = 0;
  g_slist_free_full (g_steal_pointer (&self->over), (GDestroyNotify)inos_terminal_free);
  return G_SOURCE_REMOVE;
}

/* Not here: it may be what calls. */
static void forget (struct inos_terminals *self, struct inos_terminal *t)
{
  if (!g_ptr_array_remove (self->all, t))
    return;
  self->over = g_slist_prepend (self->over, t);
  if (!self->sweep)
    self->sweep = g_idle_add (on_sweep, self);
}

static void on_changed (struct inos_terminal *t, void *data)
{
  struct inos_terminals *self = data;
  struct inos_terminal_look look;

  if (inos_terminal_is_hung_up (t) || !self->events.changed)
    return;
  inos_terminal_look (t, &look);
  self->events.changed (look.id, look.title, self->data);
  inos_terminal_look_clear (&look);
}

static void keep_few_ended (struct inos_terminals *self)
{
  unsigned ended = 0;

  for (unsigned i = self->all->len; i-- > 0;) {
    struct inos_terminal *t = self->all->pdata[i];
    if (!inos_terminal_has_ended (t) || ++ended <= INOS_TERMINALS_ENDED_MAX)
      continue;
    tell_closed (self, inos_terminal_id (t));
    forget (self, t);
  }
}

static void on_ended (struct inos_terminal *t, void *data)
{
  struct inos_terminals *self = data;
  struct inos_terminal_look look;

  if (inos_terminal_is_hung_up (t)) {
    forget (self, t);
    return;
  }
  inos_terminal_look (t, &look);
  if (self->events.ended)
    self->events.ended (look.id, look.code, look.signal, self->data);
  inos_terminal_look_clear (&look);
  keep_few_ended (self);
}

static void on_visitor (uint64_t id, int fd, void *data)
{
  struct inos_terminal *t = find (data, id);

  if (t) {
    inos_terminal_attach (t, fd);
    return;
  }
  inos_door_refuse (fd, INOS_TERMINAL_NOT_FOUND);
}

struct inos_terminals *inos_terminals_new (const char *path, GError **error)
{
  struct inos_terminals *self = g_new0 (struct inos_terminals, 1);

  self->all = g_ptr_array_new();
  self->door = inos_door_new (path, on_visitor, self, error);
  if (!self->door)
    g_clear_pointer (&self, inos_terminals_free);
  return self;
}

void inos_terminals_free (struct inos_terminals *self)
{
  if (!self)
    return;
  inos_door_free (self->door);
  g_clear_handle_id (&self->sweep, g_source_remove);
  g_slist_free_full (self->over, (GDestroyNotify)inos_terminal_free);
  for (unsigned i = 0; i < self->all->len; i++)
    inos_terminal_free (self->all->pdata[i]);
  g_ptr_array_unref (self->all);
  g_free (self);
}

void inos_terminals_listen (struct inos_terminals *self, const struct inos_terminals_events *events,
                            void *data)
{
  self->events = events ? *events : (struct inos_terminals_events){0};
  self->data = data;
}

static unsigned count_running (const struct inos_terminals *self)
{
  unsigned running = 0;

  for (unsigned i = 0; i < self->all->len; i++)
    running += !inos_terminal_has_ended (self->all->pdata[i]);
  return running;
}

uint64_t inos_terminals_open (struct inos_terminals *self, const char *directory,
                              const char *const *command, const char *const *environment,
                              unsigned columns, unsigned rows, GError **error)
{
  static const struct inos_terminal_events events = {on_changed, on_ended};
  struct inos_terminal_program program;
  uint64_t id = self->last_id + 1;

  if (columns < 1 || columns > INOS_TERMINAL_SIDE_MAX || rows < 1 ||
      rows > INOS_TERMINAL_SIDE_MAX) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD,
                 "A terminal has 1 to %u columns and rows.", INOS_TERMINAL_SIDE_MAX);
    return 0;
  }
  if (count_running (self) >= INOS_TERMINALS_MAX) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_TOO_MANY,
                 "There are %u terminals already. Close one.", INOS_TERMINALS_MAX);
    return 0;
  }
  if (!inos_terminal_program_init (&program, id, directory, command, environment, error))
    return 0;
  struct inos_terminal *t = inos_terminal_new (id, &program, columns, rows, &events, self, error);
  inos_terminal_program_finish (&program);
  if (!t)
    return 0;
  self->last_id = id;
  g_ptr_array_add (self->all, t);
  if (self->events.opened)
    self->events.opened (id, self->data);
  return id;
}

bool inos_terminals_close (struct inos_terminals *self, uint64_t id)
{
  struct inos_terminal *t = find (self, id);

  if (!t)
    return false;
  if (inos_terminal_has_ended (t))
    forget (self, t);
  else
    inos_terminal_hang_up (t);
  tell_closed (self, id);
  return true;
}

bool inos_terminals_resize (struct inos_terminals *self, uint64_t id, unsigned columns,
                            unsigned rows)
{
  struct inos_terminal *t = find (self, id);

  if (t)
    inos_terminal_resize (t, columns, rows);
  return t != NULL;
}

static const char *state_of (const struct inos_terminal_look *look)
{
  return look->ended ? "ended" : look->busy ? "busy" : "idle";
}

/* A hundred rows are to go into a frame, whatever programs call themselves and their folders. */
static const char *shorten (char *text)
{
  if (strlen (text) > NAME_MAX_BYTES)
    *g_utf8_find_prev_char (text, text + NAME_MAX_BYTES + 1) = '\0';
  return text;
}

GVariant *inos_terminals_list (struct inos_terminals *self)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_TERMINAL_ROWS_TYPE));
  for (unsigned i = 0; i < self->all->len; i++) {
    struct inos_terminal *t = self->all->pdata[i];
    struct inos_terminal_look look;
    if (inos_terminal_is_hung_up (t))
      continue;
    inos_terminal_look (t, &look);
    g_variant_builder_add (&rows, "(tsssuuusiix)", (guint64)look.id, look.title,
                           shorten (look.program), shorten (look.directory), look.columns,
                           look.rows, look.attached, state_of (&look), look.code, look.signal,
                           (gint64)look.started);
    inos_terminal_look_clear (&look);
  }
  return g_variant_builder_end (&rows);
}
