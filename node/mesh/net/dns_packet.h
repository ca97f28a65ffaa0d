/*
 * DNS packets, as far as mDNS needs them: a reader for what strangers send, and a writer. Does no
 * I/O.
 *
 * Source: RFC 1035, 4; RFC 6762, 18.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

#define INOS_DNS_PACKET_MAX 9000 /* bytes: RFC 6762, 17 */
#define INOS_DNS_NAME_MAX 256    /* of a name as text, with its end */
#define INOS_DNS_LABEL_MAX 63
#define INOS_DNS_RECORDS_MAX 256 /* of one packet; what comes behind is not looked at */

enum inos_dns_type {
  INOS_DNS_PTR = 12,
  INOS_DNS_TXT = 16,
  INOS_DNS_ANY = 255,
};

#define INOS_DNS_IN 1
#define INOS_DNS_CLASS_MASK 0x7fff /* the highest bit means other things in mDNS */

/* One question, or one record of an answer. */
struct inos_dns_entry {
  bool question;
  char name[INOS_DNS_NAME_MAX]; /* "a.b.local", in small letters */
  uint16_t type, klass;
  const uint8_t *data; /* in the packet */
  size_t len;
};

struct inos_dns_reader {
  const uint8_t *bytes;
  size_t len, at;
  bool response;
  unsigned questions, records; /* that are left */
  unsigned looked_at;
};

/** inos_dns_begin: whether @bytes, which stay there while they are read, begin as a packet. */
bool inos_dns_begin (struct inos_dns_reader *reader, const void *bytes, size_t len);
/** inos_dns_next: whether there is another entry; names of odd bytes end it too. */
bool inos_dns_next (struct inos_dns_reader *reader, struct inos_dns_entry *entry);
/** inos_dns_target: the name that is the data of a PTR. */
bool inos_dns_target (const struct inos_dns_reader *reader, const struct inos_dns_entry *entry,
                      char name[INOS_DNS_NAME_MAX]);

/** inos_dns_put_header: begins a packet. */
void inos_dns_put_header (struct inos_buffer *out, bool response, uint16_t questions,
                          uint16_t answers, uint16_t additional);
void inos_dns_put_question (struct inos_buffer *out, const char *name, uint16_t type);
/** inos_dns_open_record: Returns: what inos_dns_close_record() takes; its data goes between. */
size_t inos_dns_open_record (struct inos_buffer *out, const char *name, uint16_t type,
                             uint32_t ttl);
void inos_dns_close_record (struct inos_buffer *out, size_t opened);
/** inos_dns_put_name: "a.b.local", whose parts are no longer than they may be. */
void inos_dns_put_name (struct inos_buffer *out, const char *name);
