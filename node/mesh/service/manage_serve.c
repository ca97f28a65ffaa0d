/*
 * To be managed: what a member asks is looked at, given to the node, and answered.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/manage-private.h"

#include "node/api/connection.h"
#include "node/api/messages.h"
#include "node/mesh/net/poller.h"

#include <string.h>

struct served {
  struct inos_manage *manage;
  uint64_t number;
  struct inos_peer_id peer;
  struct inos_stream *stream; /* NULL: it has gone */
  struct inos_decoder *decoder;
  struct inos_frame asked; /* without its payload; id 0: nothing yet */
  enum inos_right needed;
  bool stranger; /* had no right when it came */
  bool counts;   /* among its peer's */
  bool making;   /* the node has it: it stays until that has answered */
  GBytes *out;
  size_t written;
  GSource *timer;
};

void manage_serve_free (void *data)
{
  struct served *served = data;

  inos_timer_clear (&served->timer);
  inos_decoder_free (served->decoder);
  inos_frame_clear (&served->asked);
  g_clear_pointer (&served->out, g_bytes_unref);
  g_free (served);
}

static void release (struct served *served)
{
  if (served->stream || served->making)
    return;
  if (served->counts)
    inos_visitors_end (served->manage->visitors, &served->peer);
  g_hash_table_remove (served->manage->served, &served->number);
}

/* Answers */

static void write_more (struct served *served)
{
  gsize len;
  const uint8_t *bytes = g_bytes_get_data (served->out, &len);

  while (served->written < len) {
    size_t part = MIN (inos_stream_room (served->stream), len - served->written);
    if (part == 0)
      return;
    inos_stream_write (served->stream, bytes + served->written, part);
    served->written += part;
  }
  inos_stream_finish (served->stream);
}

static void say (struct served *served, GBytes *frame)
{
  if (!served->stream || served->out) {
    g_bytes_unref (frame);
    return;
  }
  served->out = frame;
  write_more (served);
}

static gboolean on_late (gpointer data)
{
  struct served *served = data;

  inos_timer_clear (&served->timer);
  served->making = false; /* also where the node has lost it */
  if (served->stream)
    inos_stream_reset (served->stream);
  else
    release (served);
  return G_SOURCE_REMOVE;
}

static void refuse (struct served *served, enum inos_api_error code, const char *sentence)
{
  say (served, inos_error_frame (&served->asked, 1, code, sentence));
}

static void reply (struct served *served, GVariant *payload)
{
  struct inos_frame frame = served->asked;

  frame.kind = INOS_REPLY;
  frame.id = 1;
  frame.reply_to = served->asked.id;
  frame.ttl_ms = 0;
  frame.payload = payload;
  GBytes *bytes = inos_frame_encode (&frame);
  if (bytes)
    say (served, bytes);
  else
    refuse (served, INOS_API_ERROR_FAILED, "The answer is larger than a frame.");
}

static bool may (const struct served *served)
{
  return inos_manage_rights_of (served->manage->rights, &served->peer) >= served->needed;
}

/* The sentence is the right that lacks: the asker's node makes one of it. */
static void refuse_right (struct served *served, const char *type)
{
  struct inos_manage *manage = served->manage;

  if (inos_roll_standing (inos_trust_roll (manage->setup.trust), &served->peer) ==
      INOS_STANDING_MEMBER)
    inos_visitors_note (manage->visitors, &served->peer, "manage-refused", type, NULL);
  else
    inos_trust_note_stranger (manage->setup.trust, &served->peer, INOS_MANAGE_PROTOCOL);
  refuse (served, INOS_API_ERROR_ACCESS_DENIED, inos_right_name (served->needed));
}

/* The right may have been taken while the answer was in the making. */
void inos_manage_answer (struct inos_manage *manage, uint64_t number, GVariant *payload,
                         enum inos_api_error code, const char *sentence)
{
  struct served *served = g_hash_table_lookup (manage->served, &number);

  if (!served || !served->making)
    return;
  served->making = false;
  if (served->stream && !may (served))
    refuse_right (served, inos_message_find (served->asked.type, INOS_MESSAGE_VERSION)->name);
  else if (served->stream && payload)
    reply (served, payload);
  else if (served->stream)
    refuse (served, code, sentence);
  release (served);
}

/* Questions */

