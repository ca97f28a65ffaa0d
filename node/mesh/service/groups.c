/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/groups.h"

#include "node/api/frame.h"
#include "node/base/file.h"
#include "node/mesh/host/messenger.h"
#include "node/mesh/net/mesh_thread.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_MAX 256u
#define DIAL_EVERY                                                                                 \
  UINT64_C (2000000000) /* ns: how often members that are not there are dialled                    \
                         */
#define SUFFIX ".group"

/* The first byte of a message. */
enum kind {
  ELECTION = 1,
  HEARTBEAT = 2,
};

struct inos_groups {
  struct inos_groups_setup setup;
  int dir; /* -1: nothing can be stored */
  struct inos_messenger *messenger;
  struct inos_channel channel;
  struct inos_election *election;
  struct inos_heartbeat *heartbeat;
  GPtrArray *kept; /* owned, struct inos_group_kept; those that were left too */
  unsigned n_in;   /* that it is in */
  uint64_t dial_at;
  struct inos_drive *drive;
};

static uint64_t now_of (const struct inos_groups *groups)
{
  return inos_env_now (inos_host_env (groups->setup.host));
}

/* Files */

static void file_name (uint64_t resource, char out[32])
{
  g_snprintf (out, 32, "%016" G_GINT64_MODIFIER "x" SUFFIX, resource);
}

static bool save (struct inos_groups *groups, const struct inos_group_kept *kept, GError **error)
{
  struct inos_buffer bytes = {0};
  char name[32];

  file_name (kept->vote.resource, name);
  inos_group_kept_write (kept, &bytes);
  bool saved = inos_file_replace (groups->dir, name, inos_buffer_data (&bytes),
                                  inos_buffer_len (&bytes), error);
  inos_buffer_clear (&bytes);
  return saved;
}

