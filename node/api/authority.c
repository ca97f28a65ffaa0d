/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/authority.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <poll.h>

#define NAME "org.freedesktop.PolicyKit1"
#define OBJECT "/org/freedesktop/PolicyKit1/Authority"
#define INTERFACE "org.freedesktop.PolicyKit1.Authority"

struct inos_authority {
  unsigned refs;             /* its owner's, each question's, and of what connects */
  unsigned open;             /* questions */
  unsigned patience, prompt; /* ms, for a password, and without */
  uint64_t last;             /* question's number */
  int64_t told;              /* when the log was told that there is no word; 0: never */
  GDBusConnection *bus;      /* NULL: none yet, or it has closed */
  GCancellable *connecting;  /* NULL: nothing connects */
  guint too_long;            /* timer of what connects; 0: none */
  GQueue waiting;            /* questions, for the bus */
};

struct inos_authority_question {
  struct inos_authority *authority; /* a reference */
  uint64_t number;
  GUnixFDList *process;
  pid_t pid;
  uid_t uid;
  const char *action;
  bool may_prompt, sent;
  guint timer; /* 0: none */
  GCancellable *cancel;
  inos_authority_said said; /* NULL: forgotten, or has had its answer */
  void *data;
};

static void unref (struct inos_authority *authority)
{
  if (--authority->refs > 0)
    return;
  g_clear_object (&authority->bus);
  g_free (authority);
}

static void question_free (struct inos_authority_question *question)
{
  g_clear_handle_id (&question->timer, g_source_remove);
  question->authority->open--;
  unref (question->authority);
  g_object_unref (question->process);
  g_object_unref (question->cancel);
  g_free (question);
}

static void say (struct inos_authority_question *question, enum inos_authority_word word)
{
  inos_authority_said said = g_steal_pointer (&question->said);

  if (said)
    said (word, question->data);
}

static void answer (struct inos_authority_question *question, enum inos_authority_word word)
{
  say (question, word);
  question_free (question);
}

/* Who asks could fill the journal else. */
static void complain (struct inos_authority *authority, const char *what)
{
  int64_t now = g_get_monotonic_time();

  if (authority->told && now - authority->told < INOS_AUTHORITY_QUIET_S * G_USEC_PER_SEC)
    return;
  authority->told = now;
  g_message ("There is no word of polkit: %s", what);
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

/* Before version 124 polkit does not know the descriptor and takes the number, which is another's
 * once the process has ended. While it has not, the number was its own. */
static bool is_gone (const struct inos_authority_question *question)
{
  struct pollfd process = {.fd = g_unix_fd_list_peek_fds (question->process, NULL)[0],
                           .events = POLLIN};

  return poll (&process, 1, 0) != 0;
}

static void on_checked (GObject *bus, GAsyncResult *result, void *data)
{
  struct inos_authority_question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (bus), NULL, result, &error);
  enum inos_authority_word word = reply ? word_of (reply) : INOS_AUTHORITY_ABSENT;

  if (!reply && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    complain (question->authority, error->message);
  answer (question, word == INOS_AUTHORITY_YES && is_gone (question) ? INOS_AUTHORITY_NO : word);
}

/* Takes the dialog away, where one may be up. */
static void take_back (struct inos_authority_question *question)
{
  struct inos_authority *authority = question->authority;

  if (question->sent && question->may_prompt && authority->bus) {
    g_autofree char *id = cancellation_id (question);
    g_dbus_connection_call (authority->bus, NAME, OBJECT, INTERFACE, "CancelCheckAuthorization",
                            g_variant_new ("(s)", id), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
                            NULL, NULL, NULL);
  }
  g_cancellable_cancel (question->cancel); /* on_checked() frees it */
}

static gboolean on_late (void *data)
{
  struct inos_authority_question *question = data;

  question->timer = 0;
  if (!question->may_prompt)
    complain (question->authority, "it does not answer");
  take_back (question);
  say (question, question->may_prompt ? INOS_AUTHORITY_DISMISSED : INOS_AUTHORITY_ABSENT);
  return G_SOURCE_REMOVE;
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
  struct inos_authority *authority = question->authority;
  g_autofree char *id = cancellation_id (question);

  question->sent = true;
  question->timer = g_timeout_add (question->may_prompt ? authority->patience : authority->prompt,
                                   on_late, question);
  g_dbus_connection_call_with_unix_fd_list (
    authority->bus, NAME, OBJECT, INTERFACE, "CheckAuthorization",
    g_variant_new ("(@(sa{sv})sa{ss}us)", subject (question), question->action, NULL,
                   question->may_prompt ? 1u : 0u, id),
    G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, question->process,
    question->cancel, on_checked, question);
}

/* The bus: one connection, for which all questions wait */

static void end_connecting (struct inos_authority *authority)
{
  struct inos_authority_question *question;

  g_clear_handle_id (&authority->too_long, g_source_remove);
  g_clear_object (&authority->connecting);
  while ((question = g_queue_pop_head (&authority->waiting)))
    if (authority->bus)
      check (question);
    else
      answer (question, INOS_AUTHORITY_ABSENT);
  unref (authority);
}

static void on_bus (GObject *object, GAsyncResult *result, void *data)
{
  struct inos_authority *authority = data;
  g_autoptr (GError) error = NULL;

  authority->bus = g_dbus_connection_new_for_address_finish (result, &error);
  if (!authority->bus && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    complain (authority, error->message);
  end_connecting (authority);
}

static gboolean on_no_address (void *data)
{
  complain (data, "there is no system bus");
  end_connecting (data);
  return G_SOURCE_REMOVE;
}

static gboolean on_too_long (void *data)
{
  struct inos_authority *authority = data;

  authority->too_long = 0;
  complain (authority, "the system bus does not answer");
  g_cancellable_cancel (authority->connecting);
  return G_SOURCE_REMOVE;
}

/* One of its own: the end of one that others share would not be seen. */
static void connect_bus (struct inos_authority *authority)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  authority->refs++;
  authority->connecting = g_cancellable_new();
  if (!address) {
    g_idle_add (on_no_address, authority);
    return;
  }
  authority->too_long = g_timeout_add (INOS_AUTHORITY_CONNECT_MS, on_too_long, authority);
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                       G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, authority->connecting, on_bus, authority);
}

struct inos_authority *inos_authority_new (unsigned patience_ms, unsigned prompt_ms)
{
  struct inos_authority *authority = g_new0 (struct inos_authority, 1);

  authority->refs = 1;
  authority->patience = patience_ms;
  authority->prompt = prompt_ms;
  return authority;
}

void inos_authority_free (struct inos_authority *authority)
{
  if (!authority)
    return;
  g_clear_handle_id (&authority->too_long, g_source_remove);
  if (authority->connecting)
    g_cancellable_cancel (authority->connecting);
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
  if (authority->bus) {
    check (question);
    return question;
  }
  g_queue_push_tail (&authority->waiting, question);
  if (!authority->connecting)
    connect_bus (authority);
  return question;
}

void inos_authority_forget (struct inos_authority_question *question)
{
  question->said = NULL;
  if (g_queue_remove (&question->authority->waiting, question))
    question_free (question);
  else
    take_back (question);
}
