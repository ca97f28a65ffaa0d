/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/score.h"

#include <string.h>

#define SECOND 1e9 /* ns */

struct topic_params {
  char *topic; /* owned */
  struct inos_topic_score_params params;
};

/* What a peer did in one topic. */
struct behaviour {
  char *topic;          /* owned */
  bool in_mesh, active; /* active: long enough in the mesh for P3 */
  uint64_t grafted;
  double in_mesh_time; /* s */
  double first, mesh, failure, invalid;
};

struct address {
  uint8_t len;
  uint8_t bytes[INOS_SCORE_IP_MAX];
  unsigned peers; /* that are there now */
};

struct inos_score {
  struct inos_peer_id peer;
  bool connected;
  uint64_t gone;           /* when it went */
  GList link;              /* in inos_scores.all */
  struct address *address; /* (nullable) */
  double app, penalty;
  GPtrArray *topics; /* struct behaviour */
};

struct inos_scores {
  const struct inos_mesh_env *env;
  struct inos_score_params params;
  struct inos_topic_score_params topic_params;
  GPtrArray *topics;        /* struct topic_params */
  GHashTable *by_peer;      /* struct inos_score, owned */
  GHashTable *addresses;    /* struct address, owned: those that peers have */
  GQueue present, retained; /* struct inos_score; the latter as they went */
};

void inos_score_defaults (struct inos_score_params *params)
{
  *params = (struct inos_score_params){
    .topic_cap = 50,
    .app_weight = 1,
    .colocation_weight = -5,
    .colocation_threshold = 16,
    .behaviour_weight = -10,
    .behaviour_decay = 0.98, /* halves in 34 s */
    .behaviour_threshold = 1,
    .decay_to_zero = 0.01,
    .retain = 600 * G_GUINT64_CONSTANT (1000000000),
    .opportunistic = 1,
    .accept_px = 0.5,
    .gossip = -20,
    .publish = -60,
    .graylist = -120,
  };
}

void inos_topic_score_defaults (struct inos_topic_score_params *params)
{
  *params = (struct inos_topic_score_params){
    .weight = 1,
    .time_weight = 0.05,
    .time_quantum = 1,
    .time_cap = 60,
    .first_weight = 0.2,
    .first_decay = 0.998, /* halves in 6 min */
    .first_cap = 100,
    .mesh_weight = 0,
    .mesh_decay = 0.99,
    .mesh_cap = 20,
    .mesh_threshold = 2,
    .mesh_window = 10 * G_GUINT64_CONSTANT (1000000),
    .mesh_activation = 30 * G_GUINT64_CONSTANT (1000000000),
    .failure_weight = 0,
    .failure_decay = 0.99,
    .invalid_weight = -20,
    .invalid_decay = 0.998,
  };
}

static unsigned address_hash (const void *data)
{
  const struct address *address = data;
  unsigned hash = 5381;

  for (unsigned i = 0; i < address->len; i++)
    hash = hash * 33 + address->bytes[i];
  return hash;
}

static gboolean address_same (const void *a, const void *b)
{
  const struct address *x = a, *y = b;

  return x->len == y->len && memcmp (x->bytes, y->bytes, x->len) == 0;
}

static void behaviour_free (void *data)
{
  struct behaviour *behaviour = data;

  g_free (behaviour->topic);
  g_free (behaviour);
}

static void score_free (void *data)
{
  struct inos_score *score = data;

  g_ptr_array_unref (score->topics);
  g_free (score);
}

static void topic_params_free (void *data)
{
  struct topic_params *topic = data;

  g_free (topic->topic);
  g_free (topic);
}

struct inos_scores *inos_scores_new (const struct inos_mesh_env *env,
                                     const struct inos_score_params *params,
                                     const struct inos_topic_score_params *topic_params)
{
  struct inos_scores *scores = g_new0 (struct inos_scores, 1);

  scores->env = env;
  scores->params = *params;
  scores->topic_params = *topic_params;
  scores->topics = g_ptr_array_new_with_free_func (topic_params_free);
  scores->by_peer = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, score_free);
  scores->addresses = g_hash_table_new_full (address_hash, address_same, NULL, g_free);
  return scores;
}

void inos_scores_free (struct inos_scores *scores)
{
  if (!scores)
    return;
  g_ptr_array_unref (scores->topics);
  g_hash_table_unref (scores->by_peer);
  g_hash_table_unref (scores->addresses);
  g_free (scores);
}

const struct inos_score_params *inos_scores_params (const struct inos_scores *scores)
{
  return &scores->params;
}

static struct topic_params *find_params (const struct inos_scores *scores, const char *topic)
{
  for (unsigned i = 0; i < scores->topics->len; i++) {
    struct topic_params *params = scores->topics->pdata[i];
    if (g_str_equal (params->topic, topic))
      return params;
  }
  return NULL;
}

