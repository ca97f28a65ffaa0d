/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/trust-private.h"

#include "node/mesh/host/error.h"
#include "node/mesh/net/mesh_thread.h"
#include "node/mesh/net/poller.h"

#include <stdarg.h>
#include <string.h>

#define WORTH 50u      /* of a member's connection, where there are too many */
#define FORGET_MS 1000 /* from a leave, for the others to hear of it */

/* Somebody's standing is another one now. */
struct change {
  struct inos_roll_entry entry;
  enum inos_standing before;
};

const struct inos_peer_id *trust_self (const struct inos_trust *trust)
{
  return inos_host_id (trust->setup.host);
}

bool trust_is_member (const struct inos_trust *trust, const struct inos_peer_id *peer)
{
  return inos_roll_standing (trust->roll, peer) == INOS_STANDING_MEMBER;
}

void inos_trust_note (struct inos_trust *trust, const char *what, const struct inos_peer_id *peer,
                      const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *more = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  inos_audit_write (trust->audit, what, peer, more);
}

void inos_trust_note_stranger (struct inos_trust *trust, const struct inos_peer_id *peer,
                               const char *protocol)
{
  inos_audit_stranger (trust->audit, peer, protocol);
}

void inos_trust_watch (struct inos_trust *trust, inos_trust_on_gone on_gone, void *data)
{
  trust->on_gone = on_gone;
  trust->gone_data = data;
}

static void tell_gone (struct inos_trust *trust, const struct inos_peer_id *peer)
{
  if (trust->on_gone)
    trust->on_gone (trust->gone_data, peer);
}

/* The guard */

static bool lets_in (void *data, const struct inos_peer_id *peer)
{
  const struct inos_trust *trust = data;

  return trust_is_member (trust, peer) || inos_peer_id_equal (peer, trust_self (trust));
}

static void refused (void *data, const struct inos_peer_id *peer, const char *protocol)
{
  inos_audit_stranger (((struct inos_trust *)data)->audit, peer, protocol);
}

static const struct inos_host_guard guard = {lets_in, refused};

bool inos_trust_is_closed (const struct inos_trust *trust)
{
  return trust->setup.access == INOS_ACCESS_MEMBERS ||
         (trust->setup.access == INOS_ACCESS_AUTO &&
          (trust->damaged || inos_roll_mesh (trust->roll) != NULL));
}

static gboolean on_cut (gpointer data)
{
  struct inos_trust *trust = data;
  g_autoptr (GArray) cut = g_steal_pointer (&trust->cut);

  trust->cut = g_array_new (FALSE, FALSE, sizeof (struct inos_peer_id));
  inos_timer_clear (&trust->cutter);
  for (guint i = 0; i < cut->len; i++) {
    const struct inos_peer_id *peer = &g_array_index (cut, struct inos_peer_id, i);
    if (!inos_host_lets_in (trust->setup.host, peer))
      inos_host_hang_up (trust->setup.host, peer);
  }
  return G_SOURCE_REMOVE;
}

/* A moment later, so that it hears why. */
static void cut_soon (struct inos_trust *trust, const struct inos_peer_id *peer, unsigned ms)
{
  g_array_append_vals (trust->cut, peer, 1);
  if (!trust->cutter)
    inos_timer_set (&trust->cutter, trust->setup.context, ms, on_cut, trust);
}

/* Strangers lose what they had when the mesh was open to them. */
static void close_to_strangers (struct inos_trust *trust, unsigned grace)
{
  g_autoptr (GPtrArray) peers = inos_peer_book_list (inos_host_book (trust->setup.host));

  for (guint i = 0; i < peers->len; i++) {
    const struct inos_peer *peer = peers->pdata[i];
    if (peer->links->len > 0 && !lets_in (trust, &peer->id)) {
      if (trust->membership)
        inos_membership_expel (trust->membership, &peer->id);
      cut_soon (trust, &peer->id, grace);
    }
  }
}

