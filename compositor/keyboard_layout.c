#include "keyboard_layout.h"

#include <wlr/interfaces/wlr_keyboard.h>
#include <wlr/types/wlr_keyboard_group.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/util/log.h>

#include "device_config.h"
#include "keyboard_access.h"
#include "keyboard.h"
#include "listener.h"

/* A keyboard of the group, or one by itself. */
struct member {
  struct wl_list link; /* inos_seat.members */
  struct inos_seat *seat;
  struct wlr_keyboard *wlr;
  struct xkb_keymap *keymap; /* NULL: the group's */
  bool alone;                /* of those with a keymap */

  struct wl_listener key; /* where its keys go another way than through the group */
  struct wl_listener destroy;
};

static const char *text_of (const char *text)
{
  return text ? text : "";
}

bool inos_keyboard_layout_exists (const struct xkb_rule_names *names)
{
  struct xkb_context *context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  if (context)
    xkb_context_set_log_level (context, XKB_LOG_LEVEL_CRITICAL);
  struct xkb_keymap *keymap =
    context ? xkb_keymap_new_from_names (context, names, XKB_KEYMAP_COMPILE_NO_FLAGS) : NULL;
  bool exists = keymap != NULL;
  xkb_keymap_unref (keymap);
  xkb_context_unref (context);
  return exists;
}

/* section: of compositor.ini, for who has to correct it. May return NULL. */
static struct xkb_keymap *compile (const struct xkb_rule_names *names, const char *section)
{
  struct xkb_context *context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  struct xkb_keymap *keymap =
    context ? xkb_keymap_new_from_names (context, names, XKB_KEYMAP_COMPILE_NO_FLAGS) : NULL;
  if (!keymap)
    wlr_log (WLR_ERROR,
             "keyboard: there is no layout '%s' with variant '%s' and options '%s': another one is "
             "used; correct [%s] in compositor.ini",
             text_of (names->layout), text_of (names->variant), text_of (names->options), section);
  xkb_context_unref (context);
  return keymap;
}

/* The configured keymap, or the default one where the configured names make none. */
static struct xkb_keymap *make_keymap (const struct inos_config *config)
{
  const struct xkb_rule_names names = {
    .rules = config->rules,
    .model = config->model,
    .layout = config->layout,
    .variant = config->variant,
    .options = config->options,
  };
  const struct xkb_rule_names none = {0};
  struct xkb_keymap *keymap = compile (&names, "keyboard");
  return keymap ? keymap : compile (&none, "keyboard");
}

/* NULL for a keyboard that is like the others. A layout of its own has none of their variants. */
static struct xkb_keymap *make_own_keymap (struct inos_compositor *compositor, const char *name)
{
  const struct inos_config *all = &compositor->config;
  struct inos_device_config own = inos_device_config_resolve (all->devices, "keyboard", name);
  const char *layout = text_of (own.words[INOS_DEVICE_LAYOUT]);
  const char *variant = text_of (own.words[INOS_DEVICE_VARIANT]);
  const char *options = text_of (own.words[INOS_DEVICE_OPTIONS]);
  if (!layout[0] && !variant[0] && !options[0])
    return NULL;
  const struct xkb_rule_names names = {
    .rules = all->rules,
    .model = all->model,
    .layout = layout[0] ? layout : all->layout,
    .variant = layout[0] || variant[0] ? variant : all->variant,
    .options = options[0] ? options : all->options,
  };
  g_autofree char *section = g_strconcat ("device ", name, NULL);
  return compile (&names, section);
}

static void configure_with (struct inos_seat *seat, struct wlr_keyboard *keyboard,
                            struct xkb_keymap *keymap)
{
  const struct inos_config *config = &seat->compositor->config;
  if (keymap)
    wlr_keyboard_set_keymap (keyboard, keymap);
  wlr_keyboard_set_repeat_info (keyboard, config->repeat_rate, config->repeat_delay);
}

