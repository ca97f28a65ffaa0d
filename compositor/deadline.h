/* How late a frame can be drawn and still be on the screen with the next vertical blank. Times are
 * nanoseconds of one clock, which the caller looks at: there is nothing here but arithmetic. */
#pragma once

#include <glib.h>

enum { INOS_DEADLINE_SAMPLES = 32 };

struct inos_deadline {
  gint64 interval;      /* from one blank to the next; 0: not known */
  gint64 blank;         /* the last one that is known; 0: none */
  gint64 target;        /* the blank that the frame is for which was put off; 0: none was */
  gint64 spare;         /* more than what was measured, because frames came too late */
  unsigned int in_time; /* frames since spare last changed */
  gint64 samples[INOS_DEADLINE_SAMPLES]; /* what the last frames took to draw */
  unsigned int drawn;                    /* how many there were in all */
};

/* A frame took so long to draw. */
void inos_deadline_drawn (struct inos_deadline *deadline, gint64 took);

/* The last frame came on the screen at `when`; interval: 0 where that is not fixed. */
void inos_deadline_presented (struct inos_deadline *deadline, gint64 when, gint64 interval);

/* When to draw the next frame, asked at `now`: then, or earlier, for at once. kept: how much is to
 * be kept for drawing it, 0 for what drawing the last ones took. */
gint64 inos_deadline_next (struct inos_deadline *deadline, gint64 now, gint64 kept);

/* How much is kept for drawing, as far as it was learned; the whole interval until it was. */
gint64 inos_deadline_kept (const struct inos_deadline *deadline);
