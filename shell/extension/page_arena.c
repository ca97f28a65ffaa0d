/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-web-process"

#include "page_arena.h"

#include "node/arena/layout.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MESSAGE "inos-arena"
#define LISTENER "inosArena"
/* What the page sees: from the metadata to the end of the tables. */
#define SIZE (INOS_ARENA_END - INOS_ARENA_METADATA)
#define PAGE 65536u /* no system has larger ones */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE)

enum { FD_MEMORY, FD_EVENT, FD_LEASE, FDS };

struct InosPageArena {
  WebKitWebPage *page; /* whose data this is */
  WebKitFrame *frame;  /* the main one; NULL until there is a document */
  JSCValue *buffer;    /* NULL: there is no mapping */
  void *data;          /* of the buffer */
  JSCValue *listener;  /* the page's object */
  int event, lease;    /* -1: none */
  guint event_source, lease_source;
};

static void disconnect (InosPageArena *self)
{
  g_clear_handle_id (&self->event_source, g_source_remove);
  g_clear_handle_id (&self->lease_source, g_source_remove);
  g_clear_fd (&self->event, NULL);
  g_clear_fd (&self->lease, NULL);
}

static void *place_of (void *data)
{
  return (void *)(((uintptr_t)data + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
}

/* A page may have given its buffer away; then nobody knows whose that memory is. */
static gboolean has_buffer (InosPageArena *self)
{
  gsize size;

  return self->buffer && jsc_value_array_buffer_get_data (self->buffer, &size) == self->data &&
         size >= SIZE + PAGE;
}

/* Memory of the page's own in place of the arena's, before WebKit has it back. */
static void release (InosPageArena *self)
{
  disconnect (self);
  if (has_buffer (self) && mmap (place_of (self->data), SIZE, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
    g_error ("the arena cannot be taken from a page: %s", g_strerror (errno));
  self->data = NULL;
  g_clear_object (&self->buffer);
  g_clear_object (&self->listener);
}

static void call (InosPageArena *self, const char *method)
{
  g_autoptr (JSCValue) result =
    jsc_value_object_invoke_method (self->listener, method, G_TYPE_NONE);
}

static gboolean on_event (int fd, GIOCondition condition, gpointer data)
{
  InosPageArena *self = data;
  guint64 count;

  /* The node takes it for a moment to count it. */
  if (read (fd, &count, sizeof count) == sizeof count)
    call (self, "signal");
  return G_SOURCE_CONTINUE;
}

/* The node says nothing on it: it is gone. */
static gboolean on_lease (int fd, GIOCondition condition, gpointer data)
{
  InosPageArena *self = data;

  self->lease_source = 0;
  disconnect (self);
  call (self, "gone");
  return G_SOURCE_REMOVE;
}

static void weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static GWeakRef *weak_new (WebKitWebPage *page)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, page);
  return weak;
}

/* Called by the page, which may outlive its WebKitWebPage; bit n of tables: table n. */
static void on_want (guint tables, guint interval, gpointer data)
{
  g_autoptr (WebKitWebPage) page = g_weak_ref_get (data);
  InosPageArena *self = page ? g_object_get_data (G_OBJECT (page), MESSAGE) : NULL;
  const guint32 want[] = {tables, interval};

  if (self && self->lease >= 0 &&
      send (self->lease, want, sizeof want, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    g_warning ("the node cannot be told what a page reads: %s", g_strerror (errno));
}

/* What the page tells an epoch by: how many of a table are done, or begun. JavaScript cannot ask by
 * itself: its compiler makes of Atomics.load() an instruction that also writes, whereupon the page
 * has its own copy of the counters and never sees another. Plain loads it may leave out. */
static double on_count (guint table, gboolean begun, gpointer data)
{
  g_autoptr (WebKitWebPage) page = g_weak_ref_get (data);
  InosPageArena *self = page ? g_object_get_data (G_OBJECT (page), MESSAGE) : NULL;
  const struct inos_arena_descriptor *descriptor;

  if (!self || !has_buffer (self) || table >= INOS_ARENA_TABLES)
    return 0;
  descriptor =
    (const struct inos_arena_descriptor *)((char *)place_of (self->data) + INOS_ARENA_DESCRIPTORS -
                                           INOS_ARENA_METADATA) +
    table;
  if (!begun)
    return __atomic_load_n (&descriptor->done, __ATOMIC_ACQUIRE);
  __atomic_thread_fence (__ATOMIC_ACQUIRE); /* what was read before stays before */
  return __atomic_load_n (&descriptor->begun, __ATOMIC_RELAXED);
}

/* Nobody can make it smaller under a reader's hands. */
static gboolean is_arena (int fd)
{
  struct stat status;
  int seals = fcntl (fd, F_GET_SEALS);

  return fstat (fd, &status) == 0 && status.st_size == INOS_ARENA_SIZE && seals >= 0 &&
         (seals & SEALS) == SEALS;
}

static gboolean make_buffer (InosPageArena *self, JSCContext *context)
{
  g_autofree char *script = g_strdup_printf ("new ArrayBuffer(%u)", SIZE + PAGE);
  gsize size = 0;

  self->buffer = jsc_context_evaluate (context, script, -1);
  if (jsc_value_is_array_buffer (self->buffer))
    self->data = jsc_value_array_buffer_get_data (self->buffer, &size);
  if (self->data && size >= SIZE + PAGE)
    return TRUE;
  self->data = NULL;
  g_clear_object (&self->buffer);
  return FALSE;
}

static gboolean map (InosPageArena *self, JSCContext *context, int memory)
{
  if (!has_buffer (self)) {
    release (self);
    if (!make_buffer (self, context))
      return FALSE;
  }
  /* Not shared: what this process writes stays with it, whatever the page does. */
  return mmap (place_of (self->data), SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, memory,
               INOS_ARENA_METADATA) != MAP_FAILED;
}

static void begin (InosPageArena *self, JSCContext *context)
{
  g_autoptr (JSCValue) want =
    jsc_value_new_function (context, "want", G_CALLBACK (on_want), weak_new (self->page), weak_free,
                            G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  g_autoptr (JSCValue) count =
    jsc_value_new_function (context, "count", G_CALLBACK (on_count), weak_new (self->page),
                            weak_free, G_TYPE_DOUBLE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
  guint offset = (guint)((char *)place_of (self->data) - (char *)self->data);
  g_autoptr (JSCValue) result = jsc_value_object_invoke_method (
    self->listener, "opened", JSC_TYPE_VALUE, self->buffer, G_TYPE_UINT, offset, JSC_TYPE_VALUE,
    want, JSC_TYPE_VALUE, count, G_TYPE_NONE);
}

/* Returns: what is wrong, or NULL. Takes the descriptors that are right. */
static const char *open_arena (InosPageArena *self, int fd[FDS])
{
  g_autoptr (JSCContext) context = self->frame ? webkit_frame_get_js_context (self->frame) : NULL;

  disconnect (self);
  if (!context)
    return "there is no page yet";
  if (!is_arena (fd[FD_MEMORY]))
    return "what came is not the node's arena";
  if (!map (self, context, fd[FD_MEMORY]))
    return "there is no memory for it";
  g_clear_object (&self->listener);
  self->listener = jsc_context_get_value (context, LISTENER);
  if (!jsc_value_is_object (self->listener)) {
    g_clear_object (&self->listener);
    return "the page does not listen";
  }
  self->event = g_steal_fd (&fd[FD_EVENT]);
  self->lease = g_steal_fd (&fd[FD_LEASE]);
  self->event_source = g_unix_fd_add (self->event, G_IO_IN, on_event, self);
  self->lease_source = g_unix_fd_add (self->lease, G_IO_IN | G_IO_HUP | G_IO_ERR, on_lease, self);
  begin (self, context);
  return NULL;
}

static const char *open_with (InosPageArena *self, GUnixFDList *list)
{
  int fd[FDS] = {-1, -1, -1};
  const char *wrong = NULL;

  if (!list || g_unix_fd_list_get_length (list) != FDS)
    return "its descriptors did not come";
  for (int i = 0; i < FDS; i++) {
    fd[i] = g_unix_fd_list_get (list, i, NULL);
    if (fd[i] < 0)
      wrong = "there are no descriptors left";
  }
  if (!wrong)
    wrong = open_arena (self, fd);
  for (int i = 0; i < FDS; i++)
    g_clear_fd (&fd[i], NULL);
  return wrong;
}

static gboolean on_message (WebKitWebPage *page, WebKitUserMessage *message, gpointer data)
{
  InosPageArena *self = data;
  const char *wrong;

  if (!g_str_equal (webkit_user_message_get_name (message), MESSAGE))
    return FALSE;
  wrong = open_with (self, webkit_user_message_get_fd_list (message));
  if (wrong)
    g_warning ("a page gets no arena: %s", wrong);
  webkit_user_message_send_reply (
    message, webkit_user_message_new (MESSAGE, g_variant_new_string (wrong ? wrong : "")));
  return TRUE;
}

/* The page is another one from here on. */
static void on_cleared (WebKitScriptWorld *world, WebKitWebPage *page, WebKitFrame *frame,
                        gpointer data)
{
  InosPageArena *self = data;

  if (page != self->page || !webkit_frame_is_main_frame (frame))
    return;
  release (self);
  g_set_object (&self->frame, frame);
}

static void page_arena_free (gpointer data)
{
  InosPageArena *self = data;

  g_signal_handlers_disconnect_by_data (webkit_script_world_get_default(), self);
  release (self);
  g_clear_object (&self->frame);
  g_free (self);
}

void inos_page_arena_attach (WebKitWebPage *page)
{
  InosPageArena *self = g_new0 (InosPageArena, 1);

  self->page = page;
  self->event = self->lease = -1;
  g_signal_connect (page, "user-message-received", G_CALLBACK (on_message), self);
  g_signal_connect (webkit_script_world_get_default(), "window-object-cleared",
                    G_CALLBACK (on_cleared), self);
  g_object_set_data_full (G_OBJECT (page), MESSAGE, self, page_arena_free);
}
