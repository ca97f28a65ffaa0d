/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/permit/permit.h"

#include "bridge/error.h"
#include "bridge/permit/permit-private.h"
#include "bridge/policy.h"

#include <string.h>

/* Connections of one application that wait for an answer, or have what was allowed until they
 * leave. There is no bound on all: an application cannot make up others. */
#define STAYS_OF_APP 64

static gint64 wall_time (void)
{
  return g_get_real_time();
}

void inos_permit_note (struct inos_permit *permit, const char *app, const char *capability,
                       const char *decision, const char *by)
{
  inos_audit_add (permit->audit, app, capability, decision, by, wall_time());
}

/* Calls that wait */

void inos_permit_refuse (struct inos_permit *permit, GDBusMethodInvocation *invocation,
                         const char *name, const char *why)
{
  g_autofree char *message = g_strdup_printf (
    "%s.%s is not allowed: %s", g_dbus_method_invocation_get_interface_name (invocation),
    g_dbus_method_invocation_get_method_name (invocation), why);

  g_dbus_method_invocation_return_dbus_error (invocation, name, message);
}

/* GDBus was told that the call is not authorized, and has left it alone since. */
static void let_go (GDBusMethodInvocation *invocation)
{
  GDBusInterfaceSkeleton *skeleton = g_dbus_method_invocation_get_user_data (invocation);
  GDBusInterfaceVTable *table = g_dbus_interface_skeleton_get_vtable (skeleton);

  table->method_call (g_dbus_method_invocation_get_connection (invocation),
                      g_dbus_method_invocation_get_sender (invocation),
                      g_dbus_method_invocation_get_object_path (invocation),
                      g_dbus_method_invocation_get_interface_name (invocation),
                      g_dbus_method_invocation_get_method_name (invocation),
                      g_dbus_method_invocation_get_parameters (invocation), invocation, skeleton);
}

/* Who may do something until it leaves the bus */

struct stay {
  char *app;
  GPtrArray *capabilities; /* static strings: what it may do meanwhile */
  guint watch;
};

static void stay_free (void *data)
{
  struct stay *stay = data;

  g_bus_unwatch_name (stay->watch);
  g_ptr_array_unref (stay->capabilities);
  g_free (stay->app);
  g_free (stay);
}

static void on_left (GDBusConnection *bus, const char *name, void *data)
{
  struct inos_permit *permit = data;
  g_autofree char *sender = g_strdup (name);

  inos_prompts_left (permit->prompts, sender, g_get_monotonic_time());
  g_hash_table_remove (permit->stays, sender);
  inos_permit_update (permit);
}

static bool has_room (struct inos_permit *permit, const char *sender, const char *app)
{
  GHashTableIter iter;
  const struct stay *stay;
  guint own = 0;

  if (g_hash_table_contains (permit->stays, sender))
    return true;
  g_hash_table_iter_init (&iter, permit->stays);
  while (g_hash_table_iter_next (&iter, NULL, (void **)&stay))
    own += strcmp (stay->app, app) == 0;
  return own < STAYS_OF_APP;
}

static void watch (struct inos_permit *permit, const char *sender, const char *app)
{
  struct stay *stay;

  if (g_hash_table_contains (permit->stays, sender))
    return;
  stay = g_new0 (struct stay, 1);
  *stay = (struct stay){
    .app = g_strdup (app),
    .capabilities = g_ptr_array_new(),
    .watch = g_bus_watch_name_on_connection (permit->bus, sender, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                             NULL, on_left, permit, NULL),
  };
  g_hash_table_insert (permit->stays, g_strdup (sender), stay);
}

/* Nothing was allowed it, and it waits for nothing. */
static bool is_idle (struct inos_permit *permit, const char *sender, const struct stay *stay)
{
  return stay->capabilities->len == 0 && !inos_prompts_is_waiting (permit->prompts, sender);
}

static bool may_meanwhile (struct inos_permit *permit, const char *sender, const char *capability)
{
  const struct stay *stay = g_hash_table_lookup (permit->stays, sender);

  return stay != NULL && g_ptr_array_find (stay->capabilities, capability, NULL);
}

void inos_permit_forget_stays (struct inos_permit *permit, const char *app, const char *capability)
{
  GHashTableIter iter;
  struct stay *stay;
  char *sender;

  g_hash_table_iter_init (&iter, permit->stays);
  while (g_hash_table_iter_next (&iter, (void **)&sender, (void **)&stay)) {
    if (strcmp (stay->app, app) != 0)
      continue;
    for (guint i = stay->capabilities->len; i > 0; i--)
      if (capability == NULL ||
          strcmp (g_ptr_array_index (stay->capabilities, i - 1), capability) == 0)
        g_ptr_array_remove_index (stay->capabilities, i - 1);
    if (is_idle (permit, sender, stay))
      g_hash_table_iter_remove (&iter);
  }
}

/* Prompts */

static gboolean on_tick (void *data)
{
  struct inos_permit *permit = data;

  permit->timer = 0;
  inos_permit_update (permit);
  return G_SOURCE_REMOVE;
}

