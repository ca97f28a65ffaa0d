/*
 * A mailbox with a bound whose policy is to drop the oldest: who finds no room takes the mailbox
 * apart under the bound's lock, drops the oldest and puts its own in that one's place.
 *
 * Models admit_or_drop_oldest(), inos_bound_take(), take_oldest(), find_oldest(), drain(), inos_lanes_next()
 * and inos_lanes_release() of node/actor/mailbox.c, turn_held() of node/actor/worker.c, and
 * inos_queue_push(), inos_queue_advance() and inos_queue_release() of node/actor/queue.h. One sender is
 * less urgent than the others. A stranger sends what is not counted, a reply say, without the lock.
 * drain() takes DRAIN envelopes at once.
 *
 * Shown: every message is handled or dropped, once; what is not counted is not dropped; those of one
 * sender are handled in their order; the length is what is counted, whenever the lock is free, and
 * never more than the capacity; nobody hangs; one worker in the cell, and the cell once on the run
 * queue at most; nothing is left in a cell that is idle.
 *
 * run:                            2 senders of 2 each, a stranger, capacity 1
 * run: CAPACITY=2 DRAIN=2       the same, capacity 2, 2 drained at once
 * run: SENDERS=3 EACH=1         3 senders of 1 each
 * fault: RELEASE_UNLOCKED DRAIN=2 the worker gives the cell up without the lock
 * fault: DRAIN_ONCE               a sender drains once, and where it finds no oldest it drops none
 * fault: NO_PLACE                 a sender gives the oldest's place back and does not take it
 * fault: DROP_ANY                 a sender drops the oldest even where it is not counted
 * fault: COUNT_UNLOCKED           the worker counts out what it takes after it has freed the lock
 * fault: PLAIN                    the worker leaves in the queue what it handles
 */
#ifndef SENDERS
#define SENDERS 2
#endif
#ifndef EACH
#define EACH 2
#endif
#ifndef CAPACITY
#define CAPACITY 1
#endif
#ifndef DRAIN
#define DRAIN 1
#endif
#define ENVELOPES (SENDERS * EACH + 1)
#define STRANGER ENVELOPES /* its envelope */
#define WORKERS 2

#include "queue.inc"

#define COUNTED(envelope) ((envelope) != STRANGER)
#define FROM(envelope) (((envelope) - 1) / EACH)

bool locked;
byte length;
chan low = [ENVELOPES] of { byte };
chan high = [ENVELOPES] of { byte };
byte lanes_length;

bool finished[ENVELOPES + 1]; /* ghost: handled or dropped */
byte last_of[SENDERS];        /* ghost: handled last */
byte inside_counted;          /* ghost: how many are counted, and in the queue or the lanes */
byte over;                    /* ghost: how many are finished */

inline lock ()
{
  atomic { !locked -> locked = true }
}

inline unlock ()
{
  atomic {
    assert (length == inside_counted && length <= CAPACITY);
    locked = false
  }
}

inline finish (envelope)
{
  atomic {
    assert (live[envelope] && !finished[envelope]);
    finished[envelope] = true;
    over++
  }
}

/* inos_queue_advance(); @ok: the queue is empty and `head` is @last. */
#define ADVANCE(last, then)                                                                        \
  following = next[envelope];                                                                      \
  ok = false;                                                                                      \
  if                                                                                               \
  :: following == NIL ->                                                                           \
     first = NIL;                                                                                  \
     SWAP_HEAD (envelope, last, ok, then);                                                         \
     if                                                                                            \
     :: ok                                                                                         \
     :: else ->                                                                                    \
        atomic {                                                                                   \
          next[envelope] != NIL;                                                                   \
          first = next[envelope]                                                                   \
        }                                                                                          \
     fi                                                                                            \
  :: else -> first = following                                                                     \
  fi

inline drain ()
{
  do
  :: drained == DRAIN || head == HELD -> break
  :: else ->
     atomic { first != NIL -> envelope = first };
     assert (live[envelope]);
     ADVANCE (HELD, skip);
     atomic {
       if
       :: COUNTED (envelope) && FROM (envelope) == 0 -> low ! envelope
       :: else -> high ! envelope
       fi;
       envelope = NIL;
       following = NIL;
       ok = false
     };
     atomic {
       lanes_length++;
       drained++
     }
  od;
  drained = 0
}

