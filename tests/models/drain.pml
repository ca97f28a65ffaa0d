/*
 * Taking an actor out of its pool: its mailbox is closed by a bit beside its length, and it ends when
 * the mailbox is closed and counts nothing. Then its cell is the next actor's.
 *
 * Models inos_drain_begin(), inos_drain_look() and inos_is_drained() of node/actor/drain.c, inos_bound_take(),
 * takes_no_more(), pass_back(), inos_bound_released(), inos_bound_admit() and inos_bound_make() of
 * node/actor/mailbox.c, and vacate() of node/actor/life.c. The queue is mailbox.pml's and the signals
 * are signals.pml's: here they only arrive, signals in any order.
 *
 * Shown: whoever was told that a message is accepted has it handled, by the actor that it was meant
 * for; what is not accepted is passed on, or there was no room; each actor that is drained ends.
 *
 * run:                            2 senders of 2 each, 2 actors one after the other, both drained
 * run: SENDERS=3 EACH=1         3 senders of 1 each
 * run: CAPACITY=1 EACH=3        2 senders of 3 each, room for 1
 * fault: GENERATION_AHEAD         a sender looks who has the cell, then takes room
 * fault: NO_GENERATION            a sender does not look again who has the cell
 * fault: CLOSED_APART             a sender looks whether it is closed, then takes room
 * fault: END_WHEN_EMPTY           the actor ends when it is closed and its queue is empty
 * fault: NO_LOOK                  who gives the last room back does not have the actor look
 * fault: NO_LOOK_AT_FIRST         an actor whose mailbox is empty when it is closed does not look
 * fault: LAST_IN_TWO              who gives room back reads and counts in two steps
 * fault: OPEN_AHEAD               the mailbox is opened before the cell's generation has changed
 */
#ifndef SENDERS
#define SENDERS 2
#endif
#ifndef EACH
#define EACH 2
#endif
#ifndef CAPACITY
#define CAPACITY 2
#endif
#define ACTORS 2
#define CLOSED 16

byte length;                              /* and CLOSED */
byte generation = 1;
byte member = 1;                          /* the pool's, by its generation; 0: none */
bool drains;                              /* INOS_C_DRAINS */
bool vacant;
bool drain_signal[ACTORS + 1];            /* one of each generation; the pool sends it */
byte looks[ACTORS + 2];                   /* signals to look, under way */
chan queue = [SENDERS * EACH] of { byte }; /* the generation that each message names */

byte accepted, passed_on, no_room, handled, ended; /* ghost */

/* Signals that say the same are one. */
inline drain_look ()
{
  if
  :: drains -> looks[generation] = 1
  :: else
  fi
}

/* inos_bound_released() */
inline released ()
{
#ifdef LAST_IN_TWO
  was = length;
  length--;
#else
  atomic {
    assert ((length & (CLOSED - 1)) > 0);
    was = length;
    length--
  };
#endif
#ifndef NO_LOOK
  if
  :: was == (CLOSED | 1) -> drain_look ()
  :: else
  fi;
#endif
  was = 0
}

/* inos_bound_admit() */
proctype sender ()
{
  byte sent, to, was;
  bool room, gone;

  do
  :: sent == EACH -> break
  :: else ->
     to = member;
     if
     :: to == 0 || generation != to -> passed_on++
     :: else ->
#ifdef GENERATION_AHEAD
        gone = (generation != to);
#endif
#ifdef CLOSED_APART
        room = !(length & CLOSED);
        atomic {
          room = room && (length & (CLOSED - 1)) < CAPACITY;
          length = (room -> length + 1 : length)
        };
#else
        atomic { /* a compare-and-swap that fails reads again */
          room = (length < CAPACITY);
          length = (room -> length + 1 : length)
        };
#endif
        if
        :: !room && (length & CLOSED) -> gone = true
#ifndef GENERATION_AHEAD
#ifndef NO_GENERATION
        :: !(!room && (length & CLOSED)) -> gone = (generation != to)
#endif
#endif
        :: else
        fi;
        if
        :: gone ->
           if
           :: room -> released ()
           :: else
           fi;
           passed_on++
        :: !gone && room ->
           atomic {
             queue ! to;
             accepted++
           }
        :: !gone && !room -> no_room++
        fi
     fi;
     atomic {
       sent++;
       to = 0;
       room = false;
       gone = false
     }
  od
}

/* The pool: takes the member out, has it drained, and puts the next one in. */
proctype pool ()
{
  byte n = 1;

  do
  :: n > ACTORS -> break
  :: else ->
     member = 0;
     drain_signal[n] = true;
     n++;
     if
     :: n > ACTORS -> break
     :: else
     fi;
     atomic { vacant -> vacant = false };
     length = length & (CLOSED - 1); /* inos_bound_make() */
     member = generation
  od
}

/* The turns of the cell. */
proctype worker ()
{
  byte to, was;

end_idle:
  do
  :: atomic { queue ? to };
     released ();
     atomic {
       assert (to == generation && !vacant);
       handled++;
       to = 0
     }
  :: atomic { !vacant && drain_signal[generation] -> drain_signal[generation] = false };
     drains = true;
     length = length | CLOSED;
#ifndef NO_LOOK_AT_FIRST
     drain_look ()
#endif
  :: atomic { !vacant && looks[generation] > 0 -> looks[generation] = 0 };
     if
#ifdef END_WHEN_EMPTY
     :: drains && (length & CLOSED) && empty (queue) ->
#else
     :: drains && length == CLOSED ->
#endif
        drains = false;
#ifdef OPEN_AHEAD
        length = length & (CLOSED - 1);
#endif
        generation++; /* vacate() */
        atomic {
          ended++;
          vacant = true
        }
     :: else
     fi
  od
}

init
{
  byte i;

  atomic {
    for (i : 1 .. SENDERS) {
      run sender ()
    };
    run pool ();
    run worker ()
  };
  timeout;
  assert (handled == accepted && accepted + passed_on + no_room == SENDERS * EACH);
  assert (ended == ACTORS && (length & (CLOSED - 1)) == 0)
}
