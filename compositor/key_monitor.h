/* The keys that a screen reader hears before everybody else, and those that it keeps for itself:
 * its own modifier, Insert or Caps Lock for instance, all that is pressed with it, and single
 * combinations. It knows no bus and has no clock of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inos_key_monitor;

enum { INOS_READER_MODIFIERS_MOST = 32, INOS_READER_KEYS_MOST = 4096 };

struct inos_monitored_key {
  uint32_t time; /* ms */
  uint32_t code; /* as in linux/input-event-codes.h */
  bool down;
  bool secret;            /* nobody hears of it; what was taken before it still ends with it */
  uint32_t modifiers;     /* XKB mask of what is held and locked */
  uint32_t symbol, plain; /* XKB keysyms, with and without the modifiers */
  uint32_t character;     /* Unicode, 0 for none */
};

struct inos_reader_key {
  uint32_t symbol, modifiers;
};

/* tell: hears of the keys that the reader asked for. */
struct inos_key_monitor *
inos_key_monitor_create (void (*tell) (const struct inos_monitored_key *key, void *data),
                         void *data);
/* NULL does nothing. */
void inos_key_monitor_destroy (struct inos_key_monitor *monitor);

/* The reader hears all keys; it keeps all keys. */
void inos_key_monitor_watch (struct inos_key_monitor *monitor, bool on);
void inos_key_monitor_grab (struct inos_key_monitor *monitor, bool on);

/* What it keeps else, in place of what it kept; at most as many as above, the rest is left out. */
void inos_key_monitor_set_keys (struct inos_key_monitor *monitor, const uint32_t *modifiers,
                                size_t modifier_count, const struct inos_reader_key *keys,
                                size_t key_count);

/* The reader went. Keys that it kept and that are still down are nobody's until they are up. */
void inos_key_monitor_forget (struct inos_key_monitor *monitor);

/* A key of a keyboard. Returns whether it is the reader's alone. twice: ms within which the
 * reader's modifier, pressed a second time, is a key like any other. monitor: NULL for no reader.
 */
bool inos_key_monitor_takes (struct inos_key_monitor *monitor, const struct inos_monitored_key *key,
                             uint32_t twice);
