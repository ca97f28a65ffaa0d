/*
 * Which documents there are, and their questions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/states-private.h"

#include "node/api/frame.h"
#include "node/base/file.h"
#include "node/mesh/net/mesh_thread.h"

#include <string.h>
#include <unistd.h>

#define PREFIX "inos/state/"
#define STREAMS_MAX 8u
#define TELL_EVERY UINT64_C (100000000) /* ns: how often it is told that a document has changed */
#define SAVE_WITHIN 1000u               /* ms after others' changes came */

/* Asking */

static void asked_free (void *data)
{
  struct inos_state_asked *asked = data;

  g_clear_pointer (&asked->bytes, g_bytes_unref);
  g_free (asked);
}

/* Not at once: what becomes of it may be told from inside, where the core may not be called. */
void inos_states_ask (struct inos_shared *shared, const struct inos_peer_id *peer, uint64_t ticket,
                      const void *question, size_t len)
{
  struct inos_states *states = shared->states;
  struct inos_state_asked *asked = g_new0 (struct inos_state_asked, 1);

  *asked = (struct inos_state_asked){shared, *peer, g_bytes_new (question, len), ticket,
                                     ++states->last_number};
  g_ptr_array_add (states->asked, asked);
  states->n_unsent++;
}

static bool cannot_answer (struct inos_states *states, const struct inos_peer_id *id)
{
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (states->setup.host), id);

  return !inos_host_is_direct (states->setup.host, id) ||
         (peer && peer->identified && !inos_peer_speaks (peer, INOS_STATES_PROTOCOL));
}

static void settle (struct inos_states *states, struct inos_state_asked *asked, const void *answer,
                    size_t len)
{
  struct inos_shared *shared = asked->shared;
  uint64_t ticket = asked->ticket;

  states->n_unsent -= asked->bytes != NULL;
  g_ptr_array_remove (states->asked, asked);
  if (!shared)
    return;
  inos_sync_answered (shared->sync, ticket, answer, len);
  inos_shared_look (shared);
}

static void on_answered (void *data, uint64_t number, const uint8_t *answer, size_t len,
                         const GError *why)
{
  struct inos_states *states = data;

  for (guint i = 0; i < states->asked->len; i++) {
    struct inos_state_asked *asked = states->asked->pdata[i];
    if (asked->number == number) {
      settle (states, asked, answer, len);
      return;
    }
  }
}

static void send (struct inos_states *states, struct inos_state_asked *asked)
{
  g_autoptr (GBytes) bytes = g_steal_pointer (&asked->bytes);
  struct inos_peer_id peer = asked->peer;
  gsize len;

  states->n_unsent--;
  if (!asked->shared || cannot_answer (states, &peer)) {
    if (asked->shared)
      inos_sync_remove_peer (asked->shared->sync, &peer);
    settle (states, asked, NULL, 0);
    return;
  }
  const void *question = g_bytes_get_data (bytes, &len);
  inos_questions_ask (states->questions, &peer, question, len, true, INOS_SYNC_PATIENCE,
                      asked->number);
}

static void send_all (struct inos_states *states)
{
  for (guint i = 0; states->n_unsent > 0 && i < states->asked->len;) {
    struct inos_state_asked *asked = states->asked->pdata[i];
    if (asked->bytes) {
      send (states, asked);
      i = 0; /* it, or others, may have gone */
    } else
      i++;
  }
}

/* Answering */

static struct inos_shared *each_shared (struct inos_states *states, guint i)
{
  return i < states->shared->len ? states->shared->pdata[i] : inos_nodes_shared (states->nodes);
}

static struct inos_shared *find_topic (struct inos_states *states, const char *topic, size_t len)
{
  for (guint i = 0; i <= states->shared->len; i++) {
    struct inos_shared *shared = each_shared (states, i);
    if (strlen (shared->topic) == len && memcmp (shared->topic, topic, len) == 0)
      return shared;
  }
  return NULL;
}

