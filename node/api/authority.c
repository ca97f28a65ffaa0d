/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/authority.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

#define NAME "org.freedesktop.PolicyKit1"
#define OBJECT "/org/freedesktop/PolicyKit1/Authority"
#define INTERFACE "org.freedesktop.PolicyKit1.Authority"

struct inos_authority {
  unsigned refs;        /* its owner's, and each question's */
  unsigned open;        /* questions */
  uint64_t last;        /* question's number */
  GDBusConnection *bus; /* NULL: none yet, or it has closed */
};

struct inos_authority_question {
  struct inos_authority *authority; /* a reference */
  uint64_t number;
  GUnixFDList *process;
  pid_t pid;
  uid_t uid;
  const char *action;
  bool may_prompt, sent;
  GCancellable *cancel;
  inos_authority_said said; /* NULL: forgotten */
  void *data;
};

static void unref (struct inos_authority *authority)
{
  if (--authority->refs > 0)
    return;
  g_clear_object (&authority->bus);
  g_free (authority);
}

static void answer (struct inos_authority_question *question, enum inos_authority_word word)
{
  if (question->said)
    question->said (word, question->data);
  question->authority->open--;
  unref (question->authority);
  g_object_unref (question->process);
  g_object_unref (question->cancel);
  g_free (question);
}

/* "" where it is not asked for: only who may be asked has to be taken back. */
static char *cancellation_id (const struct inos_authority_question *question)
{
  return question->may_prompt ? g_strdup_printf ("inos-%" G_GUINT64_FORMAT, question->number)
                              : g_strdup ("");
}

static enum inos_authority_word word_of (GVariant *reply)
{
  g_autoptr (GVariant) details = NULL;
  gboolean yes, challenge;
  const char *dismissed = NULL;

  g_variant_get (reply, "((bb@a{ss}))", &yes, &challenge, &details);
  if (yes)
    return INOS_AUTHORITY_YES;
  if (g_variant_lookup (details, "polkit.dismissed", "&s", &dismissed))
    return INOS_AUTHORITY_DISMISSED;
  return challenge ? INOS_AUTHORITY_CHALLENGE : INOS_AUTHORITY_NO;
}

static void on_checked (GObject *bus, GAsyncResult *result, void *data)
{
  struct inos_authority_question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (bus), NULL, result, &error);

  if (!reply && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("polkit does not say whether user %u may %s: %s", question->uid, question->action,
               error->message);
  answer (question, reply ? word_of (reply) : INOS_AUTHORITY_ABSENT);
}

/* The process is held by a descriptor, so that polkit judges none that has its number by then. */
static GVariant *subject (const struct inos_authority_question *question)
{
  GVariantBuilder details = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&details, "{sv}", "pidfd", g_variant_new_handle (0));
  g_variant_builder_add (&details, "{sv}", "pid", g_variant_new_uint32 ((guint32)question->pid));
  g_variant_builder_add (&details, "{sv}", "start-time", g_variant_new_uint64 (0));
  g_variant_builder_add (&details, "{sv}", "uid", g_variant_new_int32 ((gint32)question->uid));
  return g_variant_new ("(sa{sv})", "unix-process", &details);
}

static void check (struct inos_authority_question *question)
{
  g_autofree char *id = cancellation_id (question);

  question->sent = true;
  g_dbus_connection_call_with_unix_fd_list (
    question->authority->bus, NAME, OBJECT, INTERFACE, "CheckAuthorization",
    g_variant_new ("(@(sa{sv})sa{ss}us)", subject (question), question->action, NULL,
                   question->may_prompt ? 1u : 0u, id),
    G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE,
    question->may_prompt ? INOS_AUTHORITY_PATIENCE_MS : INOS_AUTHORITY_PROMPT_MS, question->process,
    question->cancel, on_checked, question);
}

static void on_bus (GObject *object, GAsyncResult *result, void *data)
{
  struct inos_authority_question *question = data;
  struct inos_authority *authority = question->authority;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_finish (result, &error);

  if (!bus) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      g_message ("There is no system bus to ask polkit on: %s", error->message);
    answer (question, INOS_AUTHORITY_ABSENT);
    return;
  }
  /* Another question may have been faster. */
  if (!authority->bus)
    authority->bus = g_steal_pointer (&bus);
  check (question);
}

static gboolean on_no_address (void *data)
{
  g_message ("There is no system bus to ask polkit on.");
  answer (data, INOS_AUTHORITY_ABSENT);
  return G_SOURCE_REMOVE;
}

/* One of its own: the end of one that others share would not be seen. */
static void connect_first (struct inos_authority_question *question)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  if (address)
    g_dbus_connection_new_for_address (address,
                                       G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                         G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                       NULL, question->cancel, on_bus, question);
  else
    g_idle_add (on_no_address, question);
}

struct inos_authority *inos_authority_new (void)
{
  struct inos_authority *authority = g_new0 (struct inos_authority, 1);

  authority->refs = 1;
  return authority;
}

void inos_authority_free (struct inos_authority *authority)
{
  if (authority)
    unref (authority);
}

struct inos_authority_question *inos_authority_ask (struct inos_authority *authority, int process,
                                                    pid_t pid, uid_t uid, const char *action,
                                                    bool may_prompt, inos_authority_said said,
                                                    void *data)
{
  g_autoptr (GUnixFDList) list = g_unix_fd_list_new();

  if (authority->open >= INOS_AUTHORITY_QUESTIONS ||
      g_unix_fd_list_append (list, process, NULL) < 0)
    return NULL;
  struct inos_authority_question *question = g_new0 (struct inos_authority_question, 1);
  *question = (struct inos_authority_question){
    .authority = authority,
    .number = ++authority->last,
    .process = g_steal_pointer (&list),
    .pid = pid,
    .uid = uid,
    .action = action,
    .may_prompt = may_prompt,
    .cancel = g_cancellable_new(),
    .said = said,
    .data = data,
  };
  authority->refs++;
  authority->open++;
  if (authority->bus && g_dbus_connection_is_closed (authority->bus))
    g_clear_object (&authority->bus);
  if (authority->bus)
    check (question);
  else
    connect_first (question);
  return question;
}

void inos_authority_forget (struct inos_authority_question *question)
{
  struct inos_authority *authority = question->authority;

  question->said = NULL;
  if (question->sent && question->may_prompt && authority->bus) {
    g_autofree char *id = cancellation_id (question);
    g_dbus_connection_call (authority->bus, NAME, OBJECT, INTERFACE, "CancelCheckAuthorization",
                            g_variant_new ("(s)", id), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                            NULL, NULL, NULL);
  }
  g_cancellable_cancel (question->cancel);
}
