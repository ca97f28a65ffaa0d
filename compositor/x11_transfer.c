#include "x11_transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>
#include <wlr/util/log.h>

enum {
  MOST = 16,         /* at a time */
  PIECE = 64 * 1024, /* bytes that are read at once */
  STUCK_MS = 10000,  /* without a step of either program */
};

struct inos_x11_transfers {
  struct inos_x11_link *link;
  struct wl_list list; /* struct transfer.link */
};

struct transfer {
  struct wl_list link;
  struct inos_x11_transfers *transfers;
  xcb_window_t window; /* that the program writes to */
  int fd;
  bool in_pieces, asked;
  uint32_t offset;    /* in words, of the property */
  GByteArray *unsent; /* what was read and not yet written */
  size_t sent;
  bool more;                       /* the property has more than was read */
  struct wl_event_source *stuck;   /* never NULL */
  struct wl_event_source *writing; /* NULL: the pipe takes all so far */
};

static void end (struct transfer *transfer)
{
  struct inos_x11_link *link = transfer->transfers->link;
  inos_x11_forget (link, transfer);
  wl_event_source_remove (transfer->stuck);
  if (transfer->writing)
    wl_event_source_remove (transfer->writing);
  xcb_destroy_window (link->connection, transfer->window);
  inos_x11_flush (link);
  close (transfer->fd);
  g_byte_array_unref (transfer->unsent);
  wl_list_remove (&transfer->link);
  g_free (transfer);
}

static int on_stuck (void *data)
{
  wlr_log (WLR_INFO, "an X11 program stopped in the middle of what it was asked for");
  end (data);
  return 0;
}

static void alive (struct transfer *transfer)
{
  wl_event_source_timer_update (transfer->stuck, STUCK_MS);
}

static void read_piece (struct transfer *transfer);

/* All of what was read is with the reader. */
static void go_on (struct transfer *transfer)
{
  struct inos_x11_link *link = transfer->transfers->link;
  g_byte_array_set_size (transfer->unsent, 0);
  transfer->sent = 0;
  if (transfer->more) {
    read_piece (transfer);
    return;
  }
  xcb_delete_property (link->connection, transfer->window, link->atoms[INOS_X11_INOS_SELECTION]);
  inos_x11_flush (link);
  transfer->offset = 0;
  if (!transfer->in_pieces)
    end (transfer);
}

static int on_writable (int fd, uint32_t mask, void *data);

static void write_out (struct transfer *transfer)
{
  while (transfer->sent < transfer->unsent->len) {
    ssize_t wrote = write (transfer->fd, transfer->unsent->data + transfer->sent,
                           transfer->unsent->len - transfer->sent);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote < 0 && errno == EAGAIN) {
      if (!transfer->writing)
        transfer->writing =
          wl_event_loop_add_fd (transfer->transfers->link->compositor->loop, transfer->fd,
                                WL_EVENT_WRITABLE, on_writable, transfer);
      return;
    }
    if (wrote <= 0) { /* the reader left */
      end (transfer);
      return;
    }
    transfer->sent += (size_t)wrote;
    alive (transfer);
  }
  g_clear_pointer (&transfer->writing, wl_event_source_remove);
  go_on (transfer);
}

static int on_writable (int fd, uint32_t mask, void *data)
{
  write_out (data);
  return 0;
}

static void on_piece (struct inos_x11_link *link, void *data, void *answer)
{
  struct transfer *transfer = data;
  const xcb_get_property_reply_t *reply = answer;
  transfer->asked = false;
  if (!reply || reply->type == XCB_ATOM_NONE) {
    end (transfer);
    return;
  }
  alive (transfer);
  if (!transfer->in_pieces && reply->type == link->atoms[INOS_X11_INCR]) {
    transfer->in_pieces = true;
    transfer->more = false;
    go_on (transfer);
    return;
  }
  int length = xcb_get_property_value_length (reply);
  if (transfer->in_pieces && length == 0 && transfer->offset == 0) {
    end (transfer); /* the last piece is empty */
    return;
  }
  g_byte_array_append (transfer->unsent, xcb_get_property_value (reply), (guint)length);
  transfer->offset += (uint32_t)length / 4;
  transfer->more = reply->bytes_after > 0 && length > 0;
  write_out (transfer);
}

