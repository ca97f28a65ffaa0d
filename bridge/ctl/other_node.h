/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --node: what is asked of this machine's node is asked of another one, through it. */
#pragma once

#include "ctl.h"

/* Whether a call of the node's interface is one that another node can be asked, and one is meant.
 */
bool ctl_other_node_is_meant (const struct ctl *ctl, const char *interface);

/* (transfer full): what the node of ctl->node answers to the method; NULL with an error set.
 * parameters may be NULL. */
GVariant *ctl_other_node_call (struct ctl *ctl, const char *method, GVariant *parameters,
                               GError **error);