/* One that could not be read: what this node voted is not known, so it may not vote again. */
static bool has_file (struct inos_groups *groups, uint64_t resource)
{
  char name[32];

  file_name (resource, name);
  return faccessat (groups->dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static struct inos_group_kept *find (struct inos_groups *groups, uint64_t resource)
{
  for (guint i = 0; i < groups->kept->len; i++) {
    struct inos_group_kept *kept = groups->kept->pdata[i];
    if (kept->vote.resource == resource)
      return kept;
  }
  return NULL;
}

static struct inos_group_kept *find_in (struct inos_groups *groups, const char *name,
                                        GError **error)
{
  struct inos_group_kept *kept = find (groups, inos_group_resource (name));

  if (kept && !kept->left)
    return kept;
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND,
               "This node is not in the group “%.80s”.", name);
  return NULL;
}

/* What the cores tell */

static bool on_store (void *data, const struct inos_election_vote *vote)
{
  struct inos_groups *groups = data;
  struct inos_group_kept *kept = find (groups, vote->resource);
  g_autoptr (GError) error = NULL;

  if (!kept)
    return false;
  struct inos_group_kept next = *kept;
  next.vote = *vote;
  if (!save (groups, &next, &error)) {
    g_warning ("This node does not vote in the group %s: %s", kept->name, error->message);
    return false;
  }
  *kept = next;
  return true;
}

static void on_elected (void *data, uint64_t resource, const struct inos_peer_id *primary,
                        uint64_t epoch)
{
  struct inos_groups *groups = data;
  const struct inos_group_kept *kept = find (groups, resource);

  if (kept && groups->drive) /* at its end it gives everything back */
    groups->setup.on_group (groups->setup.data, kept->name, primary, epoch);
}

static void on_beat (void *data, const struct inos_peer_id *peer, enum inos_heartbeat_state state,
                     bool restarted)
{
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (peer, id);
  if (state == INOS_HEARTBEAT_GONE)
    g_debug ("%s has been silent for too long for its groups.", id);
}

static const struct inos_election_events election_events = {.store = on_store,
                                                            .changed = on_elected};
static const struct inos_heartbeat_events heartbeat_events = {on_beat};

/* Messages */

static bool send (struct inos_groups *groups, enum kind kind, const struct inos_peer_id *to,
                  const void *message, size_t len)
{
  uint8_t bytes[MESSAGE_MAX] = {(uint8_t)kind};

  if (len >= sizeof bytes)
    return false;
  memcpy (bytes + 1, message, len);
  return groups->channel.send (groups->channel.data, to, bytes, len + 1);
}

static bool send_election (void *data, const struct inos_peer_id *to, const void *message,
                           size_t len)
{
  return send (data, ELECTION, to, message, len);
}

static bool send_heartbeat (void *data, const struct inos_peer_id *to, const void *message,
                            size_t len)
{
  return send (data, HEARTBEAT, to, message, len);
}

static bool on_message (void *data, const struct inos_peer_id *peer, const uint8_t *message,
                        size_t len)
{
  struct inos_groups *groups = data;

  if (len == 0)
    return false;
  if (message[0] == ELECTION)
    inos_election_receive (groups->election, peer, message + 1, len - 1);
  else if (message[0] == HEARTBEAT)
    inos_heartbeat_receive (groups->heartbeat, peer, message + 1, len - 1);
  return message[0] == ELECTION || message[0] == HEARTBEAT;
}

static void on_peer (void *data, const struct inos_peer_id *peer)
{
}

static void on_up (void *data, const struct inos_peer_id *peer, const char *protocol)
{
}

static const struct inos_messenger_events messenger_events = {
  .up = on_up, .down = on_peer, .message = on_message};

/* When */

static bool is_self (const struct inos_groups *groups, const struct inos_peer_id *peer)
{
  return inos_peer_id_equal (peer, inos_host_id (groups->setup.host));
}

static void dial_members (struct inos_groups *groups)
{
  struct inos_host *host = groups->setup.host;

  groups->dial_at = now_of (groups) + DIAL_EVERY;
  for (guint i = 0; i < groups->kept->len; i++) {
    const struct inos_group_kept *kept = groups->kept->pdata[i];
    for (unsigned j = 0; j < kept->n_members && !kept->left; j++)
      if (!is_self (groups, &kept->members[j]) && !inos_host_is_direct (host, &kept->members[j]))
        inos_host_connect_direct (host, &kept->members[j], NULL, 0, NULL, NULL);
  }
}

static uint64_t deadline (void *data)
{
  const struct inos_groups *groups = data;
  uint64_t at =
    MIN (inos_election_deadline (groups->election), inos_heartbeat_deadline (groups->heartbeat));

  return groups->n_in > 0 ? MIN (at, groups->dial_at) : at;
}

static void tick (void *data)
{
  struct inos_groups *groups = data;
  uint64_t now = now_of (groups);

  if (now >= inos_election_deadline (groups->election))
    inos_election_tick (groups->election);
  if (now >= inos_heartbeat_deadline (groups->heartbeat))
    inos_heartbeat_tick (groups->heartbeat);
  if (groups->n_in > 0 && now >= groups->dial_at)
    dial_members (groups);
}

/* Groups */

static void value_members (struct inos_groups *groups, const struct inos_group_kept *kept,
                           unsigned points)
{
  g_autofree char *tag = g_strconcat ("group ", kept->name, NULL);

  for (unsigned i = 0; i < kept->n_members; i++)
    if (!is_self (groups, &kept->members[i]))
      inos_host_value (groups->setup.host, &kept->members[i], g_intern_string (tag), points);
}

static bool enter (struct inos_groups *groups, struct inos_group_kept *kept)
{
  uint64_t resource = kept->vote.resource;

  if (!inos_heartbeat_join (groups->heartbeat, resource, kept->members, kept->n_members))
    return false;
  if (!inos_election_join (groups->election, resource, kept->members, kept->n_members,
                           kept->vote.epoch > 0 ? &kept->vote : NULL)) {
    inos_heartbeat_leave (groups->heartbeat, resource);
    return false;
  }
  value_members (groups, kept, G_MAXUINT);
  groups->n_in++;
  groups->dial_at = now_of (groups);
  return true;
}

static bool make (struct inos_groups *groups, struct inos_group_kept *made, const char *name,
                  const struct inos_peer_id *members, unsigned n)
{
  bool has_self = false;

  if (!*name || strlen (name) > INOS_GROUP_NAME_MAX || n > INOS_ELECTION_MEMBERS_MAX)
    return false;
  *made = (struct inos_group_kept){.vote.resource = inos_group_resource (name)};
  g_strlcpy (made->name, name, sizeof made->name);
  for (unsigned i = 0; i < n; i++) {
    made->members[made->n_members++] = members[i];
    has_self = has_self || is_self (groups, &members[i]);
  }
  if (!has_self && n < INOS_ELECTION_MEMBERS_MAX)
    made->members[made->n_members++] = *inos_host_id (groups->setup.host);
  return has_self || n < INOS_ELECTION_MEMBERS_MAX;
}

/* What it voted is there again, whatever the members were. */
static bool add (struct inos_groups *groups, struct inos_group_kept *made, GError **error)
{
  struct inos_group_kept *kept = find (groups, made->vote.resource);

  if (kept)
    made->vote = kept->vote;
  if (!save (groups, made, error))
    return false;
  if (!kept) {
    kept = g_new0 (struct inos_group_kept, 1);
    g_ptr_array_add (groups->kept, kept);
  }
  *kept = *made;
  if (enter (groups, kept))
    return true;
  kept->left = true;
  save (groups, kept, NULL);
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD,
               "A group's members are different nodes, and a node is in %u groups at most.",
               INOS_ELECTION_RESOURCES_MAX);
  return false;
}

