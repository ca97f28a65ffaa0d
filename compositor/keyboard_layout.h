/* The seat's real keyboards: one group, so that they share modifiers, lights and the layout that is
 * typed in. One whose settings name a layout of its own is by itself, unless keys go through
 * keyboard_access.h. */
#pragma once

#include "seat.h"

struct wlr_keyboard;
struct xkb_rule_names;

/* Programs are told of a keyboard whether there is one or not, and some do not outlive a focus
 * without a keymap: makes the group, which has one. */
void inos_keyboard_layout_ensure_keyboard (struct inos_seat *seat);

/* A keyboard joins the group; it leaves when it goes. */
void inos_keyboard_layout_add_keyboard (struct inos_seat *seat, struct wlr_keyboard *wlr);
/* Lets go of it, and of the keys that are down on it. */
void inos_keyboard_layout_remove_keyboard (struct inos_seat *seat, struct wlr_keyboard *wlr);
/* The settings changed. */
void inos_keyboard_layout_configure (struct inos_seat *seat);
/* Only those of one device, by its name. */
void inos_keyboard_layout_configure_device (struct inos_seat *seat, const char *name);
/* Only those of [accessibility] changed. */
void inos_keyboard_layout_configure_access (struct inos_seat *seat);
void inos_keyboard_layout_finish (struct inos_seat *seat);

/* Shows the lights, enum wlr_keyboard_led, on the keyboards that are not of the group. */
void inos_keyboard_layout_show_leds (struct inos_seat *seat, uint32_t leds);

/* Whether XKB can make a keyboard of these names. */
bool inos_keyboard_layout_exists (const struct xkb_rule_names *names);
/* The same of settings that are to follow those that hold: it compiles nothing where these name the
 * same, since that takes a while. */
bool inos_keyboard_layout_check (const struct inos_config *next, const struct inos_config *now,
                                 GError **error);

/* The layouts of the configuration, which an index names; there is one at least. */
unsigned int inos_keyboard_layout_count (struct inos_seat *seat);
/* Never NULL: "German" for instance. */
const char *inos_keyboard_layout_name (struct inos_seat *seat, unsigned int index);
/* Types in another layout from now on. Returns false where there is none of that index. */
bool inos_keyboard_layout_set (struct inos_seat *seat, unsigned int index);
