/*
 * A world for supervisions without a runtime: workers, nested supervisors and a clock that are made
 * up, in one thread and in one order. It plays scripts, and checks every supervision's invariants
 * after each thing that happens.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "script.h"

/**
 * world_play:
 *
 * Plays @script and writes its log and answers.
 *
 * Returns: the shortest time, in ms, between two things that happen one after the other because of
 * the clock alone: whether a real clock can be relied on to keep their order. 0: they happen at
 * once.
 */
uint32_t world_play (struct script *script);

extern const struct inos_behaviour world_worker;
