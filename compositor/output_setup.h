/* How an output is to be set up, in the words of [output NAME] of compositor.ini. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct inos_output;
struct inos_output_settings;

enum inos_output_word {
  INOS_OUTPUT_ENABLED,   /* true or false */
  INOS_OUTPUT_MODE,      /* preferred, highest-rate, 1920x1080 or 1920x1080@59.94 */
  INOS_OUTPUT_SCALE,     /* a number */
  INOS_OUTPUT_POSITION,  /* 1920,0 */
  INOS_OUTPUT_TRANSFORM, /* normal, 90, 180, 270, flipped, flipped-90 … */
  INOS_OUTPUT_WORD_COUNT,
};

/* The key in the file. */
const char *inos_output_word_key (enum inos_output_word word);

/* Whether such a text can be; else what it must be goes to *must, which is static. */
bool inos_output_word_check (enum inos_output_word word, const char *text, const char **must);

/* Changes what the text speaks of in the settings. text: checked; NULL for how an output is of
 * itself, which says nothing of its position. */
void inos_output_word_lay (struct inos_output *output, enum inos_output_word word, const char *text,
                           struct inos_output_settings *settings);

/* Whether both are the same in what the word speaks of. */
bool inos_output_word_same (enum inos_output_word word, const struct inos_output_settings *a,
                            const struct inos_output_settings *b);