static void expel_strangers (struct inos_trust *trust)
{
  struct inos_members *members =
    trust->membership ? inos_membership_members (trust->membership) : NULL;

  for (unsigned i = members ? inos_members_total (members) : 0; i > 0; i--) {
    const struct inos_peer_id id = inos_member_record (inos_members_at (members, i - 1))->id;
    if (!lets_in (trust, &id))
      inos_membership_expel (trust->membership, &id);
  }
}

static void set_guard (struct inos_trust *trust, unsigned grace)
{
  bool closed = inos_trust_is_closed (trust);

  if (closed == inos_host_is_guarded (trust->setup.host))
    return;
  inos_host_set_guard (trust->setup.host, closed ? &guard : NULL, trust);
  if (closed) {
    close_to_strangers (trust, grace);
    expel_strangers (trust);
  }
}

/* What the roll tells */

static void on_standing (void *data, const struct inos_roll_entry *entry, enum inos_standing before)
{
  struct change change = {*entry, before};

  g_array_append_val (((struct inos_trust *)data)->changes, change);
}

/* The one that came first counts here; others may know the other one. */
static void on_disputed (void *data, const struct inos_statement *first,
                         const struct inos_statement *other)
{
  bool seat = first->kind == INOS_STATEMENT_PASS;
  char counts[INOS_PEER_TEXT_MAX], refused_one[INOS_PEER_TEXT_MAX], from[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (&first->author, from);
  inos_peer_id_text (&first->subject, counts);
  inos_peer_id_text (&other->subject, refused_one);
  inos_trust_note (data, "conflict", &first->author,
                   "has %s to %s, and then to %s, which is refused",
                   seat ? "passed the founder's seat on" : "handed over", counts, refused_one);
  if (seat) {
    g_warning ("%s has passed the founder's seat on to %s, and once more to %s, which is refused "
               "here. Where others believe that, the two have each a founder.",
               from, counts, refused_one);
    return;
  }
  g_warning ("Somebody has a copy of the old key of %s, which handed over to %s, and hands over to "
             "%s with it, which is refused here. Where others believe that, have it revoked there.",
             from, counts, refused_one);
}

struct inos_roll *trust_new_roll (struct inos_trust *trust)
{
  static const struct inos_roll_events events = {on_standing, on_disputed};

  return inos_roll_new (&(struct inos_roll_setup){.env = trust->env,
                                                  .trust = &trust->signer,
                                                  .self = *trust_self (trust),
                                                  .events = &events,
                                                  .data = trust});
}

static void write_change (struct inos_trust *trust, const struct change *change)
{
  static const char *const words[] = {[INOS_STANDING_STRANGER] = "forgotten",
                                      [INOS_STANDING_MEMBER] = "joined",
                                      [INOS_STANDING_LEFT] = "left",
                                      [INOS_STANDING_REVOKED] = "revoked",
                                      [INOS_STANDING_REPLACED] = "replaced"};
  const struct inos_roll_entry *entry = &change->entry;
  bool replaced = entry->standing == INOS_STANDING_REPLACED;
  char by[INOS_PEER_TEXT_MAX];

  if (entry->standing == INOS_STANDING_LEFT && change->before == INOS_STANDING_STRANGER)
    return; /* history that is heard of late */
  inos_peer_id_text (replaced ? &entry->next : &entry->by, by);
  inos_trust_note (trust, words[entry->standing], &entry->id, "%s%s%s%s",
                   inos_peer_id_is_set (&entry->by) ? "by " : "",
                   inos_peer_id_is_set (&entry->by) ? by : "", *entry->name ? ": " : "",
                   entry->name);
}

static void act_upon (struct inos_trust *trust, const struct change *change)
{
  struct inos_host *host = trust->setup.host;
  const struct inos_peer_id *peer = &change->entry.id;

  write_change (trust, change);
  if (inos_peer_id_equal (peer, trust_self (trust))) {
    if (change->entry.standing == INOS_STANDING_LEFT ||
        change->entry.standing == INOS_STANDING_REVOKED)
      tell_gone (trust, NULL);
    return;
  }
  g_hash_table_remove (trust->shown, peer);
  if (change->entry.standing == INOS_STANDING_MEMBER) {
    inos_requests_remove (trust->requests, peer);
    inos_host_value (host, peer, "member", WORTH);
    inos_identify_again (trust->setup.identify, peer);
    trust_roll_meet (trust, peer);
    return;
  }
  inos_host_value (host, peer, "member", 0);
  if (change->entry.standing != INOS_STANDING_REPLACED)
    tell_gone (trust, peer);
  if (!inos_host_is_guarded (host))
    return;
  if (trust->membership)
    inos_membership_expel (trust->membership, peer);
  cut_soon (trust, peer, TRUST_CUT_MS);
}

/* Also where more changes meanwhile. */
static void act (struct inos_trust *trust)
{
  while (trust->changes->len > 0) {
    struct change change = g_array_index (trust->changes, struct change, 0);
    g_array_remove_index (trust->changes, 0);
    act_upon (trust, &change);
  }
}

void trust_changed (struct inos_trust *trust)
{
  trust_save_roll (trust);
  trust_tell_successions (trust);
  trust_note_seat (trust, true);
  act (trust);
}

void trust_replace_roll (struct inos_trust *trust, struct inos_roll *roll, unsigned grace)
{
  inos_timer_clear (&trust->forget);
  inos_roll_free (trust->roll);
  trust->roll = roll;
  trust->damaged = false;
  tell_gone (trust, NULL); /* first: what went with the mesh before this is not kept beside it */
  trust_save_roll (trust);
  inos_host_forget_successions (trust->setup.host);
  trust_tell_successions (trust);
  trust_note_seat (trust, false);
  set_guard (trust, grace);
  act (trust);
}

/* What a person asks for */

static bool refuse (GError **error, const char *why)
{
  g_set_error_literal (error, INOS_MESH_ERROR, INOS_MESH_ERROR_REFUSED, why);
  return false;
}

static void found (struct inos_trust *trust)
{
  struct inos_roll *roll = trust_new_roll (trust);

  inos_roll_found (roll, g_get_host_name(), NULL);
  inos_trust_note (trust, "founded", trust_self (trust), "%s", g_get_host_name());
  trust_replace_roll (trust, roll, 0); /* who is not a member yet has nothing to hear */
}

bool trust_is_going (const struct inos_trust *trust)
{
  return trust->rotating || trust->forget;
}

static bool may_invite (struct inos_trust *trust, GError **error)
{
  const struct inos_roll_entry *self = inos_roll_find (trust->roll, trust_self (trust));

  if (trust_is_going (trust))
    return refuse (error, TRUST_GOING);
  if (trust->damaged)
    return refuse (error, "The roll of the mesh is damaged. Leave the mesh, and join it again.");
  if (!inos_roll_mesh (trust->roll))
    found (trust);
  else if (!trust_is_member (trust, trust_self (trust)))
    return refuse (error, "This node is no member of its mesh any more. Leave it to begin anew.");
  else if (self->rank >= INOS_ROLL_RANK_MAX)
    return refuse (error,
                   "This node is too far from the founder to invite. Have another one do so.");
  return true;
}

/* Those that reach furthest first; none of loopback where there are others. */
static void add_addresses (struct inos_trust *trust, struct inos_code *code)
{
  const GArray *listening = inos_host_listening_at (trust->setup.host);

  for (int reach = INOS_REACH_PUBLIC; reach >= INOS_REACH_LOOPBACK; reach--)
    for (guint i = 0; i < listening->len && code->n_addresses < INOS_CODE_ADDRESSES_MAX; i++) {
      const struct inos_multiaddr *at = &g_array_index (listening, struct inos_multiaddr, i);
      if ((int)inos_multiaddr_reach (at) != reach || inos_multiaddr_has (at, INOS_MULTIADDR_WS) ||
          (reach == INOS_REACH_LOOPBACK && code->n_addresses > 0))
        continue;
      code->addresses[code->n_addresses++] = *at;
    }
}

bool inos_trust_invite (struct inos_trust *trust, int64_t life, unsigned uses, bool ask,
                        char text[INOS_CODE_TEXT_MAX], int64_t *expires, GError **error)
{
  struct inos_code code = {.inviter = *trust_self (trust)};

  if (!may_invite (trust, error))
    return false;
  if (!inos_invitations_add (trust->invitations, life, uses, ask, code.secret, expires))
    return refuse (error, "There are 64 invitations that count still. Wait until some are used.");
  if (!trust_save_invitations (trust))
    return refuse (error, "The invitation cannot be kept on the disk, and would not count.");
  code.expires = *expires;
  add_addresses (trust, &code);
  inos_code_write (&code, text);
  inos_trust_note (trust, "invited", trust_self (trust), "%u may come%s", uses,
                   ask ? ", each to be accepted" : "");
  return true;
}

static bool let_in (struct inos_trust *trust, const struct inos_request *request, GError **error)
{
  struct inos_buffer said = {0};
  struct inos_consent consent = request->consent;
  bool invited = request->invited;
  uint8_t secret[INOS_CODE_SECRET_SIZE];

  memcpy (secret, request->secret, sizeof secret);
  if (!inos_roll_admit (trust->roll, &consent, &said)) {
    inos_buffer_clear (&said);
    return refuse (error, "It cannot be a member: it is one, or was revoked, or has to ask again.");
  }
  if (invited && inos_invitations_use (trust->invitations, secret))
    trust_save_invitations (trust);
  inos_requests_remove (trust->requests, &consent.subject);
  inos_trust_note (trust, "accepted", &consent.subject, "%s", consent.name);
  trust_changed (trust);
  trust_roll_spread (trust, &said, NULL);
  inos_buffer_clear (&said);
  return true;
}

bool inos_trust_decide (struct inos_trust *trust, const struct inos_peer_id *id, bool accept,
                        GError **error)
{
  const struct inos_request *request = inos_requests_find (trust->requests, id);
  const struct inos_peer_id peer = *id;

  if (trust_is_going (trust))
    return refuse (error, TRUST_GOING);
  if (!request) {
    g_set_error_literal (error, INOS_MESH_ERROR, INOS_MESH_ERROR_NO_ADDRESS,
                         "This peer does not ask to be a member, or not any more.");
    return false;
  }
  if (accept && !let_in (trust, request, error))
    return false;
  if (!accept) {
    inos_requests_refuse (trust->requests, &peer);
    inos_trust_note (trust, "refused", &peer, "by a person");
  }
  trust_nudge (trust, &peer);
  return true;
}

bool inos_trust_revoke (struct inos_trust *trust, const struct inos_peer_id *peer, GError **error)
{
  struct inos_buffer said = {0};

  if (trust_is_going (trust))
    return refuse (error, TRUST_GOING);
  if (inos_roll_standing (trust->roll, peer) == INOS_STANDING_STRANGER) {
    g_set_error_literal (error, INOS_MESH_ERROR, INOS_MESH_ERROR_NO_ADDRESS,
                         "This peer is no member.");
    return false;
  }
  if (inos_roll_standing (trust->roll, peer) == INOS_STANDING_REVOKED)
    return true;
  if (inos_roll_standing (trust->roll, peer) == INOS_STANDING_REPLACED)
    return refuse (error, "This id has handed over to another one and counts for nothing any more. "
                          "To end the membership, revoke the one that it is now: see ‘inosctl "
                          "mesh roll’.");
  if (!inos_roll_revoke (trust->roll, peer, &said)) {
    inos_buffer_clear (&said);
    return refuse (error,
                   "A member is revoked by the founder, or by a member that is nearer to the "
                   "founder than it: see ‘inosctl mesh roll’.");
  }
  trust_roll_spread (trust, &said, NULL);
  trust_changed (trust);
  inos_buffer_clear (&said);
  return true;
}

static gboolean on_forget (gpointer data)
{
  struct inos_trust *trust = data;

  inos_timer_clear (&trust->forget);
  trust_forget_files (trust);
  g_array_set_size (trust->changes, 0);
  trust_replace_roll (trust, trust_new_roll (trust), TRUST_CUT_MS);
  return G_SOURCE_REMOVE;
}

bool inos_trust_leave (struct inos_trust *trust, GError **error)
{
  struct inos_buffer said = {0};

  if (trust->rotating)
    return refuse (error, TRUST_GOING);
  if (!trust->damaged && !inos_roll_mesh (trust->roll))
    return refuse (error, "This node is in no mesh that has members.");
  inos_invitations_clear (trust->invitations);
  inos_requests_clear (trust->requests);
  trust_save_invitations (trust);
  bool was_member = inos_roll_leave (trust->roll, &said);
  if (was_member) {
    trust_roll_spread (trust, &said, NULL);
    trust_changed (trust);
  }
  if (!trust->forget)
    inos_timer_set (&trust->forget, trust->setup.context, was_member ? FORGET_MS : 0, on_forget,
                    trust);
  inos_buffer_clear (&said);
  return true;
}

/* Looking */

const struct inos_roll *inos_trust_roll (const struct inos_trust *trust)
{
  return trust->roll;
}

const char *inos_trust_standing (enum inos_standing standing)
{
  static const char *const words[] = {[INOS_STANDING_STRANGER] = "none",
                                      [INOS_STANDING_MEMBER] = "member",
                                      [INOS_STANDING_LEFT] = "left",
                                      [INOS_STANDING_REVOKED] = "revoked",
                                      [INOS_STANDING_REPLACED] = "replaced"};

  return words[standing];
}

struct inos_requests *inos_trust_requests (struct inos_trust *trust)
{
  return trust->requests;
}

GPtrArray *inos_trust_audit (const struct inos_trust *trust, unsigned limit)
{
  return inos_audit_read (trust->audit, limit);
}

/* Life cycle */

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE])
{
  inos_identity_sign (((struct inos_trust *)data)->setup.identity, bytes, len, signature);
}