/* find_oldest(): of the least urgent lane that has one that is counted. */
inline find_oldest ()
{
  atomic {
    if
    :: len (low) > 0 -> low ? oldest
    :: empty (low) ->
       envelope = len (high);
       do
       :: envelope > 0 ->
          high ? following;
          if
#ifdef DROP_ANY
          :: oldest == NIL -> oldest = following
#else
          :: oldest == NIL && COUNTED (following) -> oldest = following
#endif
          :: else -> high ! following
          fi;
          envelope--
       :: else -> break
       od;
       following = NIL
    fi;
    if
    :: oldest != NIL -> lanes_length--
    :: else
    fi
  }
}

/* admit_or_drop_oldest() */
proctype sender (byte id)
{
  byte sent, envelope, following, oldest, prev, drained;
  bool ok, room;

  do
  :: sent == EACH -> break
  :: else ->
     lock ();
     atomic {
       room = (length < CAPACITY);
       length = (room -> length + 1 : length)
     };
     if
     :: room
     :: else ->
        do /* take_oldest() */
        :: oldest != NIL -> break
        :: else ->
           drain ();
           find_oldest ();
#ifdef DRAIN_ONCE
           break
#else
           if
           :: oldest == NIL -> head != HELD /* C asks again and again */
           :: else
           fi
#endif
        od;
        atomic {
          if
          :: oldest != NIL -> inside_counted--
          :: else
          fi
        };
#ifdef NO_PLACE
        length--
#endif
     fi;
     atomic {
       envelope = id * EACH + sent + 1;
       inside_counted++
     };
     push (envelope, prev);
     unlock ();
     if
     :: oldest != NIL ->
        finish (oldest);
        live[oldest] = false
     :: else
     fi;
     atomic {
       sent++;
       envelope = NIL;
       oldest = NIL;
       room = false
     }
  od
}

proctype stranger ()
{
  byte prev;

  push (STRANGER, prev)
}

inline handle ()
{
  assert (live[envelope]);
  finish (envelope);
  atomic {
    if
    :: COUNTED (envelope) ->
       assert (last_of[FROM (envelope)] < envelope);
       last_of[FROM (envelope)] = envelope
    :: else
    fi
  };
  live[envelope] = false
}

proctype worker ()
{
  byte envelope, following, drained;
  bool ok;

idle:
  atomic {
    envelope = NIL;
    following = NIL;
    ok = false
  };
end_idle:
  atomic {
    runq ? _;
    enter ()
  };

in_turn: /* turn_held() */
#ifdef PLAIN
  if
  :: lanes_length == 0 && head != HELD ->
     atomic { first != NIL -> envelope = first };
     if
     :: COUNTED (envelope) ->
        atomic {
          length--;
          inside_counted--
        }
     :: else
     fi;
     handle ();
     ADVANCE (NIL, inside = false);
     if
     :: ok -> goto idle
     :: else -> goto in_turn
     fi
  :: else
  fi;
#endif
  lock (); /* inos_lanes_next() */
  drain ();
  if
  :: atomic { len (high) > 0 -> high ? envelope }
  :: atomic { empty (high) && len (low) > 0 -> low ? envelope }
  :: atomic { empty (high) && empty (low) -> skip }
  fi;
  if
  :: envelope != NIL ->
     lanes_length--;
#ifdef COUNT_UNLOCKED
     atomic {
       inside_counted = inside_counted - COUNTED (envelope);
       locked = false
     };
     length = length - COUNTED (envelope);
#else
     atomic {
       length = length - COUNTED (envelope);
       inside_counted = inside_counted - COUNTED (envelope)
     };
     unlock ();
#endif
     handle ();
     atomic {
       envelope = NIL;
       ok = false
     };
     if
     :: requeue (); goto idle
     :: goto in_turn
     fi
  :: else -> unlock ()
  fi;

  /* inos_lanes_release() */
#ifndef RELEASE_UNLOCKED
  lock ();
#endif
  ok = false;
  if
  :: lanes_length == 0 -> SWAP_HEAD (HELD, NIL, ok, inside = false)
  :: else
  fi;
#ifndef RELEASE_UNLOCKED
  unlock ();
#endif
  if
  :: ok -> goto idle
  :: else -> goto in_turn
  fi
}

init
{
  byte i;

  atomic {
    for (i : 0 .. SENDERS - 1) {
      run sender (i)
    };
    run stranger ();
    for (i : 1 .. WORKERS) {
      run worker ()
    }
  };
  timeout;
  assert (over == ENVELOPES);
  assert (length == 0 && lanes_length == 0 && empty (low) && empty (high) && !locked);
  assert (head == NIL && first == NIL && len (runq) == 0 && !inside)
}
