/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/permit/prompts.h"

#include <string.h>

struct call {
  char *sender;
  void *call;
};

/* What is not asked until then. It is kept for a while after, so that the next one can be longer.
 */
struct rest {
  gint64 until, length;
  enum inos_prompt_answer why; /* denied, expired, or who asked left */
};

struct inos_prompts {
  const struct inos_prompts_events *events;
  void *data;
  GPtrArray *list;   /* struct inos_prompt */
  GHashTable *rests; /* "APP CAPABILITY" → struct rest */
  guint last;        /* id */
};

static void call_free (void *data)
{
  struct call *call = data;

  g_free (call->sender);
  g_free (call);
}

static void prompt_free (void *data)
{
  struct inos_prompt *prompt = data;

  g_ptr_array_unref (prompt->calls);
  g_free (prompt->app);
  g_free (prompt);
}

static char *key_of (const char *app, const char *capability)
{
  return g_strconcat (app, " ", capability, NULL);
}

/* Rests */

static gboolean is_forgotten (gpointer key, gpointer value, gpointer now)
{
  return ((struct rest *)value)->until + INOS_PROMPT_REST <= *(gint64 *)now;
}

static gboolean is_over (gpointer key, gpointer value, gpointer now)
{
  return ((struct rest *)value)->until <= *(gint64 *)now;
}

static gint64 length_of (const struct rest *last, enum inos_prompt_answer why)
{
  if (why != INOS_PROMPT_GONE)
    return INOS_PROMPT_REST;
  return last == NULL ? INOS_PROMPT_FIRST_REST : MIN (2 * last->length, INOS_PROMPT_REST);
}

static void begin_rest (struct inos_prompts *prompts, const struct inos_prompt *prompt,
                        enum inos_prompt_answer why, gint64 now)
{
  g_autofree char *key = key_of (prompt->app, prompt->capability);
  const struct rest *last;
  struct rest rest = {.why = why};

  g_hash_table_foreach_remove (prompts->rests, is_forgotten, &now);
  last = g_hash_table_lookup (prompts->rests, key);
  rest.length = length_of (last, why);
  rest.until = now + rest.length;
  if (last == NULL && g_hash_table_size (prompts->rests) >= INOS_PROMPT_RESTS_MAX)
    g_hash_table_foreach_remove (prompts->rests, is_over, &now);
  if (last != NULL || g_hash_table_size (prompts->rests) < INOS_PROMPT_RESTS_MAX)
    g_hash_table_insert (prompts->rests, g_steal_pointer (&key), g_memdup2 (&rest, sizeof rest));
}

static void end_rest (struct inos_prompts *prompts, const struct inos_prompt *prompt)
{
  g_autofree char *key = key_of (prompt->app, prompt->capability);

  g_hash_table_remove (prompts->rests, key);
}

/* Returns: (nullable): NULL where it can be asked. */
static const struct rest *find_rest (struct inos_prompts *prompts, const char *app,
                                     const char *capability, gint64 now)
{
  g_autofree char *key = key_of (app, capability);
  const struct rest *rest = g_hash_table_lookup (prompts->rests, key);

  return rest != NULL && rest->until > now ? rest : NULL;
}

static gboolean is_of_app (gpointer key, gpointer value, gpointer app)
{
  gsize length = strlen (app);

  return strncmp (key, app, length) == 0 && ((const char *)key)[length] == ' ';
}

void inos_prompts_forgive (struct inos_prompts *prompts, const char *app)
{
  g_hash_table_foreach_remove (prompts->rests, is_of_app, (gpointer)app);
}

/* Asking */

static enum inos_prompt_asked refusal (const struct rest *rest)
{
  if (rest->why == INOS_PROMPT_GONE)
    return INOS_PROMPT_TOO_SOON;
  return rest->why == INOS_PROMPT_DENY ? INOS_PROMPT_DENIED : INOS_PROMPT_UNANSWERED;
}

static struct inos_prompt *find (struct inos_prompts *prompts, const char *app,
                                 const char *capability)
{
  for (guint i = 0; i < prompts->list->len; i++) {
    struct inos_prompt *prompt = g_ptr_array_index (prompts->list, i);

    if (strcmp (prompt->app, app) == 0 && strcmp (prompt->capability, capability) == 0)
      return prompt;
  }
  return NULL;
}

const struct inos_prompt *inos_prompts_find (struct inos_prompts *prompts, const char *app,
                                             const char *capability)
{
  return find (prompts, app, capability);
}

static bool is_full (struct inos_prompts *prompts, const char *app)
{
  guint own = 0;

  for (guint i = 0; i < prompts->list->len; i++)
    own += strcmp (((struct inos_prompt *)g_ptr_array_index (prompts->list, i))->app, app) == 0;
  return prompts->list->len >= INOS_PROMPTS_MAX || own >= INOS_PROMPTS_OF_APP;
}

static void add_call (struct inos_prompt *prompt, const char *sender, void *data)
{
  struct call *call = g_new0 (struct call, 1);

  *call = (struct call){g_strdup (sender), data};
  g_ptr_array_add (prompt->calls, call);
}

