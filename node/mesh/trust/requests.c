/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/requests.h"

#include <string.h>

struct inos_requests {
  const struct inos_mesh_env *env;
  GPtrArray *list; /* struct inos_request, the oldest first */
};

struct inos_requests *inos_requests_new (const struct inos_mesh_env *env)
{
  struct inos_requests *requests = g_new0 (struct inos_requests, 1);

  requests->env = env;
  requests->list = g_ptr_array_new_with_free_func (g_free);
  return requests;
}

void inos_requests_free (struct inos_requests *requests)
{
  if (!requests)
    return;
  g_ptr_array_unref (requests->list);
  g_free (requests);
}

static void forget_old (struct inos_requests *requests)
{
  uint64_t now = inos_env_now (requests->env);

  for (guint i = requests->list->len; i > 0; i--) {
    const struct inos_request *request = requests->list->pdata[i - 1];
    if (now - request->last > INOS_REQUEST_LIFE)
      g_ptr_array_remove_index (requests->list, i - 1);
  }
}

static struct inos_request *find (const struct inos_requests *requests,
                                  const struct inos_peer_id *peer)
{
  for (guint i = 0; i < requests->list->len; i++) {
    struct inos_request *request = requests->list->pdata[i];
    if (inos_peer_id_equal (&request->consent.subject, peer))
      return request;
  }
  return NULL;
}

/* Those that were refused go first, then who came without an invitation, the newest first: who
 * waits keeps its place where many come. */
static bool make_room (struct inos_requests *requests, bool invited)
{
  if (requests->list->len < INOS_REQUESTS_MAX)
    return true;
  for (guint i = 0; i < requests->list->len; i++)
    if (((const struct inos_request *)requests->list->pdata[i])->state == INOS_REQUEST_REFUSED) {
      g_ptr_array_remove_index (requests->list, i);
      return true;
    }
  for (guint i = requests->list->len; invited && i > 0; i--)
    if (!((const struct inos_request *)requests->list->pdata[i - 1])->invited) {
      g_ptr_array_remove_index (requests->list, i - 1);
      return true;
    }
  return false;
}

const struct inos_request *inos_requests_ask (struct inos_requests *requests,
                                              const struct inos_consent *consent,
                                              const uint8_t *secret, bool *is_new)
{
  uint64_t now = inos_env_now (requests->env);

  forget_old (requests);
  struct inos_request *request = find (requests, &consent->subject);
  *is_new = false;
  if (request) {
    request->consent = *consent;
    request->last = now;
    return request;
  }
  if (!make_room (requests, secret != NULL))
    return NULL;
  request = g_new0 (struct inos_request, 1);
  *request = (struct inos_request){
    .consent = *consent, .invited = secret != NULL, .since = now, .last = now};
  if (secret)
    memcpy (request->secret, secret, sizeof request->secret);
  g_ptr_array_add (requests->list, request);
  *is_new = true;
  return request;
}

const struct inos_request *inos_requests_find (struct inos_requests *requests,
                                               const struct inos_peer_id *peer)
{
  forget_old (requests);
  return find (requests, peer);
}

bool inos_requests_refuse (struct inos_requests *requests, const struct inos_peer_id *peer)
{
  forget_old (requests);
  struct inos_request *request = find (requests, peer);
  if (!request || request->state != INOS_REQUEST_WAITING)
    return false;
  request->state = INOS_REQUEST_REFUSED;
  return true;
}

void inos_requests_remove (struct inos_requests *requests, const struct inos_peer_id *peer)
{
  struct inos_request *request = find (requests, peer);

  if (request)
    g_ptr_array_remove (requests->list, request);
}

void inos_requests_clear (struct inos_requests *requests)
{
  g_ptr_array_set_size (requests->list, 0);
}

const GPtrArray *inos_requests_list (struct inos_requests *requests)
{
  forget_old (requests);
  return requests->list;
}
