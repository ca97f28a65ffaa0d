/*
 * The crossing to the edge: workers put cells on a list, and the edge's thread, which sleeps in its
 * main loop, takes them all at once. Only who finds the list empty writes to the eventfd.
 *
 * Models edge_put() of node/actor/schedule.c, and wake(), on_wake() and inos_edge_run() of
 * node/actor/edge.c.
 *
 * Shown: every cell runs, those of one worker in their order, also those that put themselves back;
 * the edge wakes once for each batch and never for nothing.
 *
 * run: WORKERS=2 EACH=2         2 workers of 2 cells each
 * run: WORKERS=3 EACH=1         3 workers of 1 cell each
 * fault: RUN_BEFORE_READ          the edge takes the list, then reads the eventfd
 * fault: WRITE_BEFORE_PUT         a worker writes to the eventfd, then puts its cell on the list
 * fault: TAKE_IN_TWO              the edge reads and clears the list in two steps
 * fault: PUT_WITHOUT_COMPARE      a worker reads and sets the list in two steps
 * fault: NO_REVERSE               the edge runs the newest first
 * fault: RUN_UNTIL_EMPTY          the edge takes the list again until it is empty
 */
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef EACH
#define EACH 2
#endif
#define CELLS (WORKERS * EACH)
#define NIL 0

byte ready;              /* the newest */
byte next[CELLS + 1];
byte eventfd;

byte runs[CELLS + 1];    /* ghost */
byte expected[WORKERS];
byte wakes, batches;

/* edge_put(); @first is what was there before */
inline put (cell, first)
{
#ifdef WRITE_BEFORE_PUT
  if
  :: ready == NIL -> eventfd++
  :: else
  fi;
#endif
#ifdef PUT_WITHOUT_COMPARE
  first = ready;
  next[cell] = first;
  ready = cell;
#else
  atomic { /* a compare-and-swap that fails reads again */
    first = ready;
    next[cell] = first;
    ready = cell
  };
#endif
#ifndef WRITE_BEFORE_PUT
  if
  :: first == NIL -> eventfd++
  :: else
  fi;
#endif
  first = NIL
}

proctype worker (byte id)
{
  byte i, first;

  for (i : 1 .. EACH) {
    put (id * EACH + i, first)
  }
}

/* inos_edge_run(): the first cell of each worker goes back on the list, once. */
inline run_batch ()
{
#ifdef TAKE_IN_TWO
  last = ready;
  ready = NIL;
#else
  atomic {
    last = ready;
    ready = NIL
  };
#endif
  atomic {
#ifndef RUN_UNTIL_EMPTY
    assert (last != NIL);
#endif
    if
    :: last != NIL -> batches++
    :: else
    fi;
#ifdef NO_REVERSE
    batch = last;
    last = NIL
#else
    do
    :: last != NIL ->
       other = next[last];
       next[last] = batch;
       batch = last;
       last = other
    :: else -> break
    od;
    other = NIL
#endif
  };
  do
  :: batch != NIL ->
     atomic {
       cell = batch;
       batch = next[cell];
       runs[cell]++;
       if
       :: runs[cell] == 1 ->
          assert ((cell - 1) % EACH == expected[(cell - 1) / EACH]);
          expected[(cell - 1) / EACH]++
       :: else
       fi
     };
     if
     :: runs[cell] == 1 && (cell - 1) % EACH == 0 -> put (cell, first)
     :: else
     fi
  :: else -> break
  od;
  cell = NIL
}

proctype edge ()
{
  byte last, batch, cell, other, first;

end_idle:
  do
#ifdef RUN_BEFORE_READ
  :: eventfd > 0 ->
     wakes++;
     run_batch ();
     eventfd = 0
#else
  :: atomic { eventfd > 0 -> eventfd = 0; wakes++ };
     run_batch ()
#ifdef RUN_UNTIL_EMPTY
     ;
     do
     :: ready != NIL -> run_batch ()
     :: else -> break
     od
#endif
#endif
  od
}

init
{
  byte i;

  atomic {
    for (i : 0 .. WORKERS - 1) {
      run worker (i)
    };
    run edge ()
  };
  timeout;
  for (i : 1 .. CELLS) {
    assert (runs[i] == ((i - 1) % EACH == 0 -> 2 : 1))
  };
  assert (ready == NIL && wakes == batches)
}
