/*
 * To become a member of somebody else's mesh: the side that asks. It finds out which mesh that is,
 * signs that it wants to be a member of it, and asks, again and again where a person has to be
 * waited for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/trust-private.h"

#include "node/mesh/host/error.h"
#include "node/mesh/net/poller.h"

#include <sodium.h>
#include <string.h>

#define ASK_AGAIN_MS 10000
#define FAILURES_MAX 3u
#define SOON_MS 300
#define STALE_MAX 3u                    /* members come and go meanwhile, but not that often */
#define WAIT_MAX (86400 * TRUST_SECOND) /* for a person's word */

/* A join, from the dial to the end. */
struct joining {
  struct inos_trust *trust;
  struct inos_peer_id peer; /* nobody before it was reached, where only an address is known */
  bool has_secret, dialling, over, busy; /* busy: a question is not answered yet */
  uint8_t secret[INOS_CODE_SECRET_SIZE];
  bool has_consent;
  unsigned failures; /* of its questions, before it was told anything */
  unsigned stale;    /* how often its answer was that the consent is */
  struct inos_consent consent;
  uint64_t since;
  GSource *timer;         /* to ask again */
  inos_trust_joined done; /* NULL: told already */
  void *data;
};

static void tell (struct joining *joining, bool member, const GError *error)
{
  inos_trust_joined done = joining->done;

  joining->done = NULL;
  if (done)
    done (joining->data, member, error);
}

static void free_when_done (struct joining *joining)
{
  if (!joining->over || joining->dialling)
    return;
  sodium_memzero (joining->secret, sizeof joining->secret);
  g_free (joining);
}

static void end (struct joining *joining, bool member, const GError *error)
{
  if (joining->over)
    return;
  joining->over = true;
  inos_timer_clear (&joining->timer);
  joining->trust->joining = NULL;
  tell (joining, member, error);
  free_when_done (joining);
}

static void fail (struct joining *joining, enum inos_mesh_error code, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (INOS_MESH_ERROR, (gint)code, why);

  if (!joining->done)
    g_message ("The node is not a member of the mesh that it asked: %s", why);
  end (joining, false, error);
}

void trust_give_up (struct inos_trust *trust)
{
  if (trust->joining)
    fail (trust->joining, INOS_MESH_ERROR_CLOSED, "The join was given up.");
}

/* Asking */

static void ask_which (struct joining *joining)
{
  joining->busy = true;
  trust_ask (joining->trust, &joining->peer, &(struct inos_join_question){.kind = INOS_JOIN_ASK});
}

static void ask_to_join (struct joining *joining)
{
  struct inos_join_question question = {.kind = INOS_JOIN_JOIN,
                                        .has_secret = joining->has_secret,
                                        .has_consent = true,
                                        .consent = joining->consent};

  memcpy (question.secret, joining->secret, sizeof question.secret);
  joining->busy = true;
  trust_ask (joining->trust, &joining->peer, &question);
}

static gboolean on_again (gpointer data)
{
  struct joining *joining = data;

  inos_timer_clear (&joining->timer);
  if (joining->busy)
    return G_SOURCE_REMOVE;
  if (inos_env_now (joining->trust->env) - joining->since > WAIT_MAX)
    fail (joining, INOS_MESH_ERROR_TIMED_OUT, "Nobody there has decided in a day.");
  else if (joining->has_consent)
    ask_to_join (joining);
  else
    ask_which (joining);
  return G_SOURCE_REMOVE;
}

static void ask_again_in (struct joining *joining, guint ms)
{
  inos_timer_clear (&joining->timer);
  inos_timer_set (&joining->timer, joining->trust->setup.context, ms, on_again, joining);
}

void trust_nudged (struct inos_trust *trust, const struct inos_peer_id *peer)
{
  struct joining *joining = trust->joining;

  if (joining && joining->has_consent && inos_peer_id_equal (&joining->peer, peer))
    ask_again_in (joining, 0);
}

/* Answers */

