/* A binding that is done again for as long as its key is held, as often as keys repeat. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct inos_keyboard;
struct wl_event_source;
struct wlr_keyboard_key_event;

/* Part of a keyboard. */
struct inos_binding_repeat {
  struct wl_event_source *timer; /* NULL: nothing repeats */
  uint32_t key;
  unsigned int revision; /* of the bindings, as they were then */
  char *text;            /* of the binding, with its flags; NULL: it is no binding */
  bool (*press) (struct inos_keyboard *keyboard, uint32_t key); /* of that */
};

/* The binding was done when the key went down. */
void inos_binding_repeat_begin (struct inos_keyboard *keyboard, uint32_t key, const char *text);
/* It was no binding, but what `press` does: that is done again until it returns false. */
void inos_binding_repeat_press (struct inos_keyboard *keyboard, uint32_t key,
                                bool (*press) (struct inos_keyboard *keyboard, uint32_t key));
/* Ends it when the key goes up, or another one down. */
void inos_binding_repeat_follow (struct inos_keyboard *keyboard,
                                 const struct wlr_keyboard_key_event *event);
void inos_binding_repeat_end (struct inos_keyboard *keyboard);