static bool answer (void *data, const struct inos_peer_id *peer, const uint8_t *question,
                    size_t len, struct inos_buffer *out)
{
  struct inos_states *states = data;
  struct inos_sync_message message;

  if (!states->nodes || !inos_sync_message_read (&message, question, len))
    return false;
  struct inos_shared *shared =
    find_topic (states, (const char *)message.topic.at, message.topic.len);
  if (!shared || !inos_sync_answer (shared->sync, peer, question, len, out))
    return false;
  inos_shared_look (shared);
  return true;
}

/* When */

static uint64_t deadline (void *data)
{
  struct inos_states *states = data;
  uint64_t at = inos_questions_deadline (states->questions);

  if (states->n_unsent > 0)
    return 0;
  for (guint i = 0; i <= states->shared->len; i++)
    at = MIN (at, inos_shared_deadline (each_shared (states, i)));
  return at;
}

static void tick (void *data)
{
  struct inos_states *states = data;
  uint64_t now = inos_env_now (inos_host_env (states->setup.host));

  if (now >= inos_questions_deadline (states->questions))
    inos_questions_tick (states->questions);
  for (guint i = 0; i <= states->shared->len; i++)
    if (now >= inos_shared_deadline (each_shared (states, i)))
      inos_shared_tick (each_shared (states, i));
  send_all (states);
}

/* Documents */

static struct inos_shared *add (struct inos_states *states, const char *name)
{
  g_autofree char *topic = g_strconcat (PREFIX, name, NULL);
  struct inos_shared *shared = inos_shared_new (
    states, &(struct inos_shared_setup){
              .topic = topic, .name = name, .tell_every = TELL_EVERY, .save_within = SAVE_WITHIN});

  g_ptr_array_add (states->shared, shared);
  return shared;
}

static bool is_name (const char *name)
{
  return *name && strlen (name) <= INOS_STATE_NAME_MAX && strcmp (name, INOS_NODE_STATE_TOPIC) != 0;
}

/* What was begun and not ended when the node was killed. */
static bool is_remainder (const char *file)
{
  return file[0] == '.' && strstr (file, ".state.");
}

static void open_file (struct inos_states *states, const char *file)
{
  struct inos_kept kept;

  if (is_remainder (file))
    unlinkat (states->dir, file, 0);
  if (file[0] == '.' || !g_str_has_suffix (file, ".state"))
    return;
  g_autoptr (GBytes) bytes = inos_shared_read_file (states, file, &kept);
  if (bytes && is_name (kept.topic) && states->shared->len < INOS_STATES_MAX)
    add (states, kept.topic);
}

static void open_all (struct inos_states *states)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *file;

  if (!states->setup.state_dir)
    return;
  path = g_build_filename (states->setup.state_dir, "states", NULL);
  states->dir = inos_dir_private (path, &error);
  if (states->dir < 0) {
    g_warning ("Shared state is not saved: %s", error->message);
    return;
  }
  dir = g_dir_open (path, 0, NULL);
  while (dir && (file = g_dir_read_name (dir)) != NULL)
    open_file (states, file);
}

struct inos_shared *inos_states_find (struct inos_states *states, const char *name)
{
  for (guint i = 0; i < states->shared->len; i++)
    if (strcmp (inos_shared_name (states->shared->pdata[i]), name) == 0)
      return states->shared->pdata[i];
  return NULL;
}

struct inos_shared *inos_states_at (struct inos_states *states, unsigned index)
{
  return index < states->shared->len ? states->shared->pdata[index] : NULL;
}

struct inos_shared *inos_states_open (struct inos_states *states, const char *name, GError **error)
{
  struct inos_shared *shared = inos_states_find (states, name);

