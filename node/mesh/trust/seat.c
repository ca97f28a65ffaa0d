/*
 * The founder's seat: whose word is of rank 0. The founder has it first; whoever has it passes it
 * on, and each time it has the next number, so that it can come back to who had it before.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/roll-private.h"

/* What takes the seat on from @step; of one who passed it on and then rotated that it was passed
 * on counts: nobody takes it back so. */
static const struct kept *next_of (const struct inos_roll *roll,
                                   const struct inos_roll_seat_step *step)
{
  const struct kept *pass = inos_roll_passing (roll, &step->id, step->number + 1);

  return pass ? pass : inos_roll_rotation (roll, &step->id);
}

unsigned inos_roll_walk_seat (const struct inos_roll *roll,
                              struct inos_roll_seat_step steps[INOS_ROLL_SEAT_STEPS_MAX])
{
  const struct kept *by;
  unsigned n = 1;

  steps[0] = (struct inos_roll_seat_step){.id = roll->founder};
  while (n < INOS_ROLL_SEAT_STEPS_MAX && (by = next_of (roll, &steps[n - 1])) != NULL) {
    bool passed = by->statement.kind == INOS_STATEMENT_PASS;
    steps[n] =
      (struct inos_roll_seat_step){by, by->statement.subject, steps[n - 1].number + passed};
    n++;
  }
  return n;
}

void inos_roll_note_seats (struct inos_roll *roll)
{
  struct inos_roll_seat_step steps[INOS_ROLL_SEAT_STEPS_MAX];
  unsigned n = inos_roll_walk_seat (roll, steps);

  roll->n_passed = 0;
  for (unsigned i = 1; i < n; i++)
    if (steps[i].by->statement.kind == INOS_STATEMENT_PASS)
      roll->passed[roll->n_passed++] = steps[i].id;
  roll->holder = steps[n - 1].id;
}

bool inos_roll_is_passed (const struct inos_roll *roll, const struct inos_statement *statement)
{
  return statement->kind == INOS_STATEMENT_PASS && statement->number <= roll->n_passed &&
         !inos_peer_id_equal (&statement->subject, &roll->passed[statement->number - 1]);
}

bool inos_roll_is_repeated (const struct inos_roll *roll, const struct inos_statement *pass)
{
  const struct kept *rotation = inos_roll_rotation (roll, &pass->author);

  for (unsigned n = 0; rotation && n <= INOS_ROLL_PATH_MAX; n++) {
    const struct inos_peer_id *next = &rotation->statement.subject;
    const struct kept *again = inos_roll_passing (roll, next, pass->number);
    if (again && inos_peer_id_equal (&again->statement.subject, &pass->subject))
      return true;
    rotation = inos_roll_rotation (roll, next);
  }
  return false;
}

unsigned inos_roll_seat (const struct inos_roll *roll, struct inos_peer_id *holder)
{
  *holder = roll->holder;
  return roll->n_passed;
}

bool inos_roll_had_seat (const struct inos_roll *roll, const struct inos_peer_id *id)
{
  const struct inos_roll_entry *entry = inos_roll_find (roll, id);

  return entry && entry->seated;
}
