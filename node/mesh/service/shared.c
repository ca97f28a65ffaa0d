/*
 * One document, its topic and its file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/states-private.h"

#include "node/api/frame.h"
#include "node/base/file.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME_MAX 64

static uint64_t now_of (const struct inos_shared *shared)
{
  return inos_env_now (inos_host_env (shared->states->setup.host));
}

/* Telling, and hearing */

static void publish (void *data, const void *delta, size_t len)
{
  struct inos_shared *shared = data;

  inos_topics_publish (shared->states->setup.topics, shared->topic, delta, len);
}

static void ask (void *data, const struct inos_peer_id *peer, uint64_t ticket, const void *question,
                 size_t len)
{
  inos_states_ask (data, peer, ticket, question, len);
}

static bool is_right (void *data, const void *bytes, size_t len)
{
  struct inos_delta delta;

  return inos_delta_read (&delta, bytes, len);
}

static void on_delta (void *data, const struct inos_peer_id *from, const void *bytes, size_t len)
{
  struct inos_shared *shared = data;

  inos_sync_receive (shared->sync, from, bytes, len);
  inos_shared_look (shared);
}

static void on_peer (void *data, const struct inos_peer_id *peer, bool there)
{
  struct inos_shared *shared = data;

  if (there)
    inos_sync_add_peer (shared->sync, peer);
  else
    inos_sync_remove_peer (shared->sync, peer);
}

/* At once where nothing was told for a while: one that changes seldom wakes nobody twice for it. */
void inos_shared_changed (struct inos_shared *shared)
{
  uint64_t now = now_of (shared);

  if (shared->tell_at == INOS_NEVER)
    shared->tell_at = shared->told > 0 ? MAX (now, shared->told + shared->tell_every) : now;
}

void inos_shared_look (struct inos_shared *shared)
{
  uint64_t taken = inos_sync_stats (shared->sync)->taken;

  if (taken == shared->taken)
    return;
  shared->taken = taken;
  inos_shared_changed (shared);
  if (shared->keep)
    inos_keep_soon (shared->keep, shared->save_within);
}

uint64_t inos_shared_deadline (const struct inos_shared *shared)
{
  return MIN (shared->tell_at, inos_sync_deadline (shared->sync));
}

void inos_shared_tick (struct inos_shared *shared)
{
  const struct inos_states_setup *setup = &shared->states->setup;

  if (now_of (shared) >= inos_sync_deadline (shared->sync))
    inos_sync_tick (shared->sync);
  inos_shared_look (shared);
  if (now_of (shared) < shared->tell_at)
    return;
  shared->tell_at = INOS_NEVER;
  shared->told = now_of (shared);
  setup->on_state (setup->data, shared->kept.topic);
}

/* Its file */

static void file_name (const char *name, char out[FILE_NAME_MAX])
{
  uint8_t hash[16];
  char hex[2 * sizeof hash + 1];

  crypto_generichash (hash, sizeof hash, (const uint8_t *)name, strlen (name), NULL, 0);
  sodium_bin2hex (hex, sizeof hex, hash, sizeof hash);
  g_snprintf (out, FILE_NAME_MAX, "%s.state", hex);
}

static void put_aside (struct inos_states *states, const char *name)
{
  g_autofree char *aside = g_strdup_printf ("%s.damaged", name);

  g_warning ("The file states/%s of the node's state directory is damaged: it is now %s, and what "
             "peers have of it comes back from them.",
             name, aside);
  if (renameat (states->dir, name, states->dir, aside) < 0)
    g_warning ("Cannot rename states/%s: %s", name, g_strerror (errno));
}

GBytes *inos_shared_read_file (struct inos_states *states, const char *name, struct inos_kept *kept)
{
  g_autofree uint8_t *bytes = g_malloc (INOS_KEPT_MAX);
  g_autoptr (GError) error = NULL;
  size_t len;

  if (!inos_file_read_private (states->dir, name, bytes, INOS_KEPT_MAX, &len, &error)) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
      g_warning ("Shared state is not read: %s", error->message);
    return NULL;
  }
  if (len <= INOS_KEPT_MAX && inos_kept_read (kept, bytes, len))
    return g_bytes_new (bytes, len);
  put_aside (states, name);
  return NULL;
}

static GBytes *content (void *data)
{
  struct inos_shared *shared = data;

  return inos_kept_write (shared->document, &shared->kept);
}

static bool save_now (struct inos_shared *shared)
{
  g_autoptr (GBytes) bytes = content (shared);
  g_autoptr (GError) error = NULL;
  char name[FILE_NAME_MAX];
  gsize len;

  file_name (shared->kept.topic, name);
  const void *data = g_bytes_get_data (bytes, &len);
  if (inos_file_replace (shared->states->dir, name, data, len, &error))
    return true;
  g_warning ("Shared state is not saved: %s", error->message);
  return false;
}

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_SHARE_SIGNATURE_SIZE])
{
  inos_identity_sign (data, bytes, len, signature);
}