  if (shared)
    return shared;
  if (!is_name (name)) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD,
                 "A state's name has 1 to %u bytes, and “%s” is the nodes' own.",
                 INOS_STATE_NAME_MAX, INOS_NODE_STATE_TOPIC);
    return NULL;
  }
  if (states->shared->len == INOS_STATES_MAX) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_TOO_MANY,
                 "A node shares %u states at most. Close one first.", INOS_STATES_MAX);
    return NULL;
  }
  return add (states, name);
}

void inos_states_close (struct inos_states *states, struct inos_shared *shared)
{
  g_ptr_array_remove (states->shared, shared);
  inos_shared_free (shared, true);
}

/* Life cycle */

static void on_peer (void *data, const struct inos_peer_id *peer)
{
}

static void on_succeeded (void *data, const struct inos_peer_id *peer,
                          const struct inos_peer_id *latest)
{
  const struct inos_states *states = data;

  for (guint i = 0; i < states->shared->len; i++)
    inos_shared_succeeded (states->shared->pdata[i]);
}

struct inos_states *inos_states_new (const struct inos_states_setup *setup)
{
  static const struct inos_host_events host_events = {
    .connected = on_peer, .disconnected = on_peer, .succeeded = on_succeeded};
  struct inos_states *states = g_new0 (struct inos_states, 1);

  states->setup = *setup;
  states->dir = -1;
  states->shared = g_ptr_array_new();
  states->asked = g_ptr_array_new_with_free_func (asked_free);
  states->questions = inos_questions_new (
    setup->host, &(struct inos_questions_setup){.name = INOS_STATES_PROTOCOL,
                                                .message_max = INOS_SYNC_MESSAGE_MAX,
                                                .streams_max = STREAMS_MAX,
                                                .serve = true,
                                                .answer = answer,
                                                .answered = on_answered,
                                                .data = states});
  open_all (states);
  inos_host_watch (setup->host, &host_events, states);
  states->nodes = inos_nodes_new (states);
  states->drive = inos_drive (setup->context, inos_host_env (setup->host),
                              &(struct inos_driven){deadline, tick, states});
  return states;
}

void inos_states_stop (struct inos_states *states)
{
  inos_drive_end (&states->drive);
  while (states->shared->len > 0)
    inos_shared_free (g_ptr_array_steal_index (states->shared, states->shared->len - 1), false);
  inos_nodes_free (g_steal_pointer (&states->nodes));
}

void inos_states_free (struct inos_states *states)
{
  if (!states)
    return;
  inos_questions_free (states->questions);
  g_ptr_array_unref (states->shared);
  g_ptr_array_unref (states->asked);
  if (states->dir >= 0)
    close (states->dir);
  g_free (states);
}

static void say (struct inos_states *states)
{
  struct inos_node_state said = states->machine;

  for (unsigned i = 0; i < states->n_services; i++)
    inos_node_state_add (&said, states->services[i].name, states->services[i].port,
                         states->services[i].cost);
  said.opinions = states->opinions;
  inos_nodes_describe (states->nodes, &said);
}

void inos_states_describe (struct inos_states *states, const struct inos_node_state *machine)
{
  const uint64_t *figures = machine->figures;

  states->processor = (double)figures[INOS_NODE_PROCESSOR] / 1000;
  states->memory = figures[INOS_NODE_MEMORY] > 0
                     ? (double)figures[INOS_NODE_MEMORY_USED] / (double)figures[INOS_NODE_MEMORY]
                     : 0;
  for (guint i = 0; i <= states->shared->len; i++)
    inos_sync_set_load (each_shared (states, i)->sync, states->processor, states->memory);
  states->machine = *machine;
  states->described = true;
  say (states);
}

void inos_states_set_services (struct inos_states *states, const struct inos_node_service *services,
                               unsigned n)
{
  states->n_services = MIN (n, INOS_NODE_SERVICES_MAX);
  memcpy (states->services, services, states->n_services * sizeof *services);
  if (states->described)
    say (states);
}

void inos_states_set_opinions (struct inos_states *states, const struct inos_opinions *opinions)
{
  states->opinions = *opinions;
}
