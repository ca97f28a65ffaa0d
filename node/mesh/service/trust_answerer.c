/*
 * Those who want to be members, and those who show that they are: the side that is asked. What a
 * stranger can make this node do here is bounded: signatures checked in a second, requests kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/trust-private.h"

#include <string.h>

#define HEARD_MAX 32u /* questions in a second for which signatures are checked */

static bool may_be_heard (struct inos_trust *trust)
{
  uint64_t now = inos_env_now (trust->env);

  if (now - trust->second >= TRUST_SECOND) {
    trust->second = now;
    trust->heard = 0;
  }
  return trust->heard++ < HEARD_MAX;
}

static void say (struct inos_buffer *out, enum inos_join_state state)
{
  inos_join_answer_write (out, &(struct inos_join_answer){.state = state});
}

/* What @peer is, and why; and why it should believe us. */
static void say_proven (struct inos_trust *trust, const struct inos_peer_id *peer,
                        enum inos_join_state state, struct inos_buffer *out)
{
  struct inos_buffer proof = {0};

  inos_roll_prove (trust->roll, trust_self (trust), &proof);
  inos_roll_prove (trust->roll, peer, &proof);
  inos_join_answer_write (out,
                          &(struct inos_join_answer){.state = state,
                                                     .statements = inos_buffer_data (&proof),
                                                     .statements_len = inos_buffer_len (&proof)});
  inos_buffer_clear (&proof);
}

/* Returns: whether nothing depends on what else was asked: it is said already. */
static bool say_settled (struct inos_trust *trust, const struct inos_peer_id *peer,
                         struct inos_buffer *out)
{
  const struct inos_roll_entry *self = inos_roll_find (trust->roll, trust_self (trust));

  if (!trust_is_member (trust, trust_self (trust)) || self->rank >= INOS_ROLL_RANK_MAX)
    say (out, INOS_JOIN_NO_MESH);
  else if (trust_is_member (trust, peer))
    say_proven (trust, peer, INOS_JOIN_MEMBER, out);
  else if (inos_roll_era (trust->roll, peer) == 0)
    say_proven (trust, peer, INOS_JOIN_REVOKED, out);
  else
    return false;
  return true;
}

static void on_ask (struct inos_trust *trust, const struct inos_peer_id *peer,
                    struct inos_buffer *out)
{
  if (say_settled (trust, peer, out))
    return;
  inos_join_answer_write (out,
                          &(struct inos_join_answer){.state = INOS_JOIN_OFFERED,
                                                     .mesh = *inos_roll_mesh (trust->roll),
                                                     .era = inos_roll_era (trust->roll, peer)});
}

/* With a code that lets in at once. Its use is on the disk before anybody hears of it. */
static void let_in (struct inos_trust *trust, const struct inos_join_question *question,
                    struct inos_buffer *out)
{
  const struct inos_peer_id *peer = &question->consent.subject;
  struct inos_buffer said = {0};

  inos_invitations_use (trust->invitations, question->secret);
  if (!trust_save_invitations (trust) ||
      !inos_roll_admit (trust->roll, &question->consent, &said)) {
    say (out, INOS_JOIN_BUSY);
    inos_buffer_clear (&said);
    return;
  }
  inos_requests_remove (trust->requests, peer);
  inos_trust_note (trust, "accepted", peer, "with an invitation: %s", question->consent.name);
  trust_changed (trust);
  say_proven (trust, peer, INOS_JOIN_MEMBER, out);
  trust_roll_spread (trust, &said, NULL);
  inos_buffer_clear (&said);
}

static void wait_for_person (struct inos_trust *trust, const struct inos_join_question *question,
                             struct inos_buffer *out)
{
  const struct inos_consent *consent = &question->consent;
  bool is_new;
  const struct inos_request *request = inos_requests_ask (
    trust->requests, consent, question->has_secret ? question->secret : NULL, &is_new);

  if (!request) {
    say (out, INOS_JOIN_BUSY);
    return;
  }
  say (out, request->state == INOS_REQUEST_REFUSED ? INOS_JOIN_REFUSED : INOS_JOIN_WAITING);
  if (!is_new)
    return;
  inos_trust_note (trust, "requested", &consent->subject, "%s%s",
                   question->has_secret ? "with an invitation: " : "", consent->name);
  trust->setup.on_request (trust->setup.data, &consent->subject, consent->name);
}