static bool verify (void *data, const struct inos_peer_id *id, const void *bytes, size_t len,
                    const uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE])
{
  uint8_t key[INOS_PUBLIC_KEY_SIZE];

  return inos_peer_id_key (id, key) && inos_signature_is_right (key, bytes, len, signature);
}

struct inos_trust *inos_trust_new (const struct inos_trust_setup *setup)
{
  struct inos_trust *trust = g_new0 (struct inos_trust, 1);

  trust->setup = *setup;
  trust->env = inos_host_env (setup->host);
  trust->dir = g_strdup (setup->dir);
  trust->signer = (struct inos_statement_trust){trust, sign, verify};
  trust->invitations = inos_invitations_new (trust->env);
  trust->requests = inos_requests_new (trust->env);
  trust->audit = inos_audit_new (trust->env, setup->dir);
  trust->changes = g_array_new (FALSE, FALSE, sizeof (struct change));
  trust->cut = g_array_new (FALSE, FALSE, sizeof (struct inos_peer_id));
  trust->shown = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, g_free, NULL);
  trust->roll = trust_new_roll (trust);
  trust_load (trust);
  g_array_set_size (trust->changes, 0); /* they happened before */
  trust_tell_successions (trust);
  trust_note_seat (trust, false);
  trust_join_start (trust);
  trust_roll_start (trust);
  set_guard (trust, TRUST_CUT_MS);
  return trust;
}

void inos_trust_use (struct inos_trust *trust, struct inos_membership *membership)
{
  trust->membership = membership;
}

void inos_trust_stop (struct inos_trust *trust)
{
  inos_drive_end (&trust->drive);
  inos_timer_clear (&trust->cutter);
  inos_timer_clear (&trust->rounds);
  trust_rotate_stop (trust);
  if (trust->forget)
    on_forget (trust); /* who left and ends at once has left */
  trust_join_stop (trust);
  trust->membership = NULL;
}

void inos_trust_free (struct inos_trust *trust)
{
  if (!trust)
    return;
  inos_trust_stop (trust);
  inos_messenger_free (trust->messenger);
  inos_questions_free (trust->questions);
  g_hash_table_unref (trust->up);
  g_hash_table_unref (trust->asked);
  g_hash_table_unref (trust->shown);
  g_array_unref (trust->changes);
  g_array_unref (trust->cut);
  inos_roll_free (trust->roll);
  inos_invitations_free (trust->invitations);
  inos_requests_free (trust->requests);
  inos_audit_free (trust->audit);
  g_free (trust->dir);
  g_free (trust);
}
