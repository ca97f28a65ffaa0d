/*
 * The founder's seat: whose it is, and giving it to somebody else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/trust-private.h"

#include "node/mesh/host/error.h"

void trust_note_seat (struct inos_trust *trust, bool tell)
{
  struct inos_peer_id holder;
  unsigned passed = inos_roll_seat (trust->roll, &holder);

  if (tell && passed > trust->seat_passed)
    inos_trust_note (trust, "passed", &holder, "has the founder's seat");
  trust->seat_passed = passed;
}

static const char *why_not (const struct inos_trust *trust, const struct inos_peer_id *peer)
{
  struct inos_peer_id holder;

  inos_roll_seat (trust->roll, &holder);
  if (trust->damaged)
    return "The roll of the mesh is damaged. Leave the mesh, and join it again.";
  if (trust_is_going (trust))
    return TRUST_GOING;
  if (!inos_roll_mesh (trust->roll) || !inos_peer_id_equal (&holder, trust_self (trust)) ||
      !trust_is_member (trust, trust_self (trust)))
    return "This node has not the founder's seat: who has is of rank 0 in ‘inosctl mesh roll’.";
  if (inos_peer_id_equal (peer, trust_self (trust)))
    return "This node has the founder's seat already.";
  if (inos_roll_standing (trust->roll, peer) == INOS_STANDING_REPLACED)
    return "This id has handed over to another one: see ‘inosctl mesh roll’.";
  if (!trust_is_member (trust, peer))
    return "Only a member can have the founder's seat: see ‘inosctl mesh roll’.";
  return NULL;
}

bool inos_trust_pass (struct inos_trust *trust, const struct inos_peer_id *peer, GError **error)
{
  const char *why = why_not (trust, peer);
  struct inos_buffer said = {0};

  if (!why && !inos_roll_pass (trust->roll, peer, &said))
    why = "There were too many hand-overs in this mesh: its members have to be invited anew.";
  if (why) {
    g_set_error_literal (error, INOS_MESH_ERROR, INOS_MESH_ERROR_REFUSED, why);
    return false;
  }
  trust_changed (trust);
  trust_roll_spread (trust, &said, NULL);
  inos_buffer_clear (&said);
  return true;
}
