/*
 * org.inos.Node1.Permissions: what was granted, to be seen and changed, and the person's answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/error.h"
#include "bridge/permit/permit-private.h"
#include "bridge/permit/portal_store.h"

#define AUDIT_MOST 10000

static gboolean on_list (InosNode1Permissions *skeleton, GDBusMethodInvocation *invocation,
                         void *data)
{
  struct inos_permit *permit = data;
  GPtrArray *list = inos_grants_list (permit->grants);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ssx)"));
  for (guint i = 0; i < list->len; i++) {
    const struct inos_grant *grant = g_ptr_array_index (list, i);

    g_variant_builder_add (&builder, "(ssx)", grant->app, grant->capability, grant->since);
  }
  inos_node1_permissions_complete_list (skeleton, invocation, g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_list_capabilities (InosNode1Permissions *skeleton,
                                      GDBusMethodInvocation *invocation, void *data)
{
  gsize count;
  const struct inos_grantable *table = inos_grantable_table (&count);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sb)"));
  for (gsize i = 0; i < count; i++)
    g_variant_builder_add (&builder, "(sb)", table[i].name, table[i].escapes);
  inos_node1_permissions_complete_list_capabilities (skeleton, invocation,
                                                     g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void fail (GDBusMethodInvocation *invocation, const GError *error)
{
  const char *name = INOS_BUS_FAILED;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT))
    name = INOS_BUS_INVALID_ARGUMENT;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    name = INOS_BUS_TOO_MANY;
  g_dbus_method_invocation_return_dbus_error (invocation, name, error->message);
}

static gboolean on_grant (InosNode1Permissions *skeleton, GDBusMethodInvocation *invocation,
                          const char *app, const char *capability, void *data)
{
  struct inos_permit *permit = data;
  g_autoptr (GError) error = NULL;
  const struct inos_prompt *prompt;

  if (!inos_grants_add (permit->grants, app, capability, g_get_real_time(), &error)) {
    fail (invocation, error);
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  }
  inos_permit_note (permit, app, capability, INOS_AUDIT_GRANTED,
                    g_dbus_method_invocation_get_sender (invocation));
  inos_prompts_forgive (permit->prompts, app);
  prompt = inos_prompts_find (permit->prompts, app, capability);
  if (prompt != NULL) /* what is being asked is answered so */
    inos_prompts_answer (permit->prompts, prompt->id, INOS_PROMPT_ALWAYS, g_get_monotonic_time());
  else
    inos_node1_permissions_emit_changed (skeleton);
  inos_permit_update (permit);
  inos_node1_permissions_complete_grant (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* @one: (nullable): NULL is all */
static void forget_in_portals (struct inos_permit *permit, const char *app, const char *one)
{
  gsize count;
  const struct inos_grantable *table = inos_grantable_table (&count);

  for (gsize i = 0; i < count; i++)
    if (one == NULL || g_str_equal (one, table[i].name))
      inos_portal_store_forget (permit->bus, app, &table[i]);
}

static gboolean on_revoke (InosNode1Permissions *skeleton, GDBusMethodInvocation *invocation,
                           const char *app, const char *capability, void *data)
{
  struct inos_permit *permit = data;
  const char *one = *capability != '\0' ? capability : NULL;
  g_autoptr (GError) error = NULL;
  guint count = 0;
  bool saved;

  if (!inos_app_id_is_valid (app) || (one != NULL && inos_grantable_find (one) == NULL)) {
    g_dbus_method_invocation_return_dbus_error (invocation, INOS_BUS_INVALID_ARGUMENT,
                                                "there is no such application or capability");
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  }
  saved = inos_grants_remove (permit->grants, app, one, &count, &error);
  inos_permit_forget_stays (permit, app, one);
  forget_in_portals (permit, app, one);
  inos_prompts_forgive (permit->prompts, app);
  inos_permit_note (permit, app, capability, INOS_AUDIT_REVOKED,
                    g_dbus_method_invocation_get_sender (invocation));
  inos_node1_permissions_emit_changed (skeleton);
  if (saved)
    inos_node1_permissions_complete_revoke (skeleton, invocation, count);
  else
    fail (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_read_audit (InosNode1Permissions *skeleton, GDBusMethodInvocation *invocation,
                               guint most, void *data)
{
  struct inos_permit *permit = data;
  g_auto (GStrv) lines = inos_audit_read (permit->audit, MIN (most, AUDIT_MOST));

  inos_node1_permissions_complete_read_audit (skeleton, invocation, (const char *const *)lines);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_ask (InosNode1Permissions *skeleton, GDBusMethodInvocation *invocation,
                        const char *app, const char *capability, const char *request, void *data)
{
  inos_portal_asks_ask (((struct inos_permit *)data)->asks, invocation, app, capability, request);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_withdraw (InosNode1Permissions *skeleton, GDBusMethodInvocation *invocation,
                             const char *request, void *data)
{
  inos_portal_asks_withdraw (((struct inos_permit *)data)->asks,
                             g_dbus_method_invocation_get_sender (invocation), request);
  inos_node1_permissions_complete_withdraw (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* What is remembered elsewhere is not allowed once: it would not be in our list. */
static enum inos_prompt_answer answer_to (struct inos_permit *permit, guint id,
                                          enum inos_prompt_answer answer)
{
  GPtrArray *list = inos_prompts_list (permit->prompts);

  for (guint i = 0; answer == INOS_PROMPT_ONCE && i < list->len; i++) {
    const struct inos_prompt *prompt = g_ptr_array_index (list, i);

    if (prompt->id == id && inos_grantable_find (prompt->capability)->table != NULL)
      return INOS_PROMPT_ALWAYS;
  }
  return answer;
}

static gboolean on_answer (InosNode1Permissions *skeleton, GDBusMethodInvocation *invocation,
                           guint id, const char *word, void *data)
{
  static const struct {
    const char *word;
    enum inos_prompt_answer answer;
  } words[] = {
    {"once", INOS_PROMPT_ONCE}, {"always", INOS_PROMPT_ALWAYS}, {"deny", INOS_PROMPT_DENY}};
  struct inos_permit *permit = data;
  bool found = false;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].word, word))
      found = inos_prompts_answer (permit->prompts, id, answer_to (permit, id, words[i].answer),
                                   g_get_monotonic_time());
  if (found) {
    inos_permit_update (permit);
    inos_node1_permissions_complete_answer (skeleton, invocation);
  } else {
    g_dbus_method_invocation_return_dbus_error (
      invocation, INOS_BUS_NOT_FOUND, "there is no such prompt any more, or no such answer");
  }
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

bool inos_permit_export (struct inos_permit *permit, const char *path, GError **error)
{
  const struct {
    const char *signal;
    GCallback handler;
  } methods[] = {
    {"handle-list", G_CALLBACK (on_list)},
    {"handle-list-capabilities", G_CALLBACK (on_list_capabilities)},
    {"handle-grant", G_CALLBACK (on_grant)},
    {"handle-revoke", G_CALLBACK (on_revoke)},
    {"handle-read-audit", G_CALLBACK (on_read_audit)},
    {"handle-answer", G_CALLBACK (on_answer)},
    {"handle-ask", G_CALLBACK (on_ask)},
    {"handle-withdraw", G_CALLBACK (on_withdraw)},
  };

  permit->skeleton = inos_node1_permissions_skeleton_new();
  inos_permit_update (permit);
  inos_permit_guard (permit, G_DBUS_INTERFACE_SKELETON (permit->skeleton), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect (permit->skeleton, methods[i].signal, methods[i].handler, permit);
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (permit->skeleton),
                                           permit->bus, path, error);
}

void inos_permit_withdraw (struct inos_permit *permit)
{
  GDBusInterfaceSkeleton *skeleton = G_DBUS_INTERFACE_SKELETON (permit->skeleton);

  if (g_dbus_interface_skeleton_get_connection (skeleton) != NULL)
    g_dbus_interface_skeleton_unexport (skeleton);
  inos_permit_release (permit, skeleton);
  g_signal_handlers_disconnect_by_data (skeleton, permit);
}
