/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/permit/portal_asks.h"

#include "bridge/error.h"
#include "bridge/permit/permit-private.h"

#include <string.h>

#define BY "portal" /* in the audit */

struct inos_portal_asks {
  struct inos_permit *permit;
  GHashTable *waiting; /* "SENDER REQUEST" → struct asker */
  guint once;          /* the prompt of which a call was told "once" last; 0: none */
};

/* Who asked one question, and is watched while that waits. */
struct asker {
  char *sender;
  guint watch;
};

static void asker_free (void *data)
{
  struct asker *asker = data;

  g_bus_unwatch_name (asker->watch);
  g_free (asker->sender);
  g_free (asker);
}

static char *key_of (const char *sender, const char *request)
{
  return g_strconcat (sender, " ", request, NULL);
}

static void leave (struct inos_portal_asks *asks, const char *key)
{
  inos_prompts_left (asks->permit->prompts, key, g_get_monotonic_time());
  inos_permit_update (asks->permit);
}

static void on_vanished (GDBusConnection *bus, const char *name, void *data)
{
  struct inos_portal_asks *asks = data;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  const struct asker *asker;
  const char *key;

  g_hash_table_iter_init (&iter, asks->waiting);
  while (g_hash_table_iter_next (&iter, (void **)&key, (void **)&asker))
    if (strcmp (asker->sender, name) == 0)
      g_ptr_array_add (keys, g_strdup (key));
  for (guint i = 0; i < keys->len; i++)
    leave (asks, g_ptr_array_index (keys, i));
}

static void watch (struct inos_portal_asks *asks, const char *key, const char *sender)
{
  struct asker *asker = g_new0 (struct asker, 1);

  *asker = (struct asker){
    .sender = g_strdup (sender),
    .watch = g_bus_watch_name_on_connection (
      asks->permit->bus, sender, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, on_vanished, asks, NULL),
  };
  g_hash_table_insert (asks->waiting, g_strdup (key), asker);
}

static void answer_with (GDBusMethodInvocation *invocation, const char *word)
{
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", word));
}

/* Returns: (nullable): what it can be asked for; NULL where the call was refused. */
static const struct inos_grantable *check (struct inos_portal_asks *asks,
                                           GDBusMethodInvocation *invocation, const char *app,
                                           const char *capability, const char *key,
                                           const char *request)
{
  const struct inos_grantable *row = inos_grantable_find (capability);
  const char *wrong = NULL;

  if (!inos_app_id_is_valid (app))
    wrong = "that names no application";
  else if (row == NULL || !inos_grantable_is_portals (row))
    wrong = "that is no capability that portals ask for";
  else if (*request == '\0' || strlen (request) > INOS_PORTAL_REQUEST_MAX ||
           g_hash_table_contains (asks->waiting, key))
    wrong = "each question has a name of its own";
  if (wrong != NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, INOS_BUS_INVALID_ARGUMENT, wrong);
  return wrong == NULL ? row : NULL;
}

void inos_portal_asks_ask (struct inos_portal_asks *asks, GDBusMethodInvocation *invocation,
                           const char *app, const char *capability, const char *request)
{
  struct inos_permit *permit = asks->permit;
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  g_autofree char *key = key_of (sender, request);
  const struct inos_grantable *row = check (asks, invocation, app, capability, key, request);
  enum inos_prompt_asked asked;

  if (row == NULL)
    return;
  if (inos_grants_has (permit->grants, app, row->name)) {
    inos_permit_note (permit, app, row->name, INOS_AUDIT_ALLOWED, BY);
    answer_with (invocation, "granted");
    return;
  }
  asked =
    inos_prompts_ask (permit->prompts, app, row->name, key, invocation, g_get_monotonic_time());
  if (asked == INOS_PROMPT_ASKED || asked == INOS_PROMPT_JOINED) {
    if (asked == INOS_PROMPT_ASKED)
      inos_permit_note (permit, app, row->name, INOS_AUDIT_ASKED, BY);
    watch (asks, key, sender);
    inos_permit_update (permit);
    return;
  }
  inos_permit_note (permit, app, row->name, INOS_AUDIT_REFUSED, BY);
  inos_permit_refuse_to_ask (permit, invocation, asked);
}

void inos_portal_asks_withdraw (struct inos_portal_asks *asks, const char *sender,
                                const char *request)
{
  g_autofree char *key = key_of (sender, request);

  if (g_hash_table_contains (asks->waiting, key))
    leave (asks, key);
}

/* What a portal keeps for good by itself would not be in our list, and could not be revoked. */
static bool is_kept (struct inos_portal_asks *asks, const struct inos_prompt *prompt)
{
  return inos_grantable_find (prompt->capability)->table == NULL ||
         inos_grants_has (asks->permit->grants, prompt->app, prompt->capability);
}

bool inos_portal_asks_answer (struct inos_portal_asks *asks, const struct inos_prompt *prompt,
                              const char *key, GDBusMethodInvocation *invocation,
                              enum inos_prompt_answer answer)
{
  if (!g_hash_table_remove (asks->waiting, key))
    return false;
  if (answer == INOS_PROMPT_ONCE && asks->once == prompt->id) {
    inos_permit_refuse (asks->permit, invocation, INOS_BUS_FAILED,
                        "the person has allowed it once, which another call was");
  } else if (answer == INOS_PROMPT_ONCE) {
    asks->once = prompt->id;
    answer_with (invocation, "once");
  } else if (answer == INOS_PROMPT_ALWAYS && !is_kept (asks, prompt)) {
    inos_permit_refuse (asks->permit, invocation, INOS_BUS_FAILED,
                        "that it is allowed could not be kept");
  } else if (answer == INOS_PROMPT_ALWAYS) {
    answer_with (invocation, "always");
  } else {
    /* Who asks keeps a denial for good: only the person's own is one. */
    inos_permit_refuse (asks->permit, invocation,
                        answer == INOS_PROMPT_DENY ? INOS_BUS_ACCESS_DENIED : INOS_BUS_FAILED,
                        answer == INOS_PROMPT_DENY      ? "the person has denied it"
                        : answer == INOS_PROMPT_EXPIRED ? "the person was asked and did not answer"
                                                        : "who asked did not wait for the answer");
  }
  return true;
}

struct inos_portal_asks *inos_portal_asks_new (struct inos_permit *permit)
{
  struct inos_portal_asks *asks = g_new0 (struct inos_portal_asks, 1);

  asks->permit = permit;
  asks->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, asker_free);
  return asks;
}

void inos_portal_asks_free (struct inos_portal_asks *asks)
{
  if (asks == NULL)
    return;
  g_hash_table_unref (asks->waiting);
  g_free (asks);
}