static struct inos_prompt *add (struct inos_prompts *prompts, const char *app,
                                const char *capability, gint64 now)
{
  struct inos_prompt *prompt = g_new0 (struct inos_prompt, 1);

  if (++prompts->last == 0)
    prompts->last = 1;
  *prompt = (struct inos_prompt){
    .id = prompts->last,
    .app = g_strdup (app),
    .capability = capability,
    .until = now + INOS_PROMPT_PATIENCE,
    .calls = g_ptr_array_new_with_free_func (call_free),
  };
  g_ptr_array_add (prompts->list, prompt);
  return prompt;
}

enum inos_prompt_asked inos_prompts_ask (struct inos_prompts *prompts, const char *app,
                                         const char *capability, const char *sender, void *call,
                                         gint64 now)
{
  struct inos_prompt *prompt = find (prompts, app, capability);
  const struct rest *rest = find_rest (prompts, app, capability, now);
  bool joined = prompt != NULL;

  if (joined && prompt->calls->len >= INOS_PROMPT_CALLS_MAX)
    return INOS_PROMPT_FULL;
  if (!joined && rest != NULL)
    return refusal (rest);
  if (!joined && is_full (prompts, app))
    return INOS_PROMPT_FULL;
  if (!joined)
    prompt = add (prompts, app, capability, now);
  add_call (prompt, sender, call);
  return joined ? INOS_PROMPT_JOINED : INOS_PROMPT_ASKED;
}

/* Answers */

static void settle (struct inos_prompts *prompts, guint index, enum inos_prompt_answer answer,
                    gint64 now)
{
  struct inos_prompt *prompt = g_ptr_array_steal_index (prompts->list, index);

  if (answer == INOS_PROMPT_ONCE || answer == INOS_PROMPT_ALWAYS)
    end_rest (prompts, prompt);
  else
    begin_rest (prompts, prompt, answer, now);
  prompts->events->settled (prompt, answer, prompts->data);
  for (guint i = 0; i < prompt->calls->len; i++) {
    const struct call *call = g_ptr_array_index (prompt->calls, i);

    prompts->events->answered (prompt, call->sender, call->call, answer, prompts->data);
  }
  prompt_free (prompt);
}

bool inos_prompts_answer (struct inos_prompts *prompts, guint id, enum inos_prompt_answer answer,
                          gint64 now)
{
  for (guint i = 0; i < prompts->list->len; i++) {
    if (((struct inos_prompt *)g_ptr_array_index (prompts->list, i))->id == id) {
      settle (prompts, i, answer, now);
      return true;
    }
  }
  return false;
}

void inos_prompts_left (struct inos_prompts *prompts, const char *sender, gint64 now)
{
  for (guint i = prompts->list->len; i > 0; i--) {
    struct inos_prompt *prompt = g_ptr_array_index (prompts->list, i - 1);

    for (guint j = prompt->calls->len; j > 0; j--) {
      struct call *call = g_ptr_array_index (prompt->calls, j - 1);

      if (strcmp (call->sender, sender) != 0)
        continue;
      prompts->events->answered (prompt, sender, call->call, INOS_PROMPT_GONE, prompts->data);
      g_ptr_array_remove_index (prompt->calls, j - 1);
    }
    if (prompt->calls->len == 0)
      settle (prompts, i - 1, INOS_PROMPT_GONE, now);
  }
}

bool inos_prompts_is_waiting (struct inos_prompts *prompts, const char *sender)
{
  for (guint i = 0; i < prompts->list->len; i++) {
    const GPtrArray *calls = ((struct inos_prompt *)g_ptr_array_index (prompts->list, i))->calls;

    for (guint j = 0; j < calls->len; j++)
      if (strcmp (((struct call *)g_ptr_array_index (calls, j))->sender, sender) == 0)
        return true;
  }
  return false;
}

gint64 inos_prompts_tick (struct inos_prompts *prompts, gint64 now)
{
  gint64 next = 0;

  for (guint i = prompts->list->len; i > 0; i--) {
    gint64 until = ((struct inos_prompt *)g_ptr_array_index (prompts->list, i - 1))->until;

    if (until <= now)
      settle (prompts, i - 1, INOS_PROMPT_EXPIRED, now);
    else
      next = next == 0 ? until : MIN (next, until);
  }
  return next;
}

GPtrArray *inos_prompts_list (struct inos_prompts *prompts)
{
  return prompts->list;
}

/* Life */

struct inos_prompts *inos_prompts_new (const struct inos_prompts_events *events, void *data)
{
  struct inos_prompts *prompts = g_new0 (struct inos_prompts, 1);

  prompts->events = events;
  prompts->data = data;
  prompts->list = g_ptr_array_new_with_free_func (prompt_free);
  prompts->rests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return prompts;
}

void inos_prompts_free (struct inos_prompts *prompts)
{
  if (prompts == NULL)
    return;
  while (prompts->list->len > 0)
    settle (prompts, 0, INOS_PROMPT_GONE, 0);
  g_ptr_array_unref (prompts->list);
  g_hash_table_unref (prompts->rests);
  g_free (prompts);
}