static void begin (struct served *served, const struct inos_frame *request)
{
  struct inos_manage *manage = served->manage;
  const struct inos_api_message *message = inos_message_find (request->type, request->version);

  if (!message || !inos_right_needed (message->name, &served->needed)) {
    refuse (served, INOS_API_ERROR_UNKNOWN_MESSAGE, "");
    return;
  }
  if (!may (served)) {
    refuse_right (served, message->name);
    return;
  }
  bool deed = served->needed == INOS_RIGHT_ALL;
  served->counts = inos_visitors_begin (manage->visitors, &served->peer, deed);
  if (!served->counts) {
    refuse (served, INOS_API_ERROR_TOO_MANY, "Too much is asked of that node at once.");
    return;
  }
  inos_visitors_note (manage->visitors, &served->peer, deed ? "managed" : "looked", message->name,
                      deed ? request->payload : NULL);
  served->making = true;
  inos_timer_set (&served->timer, manage->setup.context, 2 * INOS_MANAGE_PATIENCE_MS, on_late,
                  served);
  if (manage->setup.on_managed (manage->setup.data, served->number, message->name,
                                request->payload))
    return;
  served->making = false;
  refuse (served, INOS_API_ERROR_TOO_MANY, "That node is too busy to answer. Ask again later.");
}

static void take (struct served *served, struct inos_frame *frame, const GError *wrong)
{
  served->asked = *frame;
  served->asked.payload = NULL;
  if ((wrong && inos_api_error_is_fatal (wrong)) || frame->kind != INOS_REQUEST)
    inos_stream_reset (served->stream);
  else if (wrong)
    refuse (served, (enum inos_api_error)wrong->code, wrong->message);
  else
    begin (served, frame);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct served *served = data;
  g_autoptr (GError) wrong = NULL;
  struct inos_frame frame = {0};

  if (served->asked.id || len > INOS_MANAGE_QUESTION_MAX ||
      inos_decoder_pending (served->decoder) + len > INOS_MANAGE_QUESTION_MAX) {
    inos_stream_reset (stream); /* one question is all that a stream is for */
    return;
  }
  inos_decoder_push (served->decoder, bytes, len);
  if (inos_decoder_next (served->decoder, &frame, &wrong) == INOS_DECODE_MORE)
    return;
  if (!wrong && inos_decoder_pending (served->decoder) > 0)
    inos_stream_reset (stream);
  else
    take (served, &frame, wrong);
  inos_frame_clear (&frame);
}

static void on_room (struct inos_stream *stream, void *data)
{
  struct served *served = data;

  if (served->out)
    write_more (served);
}

static void on_finish (struct inos_stream *stream, void *data)
{
  if (!((struct served *)data)->asked.id)
    inos_stream_reset (stream);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct served *served = data;

  served->stream = NULL;
  release (served);
}

static const struct inos_stream_handler handler = {
  .bytes = on_bytes, .room = on_room, .finish = on_finish, .gone = on_gone};

/* Those without a right take no places from those who have one. */
static bool is_full (const struct inos_manage *manage, const struct inos_peer_id *peer)
{
  unsigned strangers = 0, same = 0;
  struct served *served;
  GHashTableIter iter;

  if (inos_manage_rights_of (manage->rights, peer) != INOS_RIGHT_NONE)
    return g_hash_table_size (manage->served) >= INOS_MANAGE_SERVED_MAX;
  g_hash_table_iter_init (&iter, manage->served);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&served)) {
    strangers += served->stranger;
    same += served->stranger && inos_peer_id_equal (&served->peer, peer);
  }
  return same >= INOS_MANAGE_STRANGERS_OF_ONE || strangers >= INOS_MANAGE_STRANGERS_MAX;
}

static bool on_accept (void *data, struct inos_stream *stream)
{
  struct inos_manage *manage = data;

  if (manage->stopped || is_full (manage, inos_stream_peer (stream)))
    return false;
  struct served *served = g_new0 (struct served, 1);
  served->manage = manage;
  served->number = ++manage->number;
  served->peer = *inos_stream_peer (stream);
  served->stranger = inos_manage_rights_of (manage->rights, &served->peer) == INOS_RIGHT_NONE;
  served->stream = stream;
  served->decoder = inos_decoder_new();
  g_hash_table_insert (manage->served, &served->number, served);
  inos_timer_set (&served->timer, manage->setup.context, INOS_MANAGE_HASTE_MS, on_late, served);
  inos_stream_take_over (stream, &handler, served);
  return true;
}

void manage_serve_start (struct inos_manage *manage)
{
  manage->offer = (struct inos_protocol_offer){.name = INOS_MANAGE_PROTOCOL,
                                               .streams_max = INOS_MANAGE_STREAMS_MAX,
                                               .handler = &handler,
                                               .accept = on_accept,
                                               .data = manage};
  inos_host_offer (manage->setup.host, &manage->offer);
}

void manage_serve_drop (struct inos_manage *manage, const struct inos_peer_id *peer)
{
  g_autoptr (GList) all = g_hash_table_get_values (manage->served);

  for (GList *at = all; at; at = at->next) {
    struct served *served = at->data;
    if (served->stream && (!peer || inos_peer_id_equal (&served->peer, peer)))
      inos_stream_reset (served->stream);
  }
}
