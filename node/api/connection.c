/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE (16 * 1024)

struct inos_api_connection {
  int fd;
  const struct inos_api_connection_events *events;
  void *data;

  struct inos_decoder *decoder;
  unsigned reader, writer, pause, frame_timer, next; /* sources, 0 for none */
  unsigned frame_timeout_ms;
  double tokens; /* requests that may come now */
  int64_t refilled;

  GQueue queue;   /* GBytes */
  GList *newest;  /* may be NULL; the link of the queued event that a newer one may replace */
  size_t queued;  /* bytes, counted whole */
  size_t written; /* of the first */

  GBytes *carrier; /* in the queue, with descriptors; NULL: none */
  int carried[INOS_REPLY_FDS];
  unsigned carries;

  bool closing; /* nothing more is read; ends when the queue is empty or the time is up */
  bool ended, busy;
  bool held; /* until there is an answer */
};

static void watch (struct inos_api_connection *c);

static void clear_source (unsigned *source)
{
  if (*source)
    g_source_remove (*source);
  *source = 0;
}

/* Ends the connection. Its owner hears of it from the main loop, so that nobody's ground is pulled
 * away. */
static gboolean on_ended (gpointer data)
{
  struct inos_api_connection *c = data;

  c->pause = 0;
  c->events->closed (c, c->data);
  return G_SOURCE_REMOVE;
}

static void end (struct inos_api_connection *c)
{
  if (c->ended)
    return;
  c->ended = true;
  clear_source (&c->reader);
  clear_source (&c->writer);
  clear_source (&c->pause);
  clear_source (&c->frame_timer);
  clear_source (&c->next);
  shutdown (c->fd, SHUT_RDWR);
  c->pause = g_idle_add_full (G_PRIORITY_DEFAULT, on_ended, c, NULL);
}

static gboolean on_linger_over (gpointer data)
{
  struct inos_api_connection *c = data;

  c->frame_timer = 0;
  end (c);
  return G_SOURCE_REMOVE;
}

/* Sends what is queued and ends. */
static void close_gently (struct inos_api_connection *c)
{
  if (c->closing || c->ended)
    return;
  c->closing = true;
  clear_source (&c->frame_timer);
  clear_source (&c->pause);
  c->frame_timer = g_timeout_add (INOS_LINGER_MS, on_linger_over, c);
  watch (c);
}

static void drop_carried (struct inos_api_connection *c)
{
  for (unsigned i = 0; i < c->carries; i++)
    close (c->carried[i]);
  c->carries = 0;
  c->carrier = NULL;
}

