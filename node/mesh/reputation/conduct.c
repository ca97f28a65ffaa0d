/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/reputation/conduct.h"

#include <glib.h>

#define SECOND UINT64_C (1000000000)

/* A dial says little of what a peer is worth, and happens often; who breaks rules does so at will,
 * which takes four good turns to make up for. What comes by itself, again and again, counts once in
 * a while. */
static const struct {
  const char *name;
  bool good;
  uint32_t weight;
  uint64_t pause;
} table[] = {
  [INOS_CONDUCT_ANSWERED] = {"answered", true, INOS_OUTCOME, 0},
  [INOS_CONDUCT_LATE] = {"late", false, INOS_OUTCOME / 2, 0},
  [INOS_CONDUCT_SILENT] = {"silent", false, INOS_OUTCOME, 0},
  [INOS_CONDUCT_REACHED] = {"reached", true, INOS_OUTCOME / 16, 60 * SECOND},
  [INOS_CONDUCT_UNREACHED] = {"unreached", false, INOS_OUTCOME / 8, 60 * SECOND},
  [INOS_CONDUCT_ENDED] = {"ended", true, INOS_OUTCOME / 4, 0},
  [INOS_CONDUCT_LOST] = {"lost", false, INOS_OUTCOME / 4, 0},
  [INOS_CONDUCT_SERVED] = {"served", true, INOS_OUTCOME, 5 * SECOND},
  [INOS_CONDUCT_UNSERVED] = {"unserved", false, INOS_OUTCOME, 5 * SECOND},
  [INOS_CONDUCT_GOSSIP] = {"gossip", false, INOS_OUTCOME / 2, 60 * SECOND},
  [INOS_CONDUCT_RULES] = {"rules", false, 4 * INOS_OUTCOME, SECOND},
};

G_STATIC_ASSERT (G_N_ELEMENTS (table) == INOS_CONDUCTS);

const char *inos_conduct_name (enum inos_conduct conduct)
{
  return table[conduct].name;
}

bool inos_conduct_is_good (enum inos_conduct conduct)
{
  return table[conduct].good;
}

uint32_t inos_conduct_weight (enum inos_conduct conduct)
{
  return table[conduct].weight;
}

uint64_t inos_conduct_pause (enum inos_conduct conduct)
{
  return table[conduct].pause;
}
