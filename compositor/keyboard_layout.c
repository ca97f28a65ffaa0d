#include "keyboard_layout.h"

#include <glib/gi18n.h>
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
  char *names;               /* what `keymap` was made of; NULL: it has no names of its own */
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

static struct xkb_rule_names names_of (const struct inos_config *config)
{
  return (struct xkb_rule_names){
    .rules = config->rules,
    .model = config->model,
    .layout = config->layout,
    .variant = config->variant,
    .options = config->options,
  };
}

/* To tell whether they are the same. The caller's to free. */
static char *join_names (const struct xkb_rule_names *names)
{
  return g_strjoin ("\n", text_of (names->rules), text_of (names->model), text_of (names->layout),
                    text_of (names->variant), text_of (names->options), NULL);
}

bool inos_keyboard_layout_check (const struct inos_config *next, const struct inos_config *now,
                                 GError **error)
{
  const struct xkb_rule_names names = names_of (next), old_names = names_of (now);
  g_autofree char *joined = join_names (&names), *old = join_names (&old_names);
  if (g_str_equal (joined, old) || inos_keyboard_layout_exists (&names))
    return true;
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("[keyboard] there is no layout '%s' with variant '%s', model '%s' and options "
                  "'%s'"),
               text_of (names.layout), text_of (names.variant), text_of (names.model),
               text_of (names.options));
  return false;
}

/* The configured keymap, or the default one where the configured names make none. */
static struct xkb_keymap *make_keymap (const struct xkb_rule_names *names)
{
  const struct xkb_rule_names none = {0};
  struct xkb_keymap *keymap = compile (names, "keyboard");
  return keymap ? keymap : compile (&none, "keyboard");
}

/* Makes the member's own keymap, or takes it away; one of the same names stays, since compiling
 * takes a while, and a new one forgets which locks are on. A layout of its own has none of the
 * others' variants. Returns whether it is another one. */
static bool take_own_keymap (struct member *member)
{
  const struct inos_config *all = &member->seat->compositor->config;
  const char *name = text_of (member->wlr->base.name);
  struct inos_device_config own = inos_device_config_resolve (all->devices, "keyboard", name);
  const char *layout = text_of (own.words[INOS_DEVICE_LAYOUT]);
  const char *variant = text_of (own.words[INOS_DEVICE_VARIANT]);
  const char *options = text_of (own.words[INOS_DEVICE_OPTIONS]);
  bool has_names = layout[0] || variant[0] || options[0];
  const struct xkb_rule_names names = {
    .rules = all->rules,
    .model = all->model,
    .layout = layout[0] ? layout : all->layout,
    .variant = layout[0] || variant[0] ? variant : all->variant,
    .options = options[0] ? options : all->options,
  };
  g_autofree char *joined = has_names ? join_names (&names) : NULL;
  if (g_strcmp0 (joined, member->names) == 0)
    return false;
  g_autofree char *section = g_strconcat ("device ", name, NULL);
  g_clear_pointer (&member->keymap, xkb_keymap_unref);
  g_free (member->names);
  member->names = g_steal_pointer (&joined);
  if (has_names)
    member->keymap = compile (&names, section);
  return true;
}

static void configure_with (struct inos_seat *seat, struct wlr_keyboard *keyboard,
                            struct xkb_keymap *keymap)
{
  const struct inos_config *config = &seat->compositor->config;
  if (keymap && keymap != keyboard->keymap)
    wlr_keyboard_set_keymap (keyboard, keymap);
  wlr_keyboard_set_repeat_info (keyboard, config->repeat_rate, config->repeat_delay);
}

static void configure (struct inos_seat *seat, struct wlr_keyboard *keyboard)
{
  configure_with (seat, keyboard, seat->keymap);
}

static void leave (struct member *member);

/* Returns whether it has, or had, a keymap of its own that is another one now. */
static bool configure_member (struct member *member)
{
  bool changed = take_own_keymap (member);
  /* A group passes a keymap on to all that are in it; the caller lets it join again. */
  if (changed)
    leave (member);
  configure_with (member->seat, member->wlr,
                  member->keymap ? member->keymap : member->seat->keymap);
  return changed;
}

/* Compiled when first asked for: it takes a while, and not every seat has a keyboard. */
static struct xkb_keymap *keymap_of (struct inos_seat *seat)
{
  const struct xkb_rule_names names = names_of (&seat->compositor->config);
  if (seat->keymap)
    return seat->keymap;
  seat->keymap = make_keymap (&names);
  seat->keymap_names = join_names (&names);
  return seat->keymap;
}

static void forget_keymap (struct inos_seat *seat)
{
  g_clear_pointer (&seat->keymap, xkb_keymap_unref);
  g_clear_pointer (&seat->keymap_names, g_free);
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
  g_free (member->names);
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
  const struct xkb_rule_names names = names_of (&seat->compositor->config);
  g_autofree char *joined = join_names (&names);
  bool changed = g_strcmp0 (joined, seat->keymap_names) != 0;
  if (changed) {
    forget_keymap (seat);
    seat->layout = 0;
  }
  if (seat->group) {
    struct wlr_keyboard *access = inos_keyboard_access_keyboard (seat);
    keymap_of (seat);
    wl_list_for_each (member, &seat->members, link)
      changed |= configure_member (member);
    configure (seat, &seat->group->keyboard);
    if (changed || !inos_keyboard_access_is_current (seat))
      inos_keyboard_layout_configure_access (seat);
    else if (access)
      configure (seat, access);
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
  forget_keymap (seat);
}