static void configure (struct inos_seat *seat, struct wlr_keyboard *keyboard)
{
  configure_with (seat, keyboard, seat->keymap);
}

static void configure_member (struct member *member)
{
  g_clear_pointer (&member->keymap, xkb_keymap_unref);
  member->keymap = make_own_keymap (member->seat->compositor, text_of (member->wlr->base.name));
  configure_with (member->seat, member->wlr,
                  member->keymap ? member->keymap : member->seat->keymap);
}

/* Compiled when first asked for: it takes a while, and not every seat has a keyboard. */
static struct xkb_keymap *keymap_of (struct inos_seat *seat)
{
  if (!seat->keymap)
    seat->keymap = make_keymap (&seat->compositor->config);
  return seat->keymap;
}

static void join_group (struct inos_seat *seat, struct wlr_keyboard *wlr)
{
  if (!wlr_keyboard_group_add_keyboard (seat->group, wlr))
    wlr_log (WLR_ERROR, "keyboard: '%s' cannot join the others", wlr->base.name);
  /* It learns of the layout, of Caps Lock and Num Lock from the others. */
  const struct wlr_keyboard_modifiers *now = &seat->group->keyboard.modifiers;
  wlr_keyboard_notify_modifiers (wlr, now->depressed, now->latched, now->locked, seat->layout);
}

static void start_access (struct inos_seat *seat)
{
  inos_keyboard_access_configure (seat);
  struct wlr_keyboard *keyboard = inos_keyboard_access_keyboard (seat);
  if (!keyboard)
    return;
  configure (seat, keyboard);
  join_group (seat, keyboard);
}

void inos_keyboard_layout_ensure_keyboard (struct inos_seat *seat)
{
  if (seat->group)
    return;
  keymap_of (seat);
  seat->group = wlr_keyboard_group_create();
  configure (seat, &seat->group->keyboard);
  inos_keyboard_create (seat, &seat->group->keyboard);
  start_access (seat);
}

static void handle_key (struct wl_listener *listener, void *data)
{
  struct member *member = wl_container_of (listener, member, key);
  const struct wlr_keyboard_key_event *event = data;
  inos_keyboard_access_key (member->seat, event->keycode,
                            event->state == WL_KEYBOARD_KEY_STATE_PRESSED);
}

static void join (struct member *member)
{
  if (inos_keyboard_access_is_on (member->seat)) {
    CONNECT_SIGNAL (member->wlr, member, key);
  } else if (member->keymap) {
    member->alone = true;
    inos_keyboard_create (member->seat, member->wlr);
  } else {
    join_group (member->seat, member->wlr);
  }
}

static void leave (struct member *member)
{
  DISCONNECT (member->key);
  if (member->wlr->group)
    wlr_keyboard_group_remove_keyboard (member->seat->group, member->wlr);
  if (member->alone)
    inos_keyboard_remove (member->seat, member->wlr);
  member->alone = false;
}

static void member_free (struct member *member)
{
  DISCONNECT (member->key);
  DISCONNECT (member->destroy);
  wl_list_remove (&member->link);
  if (member->keymap)
    xkb_keymap_unref (member->keymap);
  g_free (member);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct member *member = wl_container_of (listener, member, destroy);
  member_free (member);
}

void inos_keyboard_layout_add_keyboard (struct inos_seat *seat, struct wlr_keyboard *wlr)
{
  inos_keyboard_layout_ensure_keyboard (seat);
  struct member *member = g_new0 (struct member, 1);
  member->seat = seat;
  member->wlr = wlr;
  wl_list_insert (&seat->members, &member->link);
  CONNECT_SIGNAL (&wlr->base, member, destroy);
  configure_member (member);
  join (member);
  if (!member->alone)
    wlr_seat_set_keyboard (seat->wlr, &seat->group->keyboard);
  inos_seat_refocus (seat);
}

