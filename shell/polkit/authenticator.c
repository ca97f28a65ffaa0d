/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "authenticator.h"

#include "../permit/dead_time.h"
#include "../question.h"
#include "agent_process.h"

#include <glib/gi18n.h>

struct InosAuthenticator {
  InosQuestion *question;
  InosAgentProcess *agent;
  InosAuthenticatorHooks hooks;
  gpointer data;

  gboolean locked;
  GVariant *state; /* a{sv} of talk.h; NULL until the agent says one */
  guint id;        /* of the question, 0 where there is none */
};

/* What the page gets */

static void add_strings (GVariantDict *dict, JsonObject *object)
{
  static const char *const names[] = {"message", "action", "program", "command", "app",
                                      "phase",   "prompt", "info",    "error"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *text = "";

    g_variant_dict_lookup (dict, names[i], "&s", &text);
    json_object_set_string_member (object, names[i], text);
  }
}

static void add_numbers (GVariantDict *dict, JsonObject *object)
{
  static const char *const names[] = {"id", "pid", "person", "wrong", "waiting"};
  gboolean shown = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    guint32 number = 0;

    g_variant_dict_lookup (dict, names[i], "u", &number);
    json_object_set_int_member (object, names[i], number);
  }
  g_variant_dict_lookup (dict, "shown", "b", &shown);
  json_object_set_boolean_member (object, "shown", shown);
  json_object_set_int_member (object, "deadTime", INOS_PROMPT_DEAD_TIME / G_TIME_SPAN_MILLISECOND);
}

static void add_people (GVariantDict *dict, JsonObject *object)
{
  g_autoptr (GVariant) people =
    g_variant_dict_lookup_value (dict, "people", G_VARIANT_TYPE ("a(ss)"));
  gsize count = people ? g_variant_n_children (people) : 0;
  JsonArray *array = json_array_new();

  for (gsize i = 0; i < count; i++) {
    JsonObject *person = json_object_new();
    const char *account, *name;

    g_variant_get_child (people, i, "(&s&s)", &account, &name);
    json_object_set_string_member (person, "account", account);
    json_object_set_string_member (person, "name", name);
    json_array_add_object_element (array, person);
  }
  json_object_set_array_member (object, "people", array);
}

JsonNode *inos_authenticator_describe (InosAuthenticator *self)
{
  JsonObject *object;
  JsonNode *node;
  GVariantDict dict;

  if (self->id == 0)
    return json_node_new (JSON_NODE_NULL);
  object = json_object_new();
  node = json_node_new (JSON_NODE_OBJECT);
  g_variant_dict_init (&dict, self->state);
  add_strings (&dict, object);
  add_numbers (&dict, object);
  add_people (&dict, object);
  g_variant_dict_clear (&dict);
  json_node_take_object (node, object);
  return node;
}

static JsonNode *describe_question (gpointer owner)
{
  return inos_authenticator_describe (owner);
}

void inos_authenticator_send (InosAuthenticator *self, const char *name, JsonNode *value)
{
  inos_question_send (self->question, name, value);
}

/* What is asked */

static void on_asked (GVariant *state, gpointer data)
{
  InosAuthenticator *self = data;
  guint32 id = 0;
  gboolean another;

  g_variant_lookup (state, "id", "u", &id);
  another = id != self->id;
  g_clear_pointer (&self->state, g_variant_unref);
  self->state = g_variant_ref (state);
  self->id = id;
  if (id == 0) {
    inos_question_hide (self->question);
    self->hooks.busy (FALSE, self->data);
    return;
  }
  self->hooks.busy (TRUE, self->data);
  inos_question_show (self->question, another);
}

static void tell_lock (gpointer data)
{
  InosAuthenticator *self = data;

  if (self->agent)
    inos_agent_process_say (self->agent, INOS_POLKIT_LOCKED, 0, self->locked, NULL);
}

void inos_authenticator_set_locked (InosAuthenticator *self, gboolean locked)
{
  if (self->locked == locked)
    return;
  self->locked = locked;
  tell_lock (self);
}

/* Answers */

static void say (InosAuthenticator *self, enum inos_polkit_word_kind kind, guint id, guint value,
                 const char *text, InosReply *reply)
{
  if (id == 0 || id != self->id)
    inos_reply_fail (reply, "%s", _ ("This is not asked any more."));
  else if (kind == INOS_POLKIT_ANSWER && !inos_question_may_allow (self->question))
    inos_reply_fail (reply, "%s", _ ("That was too quick: read the question first."));
  else if (!inos_agent_process_say (self->agent, kind, id, value, text))
    inos_reply_fail (reply, "%s", _ ("The password could not be passed on. Try again."));
  else
    inos_reply_ok (reply, NULL);
}

void inos_authenticator_answer (InosAuthenticator *self, guint id, const char *text,
                                InosReply *reply)
{
  say (self, INOS_POLKIT_ANSWER, id, 0, text, reply);
}

void inos_authenticator_choose (InosAuthenticator *self, guint id, guint person, InosReply *reply)
{
  say (self, INOS_POLKIT_CHOOSE, id, person, NULL, reply);
}

void inos_authenticator_cancel (InosAuthenticator *self, guint id, InosReply *reply)
{
  say (self, INOS_POLKIT_CANCEL, id, 0, NULL, reply);
}

void inos_authenticator_escape (InosAuthenticator *self)
{
  if (self->id != 0 && inos_question_may_escape (self->question))
    inos_agent_process_say (self->agent, INOS_POLKIT_CANCEL, self->id, 0, NULL);
}

void inos_authenticator_painted (InosAuthenticator *self, guint id)
{
  if (id != 0 && id == self->id)
    inos_question_painted (self->question);
}

void inos_authenticator_fit (InosAuthenticator *self, guint height)
{
  inos_question_fit (self->question, height);
}

void inos_authenticator_forget_page (InosAuthenticator *self)
{
  inos_question_forget_page (self->question);
}

void inos_authenticator_lose_surface (InosAuthenticator *self)
{
  inos_question_lose_surface (self->question);
}

/* Life */

InosAuthenticator *inos_authenticator_create (InosWeb *web, const InosSurfaceHooks *surface_hooks,
                                              const InosAuthenticatorHooks *hooks, gpointer data)
{
  static const InosAgentProcessHooks agent_hooks = {.started = tell_lock, .asked = on_asked};
  InosAuthenticator *self = g_new0 (InosAuthenticator, 1);
  const InosQuestionTraits traits = {.kind = INOS_SURFACE_AUTHENTICATION,
                                     .name = "authentication",
                                     .describe = describe_question,
                                     .asking = hooks->asking};

  *self = (InosAuthenticator){.hooks = *hooks, .data = data, .locked = TRUE};
  self->question = inos_question_create (&traits, self, web, surface_hooks, data);
  self->agent = inos_agent_process_create (&agent_hooks, self);
  return self;
}

void inos_authenticator_destroy (InosAuthenticator *self)
{
  if (!self)
    return;
  inos_agent_process_destroy (self->agent);
  inos_question_destroy (self->question);
  g_clear_pointer (&self->state, g_variant_unref);
  g_free (self);
}
