/*
 * What is whose in a document that has members: each of n may have the n-th part of its room, in
 * slots and in bytes, and keeps that whoever fills the rest.
 *
 * Who wrote a slot is only said, and ids can be ground: so neither decides who stays where there is
 * no room. A member signs a list of what it wrote, and that is a slot of the document itself, under
 * its id, which nobody else can write. It has digests, so that it speaks of what was written and of
 * nothing that has taken its place, and sizes, so that how much of it has room follows from the
 * list alone. What stands in a list within its writer's share goes last, and where several name the
 * same, the largest size they say is what counts: nobody can take away what is in another's share.
 * Of the rest, as always, what has the highest ids goes first. So those that do not lie still end
 * up with the same.
 *
 * The value of such a slot, of the kind INOS_SLOT_SHARE, under the text of the member's id: for
 * each slot its digest (16 bytes) and its size (2 bytes, little-endian: key, element and value),
 * and behind them the Ed25519 signature of "inos-document-share:", the document's topic, a zero,
 * the key, a zero, the stamp (8 bytes, little-endian) and those lines.
 *
 * Who removes or overwrites what another wrote does what each member may: this is about room.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/state/slot.h"
#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/peer_id.h"

#include <glib.h>

#define INOS_SHARE_SIGNATURE_SIZE 64u
#define INOS_SHARE_LINE_SIZE (INOS_SLOT_HASH_SIZE + 2u)
#define INOS_SHARE_LINES_MAX                                                                       \
  ((INOS_SLOT_VALUE_MAX - INOS_SHARE_SIGNATURE_SIZE) / INOS_SHARE_LINE_SIZE)
#define INOS_SHARE_EVERY UINT64_C (10000000000) /* ns between two lists of one member, at least */

struct inos_document;

/* As whom a replica signs. */
struct inos_document_author {
  const char *topic; /* copied; NULL: nothing in the document is anybody's */
  struct inos_peer_id id;
  void (*sign) (void *data, const void *bytes, size_t len,
                uint8_t signature[INOS_SHARE_SIGNATURE_SIZE]);
  void *data;
};

/** inos_document_set_members: who shares it beside this replica, at most
 * INOS_DOCUMENT_MEMBERS_MAX; with none, nothing is anybody's. */
void inos_document_set_members (struct inos_document *document, const struct inos_peer_id *members,
                                unsigned n);
/** inos_document_share_deadline: ns, when what this replica wrote is to be listed anew; INOS_NEVER:
 * it is listed. */
uint64_t inos_document_share_deadline (const struct inos_document *document);
/** inos_document_list_share: lists it now; the list is due to be told. Returns: whether there was
 * something else in it than before. */
bool inos_document_list_share (struct inos_document *document);
/** inos_document_share_is_listed: whether the slot in place @i goes last: it is in a list, within
 * the share of who wrote that, or is one. */
bool inos_document_share_is_listed (struct inos_document *document, unsigned i);
