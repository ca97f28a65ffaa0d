/* The compositor: one Wayland display with its backend, outputs, windows and seats.
 *
 * A compositor has no global state: many can be created and destroyed in one process, one after
 * the other or side by side. Everything runs on the thread that created it, in its GMainContext. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <wayland-server-core.h>
#include <wlr/util/box.h>

#include "config.h"

struct inos_bindings;
struct inos_captures;
struct inos_clients;
struct inos_homes;
struct inos_key_monitor;
struct inos_look;
struct inos_mirrors;
struct inos_motions;
struct inos_night_light;
struct inos_notice;
struct inos_output;
struct inos_reload;
struct inos_overview;
struct inos_places;
struct inos_roll;
struct inos_output_profiles;
struct inos_seat;
struct inos_socket;
struct inos_shared_settings;
struct inos_stages;
struct inos_thrift;
struct inos_turns;
struct inos_view;
struct inos_workspace;

/* How many seats there may be. */
enum { INOS_SEATS_MOST = 8 };

/* The layers of the scene, from the back to the front. */
enum inos_layer {
  INOS_LAYER_BACKGROUND,
  INOS_LAYER_BOTTOM,
  INOS_LAYER_BELOW, /* windows that are always below */
  INOS_LAYER_VIEWS,
  INOS_LAYER_ABOVE, /* windows that are always on top */
  INOS_LAYER_OVERVIEW,
  INOS_LAYER_TOP,
  INOS_LAYER_FULLSCREEN,
  INOS_LAYER_OVERLAY,
  INOS_LAYER_DRAG_ICON,
  INOS_LAYER_LOCK, /* those before it are off while locked */
  INOS_LAYER_VEIL, /* what dims all of it */
  INOS_LAYER_COUNT,
};

struct inos_options {
  /* Start without hardware, with `outputs` outputs of width x height; else find a backend. */
  bool headless;
  int outputs;
  int width, height;
  /* Wayland socket name to listen on, or NULL to take the first that is free, or "" for none. */
  const char *socket;
  /* Configuration file, or NULL for ~/.config/inos/compositor.ini. */
  const char *config_path;
  /* Windows move and fade; tests that look at pictures want them still. */
  bool moves;
  /* Milliseconds of a clock that does not go back, or NULL for the system's. */
  gint64 (*now) (void *data);
  void *now_data;
  /* File that remembers where windows were, or NULL to remember nothing. */
  const char *places_path;
  /* File that says which windows are open, or NULL for none: see roll.h. */
  const char *roll_path;
  /* Nobody is logged in: locked from the first frame on, by inos-greeter, and ended with it where
   * it ends well. */
  bool greeter;
  /* The session was locked when an earlier compositor of it died: locked from the first frame on.
   */
  bool locked;
  /* The thread's default context, which has G_MAIN_CONTEXT_FLAGS_OWNERLESS_POLLING, is run by one
   * loop and nobody else: see event_source.h. */
  bool has_own_context;
};

struct inos_compositor {
  struct inos_options options;
  struct inos_config config;
  char *config_path;
  struct inos_reload *reload; /* may be NULL: the file is not followed */
  struct {
    char *message; /* NULL: the file is as it should be */
    unsigned int line;
  } config_error;
  bool uses_defaults; /* the file was never as it should be */

  struct wl_display *display;
  struct wl_event_loop *loop;
  GSource *source;
  char *socket;                  /* name of the Wayland socket; NULL where there is none */
  struct inos_socket *listening; /* may be NULL likewise */
  struct inos_clients *clients;
  struct inos_turns *turns; /* who waits to draw */

  struct wlr_backend *backend;
  struct wlr_backend *headless; /* member of `backend`, makes virtual and fallback outputs */
  struct wlr_session *session;  /* may be NULL: no seat of our own when nested or headless */
  struct wlr_renderer *renderer;
  struct wlr_allocator *allocator;

  struct wlr_scene *scene;
  struct wlr_scene_output_layout *scene_layout;
  struct wlr_scene_tree *layers[INOS_LAYER_COUNT];

  struct wlr_output_layout *layout;
  struct wl_list outputs;       /* inos_output.link */
  struct inos_homes *homes;     /* which windows go back to which output */
  unsigned int moving_outputs;  /* the layout is about to change again */
  struct inos_output *fallback; /* may be NULL: made when the last other output goes */
  bool ending;
  bool locked; /* nothing but the lock screen is shown and gets input: see lock.h */

  GPtrArray *workspaces; /* owned struct inos_workspace */
  unsigned int active_workspace;

  struct wl_list views; /* inos_view.link, the most recently focused first */
  uint32_t last_view_id;
  unsigned int cascade;

