/* The Wayland protocols that the compositor speaks: one table, from which creation, the client
 * filter, the golden list and the docs are derived. */
#pragma once

#include "compositor.h"

/* Who may see a global. */
enum inos_access {
  INOS_ACCESS_EVERYONE,
  /* Not for clients that came through a security context, a sandbox that is. */
  INOS_ACCESS_TRUSTED,
};

struct inos_protocol {
  const char *name; /* of the global's interface */
  int version;      /* the highest that is offered */
  enum inos_access access;
  /* Creates the global. Returns false where it cannot be had; the compositor then fails. */
  bool (*init) (struct inos_compositor *compositor, int version);
  /* Leaves the module's signals before the display goes; may be NULL. */
  void (*finish) (struct inos_compositor *compositor);
};

/* The table, ended by a NULL name. Modules without init are made by another one's init. */
extern const struct inos_protocol inos_protocols[];

/* Creates every protocol and installs the filter. Returns the name of the one that failed, or NULL.
 */
const char *inos_protocols_init (struct inos_compositor *compositor);
void inos_protocols_finish (struct inos_compositor *compositor);
