/*
 * To manage another node: a question goes to it, and what it says is taken for no more than that.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/manage-private.h"

#include "node/api/messages.h"
#include "node/mesh/net/poller.h"

#include <string.h>

#define SENTENCE_MAX 400u /* bytes of what another node says went wrong */

static const char *const protocols[] = {INOS_MANAGE_PROTOCOL};

/* Whoever holds it last frees it: the dial, the stream, or who waits. */
struct asked {
  struct inos_manage *manage;
  struct inos_peer_id peer;
  const struct inos_api_message *message;
  GBytes *question; /* NULL: it was sent */
  struct inos_stream *stream;
  struct inos_decoder *decoder;
  GSource *timer;
  bool dialling, over;
  inos_manage_asked done;
  void *data;
};

void manage_ask_free (void *data)
{
  struct asked *asked = data;

  inos_timer_clear (&asked->timer);
  inos_decoder_free (asked->decoder);
  g_clear_pointer (&asked->question, g_bytes_unref);
  g_free (asked);
}

static void release (struct asked *asked)
{
  if (asked->over && !asked->dialling && !asked->stream)
    g_ptr_array_remove_fast (asked->manage->asked, asked);
}

static void settle (struct asked *asked, GVariant *payload, const GError *error)
{
  if (asked->over)
    return;
  asked->over = true;
  inos_timer_clear (&asked->timer);
  asked->done (asked->data, payload, error);
}

static void fail (struct asked *asked, enum inos_api_error code, const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (INOS_API_ERROR, (gint)code, sentence);

  settle (asked, NULL, error);
}

/* Answers */

/* (transfer full): what another node says, as one line that is no longer than a sentence. */
static char *clean (const char *said)
{
  GString *text = g_string_new (NULL);

  for (const char *at = said; *at && text->len < SENTENCE_MAX; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    g_string_append_unichar (text, g_unichar_isprint (c) ? c : 0xfffd);
  }
  return g_string_free (text, FALSE);
}

static enum inos_api_error code_of (const char *name)
{
  for (unsigned code = 0; code <= INOS_API_ERROR_UNREACHABLE; code++)
    if (strcmp (inos_api_error_name ((enum inos_api_error)code), name) == 0)
      return (enum inos_api_error)code;
  return INOS_API_ERROR_FAILED;
}

static void take_error (struct asked *asked, GVariant *payload)
{
  char self[INOS_PEER_TEXT_MAX];
  const char *name, *said;

  g_variant_get (payload, "(&s&s)", &name, &said);
  enum inos_api_error code = code_of (name);
  if (code == INOS_API_ERROR_ACCESS_DENIED) {
    inos_peer_id_text (inos_host_id (asked->manage->setup.host), self);
    g_autofree char *sentence =
      g_strdup_printf ("That node has not given this one the right to do this. It can be given "
                       "there: inosctl mesh manage %s %s",
                       self, strcmp (said, "all") == 0 ? "all" : "look");
    fail (asked, code, sentence);
  } else if (code == INOS_API_ERROR_UNKNOWN_MESSAGE) {
    fail (asked, code, "That node does not answer this: it may have another version of Inos.");
  } else {
    g_autofree char *sentence = clean (said);
    fail (asked, code == INOS_API_ERROR_UNREACHABLE ? INOS_API_ERROR_FAILED : code,
          *sentence ? sentence : "That node refuses this and does not say why.");
  }
}

static void take (struct asked *asked, const struct inos_frame *frame)
{
  if (frame->kind == INOS_ERROR)
    take_error (asked, frame->payload);
  else if (frame->kind == INOS_REPLY && frame->version == INOS_MESSAGE_VERSION &&
           strcmp (frame->type, asked->message->name) == 0)
    settle (asked, frame->payload, NULL);
  else
    fail (asked, INOS_API_ERROR_FAILED, "What that node says is no answer to the question.");
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct asked *asked = data;
  g_autoptr (GError) wrong = NULL;
  struct inos_frame frame = {0};

  if (asked->over || len > INOS_FRAME_MAX) {
    inos_stream_reset (stream);
    return;
  }
  inos_decoder_push (asked->decoder, bytes, len);
  if (inos_decoder_next (asked->decoder, &frame, &wrong) == INOS_DECODE_MORE)
    return;
  if (wrong)
    fail (asked, INOS_API_ERROR_FAILED, "What that node says cannot be understood.");
  else
    take (asked, &frame);
  inos_frame_clear (&frame);
  inos_stream_reset (stream); /* it has nothing more to say */
}

