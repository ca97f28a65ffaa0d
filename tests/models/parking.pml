/*
 * Workers that sleep, who wakes them, and who watches those that are awake; timers, and who waits
 * for them.
 *
 * Models inos_schedule(), share(), global_ready(), next_cell(), global_take(), steal(), keep_watched(),
 * is_too_many(), give_away(), park(), is_wanted(), any_stuck(), nap(), begin_watch(), keep(),
 * wake_up(), wake(), inos_unpark_one() and inos_wake_for_timer() of node/actor/schedule.c, with the
 * governor's limit held where it is. A worker's rings, its spill and its next one are one number. A
 * cell does nothing, or arms a timer, or takes so long that only another worker can run what waits,
 * before or after it has scheduled another one, or without. The nap of a worker that watches ends
 * where it matters, and NAPS times where it does not. The clock may stop anywhere; what is due then
 * must come.
 *
 * Shown: no cell is left on a queue while all workers sleep, nor behind a turn that takes long while
 * a worker sleeps; no timer that is due is missed while no turn takes long.
 *
 * run: POSTS=2 LIMIT=1  2 workers, 1 within the limit, 2 cells from outside
 * run: POSTS=2 LIMIT=2  the same, both within the limit
 * run: POSTS=0 TIMERS  a timer from outside and one of a cell
 * run: POSTS=2 LONG=1 LIMIT=1  2 cells from outside, a turn that takes long
 * run: POSTS=2 LONG=1 LIMIT=2  the same, both within the limit
 * fault: NO_LOOK_BEHIND POSTS=2  a worker sleeps without looking at the global queue once more
 * fault: ACTIVE_AHEAD POSTS=2  a poster asks who is awake, then puts its cell on the queue
 * fault: ACTIVE_AFTER POSTS=2 LONG=1  a waker counts a worker as awake after it has cleared its word
 * fault: TWO_LOOKS POSTS=2  a worker asks twice who is awake: is it wanted, how long to sleep
 * fault: WAKE_WITHOUT_WORD POSTS=2  a waker calls the futex, but does not change its word
 * fault: NO_WAKE_FOR_TIMER POSTS=0 TIMERS  who arms the next timer wakes nobody
 * fault: DEADLINE_AHEAD POSTS=0 TIMERS  a worker reads when the next timer is due before it sleeps
 * fault: NO_WATCHER POSTS=2 LONG=1  nobody is woken to watch
 * fault: NO_HAND_OVER POSTS=2 LONG=1  who takes cells from elsewhere wakes nobody to watch the rest
 * fault: WATCH_FOR_EVER POSTS=2 LONG=1  who watched goes to work, and does not say that it watches no more
 */
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef LIMIT
#define LIMIT 1
#endif
#ifndef POSTS
#define POSTS 1
#endif
#ifndef LONG
#define LONG 0
#endif
#ifndef NAPS
#define NAPS 1
#endif
#define LAST 1    /* the clock goes no further */
#define NEVER 15

byte global;             /* cells on the global queue */
byte ring[WORKERS];
byte timers;             /* a bit for each time at which one is due */
byte next_deadline = NEVER;
byte now;

bool sleeping[WORKERS];  /* the futex's word */
bool waiting[WORKERS];   /* in the kernel */
byte sleepers;
byte awake = WORKERS;    /* `active` in C; below 0 it is very large, as there */
bool watching;           /* somebody sleeps who watches */
byte kept = NEVER;       /* until when somebody sleeps who waits for a deadline */

bool busy[WORKERS];      /* in a turn that takes long */
byte to_arm, to_be_long = LONG, naps = NAPS;

#ifdef TWO_LOOKS
#define AWAKE_NOW awake
#else
#define AWAKE_NOW others
#endif
#define DUE (now >= next_deadline)
#if WORKERS == 2
#define ANY_RING (ring[0] > 0 || ring[1] > 0)
#define ANY_STUCK (busy[1 - id] && (ring[1 - id] > 0 || global > 0))
#define FULL_RING (ring[1 - id] > 1)
#define ANY_BUSY (busy[0] || busy[1])
#else
#define A ((id + 1) % 3)
#define B ((id + 2) % 3)
#define ANY_RING (ring[0] > 0 || ring[1] > 0 || ring[2] > 0)
#define ANY_STUCK ((busy[A] && (ring[A] > 0 || global > 0)) ||                                        \
                   (busy[B] && (ring[B] > 0 || global > 0)))
