/* Somebody who does nothing wrong while others do. */
#pragma once

#include "client.h"
#include "fixture.h"
#include "verify.h"

/* A window that nobody may disturb. */
struct witness {
  struct client *client;
  struct window *window;
};

static inline struct witness witness_new (struct inos_compositor *compositor)
{
  struct witness witness = {.client = client_connect (compositor)};
  witness.window = window_open (witness.client, "witness", "undisturbed");
  return witness;
}

static inline void witness_end (struct witness *witness)
{
  client_roundtrip (witness->client);
  assert_non_null (witness->client->server_side);
  assert_int_equal (wl_display_get_error (witness->client->display), 0);
  window_draw (witness->window);
  assert_null (inos_verify_invariants (witness->client->compositor));
  window_close (witness->window);
  client_disconnect (witness->client);
}
