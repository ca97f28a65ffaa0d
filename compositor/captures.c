#include "captures.h"

#include <wlr/types/wlr_export_dmabuf_v1.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_screencopy_v1.h>

#include "clients.h"
#include "listener.h"
#include "output.h"
#include "protocol.h"

/* One that copies slower than this comes and goes in the list. */
enum { COPIES_LAST = 2000 /* ms */ };

struct capture {
  struct wl_list link; /* inos_captures.list */
  struct inos_captures *captures;
  struct inos_capture_entry entry;
  void (*stop) (void *data); /* NULL: of one that copies frames */
  void *data;
  struct wl_client *client;
  struct wl_event_source *over; /* likewise, when it has copied none for a while */

  struct wl_listener client_gone, output_remove;
};

struct inos_captures {
  struct inos_compositor *compositor;
  struct wl_list list; /* capture.link, the newest last */
  GHashTable *by_id;   /* the same */
  uint32_t last_id;
};

static void tell (struct inos_captures *captures)
{
  struct inos_compositor *compositor = captures->compositor;
  wl_signal_emit_mutable (&compositor->events.capture_change, compositor);
}

static void capture_free (struct capture *capture)
{
  DISCONNECT (capture->client_gone);
  DISCONNECT (capture->output_remove);
  if (capture->over)
    wl_event_source_remove (capture->over);
  wl_list_remove (&capture->link);
  g_hash_table_remove (capture->captures->by_id, GUINT_TO_POINTER (capture->entry.id));
  g_free (capture->entry.program);
  g_free (capture);
}

static void end (struct capture *capture)
{
  struct inos_captures *captures = capture->captures;
  capture_free (capture);
  tell (captures);
}

static struct capture *find (struct inos_captures *captures, uint32_t id)
{
  return g_hash_table_lookup (captures->by_id, GUINT_TO_POINTER (id));
}

static struct capture *begin (struct inos_captures *captures, struct wl_client *client,
                              const struct inos_capture_entry *entry)
{
  struct capture *capture = g_new0 (struct capture, 1);
  capture->captures = captures;
  capture->client = client;
  capture->entry = *entry;
  capture->entry.id = ++captures->last_id;
  capture->entry.program = inos_client_program (client, &capture->entry.pid);
  wl_list_insert (captures->list.prev, &capture->link);
  g_hash_table_insert (captures->by_id, GUINT_TO_POINTER (capture->entry.id), capture);
  return capture;
}

uint32_t inos_captures_begin (struct inos_compositor *compositor, struct wl_client *client,
                              const struct inos_capture_entry *entry, void (*stop) (void *data),
                              void *data)
{
  struct capture *capture = begin (compositor->captures, client, entry);
  uint32_t id = capture->entry.id;
  capture->stop = stop;
  capture->data = data;
  tell (compositor->captures);
  return id;
}

void inos_captures_end (struct inos_compositor *compositor, uint32_t id)
{
  struct capture *capture = find (compositor->captures, id);
  if (capture)
    end (capture);
}

static void handle_client_gone (struct wl_listener *listener, void *data)
{
  struct capture *capture = wl_container_of (listener, capture, client_gone);
  end (capture);
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct capture *capture = wl_container_of (listener, capture, output_remove);
  if (data == capture->entry.output)
    end (capture);
}

static int on_over (void *data)
{
  end (data);
  return 0;
}

static void note_copy (struct inos_output *output, struct wl_resource *resource)
{
  struct inos_captures *captures = output->compositor->captures;
  struct wl_client *client = wl_resource_get_client (resource);
  struct capture *capture;
  wl_list_for_each (capture, &captures->list, link) {
    if (capture->over && capture->client == client && capture->entry.output == output) {
      wl_event_source_timer_update (capture->over, COPIES_LAST);
      return;
    }
  }
  const struct inos_capture_entry entry = {.kind = INOS_CAPTURES_OUTPUT, .output = output};
  capture = begin (captures, client, &entry);
  capture->over = wl_event_loop_add_timer (captures->compositor->loop, on_over, capture);
  wl_event_source_timer_update (capture->over, COPIES_LAST);
  capture->client_gone.notify = handle_client_gone;
  wl_client_add_destroy_listener (client, &capture->client_gone);
  CONNECT_SIGNAL (captures->compositor, capture, output_remove);
  tell (captures);
}

void inos_captures_note_copies (struct inos_output *output)
{
  struct inos_compositor *compositor = output->compositor;
  const struct wlr_screencopy_manager_v1 *copies =
    inos_protocol_state (compositor, INOS_STATE_SCREENCOPY);
  const struct wlr_export_dmabuf_manager_v1 *exports =
    inos_protocol_state (compositor, INOS_STATE_EXPORT_DMABUF);
  struct wlr_screencopy_frame_v1 *copy;
  struct wlr_export_dmabuf_frame_v1 *export;
  if (copies) {
    wl_list_for_each (copy, &copies->frames, link) {
      if (copy->output == output->wlr && copy->resource && copy->buffer)
        note_copy (output, copy->resource);
    }
  }
  if (exports) {
    wl_list_for_each (export, &exports->frames, link) {
      if (export->output == output->wlr && export->resource)
        note_copy (output, export->resource);
    }
  }
}

bool inos_captures_stop (struct inos_compositor *compositor, uint32_t id)
{
  struct capture *capture = find (compositor->captures, id);
  /* Without the shell there would be no desktop to stop it from. */
  if (!capture || (!capture->stop && capture->client == compositor->shell))
    return false;
  if (capture->stop)
    capture->stop (capture->data);
  else
    wl_client_destroy (capture->client);
  return true;
}

void inos_captures_for_each (struct inos_compositor *compositor,
                             void (*each) (const struct inos_capture_entry *entry, void *data),
                             void *data)
{
  struct capture *capture;
  wl_list_for_each (capture, &compositor->captures->list, link)
    each (&capture->entry, data);
}

struct inos_captures *inos_captures_create (struct inos_compositor *compositor)
{
  struct inos_captures *captures = g_new0 (struct inos_captures, 1);
  captures->by_id = g_hash_table_new (NULL, NULL);
  captures->compositor = compositor;
  wl_list_init (&captures->list);
  return captures;
}

void inos_captures_destroy (struct inos_captures *captures)
{
  struct capture *capture, *next;
  if (!captures)
    return;
  wl_list_for_each_safe (capture, next, &captures->list, link)
    capture_free (capture);
  g_hash_table_unref (captures->by_id);
  g_free (captures);
}
