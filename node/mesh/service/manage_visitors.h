/*
 * Who asks through the mesh, and how much: the bounds of each, and the audit log, which has a line
 * for every deed, and for what is looked at again and again one with how often. On the mesh's
 * thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/service/trust.h"

#define INOS_VISITORS_MAX 256u      /* that are known at once */
#define INOS_VISITOR_WAITING_MAX 8u /* questions of one that are being answered */
#define INOS_VISITOR_RATE 40u       /* questions of one a second */
#define INOS_VISITOR_BURST 120u
#define INOS_VISITOR_DEEDS 2u /* of them that change something; each is a line of the audit log */
#define INOS_VISITOR_DEEDS_BURST 20u
#define INOS_VISITOR_TELL_MS 600000u /* between lines about the same */

struct inos_visitors;

struct inos_visitors *inos_visitors_new (struct inos_trust *trust, GMainContext *context);
/** inos_visitors_stop: what is to be written is; nothing is ticked any more. */
void inos_visitors_stop (struct inos_visitors *visitors);
void inos_visitors_free (struct inos_visitors *visitors);

/** inos_visitors_begin: whether @peer may ask one more now; then inos_visitors_end() ends it.
 * @deed: it changes something */
bool inos_visitors_begin (struct inos_visitors *visitors, const struct inos_peer_id *peer,
                          bool deed);
void inos_visitors_end (struct inos_visitors *visitors, const struct inos_peer_id *peer);

/**
 * inos_visitors_note: @peer has asked.
 * @word: what came of it: a word; static
 * @type: the message; static
 * @detail: (nullable): of a deed, which is written down each time
 */
void inos_visitors_note (struct inos_visitors *visitors, const struct inos_peer_id *peer,
                         const char *word, const char *type, GVariant *detail);