static uint64_t random_number (struct inos_shared *shared)
{
  uint64_t number;

  inos_env_random (inos_host_env (shared->states->setup.host), &number, sizeof number);
  return number;
}

static uint64_t actor_of (const struct inos_shared *shared)
{
  const struct inos_peer_id *id = inos_host_id (shared->states->setup.host);
  uint64_t incarnation = GUINT64_TO_LE (shared->kept.incarnation);
  uint8_t bytes[INOS_PEER_ID_MAX + sizeof incarnation];

  memcpy (bytes, id->bytes, id->len);
  memcpy (bytes + id->len, &incarnation, sizeof incarnation);
  return inos_document_actor (bytes, id->len + sizeof incarnation);
}

/* Returns: (transfer full) (nullable): what its file has. */
static GBytes *remember (struct inos_shared *shared)
{
  char name[FILE_NAME_MAX];

  if (shared->states->dir < 0)
    return NULL;
  file_name (shared->kept.topic, name);
  shared->keep =
    inos_keep_new (shared->states->setup.context, shared->states->dir, name, content, shared);
  struct inos_kept kept;
  GBytes *bytes = inos_shared_read_file (shared->states, name, &kept);
  if (bytes)
    shared->kept = kept;
  return bytes;
}

/* An actor goes on as the same one only where all that it has ever written is there: the file says
 * so, and from now on does not until it is closed. */
static void make_document (struct inos_shared *shared, const struct inos_shared_setup *setup)
{
  g_autoptr (GBytes) bytes = remember (shared);
  bool closed = bytes && shared->kept.closed;
  const uint8_t *data = NULL;
  gsize len = 0;

  if (!closed)
    shared->kept.incarnation = random_number (shared);
  shared->kept.closed = false;
  shared->document = inos_document_new (
    &(struct inos_document_setup){.env = inos_host_env (shared->states->setup.host),
                                  .actor = setup->actor ? setup->actor : actor_of (shared),
                                  .age = setup->age,
                                  .judge = setup->judge,
                                  .data = setup->data,
                                  .author = {.topic = shared->topic,
                                             .id = *inos_host_id (shared->states->setup.host),
                                             .sign = sign,
                                             .data = (void *)shared->states->setup.identity}});
  if (bytes)
    data = g_bytes_get_data (bytes, &len);
  if (data)
    inos_kept_restore (shared->document, data, len);
  if (closed && setup->actor == 0)
    save_now (shared);
}

struct inos_shared *inos_shared_new (struct inos_states *states,
                                     const struct inos_shared_setup *setup)
{
  static const struct inos_sync_events events = {publish, ask};
  static const struct inos_topic_follower follower = {is_right, on_delta, on_peer};
  struct inos_shared *shared = g_new0 (struct inos_shared, 1);

  shared->states = states;
  shared->topic = g_strdup (setup->topic);
  shared->tell_at = INOS_NEVER;
  shared->tell_every = setup->tell_every;
  shared->save_within = setup->save_within;
  g_strlcpy (shared->kept.topic, setup->name, sizeof shared->kept.topic);
  make_document (shared, setup);
  shared->sync = inos_sync_new (&(struct inos_sync_setup){.env = inos_host_env (states->setup.host),
                                                          .topic = setup->topic,
                                                          .document = shared->document,
                                                          .events = &events,
                                                          .data = shared});
  inos_shared_rename (shared);
  inos_sync_set_members (shared->sync, shared->kept.members, shared->kept.n_members);
  inos_sync_set_load (shared->sync, states->processor, states->memory);
  if (!inos_topics_follow (states->setup.topics, setup->topic, &follower, shared))
    g_warning ("The topic %s cannot be followed: too many are subscribed.", setup->topic);
  return shared;
}

void inos_shared_free (struct inos_shared *shared, bool forget)
{
  struct inos_states *states = shared->states;
  bool has_file = shared->keep;
  char name[FILE_NAME_MAX];

  inos_topics_unfollow (states->setup.topics, shared->topic);
  for (guint i = 0; i < states->asked->len; i++) {
    struct inos_state_asked *asked = states->asked->pdata[i];
    if (asked->shared == shared)
      asked->shared = NULL;
  }
  inos_keep_free (shared->keep);
  shared->kept.closed = true;
  inos_document_list_share (shared->document);
  file_name (shared->kept.topic, name);
  if (has_file && !forget)
    save_now (shared);
  else if (has_file && unlinkat (states->dir, name, 0) < 0 && errno != ENOENT)
    g_warning ("Cannot remove states/%s: %s", name, g_strerror (errno));
  inos_sync_free (shared->sync);
  inos_document_free (shared->document);
  g_free (shared->topic);
  g_free (shared);
}

