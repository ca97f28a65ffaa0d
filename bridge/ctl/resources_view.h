/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The node's figures as a person reads them and as JSON. */
#pragma once

#include "props.h"

/* props is the a{sv} of org.inos.Node1. columns 0: as wide as it is. */
char *ctl_resources_text (GVariant *props, int columns, bool color);
void ctl_resources_json (GVariant *props, bool one_line);
