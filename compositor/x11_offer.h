/* What an X11 program offers while it drags: its kinds of data, by their MIME names, and what may
 * be done with it. */
#pragma once

#include "x11_link.h"

struct inos_x11_offer;
struct inos_x11_transfers;

/* All of it is known. Called once, never from inside of inos_x11_offer_create. */
typedef void (*inos_x11_offer_known) (struct inos_x11_offer *offer, void *data);

/* Asks the X server. window: of the program. types: three of them, XCB_ATOM_NONE for fewer, or NULL
 * where they are in a property of the window. */
struct inos_x11_offer *inos_x11_offer_create (struct inos_x11_link *link, xcb_window_t window,
                                              const xcb_atom_t *types, inos_x11_offer_known known,
                                              void *data);
struct inos_x11_offer *inos_x11_offer_ref (struct inos_x11_offer *offer);
/* NULL does nothing. */
void inos_x11_offer_unref (struct inos_x11_offer *offer);

/* The MIME names as wlroots keeps them: char *, each to be freed. */
void inos_x11_offer_list (const struct inos_x11_offer *offer, struct wl_array *names);

/* enum wl_data_device_manager_dnd_action: what may be done with it; wanted: what a person does. */
uint32_t inos_x11_offer_actions (const struct inos_x11_offer *offer, uint32_t wanted);

/* Writes it into `fd`, and closes that. time: of the last that a person did in the drag. */
void inos_x11_offer_send (const struct inos_x11_offer *offer, struct inos_x11_transfers *transfers,
                          const char *name, xcb_timestamp_t time, int fd);

/* An action's atom and back; an atom that we do not know is to copy, which harms nothing. */
xcb_atom_t inos_x11_offer_atom (const struct inos_x11_link *link, uint32_t action);
uint32_t inos_x11_offer_action (const struct inos_x11_link *link, xcb_atom_t atom);
