/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/remote_acl.h"

#include "node/mesh/remote/message.h"

#include <gio/gio.h>
#include <string.h>

#define FILE_NAME "actors.ini"
#define ACTORS "actors"   /* a group: an actor's name = who */
#define MEMBERS "members" /* a group */
#define PEERS "peers"     /* its key: who are */

struct inos_remote_acl {
  char *path; /* NULL: it is not kept */
  bool broken;
  const struct inos_host *host; /* whose guard is asked; NULL: nobody's */
  GKeyFile *changes;            /* what the file has */
  GKeyFile *file;               /* and what the settings say besides */
};

static bool is_guarded (const struct inos_remote_acl *acl)
{
  return acl->host && inos_host_is_guarded (acl->host);
}

/* Whether one of @list is @peer, or was before it handed over to another key. */
static bool names (const struct inos_remote_acl *acl, const char *const *list,
                   const struct inos_peer_id *peer)
{
  for (; *list; list++) {
    struct inos_peer_id id;
    if (!inos_peer_id_parse (&id, *list))
      continue;
    if (inos_peer_id_equal (acl->host ? inos_host_latest (acl->host, &id) : &id, peer))
      return true;
  }
  return false;
}

/* Whether @peer is a member of this mesh: one whom the host's guard lets in, and where there is
 * none one of those that the file names. */
static bool is_member (const struct inos_remote_acl *acl, const struct inos_peer_id *peer)
{
  if (is_guarded (acl))
    return inos_host_lets_in (acl->host, peer);
  g_auto (GStrv) members = g_key_file_get_string_list (acl->file, MEMBERS, PEERS, NULL, NULL);

  return members && names (acl, (const char *const *)members, peer);
}

bool inos_remote_acl_allows (const struct inos_remote_acl *acl, const struct inos_peer_id *peer,
                             const char *name)
{
  g_auto (GStrv) who = g_key_file_get_string_list (acl->file, ACTORS, name, NULL, NULL);

  if (!who)
    return false;
  const char *const *list = (const char *const *)who;
  if (g_strv_contains (list, INOS_REMOTE_PUBLIC))
    return true;
  if (is_guarded (acl) && !is_member (acl, peer)) /* revoked, it may be: whoever names it */
    return false;
  return names (acl, list, peer) ||
         (g_strv_contains (list, INOS_REMOTE_MEMBERS) && is_member (acl, peer));
}

static bool is_somebody (const char *who)
{
  struct inos_peer_id peer;
  char text[INOS_PEER_TEXT_MAX];

  if (strcmp (who, INOS_REMOTE_PUBLIC) == 0 || strcmp (who, INOS_REMOTE_MEMBERS) == 0)
    return true;
  if (!inos_peer_id_parse (&peer, who))
    return false;
  inos_peer_id_text (&peer, text);
  return strcmp (text, who) == 0; /* in the one form in which it is compared */
}

static bool check (const struct inos_remote_acl *acl, const char *name, const char *const *who,
                   GError **error)
{
  g_auto (GStrv) names = g_key_file_get_keys (acl->file, ACTORS, NULL, NULL);

  if (acl->broken) {
    g_set_error (
      error, G_IO_ERROR, G_IO_ERROR_FAILED,
      "%s could not be read when the node started. Mend or remove it, and start the node "
      "anew.",
      acl->path);
    return false;
  }
  if (!inos_remote_name_is_right (name)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%.80s” is no actor that others could reach: its name has up to 64 letters, "
                 "digits and “-_.”.",
                 name);
    return false;
  }
  for (unsigned i = 0; who[i]; i++)
    if (i >= INOS_REMOTE_ACL_WHO_MAX || !is_somebody (who[i])) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "“%.80s” is neither “public” nor “members” nor the id of a peer, or there are "
                   "more than 64.",
                   who[i]);
      return false;
    }
  if (!names || g_strv_length (names) < INOS_REMOTE_ACL_ACTORS_MAX ||
      g_strv_contains ((const char *const *)names, name))
    return true;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "256 actors are named already. Take some off the list.");
  return false;
}

