/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "popups.h"

#define WIDTH 380
#define FIRST_HEIGHT 96
#define TOP 8
/* How long the page is kept for the next one. */
#define LINGER_SECONDS 30

struct InosPopups {
  InosWeb *web;
  InosSurfaceHooks hooks;
  gpointer data;
  InosSurface *surface; /* NULL where there is none */
  gboolean visible;
  guint serial;
  guint linger_source;
  guint lose_source;
};

InosPopups *inos_popups_create (InosWeb *web, const InosSurfaceHooks *hooks, gpointer data)
{
  InosPopups *self = g_new0 (InosPopups, 1);

  *self = (InosPopups){.web = web, .hooks = *hooks, .data = data};
  return self;
}

void inos_popups_destroy (InosPopups *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->linger_source, g_source_remove);
  g_clear_handle_id (&self->lose_source, g_source_remove);
  inos_surface_destroy (self->surface);
  g_free (self);
}

static void set_height (InosPopups *self, int height)
{
  const InosCard card = {.align = GTK_ALIGN_END, .top = TOP, .width = WIDTH, .height = height};

  inos_surface_set_card (self->surface, &card);
}

static gboolean on_linger (gpointer data)
{
  InosPopups *self = data;

  self->linger_source = 0;
  g_clear_pointer (&self->surface, inos_surface_destroy);
  return G_SOURCE_REMOVE;
}

static void hide (InosPopups *self)
{
  if (!self->visible)
    return;
  self->visible = FALSE;
  inos_surface_set_keyboard (self->surface, FALSE);
  inos_surface_set_visible (self->surface, FALSE);
  self->linger_source = g_timeout_add_seconds (LINGER_SECONDS, on_linger, self);
}

void inos_popups_show (InosPopups *self, JsonNode *state)
{
  if (!state) {
    hide (self);
    return;
  }
  g_clear_handle_id (&self->linger_source, g_source_remove);
  if (!self->surface)
    self->surface =
      inos_surface_create (INOS_SURFACE_POPUPS, self->web, NULL, &self->hooks, self->data);
  inos_surface_send (self->surface, "popups", state);
  if (self->visible)
    return;
  self->visible = TRUE;
  set_height (self, FIRST_HEIGHT);
  inos_surface_set_visible (self->surface, TRUE);
}

void inos_popups_send (InosPopups *self, const char *name, JsonNode *value)
{
  if (self->surface)
    inos_surface_send (self->surface, name, value);
  else
    json_node_unref (value);
}

guint inos_popups_get_serial (InosPopups *self)
{
  if (!self->visible)
    self->serial++;
  return self->serial;
}

void inos_popups_fit (InosPopups *self, guint height)
{
  if (self->visible)
    set_height (self, (int)height);
}

void inos_popups_painted (InosPopups *self, guint serial)
{
  if (self->visible && serial == self->serial)
    inos_surface_reveal (self->surface);
}

void inos_popups_set_keyboard (InosPopups *self, gboolean on)
{
  if (self->visible)
    inos_surface_set_keyboard (self->surface, on);
}

static gboolean on_lose (gpointer data)
{
  InosPopups *self = data;

  self->lose_source = 0;
  g_clear_handle_id (&self->linger_source, g_source_remove);
  self->visible = FALSE;
  g_clear_pointer (&self->surface, inos_surface_destroy);
  return G_SOURCE_REMOVE;
}

/* Not now: the surface is who calls. */
void inos_popups_lose (InosPopups *self)
{
  if (!self->lose_source)
    self->lose_source = g_idle_add (on_lose, self);
}
