/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/reputations.h"

#include "node/base/file.h"
#include "node/mesh/host/error.h"
#include "node/mesh/reputation/reputation_file.h"
#include "node/mesh/service/keep.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define FOLDER "mesh"
#define FILE_NAME "reputation"
#define BAD_NAME "reputation.bad"
#define SAVE_WITHIN 5000u /* ms */
#define RATE 1u           /* bytes a ms: a large file is written less often */
#define HEARD_FROM 400u   /* per mille: whom this node expects less of, it does not listen to */

struct inos_reputations {
  struct inos_reputations_setup setup;
  struct inos_reputation *own;
  int dir;                /* -1: nothing is kept */
  struct inos_keep *keep; /* NULL: the same */
  size_t size;            /* of the file */
  bool changed, stopped;
};

/* Its file */

static GBytes *content (void *data)
{
  struct inos_reputations *reputations = data;
  GBytes *bytes = inos_reputation_file_write (
    reputations->own, inos_env_wall (inos_host_env (reputations->setup.host)));

  reputations->size = g_bytes_get_size (bytes);
  reputations->changed = false;
  return bytes;
}

static void change (struct inos_reputations *reputations)
{
  if (!reputations->keep)
    return;
  reputations->changed = true;
  inos_keep_soon (reputations->keep, SAVE_WITHIN + (unsigned)(reputations->size / RATE));
}

/* What is no such file is put aside, for whoever wants to know why. */
static void put_aside (const struct inos_reputations *reputations)
{
  g_warning ("%s/%s of the node's state directory is damaged, or none of its files: it is now %s, "
             "and what was seen of peers is seen anew.",
             FOLDER, FILE_NAME, BAD_NAME);
  if (renameat (reputations->dir, FILE_NAME, reputations->dir, BAD_NAME) < 0)
    g_warning ("Cannot rename %s/%s: %s", FOLDER, FILE_NAME, g_strerror (errno));
}

static void read_file (struct inos_reputations *reputations)
{
  const struct inos_mesh_env *env = inos_host_env (reputations->setup.host);
  g_autofree uint8_t *bytes = g_malloc (INOS_REPUTATION_FILE_MAX);
  g_autoptr (GError) error = NULL;
  size_t len;

  if (!inos_file_read_private (reputations->dir, FILE_NAME, bytes, INOS_REPUTATION_FILE_MAX, &len,
                               &error)) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
      g_warning ("What was seen of peers is not read: %s", error->message);
    return;
  }
  if (len <= INOS_REPUTATION_FILE_MAX &&
      inos_reputation_file_read (reputations->own, inos_env_now (env), inos_env_wall (env), bytes,
                                 len))
    reputations->size = len;
  else
    put_aside (reputations);
}

static void remember (struct inos_reputations *reputations)
{
  g_autoptr (GError) error = NULL;

  reputations->dir = -1;
  if (!reputations->setup.state_dir)
    return;
  g_autofree char *path = g_build_filename (reputations->setup.state_dir, FOLDER, NULL);
  reputations->dir = inos_dir_private (path, &error);
  if (reputations->dir < 0) {
    g_warning ("What is seen of peers is not saved: %s", error->message);
    return;
  }
  read_file (reputations);
  reputations->keep =
    inos_keep_new (reputations->setup.context, reputations->dir, FILE_NAME, content, reputations);
}

/* Who counts */

static bool is_member (const struct inos_reputations *reputations, const struct inos_peer_id *peer)
{
  return inos_roll_standing (inos_trust_roll (reputations->setup.trust), peer) ==
         INOS_STANDING_MEMBER;
}

/* In a mesh of members they alone, so that strangers, who can make any number of keys, have no room
 * here. */
static bool is_of_interest (const struct inos_reputations *reputations,
                            const struct inos_peer_id *peer)
{
  return !inos_peer_id_equal (peer, inos_host_id (reputations->setup.host)) &&
         (!inos_trust_is_closed (reputations->setup.trust) || is_member (reputations, peer));
}

/* Where nobody at all can be heard, it may be this node that is cut off. */
static bool hears_somebody (const struct inos_reputations *reputations,
                            const struct inos_peer_id *but)
{
  struct inos_host_totals totals;

  inos_host_totals (reputations->setup.host, &totals);
  return totals.peers > inos_host_is_connected (reputations->setup.host, but);
}

static bool is_silence (enum inos_conduct conduct)
{
  return conduct == INOS_CONDUCT_SILENT || conduct == INOS_CONDUCT_LOST ||
         conduct == INOS_CONDUCT_UNREACHED;
}

/* Seeing */

void inos_reputations_saw (struct inos_reputations *reputations, const struct inos_peer_id *peer,
                           enum inos_conduct conduct)
{
  if (!reputations || reputations->stopped)
    return;
  const struct inos_peer_id *latest = inos_host_latest (reputations->setup.host, peer);
  if (!is_of_interest (reputations, latest) ||
      (is_silence (conduct) && !hears_somebody (reputations, peer)))
    return;
  if (inos_reputation_saw (reputations->own, latest, conduct))
    change (reputations);
}

/* Whose address is no more than hearsay, is not to blame that nobody is there. */
static bool is_known (const struct inos_reputations *reputations, const struct inos_peer_id *peer)
{
  return inos_reputation_find (reputations->own,
                               inos_host_latest (reputations->setup.host, peer)) ||
         inos_members_find (inos_membership_members (reputations->setup.membership), peer);
}

