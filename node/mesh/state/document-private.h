/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/state/document.h"

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

struct inos_document {
  struct inos_document_setup setup;
  struct inos_stamp_clock clock;
  GPtrArray *entries; /* owned, struct inos_document_entry, by id */
  size_t bytes;       /* as they are stored */
  size_t plain;       /* as they were written: what is limited */
  uint64_t floor;
  GArray *actors; /* owned, struct inos_document_actor, by number */
  GArray *late;   /* owned, struct inos_document_late */
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