static void on_open (struct inos_stream *stream, void *data)
{
  struct asked *asked = data;
  gsize len;
  const void *bytes = g_bytes_get_data (asked->question, &len);

  inos_stream_write (stream, bytes, len);
  inos_stream_finish (stream);
  g_clear_pointer (&asked->question, g_bytes_unref);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct asked *asked = data;

  asked->stream = NULL;
  if (why == INOS_STREAM_UNSUPPORTED)
    fail (asked, INOS_API_ERROR_UNKNOWN_MESSAGE,
          "That node cannot be managed: it is no member of this mesh, or has an older version of "
          "Inos.");
  else if (why == INOS_STREAM_LIMIT)
    fail (asked, INOS_API_ERROR_TOO_MANY, "Too much is asked of that node at once.");
  else
    fail (asked, INOS_API_ERROR_UNREACHABLE,
          "The connection to that node was lost before it answered.");
  release (asked);
}

static const struct inos_stream_handler handler = {
  .open = on_open, .bytes = on_bytes, .gone = on_gone};

/* Questions */

static void on_connected (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct asked *asked = data;

  asked->dialling = false;
  if (error) {
    g_autofree char *sentence = g_strdup_printf ("That node cannot be reached: %s", error->message);
    fail (asked, INOS_API_ERROR_UNREACHABLE, sentence);
  } else if (!asked->over) {
    asked->stream = inos_host_open (asked->manage->setup.host, &asked->peer, protocols,
                                    G_N_ELEMENTS (protocols), &handler, asked);
    if (!asked->stream)
      fail (asked, INOS_API_ERROR_UNREACHABLE,
            "That node cannot be reached: there is no direct connection to it, or it is no member "
            "of this mesh.");
  }
  release (asked);
}

static gboolean on_late (gpointer data)
{
  struct asked *asked = data;

  fail (asked, asked->dialling ? INOS_API_ERROR_UNREACHABLE : INOS_API_ERROR_TIMEOUT,
        "That node did not answer in time.");
  if (asked->stream)
    inos_stream_reset (asked->stream);
  return G_SOURCE_REMOVE;
}

static bool is_full (const struct inos_manage *manage, const struct inos_peer_id *peer)
{
  unsigned same = 0;

  for (guint i = 0; i < manage->asked->len; i++)
    same += inos_peer_id_equal (&((const struct asked *)manage->asked->pdata[i])->peer, peer);
  return same >= INOS_MANAGE_ASKED_OF_ONE || manage->asked->len >= INOS_MANAGE_ASKED_MAX;
}

void inos_manage_ask (struct inos_manage *manage, const struct inos_peer_id *peer, const char *type,
                      GVariant *parameters, inos_manage_asked done, void *data)
{
  g_autoptr (GError) error = NULL;
  struct inos_frame frame = {.kind = INOS_REQUEST,
                             .priority = INOS_PRIORITY_NORMAL,
                             .version = INOS_MESSAGE_VERSION,
                             .id = 1,
                             .ttl_ms = INOS_MANAGE_PATIENCE_MS,
                             .payload = parameters};

  g_strlcpy (frame.type, type, sizeof frame.type);
  g_autoptr (GBytes) question = inos_frame_encode (&frame);
  if (!question || g_bytes_get_size (question) > INOS_MANAGE_QUESTION_MAX)
    error =
      g_error_new_literal (INOS_API_ERROR, INOS_API_ERROR_TOO_BIG, "The question is too long.");
  else if (manage->stopped || is_full (manage, peer))
    error = g_error_new_literal (INOS_API_ERROR, INOS_API_ERROR_TOO_MANY,
                                 "So many questions wait for that node's answers already.");
  if (error) {
    done (data, NULL, error);
    return;
  }
  struct asked *asked = g_new0 (struct asked, 1);
  *asked = (struct asked){.manage = manage,
                          .peer = *peer,
                          .message = inos_message_find (type, INOS_MESSAGE_VERSION),
                          .question = g_steal_pointer (&question),
                          .decoder = inos_decoder_new(),
                          .dialling = true,
                          .done = done,
                          .data = data};
  g_ptr_array_add (manage->asked, asked);
  inos_timer_set (&asked->timer, manage->setup.context, INOS_MANAGE_PATIENCE_MS, on_late, asked);
  inos_host_connect (manage->setup.host, peer, NULL, 0, on_connected, asked);
}

void manage_ask_stop (struct inos_manage *manage)
{
  for (guint i = manage->asked->len; i > 0; i--) {
    struct asked *asked = manage->asked->pdata[i - 1];
    fail (asked, INOS_API_ERROR_FAILED, "The mesh is being started again. Ask again.");
    if (asked->stream)
      inos_stream_reset (asked->stream);
  }
}
