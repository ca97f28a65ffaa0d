/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/state/document.h"

#include "node/mesh/wire/peer_id.h"

struct inos_document_entry {
  struct inos_slot slot; /* key, element and value are owned */
  struct inos_slot_id id, digest;
  uint64_t used;      /* ns; when it was read or changed last */
  uint64_t since;     /* stamp: when it became what it is, here */
  uint64_t denied;    /* a bit for each member who has a floor above it and has it not, */
  uint64_t denied_at; /* ns: since when */
  size_t stored_len;  /* bytes of the value as it is stored */
  enum inos_document_due due;
  bool packed;
  bool insisted; /* it was taken although it is from before the floor, and stays */
  bool own;      /* this replica wrote it so, since it was started */
  bool listed;   /* it goes last: see document_share.h; as long as shares are not stale */
};

/* What came from before the floor and is not there: offered, and not taken yet. */
struct inos_document_late {
  struct inos_slot_id id;
  uint64_t first, last; /* ns */
};

struct inos_document_actor {
  uint64_t actor;
  unsigned slots;
};

/* What is whose; see document_share.h. */
struct inos_document_shares {
  char *topic;                  /* owned; NULL: there are none */
  char key[INOS_PEER_TEXT_MAX]; /* of this replica's list */
  struct inos_peer_id *members; /* owned; the others */
  unsigned n_members;
  GArray *lines;      /* owned; of all lists, by digest, each once; NULL: not looked at yet */
  bool stale;         /* `lines` and what entries say of it is no more */
  bool due;           /* something was written since this replica's list was */
  uint64_t listed_at; /* ns, last; 0: not yet */
};

struct inos_document {
  struct inos_document_setup setup;
  struct inos_stamp_clock clock;
  GPtrArray *entries; /* owned, struct inos_document_entry, by id */
  size_t bytes;       /* as they are stored */
  size_t plain;       /* as they were written: what is limited */
  uint64_t floor;
  GArray *actors; /* owned, struct inos_document_actor, by number */
  GArray *late;   /* owned, struct inos_document_late */
  struct inos_document_shares share;
};

/** inos_document_entry_at: the one in place @i. */
static inline struct inos_document_entry *
inos_document_entry_at (const struct inos_document *document, unsigned i)
{
  return document->entries->pdata[i];
}

/** inos_document_apply: stores @slot, or merges it, whoever has written it; it is @due from then
 * on. */
enum inos_document_taken inos_document_apply (struct inos_document *document,
                                              const struct inos_slot *slot,
                                              enum inos_document_due due);
/** inos_document_insist: stores @slot, which is not there, although it is from before the floor. */
enum inos_document_taken inos_document_insist (struct inos_document *document,
                                               const struct inos_slot *slot);
/** inos_document_raw: (transfer full) (nullable): the value as it was written, in @len bytes;
 * NULL: it is @entry->slot.value itself. */
uint8_t *inos_document_raw (const struct inos_document_entry *entry);
/** inos_document_remove_at: drops the entry in place @i. */
void inos_document_remove_at (struct inos_document *document, unsigned i);
/** inos_document_stamp_for: one for now that is above that of @slot, where it is there. */
uint64_t inos_document_stamp_for (struct inos_document *document, const struct inos_slot *slot);

/* document_share.c */
void inos_document_share_init (struct inos_document *document);
void inos_document_share_finish (struct inos_document *document);
/** inos_document_share_may_be: whether @slot, a share from elsewhere, is news, and a member's. */
bool inos_document_share_may_be (struct inos_document *document, const struct inos_slot *slot);
/** inos_document_share_touched: @entry is new, or another one than before; @written: by this
 * replica. */
void inos_document_share_touched (struct inos_document *document, struct inos_document_entry *entry,
                                  bool written);
/** inos_document_share_refresh: what entries say of being listed is so. */
void inos_document_share_refresh (struct inos_document *document);
/** inos_document_share_has_room: whether @slot, which this replica writes, in place of @before
 * (nullable), which is in the document, is within its share. */
bool inos_document_share_has_room (struct inos_document *document, const struct inos_slot *slot,
                                   const struct inos_slot *before);