/* NULL where it may. */
static const char *why_not (struct inos_groups *groups, uint64_t resource)
{
  const struct inos_group_kept *before = find (groups, resource);

  if (groups->dir < 0)
    return "This node cannot store what it votes: its log says why.";
  if (before)
    return before->left ? NULL : "This node is in this group already. Leave it first.";
  if (has_file (groups, resource))
    return "What this node voted in this group is lost: its log names the file.";
  return groups->kept->len == INOS_ELECTION_RESOURCES_MAX ? "This node has been in too many groups."
                                                          : NULL;
}

bool inos_groups_join (struct inos_groups *groups, const char *name,
                       const struct inos_peer_id *members, unsigned n, GError **error)
{
  struct inos_group_kept made;
  g_autoptr (GError) why = NULL;

  if (!make (groups, &made, name, members, n)) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD,
                 "A group's name has 1 to %u bytes, and a group %u members at most.",
                 INOS_GROUP_NAME_MAX, INOS_ELECTION_MEMBERS_MAX);
    return false;
  }
  const char *not = why_not (groups, made.vote.resource);
  if (not) {
    g_set_error_literal (error, INOS_API_ERROR, INOS_API_ERROR_FAILED, not);
    return false;
  }
  if (add (groups, &made, &why))
    return true;
  if (why->domain == INOS_API_ERROR)
    g_propagate_error (error, g_steal_pointer (&why));
  else
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_FAILED, "The group is not saved: %s",
                 why->message);
  return false;
}

bool inos_groups_leave (struct inos_groups *groups, const char *name, GError **error)
{
  struct inos_group_kept *kept = find_in (groups, name, error);
  g_autoptr (GError) why = NULL;

  if (!kept)
    return false;
  inos_election_leave (groups->election, kept->vote.resource);
  inos_heartbeat_leave (groups->heartbeat, kept->vote.resource);
  value_members (groups, kept, 0);
  kept->left = true;
  groups->n_in--;
  if (save (groups, kept, &why))
    return true;
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_FAILED,
               "The group is left until the node starts again: %s", why->message);
  return false;
}

