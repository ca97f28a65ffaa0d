/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "power.h"

#include "notify/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define LOGIND_TIMEOUT_MS 2000
/* A person may be typing a password. */
#define DO_TIMEOUT_MS 120000
#define MAX_INHIBITORS 16
#define MAX_WORDS 160
/* SD_LOGIND_SKIP_INHIBITORS of org.freedesktop.login1(5). */
#define SKIP_INHIBITORS (G_GUINT64_CONSTANT (1) << 4)

static const struct {
  const char *action;
  const char *method;
  const char *question;
  const char *lock; /* what an inhibitor blocks it with */
} actions[] = {
  {"suspend", "Suspend", "CanSuspend", "sleep"},
  {"restart", "Reboot", "CanReboot", "shutdown"},
  {"power-off", "PowerOff", "CanPowerOff", "shutdown"},
};

struct InosPower {
  GCancellable *cancellable;
  GDBusConnection *bus; /* the system bus; NULL until and where there is none */
};

/* One open menu's questions. */
typedef struct {
  InosReply *reply;
  gboolean can_lock;
  gboolean can_log_out;
  gboolean possible[G_N_ELEMENTS (actions)];
  JsonArray *inhibitors;
  guint unanswered;
} Listing;

typedef struct {
  Listing *listing;
  gsize index;
} Question;

static void on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);

  if (!bus)
    return;
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  ((InosPower *)data)->bus = bus;
}

InosPower *inos_power_create (void)
{
  InosPower *self = g_new0 (InosPower, 1);

  self->cancellable = g_cancellable_new();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_bus, self);
  return self;
}

void inos_power_destroy (InosPower *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_object (&self->bus);
  g_free (self);
}

static void finish_listing (Listing *listing)
{
  JsonArray *array = json_array_new();
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  if (listing->can_lock)
    json_array_add_string_element (array, "lock");
  if (listing->can_log_out)
    json_array_add_string_element (array, "logout");
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (listing->possible[i])
      json_array_add_string_element (array, actions[i].action);
  }
  json_object_set_array_member (object, "actions", array);
  json_object_set_array_member (object, "inhibitors", listing->inhibitors);
  json_node_take_object (node, object);
  inos_reply_ok (listing->reply, node);
  g_free (listing);
}

static void take_answer (Listing *listing)
{
  if (--listing->unanswered == 0)
    finish_listing (listing);
}

static void on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  Listing *listing = question->listing;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  const char *word = "no";

  if (answer)
    g_variant_get (answer, "(&s)", &word);
  /* Where polkit asks for a password, or somebody asked to wait, a person can still want it. */
  listing->possible[question->index] = g_str_equal (word, "yes") ||
                                       g_str_equal (word, "challenge") ||
                                       strstr (word, "inhibit") != NULL;
  g_free (question);
  take_answer (listing);
}

static void add_inhibitor (Listing *listing, const char *what, const char *who, const char *why)
{
  g_auto (GStrv) locks = g_strsplit (what, ":", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    JsonObject *object;
    g_autofree char *name = NULL, *reason = NULL;

    if (!g_strv_contains ((const char *const *)locks, actions[i].lock))
      continue;
    name = inos_text_clean (who, MAX_WORDS, FALSE);
    reason = inos_text_clean (why, MAX_WORDS, FALSE);
    object = json_object_new();
    json_object_set_string_member (object, "action", actions[i].action);
    json_object_set_string_member (object, "who", name);
    json_object_set_string_member (object, "why", reason);
    json_array_add_object_element (listing->inhibitors, object);
  }
}

/* Those that only delay are heeded by logind. */
static void on_inhibitors (GObject *source, GAsyncResult *result, gpointer data)
{
  Listing *listing = data;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) rows = answer ? g_variant_get_child_value (answer, 0) : NULL;

  for (gsize i = 0; rows && i < MIN (g_variant_n_children (rows), MAX_INHIBITORS); i++) {
    const char *what, *who, *why, *mode;

    g_variant_get_child (rows, i, "(&s&s&s&suu)", &what, &who, &why, &mode, NULL, NULL);
    if (g_str_has_prefix (mode, "block"))
      add_inhibitor (listing, what, who, why);
  }
  take_answer (listing);
}

static void call_logind (InosPower *self, const char *method, GVariant *arguments,
                         const char *answer_type, GAsyncReadyCallback done, gpointer data)
{
  g_dbus_connection_call (self->bus, "org.freedesktop.login1", "/org/freedesktop/login1",
                          "org.freedesktop.login1.Manager", method, arguments,
                          answer_type ? G_VARIANT_TYPE (answer_type) : NULL, G_DBUS_CALL_FLAGS_NONE,
                          LOGIND_TIMEOUT_MS, NULL, done, data);
}

void inos_power_list (InosPower *self, gboolean can_lock, gboolean can_log_out, InosReply *reply)
{
  Listing *listing = g_new0 (Listing, 1);

  *listing = (Listing){.reply = reply, .can_lock = can_lock, .can_log_out = can_log_out};
  listing->inhibitors = json_array_new();
  if (!self->bus || g_dbus_connection_is_closed (self->bus)) {
    finish_listing (listing);
    return;
  }
  listing->unanswered = G_N_ELEMENTS (actions) + 1;
  call_logind (self, "ListInhibitors", NULL, "(a(ssssuu))", on_inhibitors, listing);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    Question *question = g_new0 (Question, 1);

    *question = (Question){listing, i};
    call_logind (self, actions[i].question, NULL, "(s)", on_answer, question);
  }
}

gboolean inos_power_knows (const char *action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (g_str_equal (actions[i].action, action))
      return TRUE;
  }
  return FALSE;
}

static void fail (InosReply *reply, GError *error)
{
  g_autofree char *reason = NULL;

  g_dbus_error_strip_remote_error (error);
  reason = inos_text_clean (error->message, MAX_WORDS, FALSE);
  inos_reply_fail (reply, _ ("The computer refused: %s"), reason);
}

static void on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer)
    inos_reply_ok (data, NULL);
  else
    fail (data, error);
}

static void do_it (InosPower *self, const char *method, gboolean heedless, InosReply *reply)
{
  g_autofree char *name = heedless ? g_strconcat (method, "WithFlags", NULL) : g_strdup (method);
  GVariant *argument =
    heedless ? g_variant_new ("(t)", SKIP_INHIBITORS) : g_variant_new ("(b)", TRUE);

  g_dbus_connection_call (self->bus, "org.freedesktop.login1", "/org/freedesktop/login1",
                          "org.freedesktop.login1.Manager", name, argument, NULL,
                          G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, DO_TIMEOUT_MS, NULL,
                          on_done, reply);
}

void inos_power_do (InosPower *self, const char *action, gboolean heedless, InosReply *reply)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (self->bus && g_str_equal (actions[i].action, action)) {
      do_it (self, actions[i].method, heedless, reply);
      return;
    }
  }
  inos_reply_fail (reply, "%s", _ ("This computer cannot do that now."));
}