void inos_permit_update (struct inos_permit *permit)
{
  gint64 now = g_get_monotonic_time(), next = inos_prompts_tick (permit->prompts, now);
  GPtrArray *list = inos_prompts_list (permit->prompts);
  GVariantBuilder builder;

  g_clear_handle_id (&permit->timer, g_source_remove);
  if (next > 0)
    permit->timer =
      g_timeout_add ((guint)((next - now) / G_TIME_SPAN_MILLISECOND) + 1, on_tick, permit);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uss)"));
  for (guint i = 0; i < list->len; i++) {
    const struct inos_prompt *prompt = g_ptr_array_index (list, i);

    g_variant_builder_add (&builder, "(uss)", prompt->id, prompt->app, prompt->capability);
  }
  inos_node1_permissions_set_prompts (permit->skeleton, g_variant_builder_end (&builder));
}

static const char *const decisions[] = {
  [INOS_PROMPT_ONCE] = INOS_AUDIT_ONCE,   [INOS_PROMPT_ALWAYS] = INOS_AUDIT_GRANTED,
  [INOS_PROMPT_DENY] = INOS_AUDIT_DENIED, [INOS_PROMPT_EXPIRED] = INOS_AUDIT_EXPIRED,
  [INOS_PROMPT_GONE] = INOS_AUDIT_GONE,
};

static void on_settled (const struct inos_prompt *prompt, enum inos_prompt_answer answer,
                        void *data)
{
  struct inos_permit *permit = data;
  g_autoptr (GError) error = NULL;

  inos_permit_note (permit, prompt->app, prompt->capability, decisions[answer], "person");
  if (answer != INOS_PROMPT_ALWAYS)
    return;
  /* Who waits goes on: the person has said so, and is asked again another time. */
  if (!inos_grants_add (permit->grants, prompt->app, prompt->capability, wall_time(), &error))
    g_warning ("what was allowed always is allowed this time alone: %s", error->message);
  inos_node1_permissions_emit_changed (permit->skeleton);
}

static void on_answered (const struct inos_prompt *prompt, const char *sender, void *call,
                         enum inos_prompt_answer answer, void *data)
{
  struct inos_permit *permit = data;
  struct stay *stay = g_hash_table_lookup (permit->stays, sender);

  if (inos_portal_asks_answer (permit->asks, prompt, sender, call, answer))
    return;
  if (answer == INOS_PROMPT_ONCE && stay != NULL)
    g_ptr_array_add (stay->capabilities, (void *)prompt->capability);
  else if (answer != INOS_PROMPT_GONE && stay != NULL && is_idle (permit, sender, stay))
    g_hash_table_remove (permit->stays, sender);
  if (answer == INOS_PROMPT_ONCE || answer == INOS_PROMPT_ALWAYS)
    let_go (call);
  else if (answer == INOS_PROMPT_GONE)
    g_object_unref (call); /* nobody reads an answer */
  else
    inos_permit_refuse (permit, call,
                        answer == INOS_PROMPT_DENY ? INOS_BUS_ACCESS_DENIED : INOS_BUS_FAILED,
                        answer == INOS_PROMPT_DENY ? "the person has denied it"
                                                   : "the person was asked and did not answer");
}

void inos_permit_refuse_to_ask (struct inos_permit *permit, GDBusMethodInvocation *invocation,
                                enum inos_prompt_asked asked)
{
  static const struct {
    const char *name, *why;
  } words[] = {
    [INOS_PROMPT_FULL] = {INOS_BUS_TOO_MANY,
                          "too much is being asked of the person; wait for an answer"},
    [INOS_PROMPT_DENIED] = {INOS_BUS_ACCESS_DENIED, "the person has denied it not long ago"},
    [INOS_PROMPT_UNANSWERED] = {INOS_BUS_FAILED,
                                "the person was asked not long ago, and did not answer; try it "
                                "later"},
    [INOS_PROMPT_TOO_SOON] = {INOS_BUS_TOO_MANY,
                              "the person was asked not long ago, and who asked did not wait for "
                              "the answer; try it later"},
  };

  inos_permit_refuse (permit, invocation, words[asked].name, words[asked].why);
}

static void ask_person (struct inos_permit *permit, GDBusMethodInvocation *invocation,
                        const char *app, const char *capability)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  enum inos_prompt_asked asked = INOS_PROMPT_FULL;

  if (has_room (permit, sender, app))
    asked = inos_prompts_ask (permit->prompts, app, capability, sender, invocation,
                              g_get_monotonic_time());
  if (asked == INOS_PROMPT_ASKED)
    inos_permit_note (permit, app, capability, INOS_AUDIT_ASKED, sender);
  if (asked == INOS_PROMPT_ASKED || asked == INOS_PROMPT_JOINED) {
    watch (permit, sender, app);
    inos_permit_update (permit);
    return;
  }
  inos_permit_note (permit, app, capability, INOS_AUDIT_REFUSED, sender);
  inos_permit_refuse_to_ask (permit, invocation, asked);
}

/* Judging */

