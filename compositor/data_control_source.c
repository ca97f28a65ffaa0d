#include "data_control_source.h"

#include <glib.h>
#include <stdlib.h>
#include <unistd.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_primary_selection.h>
#include <wlr/types/wlr_seat.h>

#include "ext-data-control-v1-protocol.h"

enum { MAX_TYPES = 256 };

struct source {
  struct wl_resource *resource;
  struct wl_array mime_types; /* char *, until it is used */
  bool used;
  struct selection *selection; /* may be NULL: not used, or replaced */
};

/* The seat's side: it owns this and frees it, the source may go before. */
struct selection {
  struct wlr_data_source data;
  struct wlr_primary_selection_source primary; /* one of them */
  struct source *source;                       /* NULL once it is gone */
};

static void send_data (struct selection *selection, const char *type, int fd)
{
  if (selection->source)
    ext_data_control_source_v1_send_send (selection->source->resource, type, fd);
  close (fd);
}

static void selection_free (struct selection *selection)
{
  if (selection->source) {
    selection->source->selection = NULL;
    ext_data_control_source_v1_send_cancelled (selection->source->resource);
  }
  g_free (selection);
}

static void data_send (struct wlr_data_source *data, const char *type, int32_t fd)
{
  struct selection *selection = wl_container_of (data, selection, data);
  send_data (selection, type, fd);
}

static void data_destroy (struct wlr_data_source *data)
{
  struct selection *selection = wl_container_of (data, selection, data);
  selection_free (selection);
}

static const struct wlr_data_source_impl data_impl = {.send = data_send, .destroy = data_destroy};

static void primary_send (struct wlr_primary_selection_source *primary, const char *type, int fd)
{
  struct selection *selection = wl_container_of (primary, selection, primary);
  send_data (selection, type, fd);
}

static void primary_destroy (struct wlr_primary_selection_source *primary)
{
  struct selection *selection = wl_container_of (primary, selection, primary);
  selection_free (selection);
}

static const struct wlr_primary_selection_source_impl primary_impl = {
  .send = primary_send,
  .destroy = primary_destroy,
};

static void handle_offer (struct wl_client *client, struct wl_resource *resource, const char *type)
{
  struct source *source = wl_resource_get_user_data (resource);
  char **each;
  if (source->used) {
    wl_resource_post_error (resource, EXT_DATA_CONTROL_SOURCE_V1_ERROR_INVALID_OFFER,
                            "the source has been used: nothing can be added to it");
    return;
  }
  wl_array_for_each (each, &source->mime_types) {
    if (g_str_equal (*each, type))
      return;
  }
  char **place = source->mime_types.size / sizeof *place < MAX_TYPES
                   ? wl_array_add (&source->mime_types, sizeof *place)
                   : NULL;
  if (place)
    *place = g_strdup (type);
}

static void handle_destroy (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

static const struct ext_data_control_source_v1_interface source_impl = {
  .offer = handle_offer,
  .destroy = handle_destroy,
};

static void on_source_gone (struct wl_resource *resource)
{
  struct source *source = wl_resource_get_user_data (resource);
  struct selection *selection = source->selection;
  char **type;
  if (selection) {
    selection->source = NULL;
    if (selection->data.impl)
      wlr_data_source_destroy (&selection->data);
    else
      wlr_primary_selection_source_destroy (&selection->primary);
  }
  wl_array_for_each (type, &source->mime_types)
    free (*type);
  wl_array_release (&source->mime_types);
  g_free (source);
}

void inos_data_control_source_create (struct wl_client *client, uint32_t id)
{
  struct wl_resource *resource =
    wl_resource_create (client, &ext_data_control_source_v1_interface, 1, id);
  if (!resource) {
    wl_client_post_no_memory (client);
    return;
  }
  struct source *source = g_new0 (struct source, 1);
  source->resource = resource;
  wl_array_init (&source->mime_types);
  wl_resource_set_implementation (resource, &source_impl, source, on_source_gone);
}

/* The types go over to the seat's side. */
static void give_types (struct source *source, struct wl_array *to)
{
  wl_array_release (to);
  *to = source->mime_types;
  wl_array_init (&source->mime_types);
}

bool inos_data_control_source_select (struct wl_resource *resource, struct wlr_seat *seat,
                                      bool primary)
{
  struct source *source = resource ? wl_resource_get_user_data (resource) : NULL;
  if (source && source->used)
    return false;
  uint32_t serial = wl_display_next_serial (seat->display);
  if (!source) {
    if (primary)
      wlr_seat_set_primary_selection (seat, NULL, serial);
    else
      wlr_seat_set_selection (seat, NULL, serial);
    return true;
  }
  struct selection *selection = g_new0 (struct selection, 1);
  selection->source = source;
  source->used = true;
  source->selection = selection;
  if (primary) {
    wlr_primary_selection_source_init (&selection->primary, &primary_impl);
    give_types (source, &selection->primary.mime_types);
    wlr_seat_set_primary_selection (seat, &selection->primary, serial);
  } else {
    wlr_data_source_init (&selection->data, &data_impl);
    give_types (source, &selection->data.mime_types);
    wlr_seat_set_selection (seat, &selection->data, serial);
  }
  return true;
}
