/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/manage_rights.h"

#include "node/api/messages.h"
#include "node/mesh/host/error.h"

#include <inttypes.h>
#include <string.h>

#define FILE_NAME "managers.ini"
#define GROUP "managers" /* a peer's id = its right; the era of its membership */

struct inos_manage_rights {
  struct inos_host *host;
  const struct inos_trust *trust;
  char *path; /* NULL: it is not kept */
  bool broken;
  GKeyFile *changes; /* what the file has */
  GKeyFile *settings;
  GKeyFile *file; /* the changes, and what the settings say besides */
};

static const char *const names[] = {
  [INOS_RIGHT_NONE] = "none", [INOS_RIGHT_LOOK] = "look", [INOS_RIGHT_ALL] = "all"};

/* What may be asked through the mesh. All that is not here is for this machine alone: letters and
 * mailboxes, which have a list of their own, terminals, and the mesh itself. */
static const struct {
  const char *type;
  enum inos_right right;
} questions[] = {
  {INOS_ACTORS_CYCLES, INOS_RIGHT_LOOK},      {INOS_ACTORS_DEAD_LETTERS, INOS_RIGHT_LOOK},
  {INOS_ACTORS_INSPECT, INOS_RIGHT_LOOK},     {INOS_ACTORS_LIST, INOS_RIGHT_LOOK},
  {INOS_ACTORS_PATH, INOS_RIGHT_LOOK},        {INOS_ACTORS_PATH_BEGIN, INOS_RIGHT_ALL},
  {INOS_ACTORS_PATH_END, INOS_RIGHT_ALL},     {INOS_ACTORS_RESEND, INOS_RIGHT_ALL},
  {INOS_ACTORS_RESTART, INOS_RIGHT_ALL},      {INOS_ACTORS_STOP, INOS_RIGHT_ALL},
  {INOS_ACTORS_TRACE, INOS_RIGHT_ALL},        {INOS_ACTORS_TRACED, INOS_RIGHT_LOOK},
  {INOS_MACHINE_DISKS, INOS_RIGHT_LOOK},      {INOS_MACHINE_END, INOS_RIGHT_ALL},
  {INOS_MACHINE_INTERFACES, INOS_RIGHT_LOOK}, {INOS_MACHINE_LOG, INOS_RIGHT_LOOK},
  {INOS_MACHINE_LOG_READ, INOS_RIGHT_LOOK},   {INOS_MACHINE_LOGS, INOS_RIGHT_LOOK},
  {INOS_MACHINE_PRIORITY, INOS_RIGHT_ALL},    {INOS_MACHINE_PROCESS, INOS_RIGHT_LOOK},
  {INOS_MACHINE_PROCESSES, INOS_RIGHT_LOOK},  {INOS_MACHINE_UNITS, INOS_RIGHT_LOOK},
};

const char *inos_right_name (enum inos_right right)
{
  return names[right];
}

bool inos_right_parse (const char *name, enum inos_right *right)
{
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0) {
      *right = (enum inos_right)i;
      return true;
    }
  return false;
}

bool inos_right_needed (const char *type, enum inos_right *right)
{
  for (size_t i = 0; i < G_N_ELEMENTS (questions); i++)
    if (strcmp (questions[i].type, type) == 0) {
      *right = questions[i].right;
      return true;
    }
  return false;
}

/* Those that are named */

/* @era: 0: of any, as the settings say it. */
static enum inos_right read_right (GKeyFile *file, const char *key, uint64_t *era)
{
  g_auto (GStrv) words = g_key_file_get_string_list (file, GROUP, key, NULL, NULL);
  enum inos_right right;

  *era = 0;
  if (!words || !words[0] || !inos_right_parse (words[0], &right))
    return INOS_RIGHT_NONE;
  if (words[1] &&
      (!g_ascii_string_to_unsigned (words[1], 10, 1, UINT32_MAX, era, NULL) || words[2]))
    return INOS_RIGHT_NONE;
  return right;
}

static enum inos_right right_at (GKeyFile *file, const char *key)
{
  uint64_t era;