static const struct inos_topic_score_params *params_of (const struct inos_scores *scores,
                                                        const char *topic)
{
  const struct topic_params *own = find_params (scores, topic);

  return own ? &own->params : &scores->topic_params;
}

bool inos_scores_set_topic (struct inos_scores *scores, const char *topic,
                            const struct inos_topic_score_params *params)
{
  struct topic_params *own = find_params (scores, topic);

  if (!own && scores->topics->len >= INOS_SCORE_TOPICS)
    return false;
  if (!own) {
    own = g_new0 (struct topic_params, 1);
    own->topic = g_strdup (topic);
    g_ptr_array_add (scores->topics, own);
  }
  own->params = *params;
  return true;
}

static struct address *take_address (struct inos_scores *scores, const void *ip, size_t len)
{
  struct address key = {.len = (uint8_t)MIN (len, INOS_SCORE_IP_MAX)};

  if (!ip || len == 0)
    return NULL;
  memcpy (key.bytes, ip, key.len);
  struct address *address = g_hash_table_lookup (scores->addresses, &key);
  if (!address) {
    address = g_memdup2 (&key, sizeof key);
    g_hash_table_add (scores->addresses, address);
  }
  address->peers++;
  return address;
}

static void leave_address (struct inos_scores *scores, struct inos_score *score)
{
  if (score->address && --score->address->peers == 0)
    g_hash_table_remove (scores->addresses, score->address);
  score->address = NULL;
}

struct inos_score *inos_scores_add (struct inos_scores *scores, const struct inos_peer_id *peer,
                                    const void *ip, size_t ip_len)
{
  struct inos_score *score = g_hash_table_lookup (scores->by_peer, peer);

  if (score) {
    g_assert (!score->connected);
    g_queue_unlink (&scores->retained, &score->link);
  } else {
    score = g_new0 (struct inos_score, 1);
    *score = (struct inos_score){
      .peer = *peer,
      .link.data = score,
      .topics = g_ptr_array_new_with_free_func (behaviour_free),
    };
    g_hash_table_insert (scores->by_peer, &score->peer, score);
  }
  score->connected = true;
  score->address = take_address (scores, ip, ip_len);
  g_queue_push_tail_link (&scores->present, &score->link);
  return score;
}

static void forget_oldest (struct inos_scores *scores)
{
  struct inos_score *score = g_queue_peek_head (&scores->retained);

  g_queue_unlink (&scores->retained, &score->link);
  g_hash_table_remove (scores->by_peer, &score->peer);
}

static void leave_mesh (const struct inos_scores *scores, struct behaviour *behaviour)
{
  const struct inos_topic_score_params *params = params_of (scores, behaviour->topic);

  if (behaviour->in_mesh && behaviour->active && behaviour->mesh < params->mesh_threshold) {
    double deficit = params->mesh_threshold - behaviour->mesh;
    behaviour->failure += deficit * deficit;
  }
  behaviour->in_mesh = behaviour->active = false;
  behaviour->in_mesh_time = 0;
}

void inos_scores_remove (struct inos_scores *scores, struct inos_score *score)
{
  bool bad = inos_score_value (scores, score) < 0;

  g_queue_unlink (&scores->present, &score->link);
  leave_address (scores, score);
  for (unsigned i = 0; i < score->topics->len; i++) {
    struct behaviour *behaviour = score->topics->pdata[i];
    behaviour->first = 0; /* to come again is not to be rewarded */
    leave_mesh (scores, behaviour);
  }
  if (!bad) {
    g_hash_table_remove (scores->by_peer, &score->peer);
    return;
  }
  score->connected = false;
  score->gone = inos_env_now (scores->env);
  g_queue_push_tail_link (&scores->retained, &score->link);
  if (scores->retained.length > INOS_SCORE_RETAINED)
    forget_oldest (scores);
}

unsigned inos_scores_retained (const struct inos_scores *scores)
{
  return scores->retained.length;
}

static void decay (const struct inos_scores *scores, double *counter, double factor)
{
  *counter *= factor;
  if (*counter < scores->params.decay_to_zero)
    *counter = 0;
}

static void decay_score (const struct inos_scores *scores, struct inos_score *score, uint64_t now)
{
  for (unsigned i = 0; i < score->topics->len; i++) {
    struct behaviour *behaviour = score->topics->pdata[i];
    const struct inos_topic_score_params *params = params_of (scores, behaviour->topic);
    decay (scores, &behaviour->first, params->first_decay);
    decay (scores, &behaviour->mesh, params->mesh_decay);
    decay (scores, &behaviour->failure, params->failure_decay);
    decay (scores, &behaviour->invalid, params->invalid_decay);
    if (!behaviour->in_mesh)
      continue;
    behaviour->in_mesh_time = (double)(now - behaviour->grafted) / SECOND;
    behaviour->active = now - behaviour->grafted > params->mesh_activation;
  }
  decay (scores, &score->penalty, scores->params.behaviour_decay);
}

