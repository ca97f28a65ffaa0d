/*
 * Workers that sleep, and who wakes them; timers, and who waits for them.
 *
 * Models inos_schedule(), global_ready(), next_cell(), park(), is_wanted(), nap(), rise(), wake(),
 * inos_unpark_one() and inos_wake_for_timer() of node/actor/schedule.c, with the governor's limit
 * held where it is. A cell does nothing, or arms a timer, or schedules another cell and then takes so
 * long that only another worker can run what waits. The nap of a worker that watches others ends here
 * only where it matters. The clock may stop anywhere; what is due then must come.
 *
 * Shown: no cell is left on a queue while all workers sleep; no timer that is due is missed. Not shown,
 * and known not to hold with LONG=1: that a sleeper runs what waits behind a cell that takes long.
 *
 * run: POSTS=2 LIMIT=1
 * run: POSTS=2 LIMIT=2
 * run: POSTS=0 TIMERS
 * fault: NO_LOOK_BEHIND POSTS=2  a worker sleeps without looking at the global queue once more
 * fault: ACTIVE_AHEAD POSTS=2  a poster asks who is awake, then puts its cell on the queue
 * fault: NO_WAKE_FOR_TIMER POSTS=0 TIMERS  who arms the next timer wakes nobody
 * fault: TWO_LOOKS POSTS=2  a worker asks twice who is awake: is it wanted, how long to sleep
 * fault: WAKE_WITHOUT_WORD POSTS=2  a waker calls the futex, but does not change its word
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
byte kept = NEVER;       /* until when somebody sleeps who waits for a deadline */

bool busy[WORKERS];      /* in a turn that takes long */
#ifndef LONG
#define LONG 0
#endif
byte to_arm, to_be_long = LONG;

#ifdef TWO_LOOKS
#define AWAKE_NOW awake
#else
#define AWAKE_NOW seen
#endif
#define DUE (now >= next_deadline)
#define OTHER (1 - id)
#define WORK_WAITS (global > 0 || ring[0] > 0 || ring[1] > 0)
#define ANY_STUCK (busy[OTHER] && (ring[OTHER] > 0 || global > 0))

/* wake(); @none_was: whether all slept; @i becomes the number of workers where it did not sleep. */
inline wake (i, none_was)
{
  if
  :: atomic { sleeping[i] -> sleeping[i] = false };
     sleepers--;
     atomic {
       none_was = (awake == 0);
       awake++
     };
     waiting[i] = false
  :: atomic { !sleeping[i] -> i = WORKERS }
  fi
}

inline wake_one (i, none_was)
{
  i = 0;
  wake (i, none_was);
  if
  :: i == WORKERS -> i = 1; wake (i, none_was)
  :: else
  fi;
#ifndef NO_WATCH
  do
  :: none_was && i < WORKERS -> i = 1 - i; wake (i, none_was) /* has to watch the one */
  :: else -> break
  od;
#endif
  atomic {
    i = 0;
    none_was = false
  }
}

inline unpark_one (i, none_was)
{
#ifdef WAKE_WITHOUT_WORD
  i = 0;
  do
  :: i < WORKERS && !sleeping[i] -> i++
  :: i < WORKERS && sleeping[i] -> waiting[i] = false; break
  :: i == WORKERS -> break
  od;
  i = 0
#else
  wake_one (i, none_was)
#endif
}

/* heap_add(), under its lock; @first: the timer is the next one */
inline arm (at, first, i, none_was)
{
  atomic {
    first = (at < next_deadline);
    timers = timers | (1 << at);
    next_deadline = (first -> at : next_deadline)
  };
#ifndef NO_WAKE_FOR_TIMER
  if
  :: first && awake == 0 -> unpark_one (i, none_was)
  :: else
  fi;
#endif
  first = false
}

/* A thread that is no worker: posts, and arms a timer. */
proctype outside ()
{
  byte posted, i;
  bool first, none_was, wanted;

  do
  :: posted == POSTS -> break
  :: else ->
#ifdef ACTIVE_AHEAD
     wanted = (awake == 0 || (awake < LIMIT && sleepers > 0));
     global++;
#else
     global++;
     wanted = (awake == 0 || (awake < LIMIT && sleepers > 0));
#endif
     if
     :: wanted -> unpark_one (i, none_was)
     :: else
     fi;
     atomic {
       wanted = false;
       posted++
     }
  od
}