/* With the descriptors that go with these bytes, if any. */
static ssize_t send_bytes (struct inos_api_connection *c, const char *bytes, size_t len, bool with)
{
  _Alignas (struct cmsghdr) char space[CMSG_SPACE (sizeof c->carried)] = {0};
  struct iovec part = {(char *)bytes, len};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

  if (with) {
    message.msg_control = space;
    message.msg_controllen = CMSG_SPACE (c->carries * sizeof (int));
    struct cmsghdr *header = CMSG_FIRSTHDR (&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN (c->carries * sizeof (int));
    memcpy (CMSG_DATA (header), c->carried, c->carries * sizeof (int));
  }
  ssize_t n = sendmsg (c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n > 0 && with)
    drop_carried (c);
  return n;
}

static bool send_first (struct inos_api_connection *c)
{
  gsize len;
  GBytes *first = g_queue_peek_head (&c->queue);
  const char *bytes = g_bytes_get_data (first, &len);
  ssize_t n = send_bytes (c, bytes + c->written, len - c->written, first == c->carrier);

  if (n < 0 && errno == EINTR)
    return true;
  if (n < 0) {
    if (errno != EAGAIN)
      end (c);
    return false;
  }
  /* What has begun to be sent cannot be replaced. */
  if (c->newest == c->queue.head)
    c->newest = NULL;
  c->written += (size_t)n;
  if (c->written == len) {
    g_bytes_unref (g_queue_pop_head (&c->queue));
    c->queued -= len;
    c->written = 0;
  }
  return true;
}

static void flush_queue (struct inos_api_connection *c)
{
  while (!c->ended && !g_queue_is_empty (&c->queue) && send_first (c))
    ;
}

static void enqueue (struct inos_api_connection *c, GBytes *frame, bool newest_only)
{
  gsize len = g_bytes_get_size (frame);

  if (c->closing || c->ended)
    return;
  if (newest_only && c->newest) {
    GBytes *old = c->newest->data;
    c->queued -= g_bytes_get_size (old);
    g_bytes_unref (old);
    g_queue_delete_link (&c->queue, c->newest);
    c->newest = NULL;
  }
  if (c->queued + len > INOS_QUEUE_HARD) {
    g_message ("A peer that does not read was closed.");
    end (c);
    return;
  }
  g_queue_push_tail (&c->queue, g_bytes_ref (frame));
  c->queued += len;
  if (newest_only)
    c->newest = c->queue.tail;
  flush_queue (c);
  watch (c);
}

GBytes *inos_error_frame (const struct inos_frame *request, uint64_t id, enum inos_api_error code,
                          const char *sentence)
{
  struct inos_frame e = {
    .kind = INOS_ERROR,
    .priority = request && request->id ? request->priority : INOS_PRIORITY_HIGH,
    .version = request && request->id ? request->version : INOS_MESSAGE_VERSION,
    .id = id,
    .reply_to = request ? request->id : 0,
  };
  bool typed = request && request->id && request->type[0] && e.priority <= INOS_PRIORITY_LOW;

  if (!typed)
    e.priority = INOS_PRIORITY_HIGH, e.version = INOS_MESSAGE_VERSION;
  g_strlcpy (e.type, typed ? request->type : INOS_TYPE_ERROR, sizeof e.type);
  e.payload = g_variant_ref_sink (g_variant_new ("(ss)", inos_api_error_name (code), sentence));
  GBytes *frame = inos_frame_encode (&e);
  inos_frame_clear (&e);
  return frame;
}

void inos_api_connection_error (struct inos_api_connection *c, const struct inos_frame *request,
                                uint64_t id, enum inos_api_error code, const char *sentence)
{
  g_autoptr (GBytes) frame = inos_error_frame (request, id, code, sentence);

  enqueue (c, frame, false);
}

/* Returns: whether the connection has them now; it may be full, or out of descriptors. */
static bool carry (struct inos_api_connection *c, GBytes *frame, const int *fds, unsigned count)
{
  if (c->carrier || count > INOS_REPLY_FDS)
    return false;
  for (; c->carries < count; c->carries++) {
    int fd = fcntl (fds[c->carries], F_DUPFD_CLOEXEC, 0);
    if (fd < 0) {
      drop_carried (c);
      return false;
    }
    c->carried[c->carries] = fd;
  }
  c->carrier = frame;
  return true;
}

void inos_api_connection_reply (struct inos_api_connection *c, const struct inos_frame *request,
                                uint64_t id, GVariant *payload)
{
  inos_api_connection_reply_with (c, request, id, payload, NULL, 0);
}

void inos_api_connection_reply_with (struct inos_api_connection *c,
                                     const struct inos_frame *request, uint64_t id,
                                     GVariant *payload, const int *fds, unsigned count)
{
  struct inos_frame e = *request;

  e.kind = INOS_REPLY;
  e.id = id;
  e.reply_to = request->id;
  e.ttl_ms = 0;
  e.payload = g_variant_ref_sink (payload);
  g_autoptr (GBytes) frame = inos_frame_encode (&e);
  inos_frame_clear (&e);
  if (!frame)
    inos_api_connection_error (c, request, id, INOS_API_ERROR_FAILED,
                               "The reply is larger than a frame.");
  else if (count > 0 && !carry (c, frame, fds, count))
    inos_api_connection_error (c, request, id, INOS_API_ERROR_TOO_MANY,
                               "The one before has not been read. Ask again.");
  else
    enqueue (c, frame, false);
}

void inos_api_connection_event (struct inos_api_connection *c, GBytes *frame, bool newest_only)
{
  enqueue (c, frame, newest_only);
}

static gboolean on_pause_over (gpointer data)
{
  struct inos_api_connection *c = data;

  c->pause = 0;
  watch (c);
  return G_SOURCE_REMOVE;
}

/* Takes one from what the peer may ask. One that asks more gets errors, and is not listened to for
 * a moment. */
static bool within_rate (struct inos_api_connection *c)
{
  int64_t now = g_get_monotonic_time();

  c->tokens = MIN (INOS_BURST, c->tokens + (double)(now - c->refilled) / 1e6 * INOS_RATE);
  c->refilled = now;
  if (c->tokens >= 1) {
    c->tokens--;
    return true;
  }
  if (!c->pause)
    c->pause = g_timeout_add (INOS_RATE_PAUSE_MS, on_pause_over, c);
  return false;
}

static void handle_frame (struct inos_api_connection *c, const struct inos_frame *e,
                          const GError *wrong)
{
  if (wrong && inos_api_error_is_fatal (wrong)) {
    inos_api_connection_error (c, e, 1, (enum inos_api_error)wrong->code, wrong->message);
    close_gently (c);
  } else if (!within_rate (c)) {
    inos_api_connection_error (c, e, 1, INOS_API_ERROR_TOO_MANY,
                               "There are too many requests a second.");
  } else if (wrong) {
    inos_api_connection_error (c, e, 1, (enum inos_api_error)wrong->code, wrong->message);
  } else if (e->kind == INOS_REQUEST) {
    c->events->request (c, e, c->data);
  } else {
    inos_api_connection_error (c, e, 1, INOS_API_ERROR_UNKNOWN_MESSAGE,
                               "The node takes requests only.");
  }
}

/* Leaves frames where they are while the peer has not read its replies to those before. */
static void decode_all (struct inos_api_connection *c)
{
  while (!c->closing && !c->ended && !c->held && c->queued <= INOS_QUEUE_SOFT) {
    struct inos_frame e;
    g_autoptr (GError) wrong = NULL;
    if (inos_decoder_next (c->decoder, &e, &wrong) == INOS_DECODE_MORE)
      break;
    clear_source (&c->frame_timer); /* the next frame has its own time */
    handle_frame (c, &e, wrong);
    inos_frame_clear (&e);
  }
}

static gboolean on_frame_timeout (gpointer data)
{
  struct inos_api_connection *c = data;

  c->frame_timer = 0;
  inos_api_connection_error (c, NULL, 1, INOS_API_ERROR_TIMEOUT,
                             "The rest of a frame did not come in time.");
  close_gently (c);
  return G_SOURCE_REMOVE;
}

static gboolean on_readable (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_api_connection *c = data;
  char buffer[READ_SIZE];
  ssize_t n = recv (fd, buffer, sizeof buffer, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (n <= 0) {
    c->reader = 0;
    end (c);
    return G_SOURCE_REMOVE;
  }
  c->busy = true; /* keeps this source while it runs */
  inos_decoder_push (c->decoder, buffer, (size_t)n);
  decode_all (c);
  c->busy = false;
  watch (c);
  return G_SOURCE_CONTINUE;
}

static gboolean on_writable (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_api_connection *c = data;

  c->busy = true;
  flush_queue (c);
  decode_all (c);
  c->busy = false;
  watch (c);
  return G_SOURCE_CONTINUE;
}

/* A peer that is gone wakes both kinds. */
static unsigned add_watch (struct inos_api_connection *c, GIOCondition condition,
                           GUnixFDSourceFunc func)
{
  g_autoptr (GSource) source = g_unix_fd_source_new (c->fd, condition);

  g_source_set_callback (source, G_SOURCE_FUNC (func), c, NULL);
  g_source_set_can_recurse (source, TRUE); /* see node/mesh/net/poller.c */
  return g_source_attach (source, NULL);
}

/* Makes the sources fit the state. */
static void watch (struct inos_api_connection *c)
{
  if (c->ended || c->busy)
    return;
  if (c->closing && g_queue_is_empty (&c->queue)) {
    end (c);
    return;
  }
  bool read = !c->closing && !c->pause && !c->held && c->queued <= INOS_QUEUE_SOFT;
  bool write = !g_queue_is_empty (&c->queue);
  bool partial = read && inos_decoder_pending (c->decoder) > 0;

  if (read && !c->reader)
    c->reader = add_watch (c, G_IO_IN, on_readable);
  else if (!read)
    clear_source (&c->reader);
  if (write && !c->writer)
    c->writer = add_watch (c, G_IO_OUT, on_writable);
  else if (!write)
    clear_source (&c->writer);
  if (partial && !c->frame_timer)
    c->frame_timer = g_timeout_add (c->frame_timeout_ms, on_frame_timeout, c);
  else if (!partial && !c->closing)
    clear_source (&c->frame_timer);
}

void inos_api_connection_hold (struct inos_api_connection *c)
{
  c->held = true;
}

static gboolean on_go_on (gpointer data)
{
  struct inos_api_connection *c = data;

  c->next = 0;
  c->busy = true;
  decode_all (c);
  c->busy = false;
  watch (c);
  return G_SOURCE_REMOVE;
}

void inos_api_connection_go_on (struct inos_api_connection *c)
{
  c->held = false;
  if (c->ended || c->next)
    return;
  if (inos_decoder_pending (c->decoder) >
      0) /* not here: the caller is in the middle of something */
    c->next = g_idle_add_full (G_PRIORITY_DEFAULT, on_go_on, c, NULL);
  else
    watch (c);
}

struct inos_api_connection *
inos_api_connection_new (int fd, unsigned frame_timeout_ms,
                         const struct inos_api_connection_events *events, void *data)
{
  struct inos_api_connection *c = g_new0 (struct inos_api_connection, 1);

  c->fd = fd;
  c->events = events;
  c->data = data;
  c->frame_timeout_ms = frame_timeout_ms;
  c->decoder = inos_decoder_new();
  c->tokens = INOS_BURST;
  c->refilled = g_get_monotonic_time();
  g_queue_init (&c->queue);
  watch (c);
  return c;
}

void inos_api_connection_free (struct inos_api_connection *c)
{
  if (!c)
    return;
  clear_source (&c->reader);
  clear_source (&c->writer);
  clear_source (&c->pause);
  clear_source (&c->frame_timer);
  clear_source (&c->next);
  drop_carried (c);
  g_queue_clear_full (&c->queue, (GDestroyNotify)g_bytes_unref);
  inos_decoder_free (c->decoder);
  close (c->fd);
  g_free (c);
}