  return read_right (file, key, &era);
}

static void write_right (GKeyFile *file, const char *key, enum inos_right right, uint64_t era)
{
  g_autofree char *text = era > 0 ? g_strdup_printf ("%s;%" PRIu64, inos_right_name (right), era)
                                  : g_strdup (inos_right_name (right));

  g_key_file_set_value (file, GROUP, key, text);
}

/* Of a mesh that this node is a member of itself: the roll of one that put it out is old. */
static bool is_member (const struct inos_manage_rights *rights, const struct inos_peer_id *peer)
{
  const struct inos_roll *roll = inos_trust_roll (rights->trust);

  return inos_roll_standing (roll, peer) == INOS_STANDING_MEMBER &&
         inos_roll_standing (roll, inos_host_id (rights->host)) == INOS_STANDING_MEMBER;
}

/* 0: it is no member. Who took over from another key is one in the era of that. */
static uint32_t era_of (const struct inos_manage_rights *rights, const struct inos_peer_id *peer)
{
  const struct inos_roll_entry *entry = inos_roll_find (inos_trust_roll (rights->trust), peer);

  return entry && entry->standing == INOS_STANDING_MEMBER ? entry->era : 0;
}

/* A right of a membership that has ended: it was not there for that, or ended before that was
 * written down, and its next one began before anybody here knew. */
static bool is_stale (const struct inos_manage_rights *rights, GKeyFile *file, const char *key)
{
  struct inos_peer_id id;
  uint64_t era;

  return read_right (file, key, &era) != INOS_RIGHT_NONE && era > 0 &&
         (!inos_peer_id_parse (&id, key) ||
          era_of (rights, inos_host_latest (rights->host, &id)) != era);
}

/* Whether @key names @peer: as it is, or as it was before it handed over to another key. */
static bool names_peer (const struct inos_manage_rights *rights, const char *key,
                        const struct inos_peer_id *peer)
{
  struct inos_peer_id id;

  return inos_peer_id_parse (&id, key) &&
         inos_peer_id_equal (inos_host_latest (rights->host, &id), peer);
}

static enum inos_right held (const struct inos_manage_rights *rights, const char *key)
{
  return is_stale (rights, rights->file, key) ? INOS_RIGHT_NONE : right_at (rights->file, key);
}

/* What was said last of it goes first: its own id before one that it had. */
enum inos_right inos_manage_rights_of (const struct inos_manage_rights *rights,
                                       const struct inos_peer_id *peer)
{
  g_auto (GStrv) keys = g_key_file_get_keys (rights->file, GROUP, NULL, NULL);
  char id[INOS_PEER_TEXT_MAX];

  if (!keys || !is_member (rights, peer))
    return INOS_RIGHT_NONE;
  inos_peer_id_text (peer, id);
  if (g_key_file_has_key (rights->file, GROUP, id, NULL))
    return held (rights, id);
  for (char **key = keys; *key; key++)
    if (names_peer (rights, *key, peer))
      return held (rights, *key);
  return INOS_RIGHT_NONE;
}

static int compare (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GVariant *inos_manage_rights_list (const struct inos_manage_rights *rights)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_MESH_MANAGER_ROWS_TYPE));
  gsize len = 0;
  g_auto (GStrv) keys = g_key_file_get_keys (rights->file, GROUP, &len, NULL);
  struct inos_peer_id peer;
  char id[INOS_PEER_TEXT_MAX];

  if (keys)
    qsort (keys, len, sizeof *keys, compare);
  for (gsize i = 0; keys && i < len; i++) {
    enum inos_right right = held (rights, keys[i]);
    if (right == INOS_RIGHT_NONE || !inos_peer_id_parse (&peer, keys[i]))
      continue;
    peer = *inos_host_latest (rights->host, &peer);
    inos_peer_id_text (&peer, id);
    g_variant_builder_add (&rows, "(ssb)", id, inos_right_name (right), is_member (rights, &peer));
  }
  return g_variant_builder_end (&rows);
}

/* What a person changes */

