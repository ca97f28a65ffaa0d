/*
 * Signals, and actors that are suspended because what they sent has no room yet.
 *
 * A blocked actor handles no message but must hear signals, of which one unblocks it. So its worker
 * leaves the cell with its queue as it is, and whoever sends the next signal schedules it.
 *
 * Models inos_signal(), push(), kick(), take_all() and inos_signals_handle() of node/actor/signal.c, and
 * suspend(), turn_plain() and turn_held() of node/actor/worker.c.
 *
 * Shown: every signal is handled and every message too, the messages in order and none while the
 * actor is blocked; no two workers in the cell; the cell at most once on the run queue. In both modes
 * and through the change from plain to held at any envelope.
 *
 * run:                            2 messages that block, 2 signals that unblock, 1 of a stranger
 * run: BLOCKING=1                 1 message that blocks and 1 that does not
 * fault: NO_LOOK_BEHIND           the worker suspends without looking at the signals once more
 * fault: LOOK_AHEAD               the sender looks whether the cell is suspended, then pushes
 * fault: NO_EXCHANGE              the sender reads and clears `suspended` in two steps
 * fault: NO_COMPARE               the worker takes the cell back whether a sender has it or not
 * fault: NO_KICK                  a sender wakes only who is suspended
 * fault: TAKE_IN_TWO              the worker reads and clears the signals in two steps
 * fault: SUSPEND_IDLE             a suspended cell looks idle to those who send messages
 */
#ifndef STRANGERS
#define STRANGERS 1
#endif
#ifndef BLOCKING
#define BLOCKING 2
#endif
#define MESSAGES 2
#define SIGNALS (BLOCKING + STRANGERS)
#define ENVELOPES (MESSAGES + SIGNALS) /* of each signal a kick */
#define WORKERS 2

#include "queue.inc"

byte signals;     /* the stack, as a set: a bit of each signal */
bool suspended;

bool blocked;     /* the actor's own */
bool held;
chan lane = [ENVELOPES] of { byte };

byte blockings;   /* ghost: how often it was blocked */
byte handled;
byte heard;       /* ghost: signals handled, a bit each */

/* inos_signal(): any thread. That it reads `suspended` before it exchanges it changes nothing. */
inline signal (which, prev)
{
#ifdef LOOK_AHEAD
  was = suspended;
  signals = signals | (1 << which);
  if
  :: was -> suspended = false;
#else
  signals = signals | (1 << which);
  if
#ifndef NO_EXCHANGE
  :: atomic { suspended -> suspended = false };
#else
  :: suspended ->
#endif
#endif
#ifdef NO_EXCHANGE
     suspended = false;
#endif
     schedule ()
  :: else ->
#ifndef NO_KICK
     kick (which, prev)
#else
     skip
#endif
  fi
}

inline kick (which, prev)
{
  push (MESSAGES + 1 + which, prev)
}

proctype messages ()
{
  byte i, prev;

  for (i : 1 .. MESSAGES) {
    push (i, prev)
  }
}

/* Where the actor's messages do not fit, one after the other: says when there is room. */
proctype elsewhere ()
{
  byte i, prev;
#ifdef LOOK_AHEAD
  bool was;
#endif

  for (i : 0 .. BLOCKING - 1) {
    blockings > i;
    signal (i, prev)
  }
}

proctype stranger (byte which)
{
  byte prev;
#ifdef LOOK_AHEAD
  bool was;
#endif

  signal (which, prev)
}

inline handle (envelope)
{
  atomic {
    assert (live[envelope] && inside);
    if
    :: envelope <= MESSAGES ->
       assert (!blocked);
       handled++;
       assert (envelope == handled);
       if
       :: handled <= BLOCKING ->
          blocked = true;
          blockings++
       :: else
       fi
    :: else /* a kick */
    fi
  }
}

/* inos_signals_handle() */
inline handle_signals ()
{
  if
  :: signals != 0 ->
     atomic {
       taken = signals;
#ifndef TAKE_IN_TWO
       signals = 0
#endif
     };
#ifdef TAKE_IN_TWO
     signals = 0;
#endif
     atomic {
       assert (inside);
       assert (!(heard & taken));
       heard = heard | taken;
       if
       :: taken & ((1 << BLOCKING) - 1) -> blocked = false
       :: else
       fi;
       taken = 0
     }
  :: else
  fi
}

/* suspend() in worker.c: @ok is whether the cell is left. */
inline suspend ()
{
  atomic {
    suspended = true;
    inside = false
#ifdef SUSPEND_IDLE
    ; head = NIL
#endif
  };
#ifdef NO_LOOK_BEHIND
  ok = true;
#else
  if
  :: signals == 0 -> ok = true
  :: else ->
     atomic {
#ifdef NO_COMPARE
       suspended = false;
       enter ();
       ok = false
#else
       if
       :: suspended ->
          suspended = false;
          enter ();
          ok = false
       :: else -> ok = true
       fi
#endif
     }
  fi
#endif
}

proctype worker ()
{
  byte envelope, following, taken;
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

  if /* inos_turn() */
  :: head == HELD || len (lane) > 0 -> goto in_lanes
  :: else
  fi;

plain: /* turn_plain() */
  atomic {
    first != NIL;
    envelope = first
  };
  handle_signals ();
  if
  :: held = true -> goto in_lanes /* a sender had a priority, say */
  :: !held
  fi;
  if
  :: blocked ->
     suspend ();
     if
     :: ok -> goto idle
     :: else -> goto plain
     fi
  :: else
  fi;
  handle (envelope);
  following = next[envelope];
  ok = false;
  if
  :: following == NIL ->
     first = NIL;
     SWAP_HEAD (envelope, NIL, ok, inside = false);
     if
     :: ok -> live[envelope] = false; goto idle
     :: else ->
        next[envelope] != NIL
     fi
  :: else
  fi;
  atomic {
    following = next[envelope];
    first = following; /* no sender touches it now */
    live[envelope] = false
  };
  goto plain;

in_lanes: /* turn_held() */
  handle_signals ();
  if
  :: blocked ->
     suspend ();
     if
     :: ok -> goto idle
     :: else -> goto in_lanes
     fi
  :: else
  fi;
  envelope = first; /* inos_lanes_next() */
  do
  :: envelope == NIL -> break
  :: else ->
     following = next[envelope];
     ok = false;
     if
     :: following == NIL ->
        first = NIL;
        SWAP_HEAD (envelope, HELD, ok, skip);
        if
        :: ok
        :: else ->
           atomic {
             next[envelope] != NIL;
             following = next[envelope];
             first = following
           }
        fi
     :: else -> first = following
     fi;
     atomic {
       lane ! envelope;
       envelope = following
     }
  od;
  if
  :: lane ? envelope
  :: empty (lane) ->
     SWAP_HEAD (HELD, NIL, ok, inside = false);
     if
     :: ok -> goto idle
     :: else -> first != NIL; goto in_lanes
     fi
  fi;
  handle (envelope);
  atomic {
    live[envelope] = false;
    envelope = NIL;
    following = NIL
  };
  goto in_lanes
}

init
{
  byte i;

  atomic {
    run messages ();
    run elsewhere ();
    for (i : 1 .. STRANGERS) {
      run stranger (BLOCKING + i - 1)
    };
    for (i : 1 .. WORKERS) {
      run worker ()
    }
  };
  timeout;
  assert (handled == MESSAGES && heard == (1 << SIGNALS) - 1);
  assert (!blocked && !suspended && head == NIL && !inside && len (runq) == 0)
}
