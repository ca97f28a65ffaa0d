/* A client that writes the bytes of the protocol itself: requests that are almost right. */
#pragma once

#include "client.h"

struct wire;

/* A global as a registry tells of it. */
struct wire_global {
  uint32_t name, version;
  char *interface;
};

/* The globals that a new client of the compositor sees: struct wire_global, owned. */
GPtrArray *wire_globals (struct inos_compositor *compositor);

/* Connects and binds some of the globals. */
struct wire *wire_connect (struct inos_compositor *compositor, GPtrArray *globals, GRand *rand);
void wire_disconnect (struct wire *wire);

/* Whether the compositor has not dropped it. */
bool wire_is_alive (struct wire *wire);

/* Sends some requests at once, and throws away what came back. Returns how many. */
unsigned int wire_talk (struct wire *wire, GRand *rand);