bool inos_permit_allows (struct inos_permit *permit, const char *sender, const char *app,
                         const char *capability)
{
  return inos_grants_has (permit->grants, app, capability) ||
         may_meanwhile (permit, sender, capability);
}

static void judge (struct inos_permit *permit, GDBusMethodInvocation *invocation,
                   const struct inos_caller *caller)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  const char *wanted =
    inos_policy_capability (g_dbus_method_invocation_get_interface_name (invocation),
                            g_dbus_method_invocation_get_method_name (invocation));
  const struct inos_grantable *row = inos_grantable_find (wanted);

  if (caller->kind == INOS_CALLER_UNKNOWN || row == NULL) {
    inos_permit_note (permit, caller->app, wanted != NULL ? wanted : "", INOS_AUDIT_REFUSED,
                      sender);
    inos_permit_refuse (permit, invocation, INOS_BUS_ACCESS_DENIED,
                        row != NULL ? caller->why : "no application in a sandbox can have it");
  } else if (inos_permit_allows (permit, sender, caller->app, row->name)) {
    inos_permit_note (permit, caller->app, row->name, INOS_AUDIT_ALLOWED, sender);
    let_go (invocation);
  } else {
    ask_person (permit, invocation, caller->app, row->name);
  }
}

/* A call that was stopped, on its way to the main loop. */
struct stopped {
  struct inos_permit *permit;
  GDBusMethodInvocation *invocation;
  struct inos_caller caller;
};

static gboolean on_stopped (void *data)
{
  struct stopped *stopped = data;

  judge (stopped->permit, stopped->invocation, &stopped->caller);
  return G_SOURCE_REMOVE;
}

static void stop (struct inos_permit *permit, GDBusMethodInvocation *invocation,
                  const struct inos_caller *caller)
{
  struct stopped *stopped = g_new0 (struct stopped, 1);

  *stopped = (struct stopped){permit, invocation, *caller};
  g_idle_add_full (G_PRIORITY_DEFAULT, on_stopped, stopped, g_free);
}

/* In a thread of GDBus, which waits for nothing but the bus. */
static gboolean on_authorize (GDBusInterfaceSkeleton *skeleton, GDBusMethodInvocation *invocation,
                              void *data)
{
  struct inos_permit *permit = data;
  struct inos_caller caller;

  inos_callers_identify (permit->callers, g_dbus_method_invocation_get_sender (invocation),
                         &caller);
  if (caller.kind == INOS_CALLER_PROGRAM)
    return inos_policy_authorize (invocation);
  stop (permit, invocation, &caller);
  return FALSE;
}

void inos_permit_guard (struct inos_permit *permit, GDBusInterfaceSkeleton *skeleton,
                        const char *reading)
{
  g_signal_connect (skeleton, "g-authorize-method", G_CALLBACK (on_authorize), permit);
  inos_property_guard_add (permit->properties, skeleton, reading);
}

void inos_permit_release (struct inos_permit *permit, GDBusInterfaceSkeleton *skeleton)
{
  inos_property_guard_remove (permit->properties, skeleton);
  g_signal_handlers_disconnect_by_func (skeleton, on_authorize, permit);
}

char *inos_permit_name_caller (struct inos_permit *permit, GDBusMethodInvocation *invocation)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  struct inos_caller caller;
  bool known = inos_callers_recall (permit->callers, sender, &caller);

  return g_strdup (known && caller.kind == INOS_CALLER_APP ? caller.app : sender);
}

/* Life */

struct inos_permit *inos_permit_new (GDBusConnection *bus, const char *path, GError **error)
{
  static const struct inos_prompts_events events = {.settled = on_settled, .answered = on_answered};
  struct inos_permit *permit = g_new0 (struct inos_permit, 1);
  g_autofree char *grants = g_build_filename (g_get_user_state_dir(), "inos", "permissions", NULL);
  g_autofree char *audit =
    g_build_filename (g_get_user_state_dir(), "inos", "permissions.audit", NULL);

  permit->bus = g_object_ref (bus);
  permit->callers = inos_callers_new (bus);
  permit->grants = inos_grants_new (grants);
  permit->audit = inos_audit_new (audit);
  permit->prompts = inos_prompts_new (&events, permit);
  permit->stays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stay_free);
  permit->asks = inos_portal_asks_new (permit);
  permit->properties = inos_property_guard_new (permit, path);
  if (!inos_permit_export (permit, path, error))
    g_clear_pointer (&permit, inos_permit_free);
  return permit;
}

void inos_permit_free (struct inos_permit *permit)
{
  if (permit == NULL)
    return;
  inos_permit_withdraw (permit);
  inos_property_guard_free (permit->properties);
  inos_prompts_free (permit->prompts);
  inos_portal_asks_free (permit->asks);
  g_clear_handle_id (&permit->timer, g_source_remove);
  g_hash_table_unref (permit->stays);
  inos_audit_free (permit->audit);
  inos_grants_free (permit->grants);
  inos_callers_free (permit->callers);
  g_object_unref (permit->bus);
  g_free (permit);
}
