/* Settings of one kind of pointing device, or of one device by its name: the sections [touchpad],
 * [mouse] and [device NAME] of compositor.ini. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum inos_device_setting {
  INOS_DEVICE_ACCELERATION, /* -1 to 1 */
  INOS_DEVICE_PROFILE,      /* enum libinput_config_accel_profile */
  INOS_DEVICE_NATURAL_SCROLL,
  INOS_DEVICE_SCROLL_METHOD, /* enum libinput_config_scroll_method */
  INOS_DEVICE_SCROLL_BUTTON, /* as in linux/input-event-codes.h */
  INOS_DEVICE_TAP,
  INOS_DEVICE_DRAG,
  INOS_DEVICE_DRAG_LOCK,
  INOS_DEVICE_DISABLE_WHILE_TYPING,
  INOS_DEVICE_CLICK_METHOD, /* enum libinput_config_click_method */
  INOS_DEVICE_LEFT_HANDED,
  INOS_DEVICE_MIDDLE_EMULATION,
  INOS_DEVICE_SEND_EVENTS, /* enum libinput_config_send_events_mode */
  INOS_DEVICE_SCROLL_LOCK,
  INOS_DEVICE_SCROLL_SPEED,  /* times what the device says */
  INOS_DEVICE_TAP_BUTTONS,   /* enum libinput_config_tap_button_map */
  INOS_DEVICE_CLICK_BUTTONS, /* enum libinput_config_clickfinger_button_map */
  INOS_DEVICE_DISABLE_WHILE_TRACKPOINTING,
  INOS_DEVICE_ROTATION, /* degrees, clockwise */
  INOS_DEVICE_SETTING_COUNT,
};

/* Settings that are words of the person's own. */
enum inos_device_word {
  INOS_DEVICE_OUTPUT, /* the name of the one that it is mapped to */
  INOS_DEVICE_REGION, /* the part of that, or of all outputs: inos_device_config_region() */
  INOS_DEVICE_LAYOUT, /* of a keyboard that differs from the others */
  INOS_DEVICE_VARIANT,
  INOS_DEVICE_OPTIONS,
  INOS_DEVICE_SEAT, /* the name of the one that it belongs to */
  INOS_DEVICE_WORD_COUNT,
};

struct inos_device_config {
  uint32_t set; /* one bit for each setting that has a value */
  double values[INOS_DEVICE_SETTING_COUNT];
  bool calibrated;
  float calibration[6];                /* the matrix that libinput takes */
  char *words[INOS_DEVICE_WORD_COUNT]; /* NULL: not set */
};

/* Whether a section of that name holds such settings. */
bool inos_device_config_is_section (const char *section);

/* Reads a section. Returns NULL, sets error and *wrong, the key, where a value cannot be. */
struct inos_device_config *inos_device_config_read (GKeyFile *file, const char *section,
                                                    char **wrong, GError **error);
void inos_device_config_free (struct inos_device_config *config);

/* What holds for a device: the settings of its kind ("touchpad", "mouse", or another word for none)
 * and over them those of its name. sections: name → struct inos_device_config. The result's words
 * are not its own. */
struct inos_device_config inos_device_config_resolve (GHashTable *sections, const char *kind,
                                                      const char *name);

/* The value, or `otherwise` where none is set. */
double inos_device_config_get (const struct inos_device_config *config,
                               enum inos_device_setting setting, double otherwise);

/* The part of its output, or of the layout where it is mapped to none, that it covers: x, y, width
 * and height, in that one's coordinates. Returns false where none is set. */
bool inos_device_config_region (const struct inos_device_config *config, int region[4]);

/* What is set, with the words of the file; `each` must not keep them. */
void inos_device_config_for_each (const struct inos_device_config *config,
                                  void (*each) (const char *key, const char *value, void *data),
                                  void *data);

/* Sets one more thing for the device of that name; "" takes a word back. Returns false and sets
 * error where there is no such setting, or the value cannot be. */
bool inos_device_config_set (GHashTable *sections, const char *name, const char *key,
                             const char *value, GError **error);