static bool take_offer (struct joining *joining, const struct inos_join_answer *answer)
{
  struct inos_consent *consent = &joining->consent;

  if (joining->has_consent && memcmp (&consent->mesh, &answer->mesh, sizeof consent->mesh) != 0)
    return false;
  *consent = (struct inos_consent){
    .mesh = answer->mesh, .subject = *trust_self (joining->trust), .era = answer->era};
  inos_name_set (consent->name, g_get_host_name());
  inos_consent_sign (consent, &joining->trust->signer);
  joining->has_consent = true;
  return true;
}

/* A roll of our own, of what proves that we are a member of it. */
static bool install (struct joining *joining, const struct inos_join_answer *answer)
{
  struct inos_trust *trust = joining->trust;
  struct inos_roll *roll = trust_new_roll (trust);
  struct inos_roll_message_result result;
  bool right =
    inos_roll_message_take (roll, answer->statements, answer->statements_len, NULL, &result);

  inos_roll_settle (roll);
  right = right && inos_roll_mesh (roll) &&
          inos_roll_standing (roll, trust_self (trust)) == INOS_STANDING_MEMBER &&
          inos_roll_standing (roll, &joining->peer) == INOS_STANDING_MEMBER;
  if (right && joining->has_consent)
    right = memcmp (inos_roll_mesh (roll), &joining->consent.mesh, INOS_MESH_ID_SIZE) == 0;
  if (!right) {
    g_array_set_size (trust->changes, 0);
    inos_roll_free (roll);
    return false;
  }
  trust_replace_roll (trust, roll, TRUST_GRACE_MS);
  return true;
}

static void take_membership (struct joining *joining, const struct inos_join_answer *answer)
{
  struct inos_peer_id peer = joining->peer;
  struct inos_trust *trust = joining->trust;

  if (!install (joining, answer)) {
    fail (joining, INOS_MESH_ERROR_FAILED, "What it says proves no membership.");
    return;
  }
  end (joining, true, NULL);
  trust_show (trust, &peer);
}

static const char *reason (enum inos_join_state state)
{
  switch (state) {
  case INOS_JOIN_REFUSED:
    return "A person there has refused.";
  case INOS_JOIN_REVOKED:
    return "This node was revoked there, which is for ever, or has handed over to another key. It "
           "needs another identity to come back.";
  case INOS_JOIN_UNKNOWN:
    return "There is no such invitation there. Ask for another one.";
  case INOS_JOIN_EXPIRED:
    return "The invitation has expired. Ask for another one.";
  case INOS_JOIN_USED_UP:
    return "The invitation was used already. Ask for another one.";
  case INOS_JOIN_BUSY:
    return "Too many ask there at once. Try again later.";
  case INOS_JOIN_NO_MESH:
    return "That node is in no mesh, or may not invite. Have somebody there type ‘inosctl mesh "
           "invite’.";
  default:
    return "Its answer means nothing here.";
  }
}

static void take_answer (struct joining *joining, enum inos_join_kind kind,
                         const struct inos_join_answer *answer)
{
  switch (answer->state) {
  case INOS_JOIN_MEMBER:
    take_membership (joining, answer);
    return;
  case INOS_JOIN_OFFERED:
    if (kind == INOS_JOIN_ASK && take_offer (joining, answer))
      ask_to_join (joining);
    else
      fail (joining, INOS_MESH_ERROR_FAILED, "It is of another mesh than before.");
    return;
  case INOS_JOIN_WAITING:
    if (!joining->has_consent) {
      fail (joining, INOS_MESH_ERROR_FAILED, reason (answer->state));
      return;
    }
    ask_again_in (joining, ASK_AGAIN_MS);
    tell (joining, false, NULL);
    return;
  case INOS_JOIN_STALE:
    if (kind == INOS_JOIN_JOIN && joining->stale++ < STALE_MAX)
      ask_which (joining);
    else
      fail (joining, INOS_MESH_ERROR_FAILED, reason (answer->state));
    return;
  default:
    fail (joining, INOS_MESH_ERROR_REFUSED, reason (answer->state));
  }
}

/* Who says that we were revoked has to prove it. */
static void take_standing (struct inos_trust *trust, const struct asked *asked,
                           const struct inos_join_answer *answer)
{
  struct inos_buffer news = {0};

  if (answer->state == INOS_JOIN_STRANGER)
    g_hash_table_remove (trust->shown, &asked->peer);
  if (answer->state != INOS_JOIN_REVOKED || !inos_roll_mesh (trust->roll))
    return;
  inos_roll_message_prove (trust->roll, answer->statements, answer->statements_len, &news);
  if (inos_buffer_len (&news) > 0) {
    trust_roll_spread (trust, &news, &asked->peer);
    trust_changed (trust);
  }
  inos_buffer_clear (&news);
}

