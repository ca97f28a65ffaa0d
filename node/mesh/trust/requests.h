/*
 * Who has asked to be a member and waits for a person's word, or has had it a moment ago. One that
 * came with an invitation makes room for itself among those that came without.
 *
 * A core (env.h) without deadlines: what is old goes when it is looked at.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/trust/code.h"
#include "node/mesh/trust/statement.h"

#include <glib.h>

#define INOS_REQUESTS_MAX 64u
#define INOS_REQUEST_LIFE UINT64_C (600000000000) /* ns, since it was asked last */

enum inos_request_state {
  INOS_REQUEST_WAITING,
  INOS_REQUEST_REFUSED,
};

struct inos_request {
  struct inos_consent consent; /* its subject is who asks */
  enum inos_request_state state;
  bool invited; /* came with an invitation that has a person asked: */
  uint8_t secret[INOS_CODE_SECRET_SIZE];
  uint64_t since, last; /* ns: when it was asked first, and last */
};

struct inos_requests;

struct inos_requests *inos_requests_new (const struct inos_mesh_env *env);
/** inos_requests_free: takes NULL. */
void inos_requests_free (struct inos_requests *requests);

/**
 * inos_requests_ask: somebody asks, for the first time or again; the consent is right.
 * @secret: (nullable): of the invitation that it came with
 * @is_new: (out): whether a person should hear of it
 *
 * Returns: (nullable): the request; NULL: too many wait.
 */
const struct inos_request *inos_requests_ask (struct inos_requests *requests,
                                              const struct inos_consent *consent,
                                              const uint8_t *secret, bool *is_new);
/** inos_requests_find: (nullable): the one of @peer, unless it has grown old. */
const struct inos_request *inos_requests_find (struct inos_requests *requests,
                                               const struct inos_peer_id *peer);
/** inos_requests_refuse: it hears so when it asks again. Returns: whether it waited. */
bool inos_requests_refuse (struct inos_requests *requests, const struct inos_peer_id *peer);
/** inos_requests_remove: @peer waits no more. */
void inos_requests_remove (struct inos_requests *requests, const struct inos_peer_id *peer);
void inos_requests_clear (struct inos_requests *requests);
/** inos_requests_list: const struct inos_request, the oldest first; good until the next call. */
const GPtrArray *inos_requests_list (struct inos_requests *requests);
