/* What a clipboard manager offers, as the seat's selection or primary selection. */
#pragma once

#include <stdbool.h>
#include <wayland-server-core.h>

struct wlr_seat;

/* Makes an ext_data_control_source_v1. */
void inos_data_control_source_create (struct wl_client *client, uint32_t id);

/* Makes the source's offer the selection of the seat, or the primary one. source: NULL takes the
 * selection away. Returns false where the source has been used. */
bool inos_data_control_source_select (struct wl_resource *source, struct wlr_seat *seat,
                                      bool primary);