  struct wl_list seats;     /* inos_seat.link, the main one first */
  struct inos_seat *seat;   /* the main one: see seats.h */
  struct inos_seat *acting; /* the one that somebody used last */
  uint32_t last_seat_id, last_device_id;
  struct inos_places *places; /* may be NULL */
  struct inos_roll *roll;
  struct inos_motions *motions;
  struct inos_overview *overview;
  bool saves_power;                    /* the machine is to save its battery */
  struct inos_look *look;              /* NULL until it is asked for */
  struct inos_shared_settings *shared; /* may be NULL: GSettings are not asked */
  struct inos_bindings *bindings;
  unsigned int bindings_revision; /* another one whenever a key may do something else */
  struct inos_notice *notice;
  struct inos_output_profiles *profiles;
  struct inos_key_monitor *key_monitor; /* may be NULL: no screen reader can ask for keys */
  struct inos_stages *stages;           /* what idleness leads to */
  struct inos_night_light *night_light;
  struct inos_mirrors *mirrors;
  struct inos_thrift *thrift;
  struct inos_captures *captures;

  void **protocol_states; /* one for each of inos_protocols, that module's own */
  void **states;          /* the same, of those that others ask: see protocol.h */

  struct {
    double scale;       /* at least 1, see x11_scale.h */
    unsigned int shown; /* windows and menus */
  } x11;

  struct wl_client *shell; /* may be NULL: the client on the socket made for the shell */

  struct {
    struct wl_signal view_map;         /* struct inos_view */
    struct wl_signal view_unmap;       /* struct inos_view */
    struct wl_signal view_change;      /* struct inos_view: title, state, place */
    struct wl_signal output_add;       /* struct inos_output */
    struct wl_signal output_remove;    /* struct inos_output */
    struct wl_signal output_change;    /* struct inos_output */
    struct wl_signal focus_change;     /* struct inos_view, may be NULL: any seat's */
    struct wl_signal workspace_change; /* struct inos_compositor */
    struct wl_signal surface_commit;   /* struct wlr_surface, the scene is up to date */
    struct wl_signal lock_change;      /* struct inos_compositor */
    struct wl_signal idle_change;      /* struct inos_compositor: inhibited or not, dim, blank */
    struct wl_signal capture_change;   /* struct inos_compositor: who takes pictures */
    struct wl_signal action;           /* const char *, the name of a bound action */
    struct wl_signal input_change;     /* struct inos_compositor: devices, layouts, the mode */
    struct wl_signal access_change;    /* struct inos_compositor: magnifier, colours, pointer */
    struct wl_signal config_change;    /* struct inos_compositor: all settings are new */
    struct wl_signal config_error;     /* struct inos_compositor: they were not taken */
    struct wl_signal scan_out_change;  /* struct inos_output: of whose buffer the screen shows */
    struct wl_signal tint_change;      /* struct inos_compositor: night light, or a program */
    struct wl_signal profile_change;   /* struct inos_compositor: how monitors are set up */
    struct wl_signal overview_change;  /* struct inos_compositor: open or not, what is chosen */
    struct wl_signal terminated; /* struct inos_compositor: nested window closed, or backend gone */
    struct wl_signal greeted;    /* struct inos_compositor: somebody was let in (options.greeter) */
  } events;

  struct wl_listener new_output, new_input, layout_change, shell_gone;
  struct wl_listener backend_gone;

  /* See recovery.h. */
  struct {
    struct wl_listener lost;
    struct wl_event_source *idle; /* may be NULL */
    struct wl_event_source *retry, *redraw;
    bool told;
  } recovery;
};

/* Creates a compositor and starts its backend, in the thread's default GMainContext.
 * options: copied, its strings must outlive the compositor. Returns NULL and sets error
 * (INOS_COMPOSITOR_ERROR) where no backend, renderer or socket can be had. */
struct inos_compositor *inos_compositor_create (const struct inos_options *options, GError **error);

/* Disconnects every client and frees everything. NULL does nothing. */
void inos_compositor_destroy (struct inos_compositor *compositor);

/* Adopts `fd`, one end of a socketpair, as the shell's connection. Takes the descriptor.
 * Returns false where the client cannot be made; an earlier shell is disconnected. */
bool inos_compositor_adopt_shell (struct inos_compositor *compositor, int fd);

#define INOS_COMPOSITOR_ERROR (inos_compositor_error_quark())
GQuark inos_compositor_error_quark (void);
enum inos_compositor_error {
  INOS_COMPOSITOR_ERROR_BACKEND,
  INOS_COMPOSITOR_ERROR_RENDERER,
  INOS_COMPOSITOR_ERROR_SOCKET,
  INOS_COMPOSITOR_ERROR_CONFIG,
};