static bool save (const struct inos_manage_rights *rights, GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize len;
  g_autofree char *text = g_key_file_to_data (rights->changes, &len, NULL);

  if (!rights->path ||
      g_file_set_contents_full (rights->path, text, (gssize)len,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &local))
    return true;
  g_set_error (error, INOS_MESH_ERROR, INOS_MESH_ERROR_FAILED,
               "Who may manage this node cannot be kept on the disk, so nothing has changed: %s.",
               local->message);
  return false;
}

static bool may_set (const struct inos_manage_rights *rights, const struct inos_peer_id *peer,
                     enum inos_right right, GError **error)
{
  gsize count = 0;
  g_auto (GStrv) keys = g_key_file_get_keys (rights->file, GROUP, NULL, NULL);
  const char *why = NULL;

  if (rights->broken) {
    g_set_error (error, INOS_MESH_ERROR, INOS_MESH_ERROR_FAILED,
                 "%s could not be read when the node started. Mend or remove it, and start the "
                 "node anew.",
                 rights->path);
    return false;
  }
  if (right == INOS_RIGHT_NONE)
    return true;
  for (char **key = keys; key && *key; key++)
    count += held (rights, *key) != INOS_RIGHT_NONE && !names_peer (rights, *key, peer);
  if (inos_peer_id_equal (peer, inos_host_id (rights->host)))
    why = "This is the node itself: it needs no right.";
  else if (!is_member (rights, peer))
    why = "This peer is no member of the mesh: only members can be given this right.";
  else if (count >= INOS_MANAGERS_MAX)
    why = "64 peers are named already. Take the right from some of them.";
  if (why)
    g_set_error_literal (error, INOS_MESH_ERROR, INOS_MESH_ERROR_REFUSED, why);
  return !why;
}

/* Against the settings, which a start reads again; nobody else is named to have no right. */
static void deny (const struct inos_manage_rights *rights, GKeyFile *file,
                  const struct inos_peer_id *peer)
{
  g_auto (GStrv) keys = g_key_file_get_keys (rights->settings, GROUP, NULL, NULL);

  for (char **key = keys; key && *key; key++)
    if (names_peer (rights, *key, peer))
      write_right (file, *key, INOS_RIGHT_NONE, 0);
}

/* Under all ids that it has had, so that no older one gives it back. */
static void put (const struct inos_manage_rights *rights, GKeyFile *file,
                 const struct inos_peer_id *peer, const char *id, enum inos_right right)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);

  for (char **key = keys; key && *key; key++)
    if (names_peer (rights, *key, peer))
      g_key_file_remove_key (file, GROUP, *key, NULL);
  if (right == INOS_RIGHT_NONE)
    deny (rights, file, peer);
  else
    write_right (file, id, right, era_of (rights, peer));
}

static GKeyFile *copy_of (GKeyFile *file)
{
  GKeyFile *copy = g_key_file_new();
  gsize len;
  g_autofree char *text = g_key_file_to_data (file, &len, NULL);

  g_key_file_load_from_data (copy, text, len, G_KEY_FILE_NONE, NULL);
  return copy;
}

bool inos_manage_rights_set (struct inos_manage_rights *rights, const struct inos_peer_id *peer,
                             enum inos_right right, GError **error)
{
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (peer, id);
  if (!may_set (rights, peer, right, error))
    return false;
  GKeyFile *before = copy_of (rights->changes);
  put (rights, rights->changes, peer, id, right);
  if (!save (rights, error)) {
    g_key_file_unref (rights->changes);
    rights->changes = before;
    return false;
  }
  g_key_file_unref (before);
  put (rights, rights->file, peer, id, right);
  return true;
}

static void forget_key (struct inos_manage_rights *rights, const char *key)
{
  struct inos_peer_id peer;

  g_key_file_remove_key (rights->changes, GROUP, key, NULL);
  g_key_file_remove_key (rights->file, GROUP, key, NULL);
  if (!inos_peer_id_parse (&peer, key))
    return;
  peer = *inos_host_latest (rights->host, &peer);
  deny (rights, rights->changes, &peer);
  deny (rights, rights->file, &peer);
}