#define FULL_RING (ring[A] > 1 || ring[B] > 1)
#define ANY_BUSY (busy[0] || busy[1] || busy[2])
#endif
#define WORK_WAITS (global > 0 || ANY_RING)

/* inos_unpark_one(), with wake_up() and wake(); @i is the caller's. */
inline unpark_one ()
{
  i = 0;
  do
  :: i == WORKERS -> break
  :: i < WORKERS && !sleeping[i] -> i++
  :: i < WORKERS && sleeping[i] ->
#ifdef WAKE_WITHOUT_WORD
     waiting[i] = false;
     break
#else
#ifndef ACTIVE_AFTER
     awake++;
#endif
     if
     :: atomic { sleeping[i] -> sleeping[i] = false };
        sleepers--;
#ifdef ACTIVE_AFTER
        awake++;
#endif
        waiting[i] = false;
        break
     :: atomic { !sleeping[i] -> i++ };
#ifndef ACTIVE_AFTER
        awake--
#endif
     fi
#endif
  od;
  i = 0
}

/* heap_add(), under its lock; @first: the timer is the next one */
inline arm (at)
{
  atomic {
    first = (at < next_deadline);
    timers = timers | (1 << at);
    next_deadline = (first -> at : next_deadline)
  };
#ifndef NO_WAKE_FOR_TIMER
  if
  :: first && awake == 0 -> unpark_one ()
  :: else
  fi;
#endif
  first = false
}

#ifdef NO_WATCHER
#define NOBODY_WATCHES false
#else
#define NOBODY_WATCHES !watching
#endif

/* global_ready() */
inline look_who_is_awake ()
{
  seen = awake;
  atomic {
    wanted = (seen == 0 || (sleepers > 0 && (seen < LIMIT || NOBODY_WATCHES)));
    seen = 0
  }
}

/* share() */
inline share ()
{
  if
  :: sleepers == 0
  :: else ->
     if
     :: NOBODY_WATCHES || (awake < LIMIT && ring[id] >= 2) -> unpark_one ()
     :: else
     fi
  fi
}

/* A thread that is no worker: posts. */
proctype outside ()
{
  byte posted, i, seen;
  bool wanted;

  do
  :: posted == POSTS -> break
  :: else ->
#ifdef ACTIVE_AHEAD
     look_who_is_awake ();
     global++;
#else
     global++;
     look_who_is_awake ();
#endif
     if
     :: wanted ->
        wanted = false;
        unpark_one ()
     :: else
     fi;
     posted++
  od
}

proctype armer ()
{
  byte i;
  bool first;

  if
  :: arm (1)
  :: arm (2)
  :: true
  fi
}

proctype clock ()
{
  do
  :: now < LAST -> now++
  :: break
  od
}

inline be_long ()
{
  busy[id] = true;
  atomic { !WORK_WAITS -> busy[id] = false }
}

/* inos_turn() */
inline turn ()
{
  if
  :: true
  :: atomic { to_arm > 0 -> to_arm-- };
     arm (2)
  :: atomic { to_be_long > 0 -> to_be_long-- };
     if
     :: true
     :: ring[id]++; share ()
     :: busy[id] = true; ring[id]++; share ()
     fi;
     be_long ()
  fi
}

inline take_local ()
{
  atomic {
    if
    :: ring[id] > 0 -> ring[id]--; got = true
    :: else
    fi
  }
}

inline global_take ()
{
  atomic {
    i = (global > 0 -> global / WORKERS + 1 : 0);
    i = (i > global -> global : i);
    global = global - i;
    ring[id] = ring[id] + i;
    moved = moved || i > 0;
    i = 0
  }
}

/* Half of what the worker @i has comes here, but is nowhere to be seen for a moment. */
inline steal_from ()
{
  if
  :: within || busy[i] ->
     atomic {
       seen = ring[i] - ring[i] / 2;
       ring[i] = ring[i] - seen
     };
     atomic {
       moved = seen > 0;
       ring[id] = ring[id] + seen;
       seen = 0
     }
  :: else
  fi
}

inline steal ()
{
  within = (awake <= LIMIT);
  i = (id + 1) % WORKERS;
  do
  :: moved || i == id -> break
  :: else ->
     if
     :: ring[i] > 0 -> steal_from ()
     :: else
     fi;
     i = (i + 1) % WORKERS
  od;
  atomic {
    i = 0;
    within = false
  }
}

inline keep_watched ()
{
  if
  :: sleepers == 0 || watching
  :: else ->
     if
     :: global > 0 || ANY_RING -> unpark_one ()
     :: else
     fi
  fi
}

