/* A client that does things in any order: windows, popups, subsurfaces and layer surfaces, drawn or
 * not, ended well or badly. */
#pragma once

#include "client.h"

enum role { ROLE_WINDOW, ROLE_POPUP, ROLE_SUBSURFACE, ROLE_LAYER, ROLE_COUNT };

/* A surface with its role. */
struct piece {
  struct actor *actor;
  enum role role;
  struct wl_surface *surface;
  struct xdg_surface *xdg; /* NULL where the role is none of xdg-shell's */
  struct wl_proxy *object; /* that of the role */
  struct wl_buffer *buffer;
  uint32_t serial; /* of the last configure that was not answered yet */
  bool configured, unanswered;
};

/* Something else of the protocol that a client made. */
struct thing {
  struct wl_proxy *proxy;
  int end; /* the request that ends it; -1: there is none */
};

struct actor {
  struct client *client;
  struct wl_registry *registry;
  struct wl_subcompositor *subcompositor;
  struct wl_seat *seat;
  struct wl_pointer *pointer;
  struct wl_keyboard *keyboard;
  struct wl_touch *touch;
  struct wl_proxy *layer_shell;
  GPtrArray *pieces; /* struct piece, owned */
  GPtrArray *things; /* struct thing, owned */
};

struct actor *actor_create (struct inos_compositor *compositor);
/* Closes the connection with everything still there. */
void actor_destroy (struct actor *actor);

/* parent: what a popup or subsurface hangs on. Not drawn yet. Returns NULL where it cannot be. */
struct piece *piece_create (struct actor *actor, enum role role, struct piece *parent, GRand *rand);
/* Answers the last configure, attaches a buffer and, where `commit`, commits. */
void piece_draw (struct piece *piece, int width, int height, bool commit);
/* Commits no buffer. */
void piece_unmap (struct piece *piece);
/* orderly: the role before the surface, as the protocol wants it. */
void piece_destroy (struct piece *piece, bool orderly);

/* Takes the object over. */
struct thing *thing_add (struct actor *actor, void *proxy, int end);
/* The first of that interface, or NULL. */
struct thing *thing_find (struct actor *actor, const char *interface);
/* Says that it ends. */
void thing_end (struct actor *actor, struct thing *thing);
