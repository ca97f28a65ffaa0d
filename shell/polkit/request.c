/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "request.h"

#include "asker.h"
#include "talk.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_MOST = 600, ACTION_MOST = 255, NAME_MOST = 100 };

/* polkit's daemon writes both: who is to be allowed, and who asked it. */
static pid_t find_pid (PolkitDetails *details)
{
  static const char *const names[] = {"polkit.subject-pid", "polkit.caller-pid"};
  guint64 pid;

  for (gsize i = 0; details && i < G_N_ELEMENTS (names); i++) {
    const char *text = polkit_details_lookup (details, names[i]);

    if (text && g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &pid, NULL))
      return (pid_t)pid;
  }
  return 0;
}

static const struct passwd *account_of (PolkitIdentity *identity)
{
  if (!POLKIT_IS_UNIX_USER (identity))
    return NULL;
  return getpwuid ((uid_t)polkit_unix_user_get_uid (POLKIT_UNIX_USER (identity)));
}

static gboolean is_own (PolkitIdentity *identity)
{
  return POLKIT_IS_UNIX_USER (identity) &&
         (uid_t)polkit_unix_user_get_uid (POLKIT_UNIX_USER (identity)) == getuid();
}

static GPtrArray *choose_people (GList *identities)
{
  GPtrArray *people = g_ptr_array_new_with_free_func (g_object_unref);

  /* One's own first, also where there are too many. */
  for (int own = 1; own >= 0; own--)
    for (GList *link = identities; link && people->len < INOS_POLKIT_PEOPLE_MAX; link = link->next)
      if (is_own (link->data) == own && account_of (link->data))
        g_ptr_array_add (people, g_object_ref (link->data));
  return people;
}

static GVariant *describe_people (GPtrArray *people)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < people->len; i++) {
    const struct passwd *account = account_of (people->pdata[i]);
    g_autofree char *name = inos_polkit_clean (account ? account->pw_name : NULL, NAME_MOST);
    g_autofree char *gecos = g_strdup (account && account->pw_gecos ? account->pw_gecos : "");
    g_autofree char *title = NULL;

    gecos[strcspn (gecos, ",")] = '\0';
    title = inos_polkit_clean (gecos, NAME_MOST);
    g_variant_builder_add (&builder, "(ss)", name, *title ? title : name);
  }
  return g_variant_builder_end (&builder);
}

static GVariant *describe (InosPolkitRequest *self, const char *action, const char *message,
                           PolkitDetails *details)
{
  g_autofree char *clean_action = inos_polkit_clean (action, ACTION_MOST);
  g_autofree char *clean_message = inos_polkit_clean (message, MESSAGE_MOST);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "id", "u", self->id);
  g_variant_dict_insert (&dict, "action", "s", clean_action);
  g_variant_dict_insert (&dict, "message", "s", clean_message);
  g_variant_dict_insert_value (&dict, "people", describe_people (self->people));
  inos_polkit_add_asker (&dict, find_pid (details));
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

InosPolkitRequest *inos_polkit_request_new (guint id, GTask *task, const char *cookie,
                                            const char *action, const char *message,
                                            PolkitDetails *details, GList *identities)
{
  InosPolkitRequest *self = g_new0 (InosPolkitRequest, 1);

  self->id = id;
  self->task = task;
  self->cookie = g_strdup (cookie);
  self->people = choose_people (identities);
  self->about = describe (self, action, message, details);
  return self;
}

void inos_polkit_request_free (InosPolkitRequest *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  if (self->cancelled)
    g_signal_handler_disconnect (cancellable, self->cancelled);
  g_object_unref (self->task);
  g_ptr_array_unref (self->people);
  g_variant_unref (self->about);
  g_free (self->cookie);
  g_free (self);
}
