/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "prompter.h"

#include "../bus_client.h"
#include "../question.h"
#include "dead_time.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n.h>

struct InosPrompter {
  InosQuestion *question;
  InosBusClient *client;

  guint id; /* of the question, 0 where there is none */
  char *app;
  char *capability;
  guint waiting; /* how many come after it */
  gboolean held; /* something else is asked first */
  gboolean locked;
};

/* What the page gets */

/* What applications call themselves cannot be relied on, so that the page shows the id as well. */
static void add_names (JsonObject *object, const char *app)
{
  g_autofree char *file = g_strconcat (app, ".desktop", NULL);
  g_autoptr (GDesktopAppInfo) info = g_desktop_app_info_new (file);

  json_object_set_string_member (object, "app", app);
  json_object_set_string_member (object, "name",
                                 info ? g_app_info_get_display_name (G_APP_INFO (info)) : app);
  json_object_set_string_member (object, "desktop", info ? file : "");
}

static gboolean is_asking (InosPrompter *self)
{
  return self->id != 0 && !self->held && !self->locked;
}

JsonNode *inos_prompter_describe (InosPrompter *self)
{
  JsonObject *object;
  JsonNode *node;

  /* The page begins anew when it may show itself again. */
  if (!is_asking (self))
    return json_node_new (JSON_NODE_NULL);
  object = json_object_new();
  node = json_node_new (JSON_NODE_OBJECT);
  json_object_set_int_member (object, "id", self->id);
  add_names (object, self->app);
  json_object_set_string_member (object, "capability", self->capability);
  json_object_set_int_member (object, "waiting", self->waiting);
  json_object_set_int_member (object, "deadTime", INOS_PROMPT_DEAD_TIME / G_TIME_SPAN_MILLISECOND);
  json_node_take_object (node, object);
  return node;
}

void inos_prompter_send (InosPrompter *self, const char *name, JsonNode *value)
{
  inos_question_send (self->question, name, value);
}

void inos_prompter_fit (InosPrompter *self, guint height)
{
  inos_question_fit (self->question, height);
}

void inos_prompter_painted (InosPrompter *self, guint id)
{
  if (id != 0 && id == self->id)
    inos_question_painted (self->question);
}

void inos_prompter_forget_page (InosPrompter *self)
{
  inos_question_forget_page (self->question);
}

void inos_prompter_lose_surface (InosPrompter *self)
{
  inos_question_lose_surface (self->question);
}

static void update (InosPrompter *self, gboolean another)
{
  if (is_asking (self))
    inos_question_show (self->question, another);
  else
    inos_question_hide (self->question);
}

void inos_prompter_hold (InosPrompter *self, gboolean held)
{
  if (self->held == held)
    return;
  self->held = held;
  update (self, TRUE);
}

void inos_prompter_set_locked (InosPrompter *self, gboolean locked)
{
  if (self->locked == locked)
    return;
  self->locked = locked;
  update (self, TRUE);
}

gboolean inos_prompter_is_visible (InosPrompter *self)
{
  return inos_question_is_visible (self->question);
}

/* What is asked */

static void describe (GDBusProxy *proxy, JsonObject *state)
{
  g_autoptr (GVariant) prompts = proxy ? inos_bus_get_variant (proxy, "Prompts", "a(uss)") : NULL;
  gsize count = prompts ? g_variant_n_children (prompts) : 0;
  const char *app, *capability;
  guint id;

  json_object_set_int_member (state, "count", (gint64)count);
  if (count == 0)
    return;
  g_variant_get_child (prompts, 0, "(u&s&s)", &id, &app, &capability);
  json_object_set_int_member (state, "id", id);
  json_object_set_string_member (state, "app", app);
  json_object_set_string_member (state, "capability", capability);
}

static void on_changed (JsonNode *state, gpointer data)
{
  InosPrompter *self = data;
  g_autoptr (JsonNode) owned = state;
  JsonObject *object = json_node_get_object (owned);
  gint64 count = json_object_get_int_member (object, "count");
  guint id = (guint)json_object_get_int_member_with_default (object, "id", 0);
  gboolean another = id != self->id;

  self->id = id;
  self->waiting = count > 1 ? (guint)count - 1 : 0;
  g_set_str (&self->app, json_object_get_string_member_with_default (object, "app", ""));
  g_set_str (&self->capability,
             json_object_get_string_member_with_default (object, "capability", ""));
  update (self, another);
}

/* Answers */

void inos_prompter_answer (InosPrompter *self, guint id, const char *answer, InosReply *reply)
{
  gboolean denies = g_str_equal (answer, "deny");

  if (id == 0 || id != self->id || !is_asking (self))
    inos_reply_fail (reply, "%s", _ ("This is not asked any more."));
  else if (!denies && !inos_question_may_allow (self->question))
    inos_reply_fail (reply, "%s", _ ("That was too quick: read the question first."));
  else
    inos_bus_client_ask (self->client, "Answer", g_variant_new ("(us)", id, answer),
                         _ ("The bridge to the node is missing."),
                         _ ("The answer did not arrive: %s"), reply);
}

static void on_denied (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (!reply)
    g_info ("a question could not be denied: %s", error->message);
}

void inos_prompter_escape (InosPrompter *self)
{
  GDBusProxy *proxy = inos_bus_client_get_proxy (self->client);

  if (!is_asking (self) || !inos_question_may_escape (self->question))
    return;
  if (proxy)
    g_dbus_proxy_call (proxy, "Answer", g_variant_new ("(us)", self->id, "deny"),
                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_denied, NULL);
}

/* Life */

static JsonNode *describe_question (gpointer owner)
{
  return inos_prompter_describe (owner);
}

InosPrompter *inos_prompter_create (GDBusConnection *bus, InosWeb *web,
                                    const InosSurfaceHooks *hooks, void (*asking) (gpointer data),
                                    gpointer data)
{
  static const InosBusAddress address = {"org.inos.Node1", "/org/inos/Node1",
                                         "org.inos.Node1.Permissions"};
  const InosBusHooks bus_hooks = {.describe = describe, .changed = on_changed};
  InosPrompter *self = g_new0 (InosPrompter, 1);
  const InosQuestionTraits traits = {
    .kind = INOS_SURFACE_PROMPT, .name = "prompt", .describe = describe_question, .asking = asking};

  self->locked = TRUE;
  self->question = inos_question_create (&traits, self, web, hooks, data);
  self->client = inos_bus_client_create (bus, &address, &bus_hooks, self);
  return self;
}

void inos_prompter_destroy (InosPrompter *self)
{
  if (!self)
    return;
  inos_bus_client_destroy (self->client);
  inos_question_destroy (self->question);
  g_free (self->app);
  g_free (self->capability);
  g_free (self);
}
