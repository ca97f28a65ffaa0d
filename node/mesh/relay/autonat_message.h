/*
 * What AutoNAT v2 says: "dial me at one of these", and what came of it.
 *
 * Source: libp2p/specs, autonat/autonat-v2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/multiaddr.h"

#define INOS_AUTONAT_DIAL_REQUEST "/libp2p/autonat/2/dial-request"
#define INOS_AUTONAT_DIAL_BACK "/libp2p/autonat/2/dial-back"
#define INOS_AUTONAT_MESSAGE_MAX 8192u /* bytes */
#define INOS_AUTONAT_ADDRESSES_MAX 16u /* of one request; more are left out */
#define INOS_AUTONAT_DATA_MAX 4096u    /* bytes of one message of data */

enum inos_autonat_kind {
  INOS_AUTONAT_REQUEST = 1,
  INOS_AUTONAT_RESPONSE = 2,
  INOS_AUTONAT_DATA_REQUEST = 3, /* "pay so many bytes first" */
  INOS_AUTONAT_DATA = 4,
};

enum inos_autonat_status {
  INOS_AUTONAT_INTERNAL_ERROR = 0,
  INOS_AUTONAT_REJECTED = 100,
  INOS_AUTONAT_DIAL_REFUSED = 101,
  INOS_AUTONAT_OK = 200,
};

enum inos_autonat_dial_status {
  INOS_AUTONAT_DIAL_UNUSED = 0,
  INOS_AUTONAT_DIAL_ERROR = 100,
  INOS_AUTONAT_DIAL_BACK_ERROR = 101,
  INOS_AUTONAT_DIAL_OK = 200,
};

struct inos_autonat_message {
  enum inos_autonat_kind kind;
  uint64_t nonce; /* of a request */
  unsigned n_addresses;
  struct inos_multiaddr addresses[INOS_AUTONAT_ADDRESSES_MAX]; /* len 0: one that we do not know */
  enum inos_autonat_status status;                             /* of a response */
  enum inos_autonat_dial_status dial_status;
  uint32_t index; /* of a response or a request for data: which address */
  uint64_t bytes; /* that are to be paid, or that were in this message */
};

/** inos_autonat_read: whether @bytes are a message of a dial request's stream. */
bool inos_autonat_read (struct inos_autonat_message *message, const void *bytes, size_t len);
/** inos_autonat_write: appends @message to @out; one of data has @message->bytes zeros. */
void inos_autonat_write (const struct inos_autonat_message *message, struct inos_buffer *out);
/** inos_autonat_read_nonce: (out): what a dial back says; whether it is one. */
bool inos_autonat_read_nonce (uint64_t *nonce, const void *bytes, size_t len);
void inos_autonat_write_nonce (uint64_t nonce, struct inos_buffer *out);
/** inos_autonat_is_thanks: whether @bytes say that a dial back arrived. */
bool inos_autonat_is_thanks (const void *bytes, size_t len);
void inos_autonat_write_thanks (struct inos_buffer *out);
