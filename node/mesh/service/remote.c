/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/remote.h"

#include "node/actor/route.h"
#include "node/mesh/host/frames.h"
#include "node/mesh/net/mesh_thread.h"
#include "node/mesh/service/remote_actor.h"
#include "node/mesh/service/remote_list.h"

static const char *const names[] = {INOS_REMOTE_PROTOCOL};

struct session {
  struct inos_remote *remote;
  uint64_t number;
  bool called;         /* by another node; else this one calls */
  inos_actor_id actor; /* who speaks for it here: 0: nobody yet */
  struct inos_peer_id peer;
  char name[INOS_REMOTE_NAME_MAX + 1];
  struct inos_remote_session *core; /* NULL: no stream yet */
  struct inos_stream *stream;
  struct inos_frames frames;
  GQueue waiting; /* GBytes that there is no room for yet */
  size_t waiting_bytes;
  bool dialling, over;
  bool opened;         /* who called was let in */
  bool reads;          /* what came is being looked at */
  unsigned unanswered; /* questions that ended with the session */
  unsigned busy;       /* how often it is entered: not to be freed under who calls */
};

struct inos_remote {
  struct inos_host *host;
  struct inos_runtime *runtime; /* NULL: nobody is to be reached */
  struct inos_remote_link *link;
  struct inos_reputations *reputations; /* NULL: nobody wants to know */
  struct inos_remote_acl *acl;
  struct inos_remote_lister *lister;
  struct inos_protocol_offer offer;
  GTree *sessions; /* by number → struct session; those that are not over */
  unsigned calls, called;
  struct inos_drive *drive;
};

/* A session holds on until its dial and its stream have ended. */
static void release (struct session *session)
{
  if (!session->over || session->dialling || session->stream || session->busy > 0)
    return;
  inos_remote_session_free (session->core);
  inos_frames_clear (&session->frames);
  g_queue_clear_full (&session->waiting, (GDestroyNotify)g_bytes_unref);
  g_free (session);
}

static void enter (struct session *session)
{
  session->busy++;
}

static void leave (struct session *session)
{
  session->busy--;
  release (session);
}

static struct session *add (struct inos_remote *remote, uint64_t number, bool called,
                            const struct inos_peer_id *peer)
{
  struct session *session = g_new0 (struct session, 1);

  session->remote = remote;
  session->number = number;
  session->called = called;
  session->peer = *peer;
  session->frames.max = INOS_REMOTE_MESSAGE_MAX;
  g_queue_init (&session->waiting);
  g_tree_insert (remote->sessions, &session->number, session);
  *(called ? &remote->called : &remote->calls) += 1;
  return session;
}

/* What the core says */

static void on_write (void *data, const void *message, size_t len)
{
  struct session *session = data;

  if (!session->stream)
    return;
  if (g_queue_is_empty (&session->waiting) && inos_stream_room (session->stream) >= len) {
    inos_frames_write (session->stream, message, len);
    return;
  }
  session->waiting_bytes += len; /* too many: see check_queue() */
  if (session->waiting_bytes <= INOS_REMOTE_QUEUE_MAX)
    g_queue_push_tail (&session->waiting, g_bytes_new (message, len));
}

static void tell_actor (struct session *session, struct inos_remote_over why)
{
  if (!session->actor)
    return;
  if (session->called)
    node_deliverer_gone (session->remote->runtime, session->actor);
  else
    node_far_over (session->remote->runtime, session->actor, why);
}

static void saw (struct session *session, enum inos_conduct conduct)
{
  inos_reputations_saw (session->remote->reputations, &session->peer, conduct);
}

/* What no node says counts whoever called; how a session went, where this node had asked for it and
 * wanted it still. */
static void judge_end (struct session *session, enum inos_remote_end end)
{
  bool lost = end == INOS_REMOTE_LOST;

  if (lost && session->reads)
    saw (session, INOS_CONDUCT_RULES);
  if (session->called || !session->actor || !session->opened)
    return;
  if (lost)
    saw (session, session->unanswered > 0 ? INOS_CONDUCT_SILENT : INOS_CONDUCT_LOST);
  else if (end == INOS_REMOTE_NORMAL || end == INOS_REMOTE_SHUTDOWN)
    saw (session, INOS_CONDUCT_ENDED);
}

