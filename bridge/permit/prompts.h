/*
 * What is being asked of the person: which application wants what, and which of its calls wait for
 * the answer. Time and answers in, what becomes of calls out; who draws it is not known here.
 *
 * An application that keeps asking gets nowhere: what was denied is not asked again for a while,
 * what it left before the answer is not either, each time for longer, the same question is one, and
 * so many wait at most.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define INOS_PROMPTS_MAX 16      /* at once */
#define INOS_PROMPTS_OF_APP 3    /* of one application */
#define INOS_PROMPT_CALLS_MAX 16 /* that wait for one */
#define INOS_PROMPT_PATIENCE (60 * G_TIME_SPAN_SECOND)
#define INOS_PROMPT_REST (10 * G_TIME_SPAN_MINUTE) /* after a denial; the longest */
/* After who asked left; the next one is twice that. */
#define INOS_PROMPT_FIRST_REST (10 * G_TIME_SPAN_SECOND)
#define INOS_PROMPT_RESTS_MAX 256

enum inos_prompt_answer {
  INOS_PROMPT_ONCE,   /* until the application leaves the bus */
  INOS_PROMPT_ALWAYS, /* it is to be granted */
  INOS_PROMPT_DENY,
  INOS_PROMPT_EXPIRED, /* nobody answered */
  INOS_PROMPT_GONE,    /* nobody waits any more */
};

enum inos_prompt_asked {
  INOS_PROMPT_ASKED,
  INOS_PROMPT_JOINED,     /* the same is being asked */
  INOS_PROMPT_FULL,       /* too much is */
  INOS_PROMPT_DENIED,     /* it was, not long ago */
  INOS_PROMPT_UNANSWERED, /* it was asked not long ago, and nobody answered */
  INOS_PROMPT_TOO_SOON,   /* it was asked not long ago, and who asked left */
};

struct inos_prompt {
  guint id; /* not 0 */
  char *app;
  const char *capability; /* static */
  gint64 until;           /* µs, of the caller's clock */
  GPtrArray *calls;       /* private */
};

struct inos_prompts_events {
  /* It is answered, and not among the prompts any more; its calls are told next. */
  void (*settled) (const struct inos_prompt *prompt, enum inos_prompt_answer answer, void *data);
  /* The same for each call that waited; @call is its owner's again. */
  void (*answered) (const struct inos_prompt *prompt, const char *sender, void *call,
                    enum inos_prompt_answer answer, void *data);
};

struct inos_prompts;

/** inos_prompts_new: @events: outlives it. */
struct inos_prompts *inos_prompts_new (const struct inos_prompts_events *events, void *data);
/** inos_prompts_free: what waits is answered with %INOS_PROMPT_GONE. Takes NULL. */
void inos_prompts_free (struct inos_prompts *prompts);

/**
 * inos_prompts_ask:
 * @capability: static
 * @sender: the connection that waits
 * @call: kept, and handed back to answered(), where it returns %INOS_PROMPT_ASKED or
 *   %INOS_PROMPT_JOINED; else it stays the caller's
 * @now: µs of a clock that does not go back
 */
enum inos_prompt_asked inos_prompts_ask (struct inos_prompts *prompts, const char *app,
                                         const char *capability, const char *sender, void *call,
                                         gint64 now);

/** inos_prompts_answer: Returns: whether there is such a prompt. */
bool inos_prompts_answer (struct inos_prompts *prompts, guint id, enum inos_prompt_answer answer,
                          gint64 now);

/** inos_prompts_left: a connection has gone, and waits for nothing any more. */
void inos_prompts_left (struct inos_prompts *prompts, const char *sender, gint64 now);

/** inos_prompts_is_waiting: whether a call of that connection waits for an answer. */
bool inos_prompts_is_waiting (struct inos_prompts *prompts, const char *sender);

/** inos_prompts_forgive: what an application was denied, or left, may be asked again. */
void inos_prompts_forgive (struct inos_prompts *prompts, const char *app);

/** inos_prompts_tick: Returns: when it wants to be called again; 0: not by itself. */
gint64 inos_prompts_tick (struct inos_prompts *prompts, gint64 now);

/** inos_prompts_list: Returns: (transfer none): struct inos_prompt, the oldest first. */
GPtrArray *inos_prompts_list (struct inos_prompts *prompts);

/** inos_prompts_find: Returns: (nullable) (transfer none) */
const struct inos_prompt *inos_prompts_find (struct inos_prompts *prompts, const char *app,
                                             const char *capability);
