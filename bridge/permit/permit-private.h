/*
 * What the parts of the guard share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/permit/audit.h"
#include "bridge/permit/callers.h"
#include "bridge/permit/capabilities.h"
#include "bridge/permit/grants.h"
#include "bridge/permit/permit.h"
#include "bridge/permit/portal_asks.h"
#include "bridge/permit/prompts.h"
#include "bridge/permit/property_guard.h"

#include "inos-node1.h"

#include <stdbool.h>

struct inos_permit {
  GDBusConnection *bus;
  InosNode1Permissions *skeleton;
  struct inos_callers *callers; /* the one part that other threads use */
  struct inos_grants *grants;
  struct inos_audit *audit;
  struct inos_prompts *prompts;
  struct inos_property_guard *properties;
  struct inos_portal_asks *asks;
  GHashTable *stays; /* unique name → struct stay, of who asked the person */
  guint timer;       /* until a prompt expires */
};

/** inos_permit_note: writes a decision down; @by: a name on the bus, or "person". */
void inos_permit_note (struct inos_permit *permit, const char *app, const char *capability,
                       const char *decision, const char *by);

/** inos_permit_allows: whether it was granted, for good or while @sender is on the bus. */
bool inos_permit_allows (struct inos_permit *permit, const char *sender, const char *app,
                         const char *capability);

/** inos_permit_forget_stays: @capability: (nullable): NULL is all. */
void inos_permit_forget_stays (struct inos_permit *permit, const char *app, const char *capability);

/** inos_permit_update: the prompts have changed. */
void inos_permit_update (struct inos_permit *permit);

/** inos_permit_refuse: answers and consumes the call. */
void inos_permit_refuse (struct inos_permit *permit, GDBusMethodInvocation *invocation,
                         const char *name, const char *why);

/** inos_permit_refuse_to_ask: the same, of a question that is not asked; @asked: not asked or
 * joined. */
void inos_permit_refuse_to_ask (struct inos_permit *permit, GDBusMethodInvocation *invocation,
                                enum inos_prompt_asked asked);

/** inos_permit_export: org.inos.Node1.Permissions (permissions_object.c). */
bool inos_permit_export (struct inos_permit *permit, const char *path, GError **error);
void inos_permit_withdraw (struct inos_permit *permit);
