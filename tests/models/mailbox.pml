/*
 * The queue of a mailbox, which also says who schedules its cell.
 *
 * Models inos_queue_push(), inos_queue_first(), inos_queue_advance() and inos_queue_release() of
 * node/actor/queue.h, turn_plain() and turn_held() of node/actor/worker.c, and drain() of
 * node/actor/mailbox.c.
 *
 * Shown: every envelope is handled exactly once; those of one sender in their order; no two workers
 * in the cell, and the cell at most once on the run queue; an idle cell has an empty queue, so no
 * message waits for a wake-up that nobody gives; a freed envelope is never touched. In both modes
 * and through the change from plain to held at any envelope.
 *
 * run:                            2 senders of 2 each, no envelope used again
 * run: ENVELOPES=2 REUSE          the same, where a freed envelope comes back at once
 * run: SENDERS=3 EACH=1           3 senders
 * fault: SCHEDULE_BEFORE_FIRST    a sender schedules before it has set `first`
 * fault: SCHEDULE_WHEN_HELD       a sender schedules a cell that a worker has
 * fault: IDLE_WITHOUT_COMPARE     the worker stores NULL to `head` in place of comparing
 * fault: FIRST_AFTER_SWAP         the worker clears `first` when it no longer has the cell
 * fault: FREE_BEFORE_SWAP         the worker frees an envelope that is still the queue's last
 * fault: NO_WAIT_FOR_NEXT         the worker takes a sender that is under way for an empty queue
 * fault: REQUEUE_WHEN_IDLE        the worker puts a cell that it has made idle on the run queue
 * fault: HELD_WITHOUT_COMPARE     as IDLE_WITHOUT_COMPARE, in held mode
 */
#ifndef SENDERS
#define SENDERS 2
#endif
#ifndef EACH
#define EACH 2
#endif
#ifndef ENVELOPES
#define ENVELOPES (SENDERS * EACH)
#endif
#define WORKERS 2
#define BATCH 2

#include "queue.inc"

byte from[ENVELOPES + 1];
byte number[ENVELOPES + 1];
byte expected[SENDERS]; /* of each sender, the number to be handled next */
byte handled;

bool held;              /* the cell's mode; only who has the cell touches it */
chan high = [ENVELOPES] of { byte };
chan low = [ENVELOPES] of { byte };

/* Any free envelope: which one the allocator gives back is not ours to say. */
inline allocate (envelope)
{
  atomic {
#ifdef REUSE
    if
    :: !live[1] -> envelope = 1
    :: !live[2] -> envelope = 2
    fi;
#else
    envelope = id * EACH + sent + 1;
#endif
    live[envelope] = true;
    from[envelope] = id;
    number[envelope] = sent
  }
}

inline handle (envelope)
{
  atomic {
    assert (live[envelope]);
    assert (number[envelope] == expected[from[envelope]]);
    expected[from[envelope]]++;
    handled++
  }
}

proctype sender (byte id)
{
  byte sent, envelope, prev;

  do
  :: sent < EACH ->
     allocate (envelope);
     push (envelope, prev);
     atomic {
       sent++;
       envelope = NIL
     }
  :: else -> break
  od
}

/* Takes @envelope, the oldest, out of the queue; @last is what `head` becomes where it was the only
 * one. Then the cell is given up, if @last says so, and @ok is true. */
#define ADVANCE(last, then)                                                                        \
  following = next[envelope];                                                                      \
  ok = false;                                                                                      \
  if                                                                                               \
  :: following == NIL ->                                                                           \
     CLEAR_BEFORE;                                                                                 \
     SWAP (last, then);                                                                            \
     if                                                                                            \
     :: ok -> CLEAR_AFTER                                                                          \
     :: else ->                                                                                    \
        atomic {                                                                                   \
          WAIT_FOR_NEXT;                                                                           \
          following = next[envelope];                                                              \
          first = following /* no sender touches it now */                                         \
        }                                                                                          \
     fi                                                                                            \
  :: else -> first = following                                                                     \
  fi

#ifdef FIRST_AFTER_SWAP
#define CLEAR_BEFORE skip
#define CLEAR_AFTER first = NIL
#else
#define CLEAR_BEFORE first = NIL
#define CLEAR_AFTER skip
#endif
#ifdef NO_WAIT_FOR_NEXT
#define WAIT_FOR_NEXT skip
#else
#define WAIT_FOR_NEXT next[envelope] != NIL
#endif
#ifdef IDLE_WITHOUT_COMPARE
#define SWAP(last, then) atomic { head = (last); ok = true; then }
#else
#define SWAP(last, then) SWAP_HEAD (envelope, last, ok, then)
#endif

proctype worker ()
{
  byte envelope, following, batch;
  bool ok;

idle:
  atomic {
    envelope = NIL;
    following = NIL;
    ok = false;
    batch = 0
  };
end_idle:
  atomic {
    runq ? _;
    enter ()
  };
  if
  :: held -> goto lanes
  :: else
  fi;

plain:
  envelope = first;
  assert (envelope != NIL);
  if
  :: held = true -> goto drain /* an envelope with a priority, say */
  :: true
  fi;
  handle (envelope);
#ifdef FREE_BEFORE_SWAP
  live[envelope] = false;
#endif
  ADVANCE (NIL, inside = false);
  live[envelope] = false;
  if
  :: ok ->
#ifdef REQUEUE_WHEN_IDLE
     requeue ();
#endif
     goto idle
  :: else
  fi;
  batch++;
  if
  :: batch == BATCH -> requeue (); goto idle
  :: else -> goto plain
  fi;

drain:
  envelope = first;
  do
  :: envelope == NIL -> break
  :: else ->
     ADVANCE (HELD, skip);
     atomic {
       if
       :: from[envelope] == 0 -> high ! envelope
       :: else -> low ! envelope
       fi;
       envelope = (ok -> NIL : following)
     }
  od;

lanes:
  if
  :: high ? envelope
  :: low ? envelope
  :: first != NIL -> goto drain /* what came meanwhile may be more urgent */
  :: empty (high) && empty (low) ->
#ifdef HELD_WITHOUT_COMPARE
     atomic { head = NIL; ok = true; inside = false };
#else
     SWAP_HEAD (HELD, NIL, ok, inside = false);
#endif
     if
     :: ok -> goto idle
     :: else -> first != NIL; goto drain
     fi
  fi;
  handle (envelope);
  live[envelope] = false;
  batch++;
  if
  :: batch == BATCH -> requeue (); goto idle
  :: else -> goto lanes
  fi
}

init
{
  byte i;

  atomic {
    for (i : 0 .. SENDERS - 1) {
      run sender (i)
    };
    for (i : 1 .. WORKERS) {
      run worker ()
    }
  };
  timeout;
  assert (handled == SENDERS * EACH);
  assert (head == NIL && first == NIL && len (runq) == 0 && !inside)
}
