/*
 * What a person may set of the mesh: the group [mesh] of node.ini.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/link/connection.h"
#include "node/mesh/remote/message.h"
#include "node/mesh/wire/multiaddr.h"

#include <glib.h>

#define INOS_MESH_GROUP "mesh"
#define INOS_MESH_ADDRESSES_MAX 16u                   /* of one list */
#define INOS_MESH_REGION_MAX 32                       /* bytes */
#define INOS_MESH_ACTORS_MAX 16u                      /* that are public by the settings */
#define INOS_MESH_MANAGERS_MAX 16u                    /* of one list */
#define INOS_MESH_LIMITS_MAX 16u                      /* protocols with limits of their own */
#define INOS_MESH_PROTOCOL_MAX 128u                   /* bytes of a protocol's name */
#define INOS_MESH_RATE_LEAST (16u * 1024)             /* bytes/s: what members and pings need */
#define INOS_MESH_RATE_MOST (UINT64_C (102400000000)) /* bytes/s */
#define INOS_MESH_MEMORY_LEAST (1024u * 1024)         /* bytes: windows of a few streams */
#define INOS_MESH_MEMORY_MOST (UINT64_C (1) << 40)

/* Whom this node relays for. */
enum inos_relay_mode {
  INOS_RELAY_MODE_OFF,
  INOS_RELAY_MODE_MEMBERS, /* whom its settings name, and all of a private mesh */
  INOS_RELAY_MODE_ON,      /* everybody */
};

/* Who may do more here than what is public. */
enum inos_access {
  INOS_ACCESS_AUTO,    /* members, as soon as the mesh has a roll; else everybody */
  INOS_ACCESS_OPEN,    /* everybody */
  INOS_ACCESS_MEMBERS, /* those on the roll */
};

/* Whether to spend less. */
enum inos_saving {
  INOS_SAVING_AUTO, /* as the system says */
  INOS_SAVING_YES,
  INOS_SAVING_NO,
};

struct inos_mesh_protocol_limit {
  char protocol[INOS_MESH_PROTOCOL_MAX + 1];
  struct inos_protocol_limits limits;
};

struct inos_mesh_config {
  bool enabled;               /* default: yes */
  bool of_system;             /* the machine's node is in the mesh, not this one; default: no */
  bool discovery;             /* by mDNS; default: yes */
  bool perf;                  /* whether peers may measure us; default: no */
  enum inos_relay_mode relay; /* default: members */
  enum inos_access access;    /* default: auto */
  bool hole_punching;         /* default: yes */
  bool port_mapping;          /* by NAT-PMP or UPnP; default: no */
  bool has_psk;
  uint8_t psk[INOS_PSK_SIZE]; /* of a private mesh */
  unsigned n_listen, n_bootstrap;
  struct inos_multiaddr listen[INOS_MESH_ADDRESSES_MAX];
  struct inos_multiaddr bootstrap[INOS_MESH_ADDRESSES_MAX]; /* with a /p2p/, or a /dnsaddr/ */
  unsigned connections_max;
  /* bytes a second, of all connections and of those of one peer; default: 0, no limit */
  uint64_t send_max, receive_max, peer_send_max, peer_receive_max;
  uint64_t peer_memory_max;          /* bytes that wait for one peer; default: 0, no limit */
  uint64_t metered_send_max;         /* bytes a second on a metered network; default: 256 KiB/s */
  enum inos_saving metered, battery; /* default: auto */
  unsigned n_protocol_limits;        /* default: none */
  struct inos_mesh_protocol_limit protocol_limits[INOS_MESH_LIMITS_MAX];
  unsigned n_public_actors; /* that every peer may reach, unless a person has changed that */
  char public_actors[INOS_MESH_ACTORS_MAX][INOS_REMOTE_NAME_MAX + 1];
  unsigned n_lookers, n_managers; /* who may look at this node, and who may manage it */
  struct inos_peer_id lookers[INOS_MESH_MANAGERS_MAX], managers[INOS_MESH_MANAGERS_MAX];
  char region[INOS_MESH_REGION_MAX + 1]; /* what the others are told; default: "" */
};

/** inos_mesh_protocol_limit_parse: "/perf/1.0.0:send=512,receive=512,memory=4096", in KiB a second
 * and KiB; what is not said has no limit. */
bool inos_mesh_protocol_limit_parse (struct inos_mesh_protocol_limit *limit, const char *text);
/** inos_mesh_saving_parse: "auto", "yes" or "no"; whether @text is one. */
bool inos_mesh_saving_parse (const char *text, enum inos_saving *saving);
/** inos_mesh_limits_are_right: whether they are within bounds. */
bool inos_mesh_limits_are_right (const struct inos_protocol_limits *limits);
/** inos_mesh_protocol_is_right: whether @name could be a protocol's. */
bool inos_mesh_protocol_is_right (const char *name);

/** inos_mesh_config_init: the defaults. */
void inos_mesh_config_init (struct inos_mesh_config *config);

/* Says what is wrong with a setting; the value before stays. */
typedef void (*inos_mesh_config_wrong) (void *data, const char *key, const char *what);

/**
 * inos_mesh_config_read: the group [mesh] of @file, as far as it is right.
 *
 * Returns: whether nothing was wrong.
 */
bool inos_mesh_config_read (struct inos_mesh_config *config, GKeyFile *file,
                            inos_mesh_config_wrong wrong, void *data);
