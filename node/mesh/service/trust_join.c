/*
 * Questions of the join protocol, both ways.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/trust-private.h"

#include "node/mesh/host/error.h"
#include "node/mesh/net/mesh_thread.h"

#define STREAMS_MAX 4u /* inbound of one peer */

void trust_ask (struct inos_trust *trust, const struct inos_peer_id *peer,
                const struct inos_join_question *question)
{
  struct inos_buffer message = {0};
  struct asked *asked = g_new0 (struct asked, 1);
  uint64_t *ticket = g_memdup2 (&(uint64_t){++trust->ticket}, sizeof (uint64_t));

  *asked = (struct asked){question->kind, *peer};
  g_hash_table_insert (trust->asked, ticket, asked);
  inos_join_question_write (&message, question);
  inos_questions_ask (trust->questions, peer, inos_buffer_data (&message),
                      inos_buffer_len (&message), true, TRUST_PATIENCE, *ticket);
  inos_buffer_clear (&message);
}

static void on_answered (void *data, uint64_t ticket, const uint8_t *bytes, size_t len,
                         const GError *why)
{
  struct inos_trust *trust = data;
  struct asked *found = g_hash_table_lookup (trust->asked, &ticket);
  struct inos_join_answer answer;

  if (!found)
    return;
  const struct asked asked = *found;
  g_hash_table_remove (trust->asked, &ticket);
  if (!why && inos_join_answer_read (&answer, bytes, len)) {
    trust_answered (trust, &asked, &answer, NULL);
    return;
  }
  g_autoptr (GError) garbled =
    g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_FAILED, "Its answer is none.");
  trust_answered (trust, &asked, NULL, why ? why : garbled);
}

void trust_show (struct inos_trust *trust, const struct inos_peer_id *peer)
{
  const struct inos_peer *known = inos_peer_book_find (inos_host_book (trust->setup.host), peer);
  struct inos_join_question question = {.kind = INOS_JOIN_SHOW};
  struct inos_buffer proof = {0};

  if (!known || !inos_peer_speaks (known, INOS_JOIN_PROTOCOL) || !trust_is_member (trust, peer) ||
      !trust_is_member (trust, trust_self (trust)) || g_hash_table_contains (trust->shown, peer))
    return;
  g_hash_table_add (trust->shown, g_memdup2 (peer, sizeof *peer));
  inos_roll_prove (trust->roll, trust_self (trust), &proof);
  question.consent.mesh = *inos_roll_mesh (trust->roll);
  question.statements = inos_buffer_data (&proof);
  question.statements_len = inos_buffer_len (&proof);
  trust_ask (trust, peer, &question);
  inos_buffer_clear (&proof);
}

void trust_nudge (struct inos_trust *trust, const struct inos_peer_id *peer)
{
  struct inos_join_question question = {.kind = INOS_JOIN_NUDGE};

  if (!inos_roll_mesh (trust->roll))
    return;
  question.consent.mesh = *inos_roll_mesh (trust->roll);
  trust_ask (trust, peer, &question);
}

static uint64_t deadline (void *data)
{
  return inos_questions_deadline (((struct inos_trust *)data)->questions);
}

static void tick (void *data)
{
  inos_questions_tick (((struct inos_trust *)data)->questions);
}

void trust_join_start (struct inos_trust *trust)
{
  trust->asked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  trust->questions = inos_questions_new (
    trust->setup.host, &(struct inos_questions_setup){.name = INOS_JOIN_PROTOCOL,
                                                      .message_max = INOS_JOIN_MESSAGE_MAX,
                                                      .streams_max = STREAMS_MAX,
                                                      .serve = true,
                                                      .relayed = true,
                                                      .open = true,
                                                      .answer = trust_on_question,
                                                      .answered = on_answered,
                                                      .data = trust});
  trust->drive =
    inos_drive (trust->setup.context, trust->env, &(struct inos_driven){deadline, tick, trust});
}

void trust_join_stop (struct inos_trust *trust)
{
  trust_give_up (trust);
}