/* next_cell(); now and then it looks at the global queue first */
inline next_cell ()
{
  if
  :: global > 0 -> global_take ()
  :: true
  fi;
  take_local ();
  if
  :: !got ->
     global_take ();
     if
     :: !moved -> steal ()
     :: else
     fi;
     if
     :: moved -> take_local ()
     :: else
     fi
  :: else
  fi;
#ifndef NO_HAND_OVER
  if
  :: moved -> keep_watched ()
  :: else
  fi;
#endif
  moved = false
}

/* is_wanted(): each thing is read at its own time, but how many are awake is read once, before the
 * queues, here and for nap(): a waker counts a worker as awake before the worker knows. */
inline is_wanted ()
{
  others = awake;
  within = (others < LIMIT);
  if
  :: DUE -> wanted = true
  :: else ->
     if
#ifdef NO_LOOK_BEHIND
     :: false
#else
     :: global > 0 && (within || AWAKE_NOW < LIMIT) -> wanted = true
#endif
     :: else -> wanted = (within && FULL_RING) || ANY_STUCK
     fi
  fi;
  within = false
}

/* nap() and futex_wait() */
inline nap ()
{
  if
  :: AWAKE_NOW > 0 -> /* begin_watch() */
     atomic {
       if
       :: !watching -> watching = true; watch = true
       :: else
       fi
     }
  :: else
  fi;
  if
  :: watch ->
     atomic {
       waiting[id] = sleeping[id]
     };
end_watching:
     atomic {
       if
       :: !waiting[id] || awake == 0 || DUE || ANY_STUCK ||
            (awake < LIMIT && (global > 0 || FULL_RING))
       :: naps > 0 -> naps--
       fi;
       waiting[id] = false
     };
     atomic {
#ifdef WATCH_FOR_EVER
       watching = (sleeping[id] -> false : true);
#else
       watching = false;
#endif
       watch = false
     }
  :: else ->
     /* keep() */
#ifndef DEADLINE_AHEAD
     until = next_deadline;
#endif
     atomic {
       if
       :: until < kept -> kept = until; keeper = true
       :: else -> until = NEVER
       fi
     };
     atomic {
       waiting[id] = sleeping[id]
     };
end_asleep:
     atomic {
       !waiting[id] || now >= until ->
       waiting[id] = false
     };
     atomic {
       if
       :: keeper && kept == until -> kept = NEVER
       :: else
       fi;
       keeper = false;
       until = 0
     }
  fi
}

inline park ()
{
#ifdef DEADLINE_AHEAD
  until = next_deadline;
#endif
  sleeping[id] = true;
  sleepers++;
  awake--;
  do
  :: !sleeping[id] -> break
  :: else ->
     is_wanted ();
     if
     :: wanted -> /* wake_up(), itself */
        wanted = false;
        awake++;
        if
        :: atomic { sleeping[id] -> sleeping[id] = false };
           sleepers--
        :: atomic { !sleeping[id] -> skip };
           awake--
        fi
     :: else -> nap ()
     fi
  od;
  others = 0
}

inline timers_run ()
{
  atomic {
    i = 0;
    do
    :: i <= now ->
       if
       :: timers & (1 << i) -> timers = timers - (1 << i); ring[id]++
       :: else
       fi;
       i++
    :: else -> break
    od;
    next_deadline = (timers & 2 -> 1 : (timers & 4 -> 2 : NEVER));
    i = 0
  };
  share ()
}

/* inos_worker_main() */
proctype worker (byte id)
{
  byte i, until, seen, others;
  bool got, moved, wanted, within, first, keeper, watch;

  do
  :: if
     :: awake > LIMIT && awake > 1 && !ANY_STUCK -> /* is_too_many(), give_away() */
        do
        :: ring[id] > 0 ->
           take_local ();
           if
           :: got -> atomic { global++; got = false }
           :: else
           fi
        :: else -> break
        od
     :: else -> next_cell ()
     fi;
     if
     :: got -> got = false; turn ()
     :: !got && DUE -> timers_run ()
     :: !got && !DUE -> park ()
     fi
  od
}

init
{
  byte i;

  atomic {
#ifdef TIMERS
    to_arm = 1;
    run armer ();
    run clock ();
#endif
    for (i : 0 .. WORKERS - 1) {
      run worker (i)
    };
    run outside ()
  };
  timeout;
  assert (!WORK_WAITS && !DUE && !ANY_BUSY)
}