static void on_over (void *data, struct inos_remote_over why)
{
  struct session *session = data;
  struct inos_remote *remote = session->remote;

  if (session->over)
    return;
  session->over = true;
  judge_end (session, why.end);
  g_tree_remove (remote->sessions, &session->number);
  *(session->called ? &remote->called : &remote->calls) -= 1;
  tell_actor (session, why);
  if (session->stream && (why.end == INOS_REMOTE_LOST || !g_queue_is_empty (&session->waiting)))
    inos_stream_reset (session->stream);
  else if (session->stream)
    inos_stream_finish (session->stream);
}

static void lose (struct session *session)
{
  on_over (session, (struct inos_remote_over){.end = INOS_REMOTE_LOST});
}

/* From outside of the core: one that does not read what it asked for is given up. */
static void check_queue (struct session *session)
{
  if (session->core && !session->over && session->waiting_bytes > INOS_REMOTE_QUEUE_MAX)
    inos_remote_session_lost (session->core);
}

static void on_room (void *data, uint32_t units)
{
  struct session *session = data;

  session->opened = true;
  node_far_room (session->remote->runtime, session->actor, units);
}

static void on_answer (void *data, uint64_t id, enum inos_remote_status status, GVariant *body)
{
  struct session *session = data;

  if (status == INOS_REMOTE_REPLIED)
    saw (session, INOS_CONDUCT_ANSWERED);
  else if (status == INOS_REMOTE_TIMED_OUT)
    saw (session, INOS_CONDUCT_LATE);
  session->unanswered += status == INOS_REMOTE_DEAD;
  node_far_answer (session->remote->runtime, session->actor, id, status, body);
}

static void refuse (struct session *session, enum inos_remote_end end)
{
  inos_remote_session_end (session->core, (struct inos_remote_over){.end = end});
}

/* One that is not there and one that this peer may not reach look the same to it. */
static void on_hello (void *data, const char *name)
{
  struct session *session = data;
  struct inos_remote *remote = session->remote;

  g_strlcpy (session->name, name, sizeof session->name);
  inos_actor_id target =
    remote->runtime && inos_remote_acl_allows (remote->acl, &session->peer, name)
      ? inos_lookup (remote->runtime, name)
      : 0;
  if (!target) {
    refuse (session, INOS_REMOTE_NOBODY);
    return;
  }
  session->actor =
    node_deliverer_spawn (remote->runtime, remote->link, session->number, &session->peer, target);
  if (session->actor)
    inos_remote_session_welcome (session->core);
  else
    refuse (session, INOS_REMOTE_TOO_MANY);
}

static void on_letter (void *data, const struct inos_remote_message *letter)
{
  struct session *session = data;

  node_deliverer_letter (session->remote->runtime, session->actor, letter);
}

static void on_cancel (void *data, uint64_t id)
{
  struct session *session = data;

  node_deliverer_cancel (session->remote->runtime, session->actor, id);
}

static const struct inos_remote_events core_events = {.write = on_write,
                                                      .over = on_over,
                                                      .room = on_room,
                                                      .answer = on_answer,
                                                      .hello = on_hello,
                                                      .letter = on_letter,
                                                      .cancel = on_cancel};

static void begin_core (struct session *session, const char *name)
{
  session->core = inos_remote_session_new (
    &(struct inos_remote_setup){.env = inos_host_env (session->remote->host),
                                .name = name,
                                .events = &core_events,
                                .data = session});
}

/* What the stream says */

static bool on_frame (void *data, const uint8_t *message, size_t len)
{
  struct session *session = data;

  session->reads = true;
  inos_remote_session_receive (session->core, message, len);
  session->reads = false;
  check_queue (session);
  return !session->over;
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct session *session = data;

  if (session->over || !session->core)
    return;
  enter (session);
  if (!inos_frames_feed (&session->frames, bytes, len, on_frame, session) && !session->over) {
    session->reads = true;
    inos_remote_session_lost (session->core);
  }
  leave (session);
}