proctype armer ()
{
  byte i;
  bool first, none_was;

  if
  :: arm (1, first, i, none_was)
  :: arm (2, first, i, none_was)
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

inline run_cell ()
{
  if
  :: true
  :: atomic { to_arm > 0 -> to_arm-- };
     arm (2, first, i, none_was)
  :: atomic { to_be_long > 0 -> to_be_long--; ring[id]++; busy[id] = true };
     atomic { !WORK_WAITS && !DUE -> busy[id] = false }
  fi
}

/* next_cell() */
inline take_cell ()
{
  got = false;
  if
  :: awake > LIMIT && awake > 1 && !ANY_STUCK -> /* is_too_many(), give_away() */
     atomic {
       global = global + ring[id];
       ring[id] = 0
     }
  :: else ->
     atomic {
       if
       :: ring[id] > 0 -> ring[id]--; got = true
       :: else
       fi
     };
     if
     :: !got ->
        atomic { /* global_take() */
          i = (global > 0 -> global / WORKERS + 1 : 0);
          i = (i > global -> global : i);
          global = global - i;
          ring[id] = ring[id] + i;
          i = 0;
          if
          :: ring[id] > 0 -> ring[id]--; got = true
          :: else
          fi
        };
        if
        :: !got && ring[OTHER] > 0 && (awake <= LIMIT || busy[OTHER]) ->
           atomic { /* steal() */
             if
             :: ring[OTHER] > 0 -> ring[OTHER]--; got = true
             :: else
             fi
           }
        :: else
        fi
     :: else
     fi
  fi
}

/* is_wanted(): each thing is read at its own time, but how many are awake is read once, before the
 * queues, here and for nap(): a waker says that it has woken somebody a moment after it has. */
inline look_whether_wanted ()
{
  seen = awake;
  within = (seen < LIMIT);
  if
  :: DUE -> wanted = true
  :: else ->
#ifdef NO_LOOK_BEHIND
     skip
#else
     if
     :: global > 0 && (within || AWAKE_NOW == 0) -> wanted = true
     :: else ->
        wanted = ((within && ring[OTHER] > 1) || ANY_STUCK)
     fi
#endif
  fi;
  within = false
}

/* nap() and futex_wait() */
inline sleep ()
{
  if
  :: AWAKE_NOW > 0 -> /* the watch */
     atomic {
       waiting[id] = sleeping[id]
     };
end_watching:
     atomic {
       !waiting[id] || awake == 0 || DUE || ANY_STUCK ||
         (awake < LIMIT && (global > 0 || ring[OTHER] > 1)) ->
       waiting[id] = false
     }
  :: else ->
#ifndef DEADLINE_AHEAD
     until = next_deadline;
#endif
     atomic {
#ifdef SINGLE_KEEPER
       if
       :: kept == NEVER -> kept = id; keeper = true
#else
       if
       :: until < kept -> kept = until; keeper = true
#endif
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
#ifdef SINGLE_KEEPER
       :: keeper -> kept = NEVER
#else
       :: keeper && kept == until -> kept = NEVER
#endif
       :: else
       fi;
       keeper = false;
       until = 0
     }
  fi
}

proctype worker (byte id)
{
  byte i, until, seen;
  bool got, wanted, within, first, none_was, keeper;

  do
  :: take_cell ();
     if
     :: got -> got = false; run_cell ()
     :: else ->
        if
        :: DUE ->
           atomic { /* inos_timers_run() */
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
           }
        :: else ->
           /* park() */
#ifdef LOOK_AHEAD
           look_whether_wanted ();
#endif
#ifdef DEADLINE_AHEAD
           until = next_deadline;
#endif
           sleeping[id] = true;
           sleepers++;
           awake--;
           do
           :: !sleeping[id] -> break
           :: else ->
#ifndef LOOK_AHEAD
              look_whether_wanted ();
#endif
              if
              :: wanted ->
                 wanted = false;
                 /* rise() */
                 if
                 :: atomic { sleeping[id] -> sleeping[id] = false };
                    sleepers--;
                    atomic {
                      none_was = (awake == 0);
                      awake++
                    };
#ifndef NO_WATCH
                    if
                    :: none_was -> unpark_one (i, none_was)
                    :: else
                    fi;
#endif
                    none_was = false;
                    i = 0
                 :: else
                 fi;
                 break
              :: else -> sleep ()
              fi
           od
        fi
     fi
  od
}

init
{
  byte i;

  atomic {
    for (i : 0 .. WORKERS - 1) {
      run worker (i)
    };
    run outside ()
#ifdef TIMERS
    ; run armer ();
    run clock ()
#endif
  };
  timeout;
  assert (!WORK_WAITS && !DUE && !busy[0] && !busy[1])
}