/* Changes */

struct change {
  struct inos_shared *shared;
  bool critical;
  inos_shared_done done;
  void *data;
};

/* A change that cannot be saved is told all the same: this node has it, and whoever asks gets it.
 */
static void on_saved (void *data, const GError *error)
{
  g_autofree struct change *change = data;

  inos_sync_tell (change->shared->sync, change->critical);
  if (!error) {
    change->done (change->data, NULL);
    return;
  }
  g_autoptr (GError) refused =
    g_error_new (INOS_API_ERROR, INOS_API_ERROR_FAILED,
                 "It is changed and shared, but not saved: %s", error->message);
  change->done (change->data, refused);
}

static void save_and_tell (struct inos_shared *shared, bool critical, inos_shared_done done,
                           void *data)
{
  struct change *change = g_new0 (struct change, 1);

  *change = (struct change){shared, critical, done, data};
  inos_shared_changed (shared);
  if (shared->keep)
    inos_keep_write (shared->keep, on_saved, change);
  else
    on_saved (change, NULL);
}

static bool apply (struct inos_document *document, const struct inos_state_change *change)
{
  switch (change->edit) {
  case INOS_STATE_SET:
    return inos_document_put (document, change->key, change->text, change->len);
  case INOS_STATE_UNSET:
    return inos_document_remove (document, change->key);
  case INOS_STATE_ADD:
    return inos_document_add (document, change->key, change->text);
  case INOS_STATE_TAKE:
    return inos_document_take (document, change->key, change->text);
  default:
    return inos_document_count (document, change->key, change->by);
  }
}

bool inos_shared_change (struct inos_shared *shared, const struct inos_state_change *change,
                         inos_shared_done done, void *data, GError **error)
{
  bool removes = change->edit == INOS_STATE_UNSET || change->edit == INOS_STATE_TAKE;

  if (!apply (shared->document, change)) {
    if (removes)
      g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND,
                   "There is no “%s” like this in the state “%s”.", change->key,
                   shared->kept.topic);
    else
      g_set_error (
        error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD,
        "A name has 1 to %u bytes, a value %u at most, and a state %u entries and %u KiB, "
        "of which “%s” has %u and %zu.",
        INOS_SLOT_KEY_MAX, INOS_SLOT_VALUE_MAX, INOS_DOCUMENT_SLOTS_MAX,
        INOS_DOCUMENT_BYTES_MAX / 1024, shared->kept.topic, inos_document_slots (shared->document),
        inos_document_bytes (shared->document) / 1024);
    return false;
  }
  save_and_tell (shared, change->critical, done, data);
  return true;
}

bool inos_shared_set_members (struct inos_shared *shared, const struct inos_peer_id *members,
                              unsigned n, inos_shared_done done, void *data, GError **error)
{
  const struct inos_peer_id *self = inos_host_id (shared->states->setup.host);
  unsigned others = 0;

  if (n > INOS_SYNC_MEMBERS_MAX || !inos_sync_set_members (shared->sync, NULL, 0)) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD,
                 "A state has %u members at most.", INOS_SYNC_MEMBERS_MAX);
    return false;
  }
  for (unsigned i = 0; i < n; i++)
    if (!inos_peer_id_equal (&members[i], self))
      shared->kept.members[others++] = members[i];
  shared->kept.n_members = others;
  inos_sync_set_members (shared->sync, shared->kept.members, others);
  save_and_tell (shared, false, done, data);
  return true;
}

bool inos_shared_rename (struct inos_shared *shared)
{
  const struct inos_host *host = shared->states->setup.host;
  bool renamed = false;

  for (unsigned i = 0; i < shared->kept.n_members; i++) {
    const struct inos_peer_id *latest = inos_host_latest (host, &shared->kept.members[i]);
    if (inos_peer_id_equal (latest, &shared->kept.members[i]))
      continue;
    shared->kept.members[i] = *latest;
    renamed = true;
  }
  return renamed;
}

void inos_shared_succeeded (struct inos_shared *shared)
{
  if (!inos_shared_rename (shared))
    return;
  inos_sync_set_members (shared->sync, shared->kept.members, shared->kept.n_members);
  if (shared->keep)
    inos_keep_soon (shared->keep, shared->save_within);
}

/* Looking */

const char *inos_shared_name (const struct inos_shared *shared)
{
  return shared->kept.topic;
}

struct inos_document *inos_shared_document (struct inos_shared *shared)
{
  return shared->document;
}

const struct inos_peer_id *inos_shared_members (const struct inos_shared *shared, unsigned *n)
{
  *n = shared->kept.n_members;
  return shared->kept.members;
}

unsigned inos_shared_peers (const struct inos_shared *shared)
{
  return inos_sync_peers (shared->sync);
}