static void on_stream_room (struct inos_stream *stream, void *data)
{
  struct session *session = data;
  GBytes *first;

  while ((first = g_queue_peek_head (&session->waiting)) != NULL &&
         inos_stream_room (stream) >= g_bytes_get_size (first)) {
    gsize len;
    const void *bytes = g_bytes_get_data (first, &len);
    inos_frames_write (stream, bytes, len);
    session->waiting_bytes -= len;
    g_bytes_unref (g_queue_pop_head (&session->waiting));
  }
}

static void on_finish (struct inos_stream *stream, void *data)
{
  struct session *session = data;

  enter (session);
  if (!session->over && session->core)
    inos_remote_session_lost (session->core);
  leave (session);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct session *session = data;

  if (why == INOS_STREAM_UNSUPPORTED)
    g_debug ("A peer does not speak %s: its actors cannot be reached.", INOS_REMOTE_PROTOCOL);
  enter (session);
  session->stream = NULL;
  if (session->core)
    inos_remote_session_lost (session->core);
  lose (session);
  leave (session);
}

static void on_open (struct inos_stream *stream, void *data)
{
  struct session *session = data;

  if (!session->core)
    begin_core (session, session->called ? NULL : session->name);
}

static const struct inos_stream_handler handler = {
  .open = on_open, .bytes = on_bytes, .room = on_stream_room, .finish = on_finish, .gone = on_gone};

static bool on_accept (void *data, struct inos_stream *stream)
{
  struct inos_remote *remote = data;

  if (!remote->runtime || remote->called >= INOS_REMOTE_CALLED_MAX)
    return false;
  struct session *session =
    add (remote, inos_remote_link_number (remote->link), true, inos_stream_peer (stream));
  session->stream = stream;
  begin_core (session, NULL);
  inos_stream_take_over (stream, &handler, session);
  return true;
}

/* What actors say */

static void on_dialled (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct session *session = data;

  enter (session);
  session->dialling = false;
  if (!error && !session->over)
    session->stream = inos_host_open (session->remote->host, &session->peer, names,
                                      G_N_ELEMENTS (names), &handler, session);
  if (!session->stream)
    lose (session);
  leave (session);
}

static void open_session (struct inos_remote *remote, const struct inos_remote_order *order)
{
  static const struct inos_remote_over too_many = {.end = INOS_REMOTE_TOO_MANY};

  if (remote->calls >= INOS_REMOTE_CALLS_MAX) {
    node_far_over (remote->runtime, order->actor, too_many);
    return;
  }
  struct session *session = add (remote, order->session, false, &order->peer);
  session->actor = order->actor;
  g_strlcpy (session->name, order->message.name, sizeof session->name);
  session->dialling = true;
  inos_host_connect (remote->host, &session->peer, NULL, 0, on_dialled, session);
}

static void obey (struct session *session, const struct inos_remote_order *order)
{
  const struct inos_remote_message *message = &order->message;
  struct inos_remote_over why = {(enum inos_remote_end)message->amount, message->code};

  if (order->what == INOS_REMOTE_DO_END && !session->core) { /* still dialling */
    session->actor = 0;
    lose (session);
    return;
  }
  if (!session->core)
    return;
  switch (order->what) {
  case INOS_REMOTE_DO_OPEN:
    break;
  case INOS_REMOTE_DO_SEND:
    inos_remote_session_send (session->core, message);
    break;
  case INOS_REMOTE_DO_CANCEL:
    if (inos_remote_session_cancel (session->core, message->id))
      saw (session, INOS_CONDUCT_LATE);
    break;
  case INOS_REMOTE_DO_TAKEN:
    inos_remote_session_taken (session->core, message->amount);
    break;
  case INOS_REMOTE_DO_ANSWER:
    inos_remote_session_answer (session->core, message->id,
                                (enum inos_remote_status)message->amount, message->body);
    break;
  case INOS_REMOTE_DO_END:
    session->actor = 0;
    inos_remote_session_end (session->core, why);
    break;
  }
}

void inos_remote_do (struct inos_remote *remote, const struct inos_remote_order *order)
{
  struct session *session;

  if (!remote->runtime)
    return;
  if (order->what == INOS_REMOTE_DO_OPEN)
    open_session (remote, order);
  else if ((session = g_tree_lookup (remote->sessions, &order->session)) != NULL) {
    enter (session);
    obey (session, order);
    check_queue (session);
    leave (session);
  }
}

