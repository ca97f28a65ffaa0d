#include "binding_repeat.h"

#include "action.h"
#include "binding_flags.h"
#include "keyboard.h"
#include "seats.h"

enum { MS_A_SECOND = 1000 };

void inos_binding_repeat_end (struct inos_keyboard *keyboard)
{
  struct inos_binding_repeat *repeat = &keyboard->repeat;
  if (repeat->timer)
    wl_event_source_remove (repeat->timer);
  g_free (repeat->text);
  *repeat = (struct inos_binding_repeat){0};
}

static int press_again (struct inos_keyboard *keyboard)
{
  struct inos_binding_repeat *repeat = &keyboard->repeat;
  int rate = keyboard->seat->compositor->config.repeat_rate;
  bool again = rate > 0 && repeat->press (keyboard, repeat->key);
  if (again && repeat->timer)
    wl_event_source_timer_update (repeat->timer, MAX (MS_A_SECOND / rate, 1));
  else
    inos_binding_repeat_end (keyboard);
  return 0;
}

/* What it does may end it, or change the settings. */
static int on_due (void *data)
{
  struct inos_keyboard *keyboard = data;
  struct inos_compositor *compositor = keyboard->seat->compositor;
  if (keyboard->repeat.press)
    return press_again (keyboard);
  struct inos_binding_flags flags;
  g_autofree char *text = g_strdup (keyboard->repeat.text);
  const char *action = inos_binding_flags_read (text, &flags);
  int rate = compositor->config.repeat_rate;
  /* The binding may be another's by now, or gone. */
  if (!action || rate == 0 || keyboard->repeat.revision != compositor->bindings_revision ||
      (compositor->locked && !flags.locked)) {
    inos_binding_repeat_end (keyboard);
    return 0;
  }
  wl_event_source_timer_update (keyboard->repeat.timer, MAX (MS_A_SECOND / rate, 1));
  inos_seat_act (keyboard->seat);
  inos_action_run (compositor, action);
  return 0;
}

void inos_binding_repeat_begin (struct inos_keyboard *keyboard, uint32_t key, const char *text)
{
  struct inos_compositor *compositor = keyboard->seat->compositor;
  inos_binding_repeat_end (keyboard);
  keyboard->repeat = (struct inos_binding_repeat){
    .timer = wl_event_loop_add_timer (compositor->loop, on_due, keyboard),
    .key = key,
    .revision = compositor->bindings_revision,
    .text = g_strdup (text),
  };
  wl_event_source_timer_update (keyboard->repeat.timer, compositor->config.repeat_delay);
}

void inos_binding_repeat_press (struct inos_keyboard *keyboard, uint32_t key,
                                bool (*press) (struct inos_keyboard *keyboard, uint32_t key))
{
  struct inos_compositor *compositor = keyboard->seat->compositor;
  if (keyboard->repeat.press == press && keyboard->repeat.key == key)
    return; /* it is that one that is done again */
  inos_binding_repeat_end (keyboard);
  keyboard->repeat = (struct inos_binding_repeat){
    .timer = wl_event_loop_add_timer (compositor->loop, on_due, keyboard),
    .key = key,
    .press = press,
  };
  wl_event_source_timer_update (keyboard->repeat.timer, compositor->config.repeat_delay);
}

void inos_binding_repeat_follow (struct inos_keyboard *keyboard,
                                 const struct wlr_keyboard_key_event *event)
{
  if (keyboard->repeat.timer &&
      (event->state == WL_KEYBOARD_KEY_STATE_PRESSED || event->keycode == keyboard->repeat.key))
    inos_binding_repeat_end (keyboard);
}
