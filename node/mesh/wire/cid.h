/*
 * Content ids: what some bytes are (a codec) and their hash. Version 0 is IPFS's first form: always
 * a dag-pb by its SHA-256, "Qm…".
 *
 * Source: multiformats/cid.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/multibase.h"
#include "node/mesh/wire/multihash.h"

#define INOS_CID_MAX 144 /* bytes */
#define INOS_CID_TEXT_MAX INOS_MULTIBASE_TEXT_MAX

enum inos_codec {
  INOS_CODEC_RAW = 0x55,
  INOS_CODEC_DAG_PB = 0x70,
  INOS_CODEC_LIBP2P_KEY = 0x72,
};

/* A value in the binary form, always a valid one; len 0: none. */
struct inos_cid {
  uint8_t len;
  uint8_t bytes[INOS_CID_MAX];
};

/* What is in one; the digest lies in it. */
struct inos_cid_parts {
  unsigned version; /* 0 or 1 */
  uint64_t codec;   /* enum inos_codec, or one that is not known */
  struct inos_multihash hash;
};

/** inos_cid_make: version 1. Returns: false where the hash's length is wrong, or it is too long. */
bool inos_cid_make (struct inos_cid *cid, uint64_t codec, uint64_t hash, const void *digest,
                    size_t len);
/**
 * inos_cid_read:
 *
 * Takes either version, at the beginning of @bytes.
 *
 * Returns: bytes read; 0: more are needed; -1: it is none.
 */
int inos_cid_read (struct inos_cid *cid, const void *bytes, size_t len);
/** inos_cid_parse: of its text in any base of multibase.h; of version 0 only base58btc. */
bool inos_cid_parse (struct inos_cid *cid, const char *text);
/** inos_cid_text: version 1 in @base, version 0 as it has to be; whether it fits. */
bool inos_cid_text (const struct inos_cid *cid, enum inos_base base, char *out, size_t size);
/** inos_cid_parts: takes @cid, which is not none, apart. */
struct inos_cid_parts inos_cid_parts (const struct inos_cid *cid);
