/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad-private.h"

void inos_kad_request_free (void *data)
{
  g_free (data); /* its link is within it */
}

static void close_request (struct inos_kad *kad, struct kad_request *request)
{
  g_hash_table_remove (kad->by_ticket, &request->ticket);
  g_queue_unlink (&kad->requests, &request->link);
}

/* Its end. @message NULL: there is no answer. */
static void finish (struct inos_kad *kad, struct kad_request *request,
                    const struct inos_kad_message *message)
{
  close_request (kad, request);
  if (message) {
    kad->stats.answered++;
    inos_kad_add_peer (kad, &request->peer); /* it serves, and is there */
  } else {
    kad->stats.failed++;
    inos_kad_table_remove (kad->table, &request->peer);
  }
  request->done (kad, request, message);
  inos_kad_request_free (request);
}

void inos_kad_ask (struct inos_kad *kad, const struct kad_request *asked,
                   const struct inos_buffer *message, bool expects)
{
  struct kad_request *request = g_memdup2 (asked, sizeof *asked);
  const struct inos_kad_network *network = kad->network;

  request->ticket = ++kad->ticket;
  request->since = inos_env_now (kad->env);
  request->link = (GList){.data = request};
  g_queue_push_tail_link (&kad->requests, &request->link);
  g_hash_table_insert (kad->by_ticket, &request->ticket, request);
  kad->stats.asked++;
  network->ask (network->data, &request->peer, inos_buffer_data (message),
                inos_buffer_len (message), expects, request->ticket);
}

void inos_kad_answer (struct inos_kad *kad, uint64_t ticket, const void *bytes, size_t len)
{
  struct kad_request *request = g_hash_table_lookup (kad->by_ticket, &ticket);
  g_autofree struct inos_kad_message *message = NULL;

  if (!request)
    return;
  message = g_new (struct inos_kad_message, 1);
  /* What needs no answer is answered with nothing. */
  bool right =
    inos_kad_message_read (message, bytes, len) && (len == 0 || message->type == request->type);
  if (right && len == 0 && request->type != INOS_KAD_ADD_PROVIDER)
    right = false;
  finish (kad, request, right ? message : NULL);
}

void inos_kad_failed (struct inos_kad *kad, uint64_t ticket)
{
  struct kad_request *request = g_hash_table_lookup (kad->by_ticket, &ticket);

  if (request)
    finish (kad, request, NULL);
}

void inos_kad_disown (struct inos_kad *kad, const struct kad_lookup *lookup)
{
  for (GList *link = kad->requests.head; link; link = link->next) {
    struct kad_request *request = link->data;
    if (request->lookup != lookup)
      continue;
    request->lookup = NULL;
    request->candidate = NULL;
  }
}

/* Those of the same age are together at the beginning. */
void inos_kad_expire_requests (struct inos_kad *kad)
{
  uint64_t now = inos_env_now (kad->env);
  struct kad_request *oldest = g_queue_peek_head (&kad->requests);

  for (; oldest && oldest->since + INOS_KAD_TIMEOUT <= now;
       oldest = g_queue_peek_head (&kad->requests))
    finish (kad, oldest, NULL);
  for (bool again = true; again;) {
    again = false;
    for (GList *link = kad->requests.head; link; link = link->next) {
      struct kad_request *request = link->data;
      if (request->since + INOS_KAD_SLOW > now)
        break;
      if (request->late || !request->lookup)
        continue;
      inos_kad_lookup_slow (request); /* which may end others: so from the beginning */
      again = true;
      break;
    }
  }
}

uint64_t inos_kad_requests_deadline (const struct inos_kad *kad)
{
  const struct kad_request *oldest = g_queue_peek_head ((GQueue *)&kad->requests);
  uint64_t deadline = oldest ? oldest->since + INOS_KAD_TIMEOUT : INOS_NEVER;

  for (const GList *link = kad->requests.head; link; link = link->next) {
    const struct kad_request *request = link->data;
    if (!request->late && request->lookup)
      return MIN (deadline, request->since + INOS_KAD_SLOW);
  }
  return deadline;
}
