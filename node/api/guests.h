/*
 * The users whom a system's node serves beside its own: what each of them may use up, so that no
 * one of them can keep the others out. Lives on the edge.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Connections of one user, and of all guests; the rest of INOS_CONNECTIONS_MAX is the node's own
 * users'. What a connection may hold in memory is in connection.h. */
#define INOS_GUEST_CONNECTIONS 8u
#define INOS_GUESTS_CONNECTIONS 48u
/* Questions of one user that wait for an answer, those that wait for a permission among them. */
#define INOS_GUEST_QUESTIONS 16u
/* Users who are remembered. */
#define INOS_GUESTS_MAX 256u

struct inos_guest {
  uid_t uid;
  unsigned connections;
  unsigned questions; /* counted by who has one, also after the connection that asked */
  double tokens;      /* requests that may come now */
  int64_t refilled;
};

struct inos_guests;

struct inos_guests *inos_guests_new (void);
/** inos_guests_free: after all have left; takes NULL. */
void inos_guests_free (struct inos_guests *guests);

/** inos_guests_have_room: whether one more connection of @uid may come. */
bool inos_guests_have_room (const struct inos_guests *guests, uid_t uid);

/**
 * inos_guests_enter: for one more connection of @uid.
 *
 * Returns: (transfer none): the user's account, until as many times inos_guests_leave().
 */
struct inos_guest *inos_guests_enter (struct inos_guests *guests, uid_t uid);
void inos_guests_leave (struct inos_guests *guests, struct inos_guest *guest);

/** inos_guest_within_rate: takes one from what this user may ask, over all connections. */
bool inos_guest_within_rate (struct inos_guest *guest);