/* Those that are down go up. */
static void release_keys (struct wlr_keyboard *wlr)
{
  while (wlr->num_keycodes > 0) {
    size_t before = wlr->num_keycodes;
    struct wlr_keyboard_key_event event = {
      .time_msec = (uint32_t)(g_get_monotonic_time() / 1000),
      .keycode = wlr->keycodes[0],
      .update_state = true,
      .state = WL_KEYBOARD_KEY_STATE_RELEASED,
    };
    wlr_keyboard_notify_key (wlr, &event);
    if (wlr->num_keycodes >= before)
      return;
  }
}

void inos_keyboard_layout_remove_keyboard (struct inos_seat *seat, struct wlr_keyboard *wlr)
{
  struct member *member;
  wl_list_for_each (member, &seat->members, link) {
    if (member->wlr != wlr)
      continue;
    release_keys (wlr);
    leave (member);
    member_free (member);
    return;
  }
}

void inos_keyboard_layout_configure_access (struct inos_seat *seat)
{
  struct member *member;
  if (!seat->group)
    return;
  wl_list_for_each (member, &seat->members, link)
    leave (member);
  start_access (seat);
  wl_list_for_each (member, &seat->members, link)
    join (member);
}

void inos_keyboard_layout_show_leds (struct inos_seat *seat, uint32_t leds)
{
  struct member *member;
  wl_list_for_each (member, &seat->members, link)
    wlr_keyboard_led_update (member->wlr, leds);
}

void inos_keyboard_layout_configure (struct inos_seat *seat)
{
  struct member *member;
  g_clear_pointer (&seat->keymap, xkb_keymap_unref);
  seat->layout = 0;
  if (seat->group) {
    keymap_of (seat);
    wl_list_for_each (member, &seat->members, link)
      configure_member (member);
    configure (seat, &seat->group->keyboard);
    inos_keyboard_layout_configure_access (seat);
  }
  wl_signal_emit_mutable (&seat->compositor->events.input_change, seat->compositor);
}

void inos_keyboard_layout_configure_device (struct inos_seat *seat, const char *name)
{
  struct member *member;
  wl_list_for_each (member, &seat->members, link) {
    if (!g_str_equal (text_of (member->wlr->base.name), name))
      continue;
    leave (member);
    configure_member (member);
    join (member);
  }
}

unsigned int inos_keyboard_layout_count (struct inos_seat *seat)
{
  return MAX (1, xkb_keymap_num_layouts (keymap_of (seat)));
}

const char *inos_keyboard_layout_name (struct inos_seat *seat, unsigned int index)
{
  const char *name = xkb_keymap_layout_get_name (keymap_of (seat), index);
  return name ? name : "";
}

bool inos_keyboard_layout_set (struct inos_seat *seat, unsigned int index)
{
  struct member *member;
  if (index >= inos_keyboard_layout_count (seat))
    return false;
  if (index == seat->layout)
    return true;
  seat->layout = index;
  wl_list_for_each (member, &seat->members, link) {
    const struct wlr_keyboard_modifiers *now = &member->wlr->modifiers;
    if (member->alone)
      continue;
    wlr_keyboard_notify_modifiers (member->wlr, now->depressed, now->latched, now->locked, index);
  }
  struct wlr_keyboard *access = inos_keyboard_access_keyboard (seat);
  if (access)
    wlr_keyboard_notify_modifiers (access, access->modifiers.depressed, access->modifiers.latched,
                                   access->modifiers.locked, index);
  wl_signal_emit_mutable (&seat->compositor->events.input_change, seat->compositor);
  return true;
}

void inos_keyboard_layout_finish (struct inos_seat *seat)
{
  struct member *member, *next;
  wl_list_for_each_safe (member, next, &seat->members, link)
    member_free (member);
  inos_keyboard_access_finish (seat);
  g_clear_pointer (&seat->group, wlr_keyboard_group_destroy);
  g_clear_pointer (&seat->keymap, xkb_keymap_unref);
}