static bool save (const struct inos_remote_acl *acl, GError **error)
{
  gsize len;
  g_autofree char *text = g_key_file_to_data (acl->changes, &len, NULL);

  return !acl->path || g_file_set_contents_full (
                         acl->path, text, (gssize)len,
                         G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

bool inos_remote_acl_set (struct inos_remote_acl *acl, const char *name, const char *const *who,
                          GError **error)
{
  gsize count = g_strv_length ((char **)who);

  if (!check (acl, name, who, error))
    return false;
  g_autofree char *before = g_key_file_get_value (acl->changes, ACTORS, name, NULL);
  g_key_file_set_string_list (acl->changes, ACTORS, name, who, count);
  if (save (acl, error)) {
    g_key_file_set_string_list (acl->file, ACTORS, name, who, count);
    return true;
  }
  if (before)
    g_key_file_set_value (acl->changes, ACTORS, name, before);
  else
    g_key_file_remove_key (acl->changes, ACTORS, name, NULL);
  return false;
}

static int compare (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static char **sorted_names (const struct inos_remote_acl *acl)
{
  gsize len = 0;
  char **names = g_key_file_get_keys (acl->file, ACTORS, &len, NULL);

  if (!names)
    return g_new0 (char *, 1);
  qsort (names, len, sizeof *names, compare);
  return names;
}

GVariant *inos_remote_acl_list (const struct inos_remote_acl *acl)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sas)"));
  g_auto (GStrv) names = sorted_names (acl);

  for (char **name = names; *name; name++) {
    g_auto (GStrv) who = g_key_file_get_string_list (acl->file, ACTORS, *name, NULL, NULL);
    if (who && *who)
      g_variant_builder_add (&rows, "(s^as)", *name, who);
  }
  return g_variant_builder_end (&rows);
}

char **inos_remote_acl_names (const struct inos_remote_acl *acl, const struct inos_peer_id *peer)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new();
  g_auto (GStrv) names = sorted_names (acl);

  for (char **name = names; *name; name++)
    if (inos_remote_acl_allows (acl, peer, *name))
      g_strv_builder_add (found, *name);
  return g_strv_builder_end (found);
}

/* What is wrong in a file that a person has edited lets nobody in. */
static void load (struct inos_remote_acl *acl)
{
  g_autoptr (GError) error = NULL;

  if (!acl->path || g_key_file_load_from_file (acl->changes, acl->path, G_KEY_FILE_NONE, &error) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return;
  acl->broken = true;
  g_warning ("Who may reach this node's actors cannot be read, so nobody may: %s: %s. Mend or "
             "remove the file, and start the node anew.",
             acl->path, error->message);
}

struct inos_remote_acl *inos_remote_acl_new (const struct inos_mesh_config *config,
                                             const char *state_dir)
{
  struct inos_remote_acl *acl = g_new0 (struct inos_remote_acl, 1);

  acl->path = state_dir ? g_build_filename (state_dir, FILE_NAME, NULL) : NULL;
  acl->changes = g_key_file_new();
  load (acl);
  acl->file = g_key_file_new();
  g_autofree char *text = g_key_file_to_data (acl->changes, NULL, NULL);
  g_key_file_load_from_data (acl->file, text, (gsize)-1, G_KEY_FILE_NONE, NULL);
  for (unsigned i = 0; !acl->broken && i < config->n_public_actors; i++)
    if (!g_key_file_has_key (acl->file, ACTORS, config->public_actors[i], NULL))
      g_key_file_set_string_list (acl->file, ACTORS, config->public_actors[i],
                                  (const char *const[]){INOS_REMOTE_PUBLIC, NULL}, 1);
  return acl;
}

void inos_remote_acl_ask (struct inos_remote_acl *acl, const struct inos_host *host)
{
  acl->host = host;
}

void inos_remote_acl_free (struct inos_remote_acl *acl)
{
  if (!acl)
    return;
  g_key_file_unref (acl->changes);
  g_key_file_unref (acl->file);
  g_free (acl->path);
  g_free (acl);
}