void inos_scores_decay (struct inos_scores *scores)
{
  uint64_t now = inos_env_now (scores->env);
  const struct inos_score *oldest = g_queue_peek_head (&scores->retained);

  for (const GList *link = scores->present.head; link; link = link->next)
    decay_score (scores, link->data, now);
  /* Those of who has gone stay as they were, as the specification has it. */
  for (; oldest && oldest->gone + scores->params.retain <= now;
       oldest = g_queue_peek_head (&scores->retained))
    forget_oldest (scores);
}

static double topic_value (const struct inos_scores *scores, const struct behaviour *behaviour)
{
  const struct inos_topic_score_params *params = params_of (scores, behaviour->topic);
  double sum = params->first_weight * behaviour->first;

  if (behaviour->in_mesh && params->time_quantum > 0)
    sum +=
      params->time_weight * MIN (behaviour->in_mesh_time / params->time_quantum, params->time_cap);
  if (behaviour->active && behaviour->mesh < params->mesh_threshold) {
    double deficit = params->mesh_threshold - behaviour->mesh;
    sum += params->mesh_weight * deficit * deficit;
  }
  sum += params->failure_weight * behaviour->failure;
  sum += params->invalid_weight * behaviour->invalid * behaviour->invalid;
  return params->weight * sum;
}

double inos_score_value (const struct inos_scores *scores, const struct inos_score *score)
{
  const struct inos_score_params *params = &scores->params;
  double sum = 0;

  for (unsigned i = 0; i < score->topics->len; i++)
    sum += topic_value (scores, score->topics->pdata[i]);
  if (params->topic_cap > 0)
    sum = MIN (sum, params->topic_cap);
  sum += params->app_weight * score->app;
  if (score->address && score->address->peers > params->colocation_threshold) {
    double surplus = score->address->peers - params->colocation_threshold;
    sum += params->colocation_weight * surplus * surplus;
  }
  if (score->penalty > params->behaviour_threshold) {
    double excess = score->penalty - params->behaviour_threshold;
    sum += params->behaviour_weight * excess * excess;
  }
  return sum;
}

void inos_score_set_app (struct inos_score *score, double value)
{
  score->app = value;
}

void inos_score_penalize (struct inos_score *score, double count)
{
  score->penalty += count;
}

/* Returns: (nullable): what is kept of @topic; NULL where there are too many. */
static struct behaviour *behaviour_in (struct inos_score *score, const char *topic)
{
  for (unsigned i = 0; i < score->topics->len; i++) {
    struct behaviour *behaviour = score->topics->pdata[i];
    if (g_str_equal (behaviour->topic, topic))
      return behaviour;
  }
  if (score->topics->len >= INOS_SCORE_TOPICS)
    return NULL;
  struct behaviour *behaviour = g_new0 (struct behaviour, 1);
  behaviour->topic = g_strdup (topic);
  g_ptr_array_add (score->topics, behaviour);
  return behaviour;
}

void inos_score_graft (struct inos_scores *scores, struct inos_score *score, const char *topic)
{
  struct behaviour *behaviour = behaviour_in (score, topic);

  if (!behaviour)
    return;
  behaviour->in_mesh = true;
  behaviour->active = false;
  behaviour->grafted = inos_env_now (scores->env);
  behaviour->in_mesh_time = 0;
}

void inos_score_prune (struct inos_scores *scores, struct inos_score *score, const char *topic)
{
  struct behaviour *behaviour = behaviour_in (score, topic);

  if (behaviour)
    leave_mesh (scores, behaviour);
}

void inos_score_first (struct inos_scores *scores, struct inos_score *score, const char *topic)
{
  struct behaviour *behaviour = behaviour_in (score, topic);
  const struct inos_topic_score_params *params = params_of (scores, topic);

  if (!behaviour)
    return;
  behaviour->first = MIN (behaviour->first + 1, params->first_cap);
  if (behaviour->in_mesh)
    behaviour->mesh = MIN (behaviour->mesh + 1, params->mesh_cap);
}

void inos_score_duplicate (struct inos_scores *scores, struct inos_score *score, const char *topic,
                           uint64_t decided)
{
  struct behaviour *behaviour = behaviour_in (score, topic);
  const struct inos_topic_score_params *params = params_of (scores, topic);

  if (!behaviour || !behaviour->in_mesh)
    return;
  if (decided != 0 && inos_env_now (scores->env) > decided + params->mesh_window)
    return;
  behaviour->mesh = MIN (behaviour->mesh + 1, params->mesh_cap);
}

void inos_score_invalid (struct inos_scores *scores, struct inos_score *score, const char *topic)
{
  struct behaviour *behaviour = behaviour_in (score, topic);

  if (behaviour)
    behaviour->invalid += 1;
}