static void read_piece (struct transfer *transfer)
{
  struct inos_x11_link *link = transfer->transfers->link;
  transfer->asked = true;
  inos_x11_ask (link,
                xcb_get_property (link->connection, 0, transfer->window,
                                  link->atoms[INOS_X11_INOS_SELECTION], XCB_ATOM_ANY,
                                  transfer->offset, PIECE / 4)
                  .sequence,
                on_piece, transfer);
  inos_x11_flush (link);
}

static struct transfer *find (struct inos_x11_transfers *transfers, xcb_window_t window)
{
  struct transfer *transfer;
  wl_list_for_each (transfer, &transfers->list, link) {
    if (transfer->window == window)
      return transfer;
  }
  return NULL;
}

void inos_x11_transfers_event (struct inos_x11_transfers *transfers,
                               const xcb_generic_event_t *event)
{
  const xcb_selection_notify_event_t *given = (const xcb_selection_notify_event_t *)event;
  const xcb_property_notify_event_t *piece = (const xcb_property_notify_event_t *)event;
  struct transfer *transfer;
  switch (event->response_type & ~0x80) {
  case XCB_SELECTION_NOTIFY:
    transfer = find (transfers, given->requestor);
    if (transfer && given->property == XCB_ATOM_NONE)
      end (transfer); /* it does not have that */
    else if (transfer && !transfer->asked && !transfer->in_pieces && transfer->offset == 0)
      read_piece (transfer);
    break;
  case XCB_PROPERTY_NOTIFY:
    transfer = find (transfers, piece->window);
    /* One that writes again while its last piece is not yet read waits for nothing else. */
    if (transfer && transfer->in_pieces && piece->state == XCB_PROPERTY_NEW_VALUE &&
        !transfer->asked && transfer->unsent->len == 0)
      read_piece (transfer);
    break;
  default: /* is not about a transfer */
    break;
  }
}

void inos_x11_transfers_start (struct inos_x11_transfers *transfers, xcb_atom_t selection,
                               xcb_atom_t target, xcb_timestamp_t time, int fd)
{
  struct inos_x11_link *link = transfers->link;
  if (wl_list_length (&transfers->list) >= MOST || !g_unix_set_fd_nonblocking (fd, TRUE, NULL)) {
    wlr_log (WLR_INFO, "an X11 program is asked for too much at a time");
    close (fd);
    return;
  }
  struct transfer *transfer = g_new0 (struct transfer, 1);
  *transfer = (struct transfer){
    .transfers = transfers,
    .fd = fd,
    .window = xcb_generate_id (link->connection),
    .unsent = g_byte_array_new(),
  };
  transfer->stuck = wl_event_loop_add_timer (link->compositor->loop, on_stuck, transfer);
  wl_list_insert (&transfers->list, &transfer->link);
  xcb_create_window (link->connection, 0, transfer->window, link->window, 0, 0, 1, 1, 0,
                     XCB_WINDOW_CLASS_INPUT_ONLY, XCB_COPY_FROM_PARENT, XCB_CW_EVENT_MASK,
                     (const uint32_t[]){XCB_EVENT_MASK_PROPERTY_CHANGE});
  xcb_convert_selection (link->connection, transfer->window, selection, target,
                         link->atoms[INOS_X11_INOS_SELECTION], time);
  inos_x11_flush (link);
  alive (transfer);
}

bool inos_x11_transfers_busy (const struct inos_x11_transfers *transfers)
{
  return !wl_list_empty (&transfers->list);
}

struct inos_x11_transfers *inos_x11_transfers_create (struct inos_x11_link *link)
{
  struct inos_x11_transfers *transfers = g_new0 (struct inos_x11_transfers, 1);
  transfers->link = link;
  wl_list_init (&transfers->list);
  return transfers;
}

void inos_x11_transfers_destroy (struct inos_x11_transfers *transfers)
{
  struct transfer *transfer, *next;
  if (!transfers)
    return;
  wl_list_for_each_safe (transfer, next, &transfers->list, link)
    end (transfer);
  g_free (transfers);
}