void trust_answered (struct inos_trust *trust, const struct asked *asked,
                     const struct inos_join_answer *answer, const GError *why)
{
  struct joining *joining = trust->joining;

  if (asked->kind == INOS_JOIN_SHOW && answer)
    take_standing (trust, asked, answer);
  else if (asked->kind == INOS_JOIN_SHOW)
    g_hash_table_remove (trust->shown, &asked->peer);
  if ((asked->kind != INOS_JOIN_ASK && asked->kind != INOS_JOIN_JOIN) || !joining ||
      !inos_peer_id_equal (&joining->peer, &asked->peer))
    return;
  joining->busy = false;
  if (answer)
    take_answer (joining, asked->kind, answer);
  else if (joining->done && joining->failures++ < FAILURES_MAX)
    ask_again_in (joining, SOON_MS); /* where it has just closed to strangers it hangs up on them */
  else if (joining->done)            /* it never worked */
    fail (joining, INOS_MESH_ERROR_FAILED, why->message);
  else
    ask_again_in (joining, ASK_AGAIN_MS);
}

/* Beginning */

static void on_reached (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct joining *joining = data;

  joining->dialling = false;
  if (joining->over) {
    free_when_done (joining);
  } else if (error) {
    end (joining, false, error);
  } else {
    joining->peer = *peer;
    ask_which (joining);
  }
}

static bool read_whom (struct joining *joining, const char *whom, struct inos_code *code)
{
  *code = (struct inos_code){0};
  if (inos_code_is (whom)) {
    if (!inos_code_read (code, whom)) {
      fail (joining, INOS_MESH_ERROR_REFUSED,
            "The code of the invitation has a typing error, or is not whole.");
      return false;
    }
    joining->peer = code->inviter;
    joining->has_secret = true;
    memcpy (joining->secret, code->secret, sizeof joining->secret);
    return true;
  }
  if (*whom == '/' && inos_multiaddr_parse (&code->addresses[0], whom, NULL)) {
    code->n_addresses = 1;
    inos_multiaddr_peer (&code->addresses[0], &joining->peer);
    return true;
  }
  if (inos_peer_id_parse (&joining->peer, whom))
    return true;
  fail (joining, INOS_MESH_ERROR_REFUSED,
        "That is neither the code of an invitation (“inos1…”) nor a peer's id nor an address.");
  return false;
}

/* Returns: NULL where nothing is against it. */
static const char *objection (struct inos_trust *trust, const struct joining *joining)
{
  if (trust_is_going (trust))
    return TRUST_GOING;
  if (inos_peer_id_equal (&joining->peer, trust_self (trust)))
    return "That is this node itself.";
  if (trust->damaged ||
      (trust_is_member (trust, trust_self (trust)) && inos_roll_members (trust->roll) > 1))
    return "This node is in a mesh already. ‘inosctl mesh leave’ first.";
  return NULL;
}

void inos_trust_join (struct inos_trust *trust, const char *whom, inos_trust_joined done,
                      void *data)
{
  struct joining *joining = g_new0 (struct joining, 1);
  struct inos_code code;

  trust_give_up (trust);
  *joining = (struct joining){
    .trust = trust, .since = inos_env_now (trust->env), .done = done, .data = data};
  trust->joining = joining;
  if (!read_whom (joining, whom, &code))
    return;
  const char *why_not = objection (trust, joining);
  if (why_not) {
    fail (joining, INOS_MESH_ERROR_REFUSED, why_not);
    return;
  }
  joining->dialling = true;
  bool named = inos_peer_id_is_set (&joining->peer);
  inos_host_connect (trust->setup.host, named ? &joining->peer : NULL, code.addresses,
                     code.n_addresses, on_reached, joining);
}

const struct inos_peer_id *inos_trust_joining (const struct inos_trust *trust)
{
  return trust->joining ? &trust->joining->peer : NULL;
}
