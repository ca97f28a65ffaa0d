/*
 * Disks: /proc/self/mountinfo and statvfs().
 *
 * Only file systems of this machine are asked how full they are. One over a network or of a user's
 * program may hang, and the node with it; so those are left out, and so is each mount point that
 * lies below or under one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/sample.h"
#include "node/monitor/scan.h"

/** inos_disks_parse: lists the disks of a mountinfo, one row a device, its shortest mount point; no
 * figures yet. */
void inos_disks_parse (struct inos_scan text, struct inos_sample *sample);

/** inos_disks_measure: fills in the figures of listed disks; those that do not answer are dropped.
 */
void inos_disks_measure (struct inos_sample *sample);
