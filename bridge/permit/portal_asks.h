/*
 * Questions that the shell asks for the desktop's portals, in an application's name: whether it may
 * see the screen, or use a device. They wait, are answered, audited and kept as those of the
 * application's own calls are.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/permit/prompts.h"

#include <gio/gio.h>

#define INOS_PORTAL_REQUEST_MAX 512 /* bytes of a request's name */

struct inos_permit;
struct inos_portal_asks;

struct inos_portal_asks *inos_portal_asks_new (struct inos_permit *permit);
void inos_portal_asks_free (struct inos_portal_asks *asks); /* takes NULL */

/**
 * inos_portal_asks_ask:
 * @invocation: of Ask, which is answered now or later
 * @request: its caller's name for the question
 */
void inos_portal_asks_ask (struct inos_portal_asks *asks, GDBusMethodInvocation *invocation,
                           const char *app, const char *capability, const char *request);

/** inos_portal_asks_withdraw: what @sender asked under that name is not asked any more. */
void inos_portal_asks_withdraw (struct inos_portal_asks *asks, const char *sender,
                                const char *request);

/**
 * inos_portal_asks_answer:
 * @key: as the prompts have it for who waits
 * @invocation: what waits; answered and consumed where it is of Ask
 *
 * Returns: whether it is.
 */
bool inos_portal_asks_answer (struct inos_portal_asks *asks, const struct inos_prompt *prompt,
                              const char *key, GDBusMethodInvocation *invocation,
                              enum inos_prompt_answer answer);