/* All sessions, each of which may end meanwhile */

static gboolean add_number (gpointer key, gpointer value, gpointer data)
{
  g_array_append_val (data, *(uint64_t *)key);
  return FALSE;
}

static void each (struct inos_remote *remote, void (*function) (struct session *session))
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (uint64_t));

  g_tree_foreach (remote->sessions, add_number, numbers);
  for (guint i = 0; i < numbers->len; i++) {
    struct session *session =
      g_tree_lookup (remote->sessions, &g_array_index (numbers, uint64_t, i));
    if (!session)
      continue;
    enter (session);
    function (session);
    leave (session);
  }
}

static void tick_session (struct session *session)
{
  if (session->core)
    inos_remote_session_tick (session->core);
}

static void check_allowed (struct session *session)
{
  if (session->called && session->core && *session->name &&
      !inos_remote_acl_allows (session->remote->acl, &session->peer, session->name))
    refuse (session, INOS_REMOTE_NOBODY);
}

void inos_remote_acl_changed (struct inos_remote *remote)
{
  each (remote, check_allowed);
}

static gboolean soonest (gpointer key, gpointer value, gpointer data)
{
  const struct session *session = value;
  uint64_t *deadline = data;

  if (session->core)
    *deadline = MIN (*deadline, inos_remote_session_deadline (session->core));
  return FALSE;
}

static uint64_t deadline (void *data)
{
  struct inos_remote *remote = data;
  uint64_t soon = INOS_NEVER;

  g_tree_foreach (remote->sessions, soonest, &soon);
  return MIN (soon, inos_remote_lister_deadline (remote->lister));
}

static void tick (void *data)
{
  struct inos_remote *remote = data;

  each (remote, tick_session);
  inos_remote_lister_tick (remote->lister);
}

/* Life cycle */

static gint by_number (gconstpointer a, gconstpointer b, gpointer data)
{
  uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

  return (one > other) - (one < other);
}

struct inos_remote *inos_remote_new (struct inos_host *host, GMainContext *context,
                                     const struct inos_mesh_config *config, const char *state_dir,
                                     struct inos_reputations *reputations)
{
  struct inos_remote *remote = g_new0 (struct inos_remote, 1);

  remote->host = host;
  remote->reputations = reputations;
  remote->acl = inos_remote_acl_new (config, state_dir);
  inos_remote_acl_ask (remote->acl, host);
  remote->lister = inos_remote_lister_new (host, remote->acl);
  remote->sessions = g_tree_new_full (by_number, NULL, NULL, NULL);
  remote->offer = (struct inos_protocol_offer){.name = INOS_REMOTE_PROTOCOL,
                                               .streams_max = INOS_REMOTE_STREAMS_MAX,
                                               .open = true, /* the list says who may */
                                               .handler = &handler,
                                               .accept = on_accept,
                                               .data = remote};
  inos_host_offer (host, &remote->offer);
  remote->drive =
    inos_drive (context, inos_host_env (host), &(struct inos_driven){deadline, tick, remote});
  return remote;
}

void inos_remote_serve (struct inos_remote *remote, struct inos_runtime *runtime,
                        struct inos_remote_link *link)
{
  remote->runtime = runtime;
  remote->link = inos_remote_link_ref (link);
}

static void drop (struct session *session)
{
  if (session->core)
    inos_remote_session_lost (session->core);
  else
    lose (session);
}

void inos_remote_stop (struct inos_remote *remote)
{
  inos_drive_end (&remote->drive);
  each (remote, drop);
}

void inos_remote_free (struct inos_remote *remote)
{
  if (!remote)
    return;
  inos_remote_lister_free (remote->lister);
  inos_remote_acl_free (remote->acl);
  g_tree_unref (remote->sessions);
  g_clear_pointer (&remote->link, inos_remote_link_unref);
  g_free (remote);
}

struct inos_remote_acl *inos_remote_acl (struct inos_remote *remote)
{
  return remote->acl;
}

void inos_remote_list (struct inos_remote *remote, const struct inos_peer_id *peer,
                       inos_remote_listed listed, void *data)
{
  inos_remote_lister_ask (remote->lister, peer, listed, data);
}
