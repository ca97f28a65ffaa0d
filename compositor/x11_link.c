#include "x11_link.h"

#include <string.h>
#include <wlr/util/log.h>
#include <wlr/xwayland/xwayland.h>
#include <xcb/xcbext.h>
#include <xcb/xfixes.h>

#include "x11_desk.h"
#include "x11_drag.h"
#include "x11_settings.h"

#define ATOM_NAME(id, name) [INOS_X11_##id] = (name),
static const char *const atom_names[] = {INOS_X11_ATOMS (ATOM_NAME)};

struct question {
  unsigned int sequence;
  inos_x11_answer answer; /* NULL: nobody wants to know any more */
  void *data;
};

void inos_x11_ask (struct inos_x11_link *link, unsigned int sequence, inos_x11_answer answer,
                   void *data)
{
  struct question *question = g_new0 (struct question, 1);
  *question = (struct question){.sequence = sequence, .answer = answer, .data = data};
  g_queue_push_tail (&link->questions, question);
}

void inos_x11_forget (struct inos_x11_link *link, void *data)
{
  for (GList *l = link->questions.head; l; l = l->next) {
    struct question *question = l->data;
    if (question->data == data)
      question->answer = NULL;
  }
}

/* Answers come in the order of the questions. */
static void take_answers (struct inos_x11_link *link)
{
  struct question *question;
  while ((question = g_queue_peek_head (&link->questions))) {
    void *reply = NULL;
    xcb_generic_error_t *error = NULL;
    if (!xcb_poll_for_reply (link->connection, question->sequence, &reply, &error))
      return;
    g_queue_pop_head (&link->questions);
    if (question->answer)
      question->answer (link, question->data, reply);
    free (reply); /* libxcb's */
    free (error);
    g_free (question);
  }
}

void inos_x11_set (struct inos_x11_link *link, xcb_window_t window, enum inos_x11_atom property,
                   xcb_atom_t type, const uint32_t *values, size_t count)
{
  xcb_change_property (link->connection, XCB_PROP_MODE_REPLACE, window, link->atoms[property], type,
                       32, (uint32_t)count, values);
}

void inos_x11_flush (struct inos_x11_link *link)
{
  xcb_flush (link->connection);
}

static void close_down (struct inos_x11_link *link)
{
  g_clear_pointer (&link->readable, wl_event_source_remove);
}

/* While writing libxcb may read too, so that there is something even where the socket has nothing:
 * the mask is 0 when only that is looked for. */
static int on_readable (int fd, uint32_t mask, void *data)
{
  struct inos_x11_link *link = data;
  xcb_generic_event_t *event;
  while ((event = mask ? xcb_poll_for_event (link->connection)
                       : xcb_poll_for_queued_event (link->connection))) {
    inos_x11_desk_event (link->desk, event);
    inos_x11_drag_event (link->drag, event);
    inos_x11_settings_event (link->settings, event);
    free (event); /* libxcb's */
  }
  take_answers (link);
  inos_x11_flush (link);
  /* The X server is gone: the window manager's connection knows too, and another will be made. */
  if (mask & (WL_EVENT_HANGUP | WL_EVENT_ERROR) || xcb_connection_has_error (link->connection)) {
    close_down (link);
    inos_x11_drag_cancel (link->drag);
  }
  return 0;
}

static bool intern (struct inos_x11_link *link)
{
  xcb_intern_atom_cookie_t cookies[INOS_X11_ATOM_COUNT];
  for (size_t i = 0; i < INOS_X11_ATOM_COUNT; i++)
    cookies[i] =
      xcb_intern_atom (link->connection, 0, (uint16_t)strlen (atom_names[i]), atom_names[i]);
  for (size_t i = 0; i < INOS_X11_ATOM_COUNT; i++) {
    xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply (link->connection, cookies[i], NULL);
    link->atoms[i] = reply ? reply->atom : XCB_ATOM_NONE;
    free (reply); /* libxcb's */
  }
  return xcb_connection_has_error (link->connection) == 0;
}

/* We are no program that the X server should stay for. */
static void keep_nothing_alive (struct inos_x11_link *link)
{
  xcb_discard_reply (
    link->connection,
    xcb_xfixes_query_version (link->connection, XCB_XFIXES_MAJOR_VERSION, XCB_XFIXES_MINOR_VERSION)
      .sequence);
  xcb_xfixes_set_client_disconnect_mode (link->connection,
                                         XCB_XFIXES_CLIENT_DISCONNECT_FLAGS_TERMINATE);
}

static xcb_window_t make_window (struct inos_x11_link *link)
{
  xcb_window_t window = xcb_generate_id (link->connection);
  xcb_create_window (link->connection, 0, window, link->screen->root, 0, 0, 1, 1, 0,
                     XCB_WINDOW_CLASS_INPUT_ONLY, XCB_COPY_FROM_PARENT, XCB_CW_OVERRIDE_REDIRECT,
                     (const uint32_t[]){1});
  return window;
}

struct inos_x11_link *inos_x11_link_create (struct inos_compositor *compositor,
                                            struct wlr_xwayland *xwayland)
{
  xcb_connection_t *connection = xcb_connect (xwayland->display_name, NULL);
  struct inos_x11_link *link = g_new0 (struct inos_x11_link, 1);
  *link = (struct inos_x11_link){
    .compositor = compositor, .xwayland = xwayland, .connection = connection};
  g_queue_init (&link->questions);
  if (xcb_connection_has_error (connection) || !intern (link)) {
    wlr_log (WLR_ERROR,
             "no second connection to the X server %s: tools cannot ask for windows to "
             "be closed or moved, and nothing is dragged out of X11 programs",
             xwayland->display_name);
    inos_x11_link_destroy (link);
    return NULL;
  }
  link->screen = xcb_setup_roots_iterator (xcb_get_setup (connection)).data;
  keep_nothing_alive (link);
  link->window = make_window (link);
  const xcb_query_extension_reply_t *xfixes = xcb_get_extension_data (connection, &xcb_xfixes_id);
  link->xfixes_event = xfixes && xfixes->present ? xfixes->first_event : UINT8_MAX;
  link->desk = inos_x11_desk_create (link);
  link->drag = inos_x11_drag_create (link);
  link->settings = inos_x11_settings_create (link);
  link->readable = wl_event_loop_add_fd (compositor->loop, xcb_get_file_descriptor (connection),
                                         WL_EVENT_READABLE, on_readable, link);
  wl_event_source_check (link->readable);
  inos_x11_flush (link);
  return link;
}

void inos_x11_link_destroy (struct inos_x11_link *link)
{
  if (!link)
    return;
  inos_x11_settings_destroy (link->settings);
  inos_x11_drag_destroy (link->drag);
  inos_x11_desk_destroy (link->desk);
  close_down (link);
  xcb_disconnect (link->connection);
  g_queue_clear_full (&link->questions, g_free);
  g_free (link);
}