bool inos_groups_resign (struct inos_groups *groups, const char *name, GError **error)
{
  const struct inos_group_kept *kept = find_in (groups, name, error);

  if (!kept)
    return false;
  if (inos_election_token (groups->election, kept->vote.resource) == 0) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND,
                 "This node is not the primary of the group “%s”.", name);
    return false;
  }
  inos_election_resign (groups->election, kept->vote.resource);
  return true;
}

bool inos_groups_at (struct inos_groups *groups, unsigned index, struct inos_group_view *view)
{
  *view = (struct inos_group_view){0};
  for (guint i = 0; i < groups->kept->len; i++) {
    const struct inos_group_kept *kept = groups->kept->pdata[i];
    if (kept->left || index-- > 0)
      continue;
    uint64_t resource = kept->vote.resource, now = now_of (groups);
    uint64_t until = inos_election_until (groups->election, resource);
    view->kept = kept;
    view->epoch = inos_election_primary (groups->election, resource, &view->primary);
    view->token = inos_election_token (groups->election, resource);
    view->lease = until > now ? until - now : 0;
    return true;
  }
  return false;
}

const char *inos_groups_state (struct inos_groups *groups, const struct inos_peer_id *member)
{
  if (is_self (groups, member))
    return "self";
  switch (inos_heartbeat_state (groups->heartbeat, member)) {
  case INOS_HEARTBEAT_THERE:
    return "there";
  case INOS_HEARTBEAT_LATE:
    return "late";
  case INOS_HEARTBEAT_GONE:
    return "gone";
  default:
    return "new";
  }
}

/* Who has handed over to another key is in the group with that. */
static bool rename_members (struct inos_groups *groups, struct inos_group_kept *kept)
{
  bool renamed = false;

  for (unsigned i = 0; i < kept->n_members; i++) {
    const struct inos_peer_id *latest = inos_host_latest (groups->setup.host, &kept->members[i]);
    bool there = false;
    for (unsigned j = 0; j < kept->n_members; j++)
      there = there || inos_peer_id_equal (&kept->members[j], latest);
    if (there)
      continue;
    kept->members[i] = *latest;
    renamed = true;
  }
  return renamed;
}

/* Its vote goes on: of one group there is one, whatever its members are called. */
static void rename_in (struct inos_groups *groups, struct inos_group_kept *kept)
{
  struct inos_group_kept next = *kept;
  g_autoptr (GError) error = NULL;

  if (!rename_members (groups, &next))
    return;
  if (!save (groups, &next, &error))
    g_warning ("That a member of the group %s has another key is forgotten at the end: %s",
               kept->name, error->message);
  if (kept->left) {
    *kept = next;
    return;
  }
  inos_election_leave (groups->election, kept->vote.resource);
  inos_heartbeat_leave (groups->heartbeat, kept->vote.resource);
  value_members (groups, kept, 0);
  groups->n_in--;
  next.vote = kept->vote;
  *kept = next;
  if (enter (groups, kept))
    return;
  kept->left = true;
  g_warning ("The group %s cannot be joined again.", kept->name);
}

static void on_succeeded (void *data, const struct inos_peer_id *peer,
                          const struct inos_peer_id *latest)
{
  struct inos_groups *groups = data;

  /* Its own is for the mesh that starts next. */
  if (inos_peer_id_equal (peer, inos_host_id (groups->setup.host)))
    return;
  for (guint i = 0; i < groups->kept->len; i++)
    rename_in (groups, groups->kept->pdata[i]);
}

/* Life cycle */

