/*
 * A mailbox with a bound whose policy is to block: who finds no room waits on a list, and who makes
 * room wakes the list. A stranger that is no actor cannot wait, and drops.
 *
 * Models inos_bound_take() of node/actor/bound.h, inos_bound_released() of node/actor/mailbox.c, and
 * block(), enlist(), inos_waiters_wake() and inos_unpark() of node/actor/parking.c. The length is one word here: that the
 * two of C are seen in order is what the barrier in enlist() is for. Signals are signals.pml's: here they only arrive.
 *
 * Shown: never more than the capacity in the mailbox; a sender that waits is woken in the end, so
 * all is sent and handled; the length is right again when all is done.
 *
 * run: CAPACITY=1               2 senders of 2 each, a stranger
 * run: CAPACITY=2               the same
 * run: CAPACITY=3 SENDERS=3 EACH=1  3 senders of 1 each, a stranger
 * fault: TRANSIENT                room is taken by adding, and given back where it was too much
 * fault: NO_LOOK_BEHIND           a sender does not look again once it is on the list
 * fault: LOOK_AHEAD               a sender looks again before it is on the list
 * fault: WAITING_AHEAD            who makes room looks for waiters before it has made it
 * fault: NO_COMPARE               room is read and taken in two steps
 * fault: WAKE_ONE                 of those who wait one is woken, and the list forgotten
 * fault: WAITING_UNLOCKED         the list is emptied under the lock, its count after it
 */
#ifndef CAPACITY
#define CAPACITY 1
#endif
#ifndef SENDERS
#define SENDERS 2
#endif
#ifndef EACH
#define EACH 2
#endif

byte length;            /* what is counted */
byte queued;            /* what is in the queue */
byte waiting;           /* how many are on the list; read without the lock */
bool locked;
byte entries[SENDERS];  /* the list: how often each sender is on it */
byte room[SENDERS];     /* signals that say so, under way */
byte handled, dropped, sent;

#define LOW_WATER (length <= CAPACITY / 2)

inline lock ()
{
  atomic { !locked -> locked = true }
}

inline unlock ()
{
  locked = false
}

inline inos_bound_take (ok)
{
#ifdef TRANSIENT
  atomic {
    ok = (length < CAPACITY);
    length++
  };
  if
  :: !ok -> length--
  :: else
  fi
#else
#ifdef NO_COMPARE
  ok = (length < CAPACITY);
  if
  :: ok -> length++
  :: else
  fi
#else
  atomic { /* a compare-and-swap that fails reads again */
    ok = (length < CAPACITY);
    if
    :: ok -> length++
    :: else
    fi
  }
#endif
#endif
}

/* inos_push(); mailbox.pml's */
inline put ()
{
  atomic {
    queued++;
    assert (queued <= CAPACITY);
    sent++
  }
}

inline enlist ()
{
  lock ();
  entries[id]++;
  waiting++;
  unlock ()
}

proctype sender (byte id)
{
  byte done;
  bool ok;

  do
  :: done == EACH -> break
  :: else ->
     if /* a signal that is late is handled while the sender is not blocked, or is later still */
     :: room[id] > 0 -> room[id] = 0
     :: true
     fi;
     inos_bound_take (ok);
     do
     :: ok -> break
     :: else ->
        /* block() */
#ifdef LOOK_AHEAD
        ok = LOW_WATER;
        enlist ();
#else
        enlist ();
#ifndef NO_LOOK_BEHIND
        ok = LOW_WATER;
#endif
#endif
        if
        :: ok -> room[id]++
        :: else
        fi;
        ok = false;
        atomic { room[id] > 0 -> room[id]-- };
        inos_bound_take (ok) /* inos_unpark() */
     od;
     put ();
     atomic {
       done++;
       ok = false
     }
  od
}

proctype stranger ()
{
  bool ok;

  inos_bound_take (ok);
  if
  :: ok -> put ()
  :: else -> dropped++
  fi
}

proctype consumer ()
{
  byte i, n;
  bool wake, some;

end_idle:
  do
  :: atomic { queued > 0 -> queued--; handled++ };
#ifdef WAITING_AHEAD
     some = waiting > 0;
     length--;
#else
     atomic {
       assert (length > 0);
       length--
     };
     some = waiting > 0;
#endif
     if
     :: some && LOW_WATER -> wake = true
     :: else
     fi;
     if
     :: wake ->
        lock ();
        atomic { /* the list is the waker's own once it is off the lock: its signals may go at once */
          for (i : 0 .. SENDERS - 1) {
            n = entries[i];
#ifdef WAKE_ONE
            if
            :: wake ->
               room[i] = room[i] + n;
               wake = n == 0
            :: else
            fi;
#else
            room[i] = room[i] + n;
#endif
            entries[i] = 0
          };
          n = 0;
          i = 0;
#ifndef WAITING_UNLOCKED
          waiting = 0;
#endif
          locked = false
        };
#ifdef WAITING_UNLOCKED
        waiting = 0;
#endif
        wake = false
     :: else
     fi;
     some = false
  od
}

init
{
  byte i;

  atomic {
    for (i : 0 .. SENDERS - 1) {
      run sender (i)
    };
    run stranger ();
    run consumer ()
  };
  timeout;
  assert (sent + dropped == SENDERS * EACH + 1);
  assert (handled == sent && queued == 0 && length == 0)
}
