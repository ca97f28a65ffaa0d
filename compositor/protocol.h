/* The Wayland protocols that the compositor speaks: one table, from which creation, the client
 * filter, the golden list and the docs are derived. */
#pragma once

#include "compositor.h"

/* Who may see a global. */
enum inos_access {
  INOS_ACCESS_EVERYONE,
  /* Not for clients that came through a security context, a sandbox that is. */
  INOS_ACCESS_FREE,
  /* For the shell and those that the user allowed: see privilege.h. */
  INOS_ACCESS_PRIVILEGED,
};

/* A module of the compositor: one protocol and what the compositor does for it. */
struct inos_protocol {
  const char *name; /* of the global's interface */
  int version;      /* the highest that is offered */
  enum inos_access access;
  /* Creates the global and returns the module's state, which is never looked at from outside.
   * NULL: it cannot be had, and the compositor fails. A module without `create` is made by
   * another one's. */
  void *(*create) (struct inos_compositor *compositor, int version);
  /* Leaves the module's signals, before the display goes, and frees its state; may be NULL. */
  void (*destroy) (void *state);
  bool hardware; /* needs what not every machine has: not to be had is no failure */
};

/* The table, ended by a NULL name. */
extern const struct inos_protocol inos_protocols[];

/* The modules that others ask for their state, as they do for each motion of a pointer. */
enum inos_state {
  INOS_STATE_SURFACES,
  INOS_STATE_XDG_SHELL,
  INOS_STATE_POINTER_CONSTRAINTS,
  INOS_STATE_RELATIVE_POINTERS,
  INOS_STATE_GESTURES,
  INOS_STATE_SHORTCUTS_INHIBIT,
  INOS_STATE_TABLETS,
  INOS_STATE_TEXT_INPUTS,
  INOS_STATE_IDLE,
  INOS_STATE_LOCK,
  INOS_STATE_FOREIGN_TOPLEVELS,
  INOS_STATE_LAYER_SHELL,
  INOS_STATE_TEARING,
  INOS_STATE_CONTENT_TYPE,
  INOS_STATE_DECORATIONS,
  INOS_STATE_OUTPUT_MANAGEMENT,
  INOS_STATE_INPUT_METHODS,
  INOS_STATE_GAMMA,
  INOS_STATE_DRM_LEASE,
  INOS_STATE_SECURITY_CONTEXT,
  INOS_STATE_XWAYLAND,
  INOS_STATE_SCREENCOPY,
  INOS_STATE_EXPORT_DMABUF,
  INOS_STATES
};

/* Creates every protocol and installs the filter. Returns the name of the one that failed, or NULL.
 */
const char *inos_protocols_init (struct inos_compositor *compositor);
void inos_protocols_finish (struct inos_compositor *compositor);

/* What that module's `create` returned; NULL before and where there is none. */
void *inos_protocol_state (const struct inos_compositor *compositor, enum inos_state which);