static void open_file (struct inos_groups *groups, const char *name)
{
  uint8_t bytes[INOS_GROUP_FILE_MAX];
  struct inos_group_kept kept;
  g_autoptr (GError) error = NULL;
  size_t len;

  if (name[0] == '.') { /* begun and not ended when the node was killed */
    if (strstr (name, SUFFIX "."))
      unlinkat (groups->dir, name, 0);
    return;
  }
  if (!g_str_has_suffix (name, SUFFIX))
    return;
  if (!inos_file_read_private (groups->dir, name, bytes, sizeof bytes, &len, &error) ||
      !inos_group_kept_read (&kept, bytes, len)) {
    g_warning (
      "This node is not in the group of the file groups/%s any more: %s. It may be removed "
      "when all other members of the group have left it.",
      name, error ? error->message : "it is damaged, and with it is what this node voted");
    return;
  }
  if (rename_members (groups, &kept) && !save (groups, &kept, &error))
    g_warning ("%s", error->message);
  struct inos_group_kept *owned = g_memdup2 (&kept, sizeof kept);
  g_ptr_array_add (groups->kept, owned);
  if (!kept.left && !enter (groups, owned))
    g_warning ("The group %s cannot be joined again.", kept.name);
}

static void open_all (struct inos_groups *groups)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!groups->setup.state_dir)
    return;
  path = g_build_filename (groups->setup.state_dir, "groups", NULL);
  groups->dir = inos_dir_private (path, &error);
  if (groups->dir < 0) {
    g_warning ("This node is in no group: %s", error->message);
    return;
  }
  dir = g_dir_open (path, 0, NULL);
  while (dir && (name = g_dir_read_name (dir)) != NULL)
    if (groups->kept->len < INOS_ELECTION_RESOURCES_MAX)
      open_file (groups, name);
}

struct inos_groups *inos_groups_new (const struct inos_groups_setup *setup)
{
  static const char *const names[] = {INOS_GROUP_PROTOCOL};
  static const struct inos_host_events host_events = {
    .connected = on_peer, .disconnected = on_peer, .succeeded = on_succeeded};
  struct inos_groups *groups = g_new0 (struct inos_groups, 1);
  const struct inos_mesh_env *env = inos_host_env (setup->host);

  groups->setup = *setup;
  groups->dir = -1;
  groups->kept = g_ptr_array_new_with_free_func (g_free);
  groups->messenger =
    inos_messenger_new (setup->host, &(struct inos_messenger_setup){.names = names,
                                                                    .n_names = 1,
                                                                    .message_max = MESSAGE_MAX,
                                                                    .events = &messenger_events,
                                                                    .data = groups});
  groups->channel = inos_messenger_channel (groups->messenger);
  groups->election =
    inos_election_new (&(struct inos_election_setup){.env = env,
                                                     .id = *inos_host_id (setup->host),
                                                     .channel = {groups, send_election},
                                                     .events = &election_events,
                                                     .data = groups});
  groups->heartbeat =
    inos_heartbeat_new (&(struct inos_heartbeat_setup){.env = env,
                                                       .id = *inos_host_id (setup->host),
                                                       .channel = {groups, send_heartbeat},
                                                       .events = &heartbeat_events,
                                                       .data = groups});
  open_all (groups);
  inos_host_watch (setup->host, &host_events, groups);
  groups->drive = inos_drive (setup->context, env, &(struct inos_driven){deadline, tick, groups});
  return groups;
}

/* Whoever is the primary says that it is not any more, so that nobody has to wait for its lease. */
void inos_groups_stop (struct inos_groups *groups)
{
  if (!groups->drive)
    return;
  inos_drive_end (&groups->drive);
  for (guint i = 0; i < groups->kept->len; i++) {
    const struct inos_group_kept *kept = groups->kept->pdata[i];
    if (!kept->left)
      inos_election_resign (groups->election, kept->vote.resource);
  }
}

void inos_groups_free (struct inos_groups *groups)
{
  if (!groups)
    return;
  inos_groups_stop (groups);
  inos_election_free (groups->election);
  inos_heartbeat_free (groups->heartbeat);
  inos_messenger_free (groups->messenger);
  g_ptr_array_unref (groups->kept);
  if (groups->dir >= 0)
    close (groups->dir);
  g_free (groups);
}
