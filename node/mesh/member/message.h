/*
 * What members say to each other: one kind of message with many optional parts, in protobuf's wire
 * format. Datagrams carry probes and what is new of others on their back, messages (in order, and
 * larger) carry lists for those that have missed something, and the overlay's.
 *
 * Reading checks it whole once; parts that repeat are then walked where they lie.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

#define INOS_MEMBER_DATAGRAM_MAX 1200u /* bytes: fits every path's MTU */
#define INOS_MEMBER_MESSAGE_MAX 65536u
#define INOS_MEMBER_CLAIMS_MAX 1024u /* in one message */

enum inos_member_kind {
  /* datagrams */
  INOS_MEMBER_PING = 1, /* are you there? sequence, tag of who is meant */
  INOS_MEMBER_ACK,      /* yes; sequence */
  INOS_MEMBER_PING_REQ, /* ask the one with this tag for me; sequence */
  INOS_MEMBER_NACK,     /* I asked, and heard nothing yet; sequence */
  INOS_MEMBER_GOSSIP,   /* only claims */
  /* messages: two members compare what they know */
  INOS_MEMBER_SYNC,      /* level, count, digest, and claims of whoever sends it about itself */
  INOS_MEMBER_SYNC_SAME, /* the digests are the same */
  INOS_MEMBER_SYNC_LIST, /* level and what is known, in entries */
  INOS_MEMBER_SYNC_PUSH, /* claims that you lack, and tags of those that I lack */
  /* messages of the overlay: partial views */
  INOS_MEMBER_VIEW_JOIN,     /* claim: the new one */
  INOS_MEMBER_VIEW_FORWARD,  /* the same, and ttl */
  INOS_MEMBER_VIEW_NEIGHBOR, /* be my neighbour; flag: I have too few */
  INOS_MEMBER_VIEW_ANSWER,   /* flag: yes */
  INOS_MEMBER_VIEW_GONE,     /* no longer neighbours */
  INOS_MEMBER_VIEW_SHUFFLE,  /* claims of some that I know, and ttl; the first is whose it is */
  INOS_MEMBER_VIEW_REPLY,    /* claims of as many others */
  INOS_MEMBER_TREE,          /* claims to pass on; ids; grafts; flag: prune */
  INOS_MEMBER_KINDS,
};

enum inos_member_state {
  INOS_MEMBER_ALIVE = 1,
  INOS_MEMBER_SUSPECT,
  INOS_MEMBER_DEAD,
  INOS_MEMBER_LEFT,
};

/* That somebody is alive or has left is said by a record, which they have signed; that somebody is
 * suspected or dead is an accusation, which anybody may make. */
struct inos_member_claim {
  enum inos_member_state state; /* ALIVE for any record */
  const uint8_t *record;
  size_t record_len;
  uint64_t tag, incarnation, accuser; /* of an accusation */
};

/* A line of a list. */
struct inos_member_line {
  uint64_t tag, incarnation;
  enum inos_member_state state;
};

struct inos_member_span {
  const uint8_t *at;
  size_t len;
};

/* A message as it was read; it points into the bytes. */
struct inos_member_message {
  enum inos_member_kind kind;
  uint64_t sequence, tag, digest;
  uint32_t count;
  uint8_t level, ttl;
  bool flag;
  unsigned n_claims;
  struct inos_member_span whole, lines, wants, ids, grafts;
};

/** inos_member_message_read: whether @bytes are a message; it is in order in every part but
 * records, whose signatures nobody has checked. */
bool inos_member_message_read (struct inos_member_message *message, const void *bytes, size_t len);
/**
 * inos_member_message_claim:
 * @offset: (inout): 0 for the first; moved past it
 *
 * Returns: whether there was another one.
 */
bool inos_member_message_claim (const struct inos_member_message *message, size_t *offset,
                                struct inos_member_claim *claim);
/** inos_member_span_line: the same of a list's lines. */
bool inos_member_span_line (const struct inos_member_span *lines, size_t *offset,
                            struct inos_member_line *line);
/** inos_member_span_number: the same of wants, ids and grafts. */
bool inos_member_span_number (const struct inos_member_span *numbers, size_t *offset,
                              uint64_t *number);

/* Writing: begin, then the other parts in any order. */
void inos_member_put_kind (struct inos_buffer *out, enum inos_member_kind kind);
void inos_member_put_sequence (struct inos_buffer *out, uint64_t sequence);
void inos_member_put_tag (struct inos_buffer *out, uint64_t tag);
void inos_member_put_summary (struct inos_buffer *out, unsigned level, unsigned count,
                              uint64_t digest);
void inos_member_put_ttl (struct inos_buffer *out, unsigned ttl);
void inos_member_put_flag (struct inos_buffer *out);
/** inos_member_put_claim: appends @claim. */
void inos_member_put_claim (struct inos_buffer *out, const struct inos_member_claim *claim);
/** inos_member_claim_size: bytes that @claim takes. */
size_t inos_member_claim_size (const struct inos_member_claim *claim);
/** inos_member_put_lines, …: appends what has been collected by the functions below. */
void inos_member_put_lines (struct inos_buffer *out, const struct inos_buffer *lines);
void inos_member_put_wants (struct inos_buffer *out, const struct inos_buffer *numbers);
void inos_member_put_ids (struct inos_buffer *out, const struct inos_buffer *numbers);
void inos_member_put_grafts (struct inos_buffer *out, const struct inos_buffer *numbers);
void inos_member_add_line (struct inos_buffer *lines, const struct inos_member_line *line);
void inos_member_add_number (struct inos_buffer *numbers, uint64_t number);