static void turn_away (struct inos_trust *trust, const struct inos_peer_id *peer,
                       enum inos_join_state state, const char *why, struct inos_buffer *out)
{
  inos_trust_note (trust, "refused", peer, "%s", why);
  say (out, state);
}

static void on_code (struct inos_trust *trust, const struct inos_join_question *question,
                     struct inos_buffer *out)
{
  const struct inos_peer_id *peer = &question->consent.subject;

  switch (inos_invitations_look (trust->invitations, question->secret)) {
  case INOS_INVITATION_GOOD:
    let_in (trust, question, out);
    return;
  case INOS_INVITATION_ASK:
    wait_for_person (trust, question, out);
    return;
  case INOS_INVITATION_EXPIRED:
    turn_away (trust, peer, INOS_JOIN_EXPIRED, "the invitation has expired", out);
    return;
  case INOS_INVITATION_USED_UP:
    turn_away (trust, peer, INOS_JOIN_USED_UP, "the invitation was used", out);
    return;
  case INOS_INVITATION_UNKNOWN:
  default:
    turn_away (trust, peer, INOS_JOIN_UNKNOWN, "there is no such invitation", out);
  }
}

static bool on_join (struct inos_trust *trust, const struct inos_peer_id *peer,
                     struct inos_join_question *question, struct inos_buffer *out)
{
  struct inos_consent *consent = &question->consent;

  if (say_settled (trust, peer, out))
    return true;
  consent->subject = *peer;
  if (memcmp (&consent->mesh, inos_roll_mesh (trust->roll), sizeof consent->mesh) != 0 ||
      consent->era != inos_roll_era (trust->roll, peer)) {
    say (out, INOS_JOIN_STALE);
    return true;
  }
  if (!may_be_heard (trust)) {
    say (out, INOS_JOIN_BUSY);
    return true;
  }
  if (!inos_consent_is_right (consent, &trust->signer))
    return false;
  if (question->has_secret)
    on_code (trust, question, out);
  else
    wait_for_person (trust, question, out);
  return true;
}

static void on_show (struct inos_trust *trust, const struct inos_peer_id *peer,
                     const struct inos_join_question *question, struct inos_buffer *out)
{
  struct inos_buffer news = {0};

  if (!inos_roll_mesh (trust->roll) ||
      memcmp (&question->consent.mesh, inos_roll_mesh (trust->roll), INOS_MESH_ID_SIZE) != 0) {
    say (out, INOS_JOIN_NO_MESH);
    return;
  }
  if (!trust_is_member (trust, peer) && may_be_heard (trust)) {
    inos_roll_message_prove (trust->roll, question->statements, question->statements_len, &news);
    if (inos_buffer_len (&news) > 0) {
      trust_changed (trust);
      trust_roll_spread (trust, &news, peer);
    }
    inos_buffer_clear (&news);
  }
  if (trust_is_member (trust, peer))
    say (out, INOS_JOIN_MEMBER);
  else if (inos_roll_era (trust->roll, peer) == 0) /* it was revoked, or has another key */
    say_proven (trust, peer, INOS_JOIN_REVOKED, out);
  else
    say (out, INOS_JOIN_STRANGER);
}

bool trust_on_question (void *data, const struct inos_peer_id *peer, const uint8_t *bytes,
                        size_t len, struct inos_buffer *out)
{
  struct inos_trust *trust = data;
  struct inos_join_question question;
  const struct inos_peer_id who = *peer;

  if (!inos_join_question_read (&question, bytes, len))
    return false;
  switch (question.kind) {
  case INOS_JOIN_ASK:
    on_ask (trust, &who, out);
    return true;
  case INOS_JOIN_JOIN:
    return on_join (trust, &who, &question, out);
  case INOS_JOIN_SHOW:
    on_show (trust, &who, &question, out);
    return true;
  case INOS_JOIN_NUDGE:
  default:
    trust_nudged (trust, &who);
    say (out, INOS_JOIN_STRANGER);
    return true;
  }
}