static bool is_meant (const struct inos_manage_rights *rights, const char *key,
                      const struct inos_peer_id *peer, bool stale)
{
  if (stale)
    return is_stale (rights, rights->changes, key);
  return (!peer || names_peer (rights, key, peer)) &&
         right_at (rights->changes, key) != INOS_RIGHT_NONE;
}

/* That a person gave it a right goes with the membership; that one took it from it stays. */
static void forget (struct inos_manage_rights *rights, const struct inos_peer_id *peer, bool stale)
{
  g_auto (GStrv) keys = g_key_file_get_keys (rights->changes, GROUP, NULL, NULL);
  g_autoptr (GError) error = NULL;
  bool changed = false;

  for (char **key = keys; key && *key; key++) {
    if (!is_meant (rights, *key, peer, stale))
      continue;
    forget_key (rights, *key);
    changed = true;
  }
  if (changed && !save (rights, &error))
    g_warning ("%s", error->message);
}

void inos_manage_rights_forget (struct inos_manage_rights *rights, const struct inos_peer_id *peer)
{
  forget (rights, peer, false);
}

/* Life cycle */

/* What was written before there were eras, or by hand: of the first membership. */
static void add_eras (struct inos_manage_rights *rights)
{
  g_auto (GStrv) keys = g_key_file_get_keys (rights->changes, GROUP, NULL, NULL);
  uint64_t era;

  for (char **key = keys; key && *key; key++) {
    enum inos_right right = read_right (rights->changes, *key, &era);
    if (right != INOS_RIGHT_NONE && era == 0)
      write_right (rights->changes, *key, right, 1);
  }
}

/* What is wrong in a file that a person has edited gives nobody a right. */
static void load (struct inos_manage_rights *rights)
{
  g_autoptr (GError) error = NULL;

  if (!rights->path ||
      g_key_file_load_from_file (rights->changes, rights->path, G_KEY_FILE_NONE, &error) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return;
  rights->broken = true;
  g_warning ("Who may manage this node cannot be read, so nobody may: %s: %s. Mend or remove the "
             "file, and start the node anew.",
             rights->path, error->message);
}

static void add_settings (struct inos_manage_rights *rights, unsigned n,
                          const struct inos_peer_id *peers, enum inos_right right)
{
  char id[INOS_PEER_TEXT_MAX];

  for (unsigned i = 0; i < n && !rights->broken; i++) {
    inos_peer_id_text (&peers[i], id);
    write_right (rights->settings, id, right, 0);
    if (!g_key_file_has_key (rights->changes, GROUP, id, NULL))
      write_right (rights->file, id, right, 0);
  }
}

struct inos_manage_rights *inos_manage_rights_new (struct inos_host *host,
                                                   const struct inos_trust *trust,
                                                   const struct inos_mesh_config *config,
                                                   const char *state_dir)
{
  struct inos_manage_rights *rights = g_new0 (struct inos_manage_rights, 1);

  rights->host = host;
  rights->trust = trust;
  rights->path = state_dir ? g_build_filename (state_dir, FILE_NAME, NULL) : NULL;
  rights->changes = g_key_file_new();
  rights->settings = g_key_file_new();
  load (rights);
  add_eras (rights);
  rights->file = rights->broken ? g_key_file_new() : copy_of (rights->changes);
  add_settings (rights, config->n_lookers, config->lookers, INOS_RIGHT_LOOK);
  add_settings (rights, config->n_managers, config->managers, INOS_RIGHT_ALL);
  if (inos_roll_mesh (inos_trust_roll (trust))) /* without a roll it is damaged, or of none yet */
    forget (rights, NULL, true);
  return rights;
}

void inos_manage_rights_free (struct inos_manage_rights *rights)
{
  if (!rights)
    return;
  g_key_file_unref (rights->changes);
  g_key_file_unref (rights->settings);
  g_key_file_unref (rights->file);
  g_free (rights->path);
  g_free (rights);
}
