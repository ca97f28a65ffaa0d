/* One output: a monitor, a nested window or a virtual one. */
#pragma once

#include "compositor.h"

/* Buffers of pictures of an output, upright and as the monitor hangs; each may be NULL. */
struct inos_capture_chains {
  struct wlr_swapchain *upright, *turned;
};

struct inos_mirror;
struct inos_output_config;
struct inos_repaint;

struct inos_output {
  struct wl_list link; /* inos_compositor.outputs */
  struct inos_compositor *compositor;
  struct wlr_output *wlr;
  struct inos_repaint *repaint;
  struct inos_output_config *config;     /* NULL: to be looked up, see inos_output_config_of() */
  struct wlr_scene_output *scene_output; /* NULL while it mirrors */
  struct wlr_box usable;         /* layout coordinates: what layer surfaces leave to windows */
  struct wl_list layer_surfaces; /* inos_layer_surface.link */
  struct wlr_box box;            /* where it is, or last was, in the layout: see home.h */
  bool placed;                   /* it is in the layout */
  bool leaving;                  /* who enters it now is not told of its end */
  bool arrived;                  /* it has come there, and its windows have not yet */
  unsigned int workspace;        /* the one it shows, where each output has its own */
  bool virtual_output;           /* added by a request, not by hardware */
  struct inos_lens *lens;        /* may be NULL: it is drawn as it is */
  bool blanked;                  /* switched off because nobody is there */
  int vrr_refused;               /* 1 + what it did not take; 0: nothing */
  bool scans_out;                /* the screen shows a window's own buffer */
  uint64_t frames, scanned_out;  /* pictures so far, and how many of them were a window's own */
  bool censors;                  /* the frame that is drawn is not what programs may copy */
  struct inos_capture_chains censored;
  struct inos_mirror *mirror; /* may be NULL: it shows what another one shows, see mirror.h */
  bool gamma_changed;         /* the next frame brings another tint */
  bool gamma_refused;         /* it took no tint of ours */
  int gamma_kelvin;           /* the tint that it has; 0: another's */

  struct wl_listener frame, request_state, commit, destroy;
};

/* Takes over an output that the backend announced. The output frees itself when it goes. */
void inos_output_create (struct inos_compositor *compositor, struct wlr_output *wlr);

/* Adds an output that no monitor shows. Sizes in px, 1 to 16384. Returns NULL on a bad size. */
struct inos_output *inos_output_add_virtual (struct inos_compositor *compositor, int width,
                                             int height);

/* Where the output is in the layout. */
struct wlr_box inos_output_box (struct inos_output *output);

/* What is set for outputs may be another thing now. */
void inos_outputs_forget_settings (struct inos_compositor *compositor);

/* In between outputs are moved one by one, and the layout counts only when all are. These nest. */
void inos_outputs_begin_move (struct inos_compositor *compositor);
void inos_outputs_end_move (struct inos_compositor *compositor);

/* Puts the output there, or takes it out of the layout: it is off for good. */
void inos_output_put (struct inos_output *output, int x, int y);
void inos_output_put_anywhere (struct inos_output *output);
void inos_output_take_out (struct inos_output *output);

/* It shows the scene from now on, as soon as it is put somewhere. */
void inos_output_show (struct inos_output *output);

/* The output at a point of the layout, or NULL. */
struct inos_output *inos_output_at (struct inos_compositor *compositor, double x, double y);

/* The output a person is looking at: the one with the pointer, else the first. May be NULL only
 * while the compositor starts or ends. */
struct inos_output *inos_output_active (struct inos_compositor *compositor);

/* The output of a wlroots output, or NULL for one that we did not take over. */
struct inos_output *inos_output_from_wlr (struct wlr_output *wlr);
