/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "question.h"

#include "permit/dead_time.h"

#define WIDTH 480
#define FIRST_HEIGHT 240
#define TOP 140
/* How long the page is kept for the next question. */
#define LINGER_SECONDS 30

struct InosQuestion {
  InosQuestionTraits traits;
  gpointer owner;
  InosWeb *web;
  InosSurfaceHooks hooks;
  gpointer data;

  InosSurface *surface; /* NULL where there is none */
  gboolean visible;
  InosDeadTime dead_time;
  guint linger_source;
  guint lose_source;
};

static void set_height (InosQuestion *self, int height)
{
  const InosCard card = {
    .align = GTK_ALIGN_CENTER, .top = TOP, .width = WIDTH, .height = height, .dims = TRUE};

  inos_surface_set_card (self->surface, &card);
}

static void tell_page (InosQuestion *self)
{
  inos_surface_send (self->surface, self->traits.name, self->traits.describe (self->owner));
}

static gboolean on_linger (gpointer data)
{
  InosQuestion *self = data;

  self->linger_source = 0;
  g_clear_pointer (&self->surface, inos_surface_destroy);
  return G_SOURCE_REMOVE;
}

void inos_question_hide (InosQuestion *self)
{
  if (!self->visible)
    return;
  self->visible = FALSE;
  tell_page (self);
  inos_surface_set_visible (self->surface, FALSE);
  self->linger_source = g_timeout_add_seconds (LINGER_SECONDS, on_linger, self);
}

void inos_question_show (InosQuestion *self, gboolean another)
{
  if (another || !self->visible)
    inos_dead_time_begin (&self->dead_time, g_get_monotonic_time());
  g_clear_handle_id (&self->linger_source, g_source_remove);
  if (!self->surface)
    self->surface =
      inos_surface_create (self->traits.kind, self->web, NULL, &self->hooks, self->data);
  tell_page (self);
  if (self->visible)
    return;
  self->visible = TRUE;
  self->traits.asking (self->data);
  set_height (self, FIRST_HEIGHT);
  inos_surface_set_visible (self->surface, TRUE);
}

gboolean inos_question_is_visible (InosQuestion *self)
{
  return self->visible;
}

void inos_question_send (InosQuestion *self, const char *name, JsonNode *value)
{
  if (self->surface)
    inos_surface_send (self->surface, name, value);
  else
    json_node_unref (value);
}

void inos_question_fit (InosQuestion *self, guint height)
{
  if (self->visible)
    set_height (self, (int)height);
}

void inos_question_painted (InosQuestion *self)
{
  if (!self->visible)
    return;
  inos_surface_reveal (self->surface);
  inos_dead_time_draw (&self->dead_time, g_get_monotonic_time());
}

void inos_question_forget_page (InosQuestion *self)
{
  inos_dead_time_undraw (&self->dead_time);
}

static gboolean on_lose (gpointer data)
{
  InosQuestion *self = data;
  gboolean visible = self->visible;

  self->lose_source = 0;
  g_clear_handle_id (&self->linger_source, g_source_remove);
  self->visible = FALSE;
  g_clear_pointer (&self->surface, inos_surface_destroy);
  if (visible)
    inos_question_show (self, TRUE);
  return G_SOURCE_REMOVE;
}

/* Not now: the surface is who calls. */
void inos_question_lose_surface (InosQuestion *self)
{
  if (!self->lose_source)
    self->lose_source = g_idle_add (on_lose, self);
}

gboolean inos_question_may_allow (InosQuestion *self)
{
  return inos_dead_time_may_allow (&self->dead_time, g_get_monotonic_time());
}

gboolean inos_question_may_escape (InosQuestion *self)
{
  return inos_dead_time_may_escape (&self->dead_time, g_get_monotonic_time());
}

InosQuestion *inos_question_create (const InosQuestionTraits *traits, gpointer owner, InosWeb *web,
                                    const InosSurfaceHooks *hooks, gpointer data)
{
  InosQuestion *self = g_new0 (InosQuestion, 1);

  *self =
    (InosQuestion){.traits = *traits, .owner = owner, .web = web, .hooks = *hooks, .data = data};
  return self;
}

void inos_question_destroy (InosQuestion *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->linger_source, g_source_remove);
  g_clear_handle_id (&self->lose_source, g_source_remove);
  inos_surface_destroy (self->surface);
  g_free (self);
}