static void on_dialled (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct inos_reputations *reputations = data;

  if (!error)
    inos_reputations_saw (reputations, peer, INOS_CONDUCT_REACHED);
  else if ((g_error_matches (error, INOS_MESH_ERROR, INOS_MESH_ERROR_FAILED) ||
            g_error_matches (error, INOS_MESH_ERROR, INOS_MESH_ERROR_TIMED_OUT)) &&
           is_known (reputations, peer))
    inos_reputations_saw (reputations, peer, INOS_CONDUCT_UNREACHED);
}

static void on_succeeded (void *data, const struct inos_peer_id *peer,
                          const struct inos_peer_id *latest)
{
  struct inos_reputations *reputations = data;

  if (inos_reputation_succeed (reputations->own, peer, latest))
    change (reputations);
}

static void on_peer (void *data, const struct inos_peer_id *peer)
{
}

/* Telling */

static bool is_spoken_of (void *data, const struct inos_peer_id *peer)
{
  return is_member (data, peer);
}

static void blame (void *data, const struct inos_peer_id *peer)
{
  inos_reputations_saw (data, peer, INOS_CONDUCT_GOSSIP);
}

void inos_reputations_tell (struct inos_reputations *reputations)
{
  const struct inos_reputations_setup *setup = &reputations->setup;
  struct inos_opinions opinions = {0};

  inos_topics_blamed (setup->topics, blame, reputations);
  if (is_member (reputations, inos_host_id (setup->host))) {
    unsigned members = inos_roll_members (inos_trust_roll (setup->trust));
    inos_reputation_opinions (reputations->own, inos_opinions_share (members), is_spoken_of,
                              reputations, &opinions);
  }
  inos_states_set_opinions (setup->states, &opinions);
}

/* Hearing */

struct hearing {
  struct inos_reputations *reputations;
  struct inos_hearsay *hearsay;
};

static bool is_listened_to (struct inos_reputations *reputations, const struct inos_peer_id *author)
{
  return !inos_peer_id_equal (author, inos_host_id (reputations->setup.host)) &&
         is_member (reputations, author) &&
         inos_reputation_expect (reputations->own, author, INOS_EVIDENCE_NEUTRAL) >= HEARD_FROM;
}

static void hear (void *data, const struct inos_peer_id *author,
                  const struct inos_node_state *state, int64_t written)
{
  const struct hearing *hearing = data;
  const struct inos_host *host = hearing->reputations->setup.host;
  struct inos_opinions opinions = state->opinions;

  if (!is_listened_to (hearing->reputations, author))
    return;
  for (unsigned i = 0; i < opinions.n; i++)
    opinions.of[i].about = *inos_host_latest (host, &opinions.of[i].about);
  inos_hearsay_add (hearing->hearsay, author, &opinions);
}

struct inos_hearsay *inos_reputations_hear (struct inos_reputations *reputations)
{
  struct hearing hearing = {reputations, inos_hearsay_new()};

  inos_states_nodes (reputations->setup.states, hear, &hearing);
  return hearing.hearsay;
}

unsigned inos_reputations_expect (struct inos_reputations *reputations,
                                  const struct inos_hearsay *hearsay,
                                  const struct inos_peer_id *peer)
{
  const struct inos_peer_id *latest = inos_host_latest (reputations->setup.host, peer);
  struct inos_heard heard;

  inos_hearsay_look (hearsay, latest, &heard);
  return MAX (inos_reputation_expect (reputations->own, latest, heard.median), 1);
}

struct inos_reputation *inos_reputations_own (struct inos_reputations *reputations)
{
  return reputations->own;
}

bool inos_reputations_forget (struct inos_reputations *reputations, const struct inos_peer_id *peer)
{
  bool there =
    inos_reputation_forget (reputations->own, inos_host_latest (reputations->setup.host, peer));

  if (there)
    change (reputations);
  return there;
}

/* Life cycle */

/* Who has got another key while this node was not there. */
static void catch_up (struct inos_reputations *reputations)
{
  g_autoptr (GPtrArray) entries = inos_roll_entries (inos_trust_roll (reputations->setup.trust));

  for (guint i = 0; i < entries->len; i++) {
    const struct inos_roll_entry *entry = entries->pdata[i];
    on_succeeded (reputations, &entry->id, inos_host_latest (reputations->setup.host, &entry->id));
  }
}

struct inos_reputations *inos_reputations_new (const struct inos_reputations_setup *setup)
{
  static const struct inos_host_events events = {.connected = on_peer,
                                                 .disconnected = on_peer,
                                                 .dialled = on_dialled,
                                                 .succeeded = on_succeeded};
  struct inos_reputations *reputations = g_new0 (struct inos_reputations, 1);

  reputations->setup = *setup;
  reputations->own = inos_reputation_new (inos_host_env (setup->host));
  remember (reputations);
  catch_up (reputations);
  inos_host_watch (setup->host, &events, reputations);
  return reputations;
}

static void on_written (void *data, const GError *error)
{
}

void inos_reputations_stop (struct inos_reputations *reputations)
{
  reputations->stopped = true;
  if (reputations->keep && reputations->changed)
    inos_keep_write (reputations->keep, on_written, NULL);
  g_clear_pointer (&reputations->keep, inos_keep_free);
}

void inos_reputations_free (struct inos_reputations *reputations)
{
  if (!reputations)
    return;
  if (reputations->dir >= 0)
    close (reputations->dir);
  inos_reputation_free (reputations->own);
  g_free (reputations);
}
