/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad-private.h"

#include <string.h>

#define VALUES_OUT_MAX 8                             /* that are put again at once */
#define RETRY (60 * G_GUINT64_CONSTANT (1000000000)) /* ns, when there is nobody to keep one */

static bool is_valid (const struct inos_kad *kad, const void *key, size_t key_len,
                      const void *value, size_t value_len)
{
  const struct inos_kad_validator *validator =
    inos_kad_find_validator (kad->validators, kad->n_validators, key, key_len);

  return validator && key_len <= INOS_KAD_KEY_MAX && value_len <= INOS_KAD_VALUE_MAX &&
         validator->is_valid (validator->data, key, key_len, value, value_len);
}

static bool is_same (GBytes *kept, const void *value, size_t len)
{
  gsize kept_len;
  const void *bytes = g_bytes_get_data (kept, &kept_len);

  return kept_len == len && (len == 0 || memcmp (bytes, value, len) == 0);
}

/* Both are valid for @key. */
static bool is_better (const struct inos_kad *kad, GBytes *key, const void *value, size_t len,
                       GBytes *other)
{
  const struct inos_kad_validator *validator = inos_kad_find_validator (
    kad->validators, kad->n_validators, g_bytes_get_data (key, NULL), g_bytes_get_size (key));

  return validator &&
         validator->is_better (validator->data, value, len, g_bytes_get_data (other, NULL),
                               g_bytes_get_size (other));
}

bool inos_kad_better (struct inos_kad *kad, const void *key, size_t key_len, const void *value,
                      size_t value_len)
{
  const struct inos_kad_record *kept =
    inos_record_store_get (kad->records, key, key_len, inos_env_wall (kad->env));

  return is_valid (kad, key, key_len, value, value_len) &&
         (!kept || is_same (kept->value, value, value_len) ||
          is_better (kad, kept->key, value, value_len, kept->value));
}

/* A value on its way to the nearest peers. */
struct put {
  GBytes *key, *value;  /* owned */
  inos_kad_stored done; /* (nullable) */
  void *data;
  unsigned waiting, stored;
  bool again; /* by inos_kad_republish() */
};

static struct kad_own_value *own_value (const struct inos_kad *kad, GBytes *key)
{
  for (unsigned i = 0; i < kad->own_values->len; i++) {
    struct kad_own_value *own = kad->own_values->pdata[i];
    if (g_bytes_equal (own->key, key))
      return own;
  }
  return NULL;
}

static void find_next_due (struct inos_kad *kad)
{
  kad->values_due = INOS_NEVER;
  if (kad->values_out >= VALUES_OUT_MAX)
    return;
  for (unsigned i = 0; i < kad->own_values->len; i++)
    kad->values_due =
      MIN (kad->values_due, ((const struct kad_own_value *)kad->own_values->pdata[i])->due);
}

static void put_free (void *data)
{
  struct put *put = data;

  if (put->waiting > 1) { /* others of its requests are open still */
    put->waiting--;
    return;
  }
  g_bytes_unref (put->key);
  g_bytes_unref (put->value);
  g_free (put);
}

static void put_end (struct inos_kad *kad, struct put *put)
{
  struct kad_own_value *own = own_value (kad, put->key);

  if (put->waiting > 1) {
    put->waiting--;
    return;
  }
  if (put->again)
    kad->values_out--;
  if (own)
    own->due = inos_env_now (kad->env) + (put->stored > 0 ? INOS_KAD_REPUBLISH : RETRY);
  find_next_due (kad);
  if (put->done)
    put->done (put->data, put->stored);
  put_free (put);
}

static void on_put (struct inos_kad *kad, struct kad_request *request,
                    const struct inos_kad_message *message)
{
  struct put *put = request->data;

  put->stored += message != NULL;
  put_end (kad, put);
}

/* Asks @peer to keep @value; @put (nullable): who wants to know. */
static void send_value (struct inos_kad *kad, const struct inos_peer_id *peer, GBytes *key,
                        GBytes *value, kad_request_done done, void *data)
{
  struct kad_request request = {
    .peer = *peer,
    .type = INOS_KAD_PUT_VALUE,
    .done = done,
    .data = data,
    .drop = data ? put_free : NULL,
  };
  struct inos_buffer message = {0};
  gsize key_len, value_len;
  const void *key_bytes = g_bytes_get_data (key, &key_len);
  const void *value_bytes = g_bytes_get_data (value, &value_len);

  inos_kad_put_head (&message, INOS_KAD_PUT_VALUE, key_bytes, key_len);
  inos_kad_put_record (&message, key_bytes, key_len, value_bytes, value_len, 0);
  inos_kad_ask (kad, &request, &message, true);
  inos_buffer_clear (&message);
}

static void put_finish (struct kad_lookup *lookup)
{
  struct put *put = lookup->data;
  struct kad_candidate *near[INOS_KAD_K];
  unsigned n = inos_kad_lookup_nearest (lookup, near);

  put->waiting = 1; /* until all are out */
  for (unsigned i = 0; i < n; i++) {
    put->waiting++;
    send_value (lookup->kad, &near[i]->peer, put->key, put->value, on_put, put);
  }
  put_end (lookup->kad, put);
}

static const struct kad_lookup_class put_class = {
  .type = INOS_KAD_FIND_NODE,
  .finish = put_finish,
  .drop = put_free,
};

static void begin_put (struct inos_kad *kad, GBytes *key, GBytes *value, bool again,
                       inos_kad_stored done, void *data)
{
  struct put *put = g_new0 (struct put, 1);

  *put = (struct put){
    .key = g_bytes_ref (key),
    .value = g_bytes_ref (value),
    .done = done,
    .data = data,
    .again = again,
  };
  inos_kad_lookup (kad, &put_class, g_bytes_get_data (key, NULL), g_bytes_get_size (key), put);
}

void inos_kad_own_value_free (void *data)
{
  struct kad_own_value *own = data;

  g_bytes_unref (own->key);
  g_bytes_unref (own->value);
  g_free (own);
}

bool inos_kad_put (struct inos_kad *kad, const void *key, size_t key_len, const void *value,
                   size_t value_len, inos_kad_stored done, void *data)
{
  g_autoptr (GBytes) key_bytes = g_bytes_new (key, key_len);
  g_autoptr (GBytes) value_bytes = g_bytes_new (value, value_len);
  struct kad_own_value *own = own_value (kad, key_bytes);

  if (!inos_kad_better (kad, key, key_len, value, value_len) ||
      (!own && kad->own_values->len >= INOS_KAD_OWN_VALUES))
    return false;
  if (!own) {
    own = g_new0 (struct kad_own_value, 1);
    own->key = g_bytes_ref (key_bytes);
    own->value = g_bytes_ref (value_bytes);
    g_ptr_array_add (kad->own_values, own);
  } else {
    g_bytes_unref (own->value);
    own->value = g_bytes_ref (value_bytes);
  }
  own->due = INOS_NEVER;
  inos_record_store_put (kad->records, key, key_len, value, value_len, inos_env_wall (kad->env));
  begin_put (kad, key_bytes, value_bytes, false, done, data);
  return true;
}

void inos_kad_forget (struct inos_kad *kad, const void *key, size_t len)
{
  g_autoptr (GBytes) bytes = g_bytes_new (key, len);
  struct kad_own_value *own = own_value (kad, bytes);

  if (own)
    g_ptr_array_remove (kad->own_values, own);
  find_next_due (kad);
}

void inos_kad_republish (struct inos_kad *kad)
{
  uint64_t now = inos_env_now (kad->env);
  int64_t wall = inos_env_wall (kad->env);
  g_autoptr (GPtrArray) due = g_ptr_array_new();

  for (unsigned i = 0; i < kad->own_values->len && kad->values_out + due->len < VALUES_OUT_MAX; i++)
    if (((const struct kad_own_value *)kad->own_values->pdata[i])->due <= now)
      g_ptr_array_add (due, kad->own_values->pdata[i]);
  for (unsigned i = 0; i < due->len; i++) {
    struct kad_own_value *own = due->pdata[i];
    gsize key_len, len;
    const void *key = g_bytes_get_data (own->key, &key_len);
    const void *value = g_bytes_get_data (own->value, &len);
    own->due = INOS_NEVER;
    kad->values_out++;
    if (inos_kad_better (kad, key, key_len, value, len)) /* else another is newer */
      inos_record_store_put (kad->records, key, key_len, value, len, wall);
    begin_put (kad, own->key, own->value, true, NULL, NULL);
  }
  find_next_due (kad);
}

struct get {
  inos_kad_value done;
  void *data;
  unsigned quorum, count;
  GBytes *best; /* (nullable) */
};

static void get_answer (struct kad_lookup *lookup, struct kad_candidate *from,
                        const struct inos_kad_message *message)
{
  struct get *get = lookup->data;
  struct inos_kad *kad = lookup->kad;
  gsize key_len;
  const void *key = g_bytes_get_data (lookup->subject, &key_len);

  if (!message->has_record || message->record_key_len != key_len ||
      memcmp (message->record_key, key, key_len) != 0 ||
      !is_valid (kad, key, key_len, message->value, message->value_len))
    return;
  from->has_value = true;
  from->has_best = get->best && is_same (get->best, message->value, message->value_len);
  if (!get->best ||
      is_better (kad, lookup->subject, message->value, message->value_len, get->best)) {
    for (unsigned i = 0; i < lookup->candidates->len; i++)
      ((struct kad_candidate *)lookup->candidates->pdata[i])->has_best = false;
    from->has_best = true;
    g_clear_pointer (&get->best, g_bytes_unref);
    get->best = g_bytes_new (message->value, message->value_len);
  }
  if (++get->count >= get->quorum)
    inos_kad_lookup_finish (lookup);
}

static void on_corrected (struct inos_kad *kad, struct kad_request *request,
                          const struct inos_kad_message *message)
{
}

/* Those that had a worse one, and of the nearest those that had none, get the best. */
static void correct (struct kad_lookup *lookup, GBytes *best)
{
  GArray *peers = g_array_new (FALSE, FALSE, sizeof (struct inos_peer_id));

  for (unsigned i = 0; i < lookup->candidates->len; i++) {
    const struct kad_candidate *candidate = lookup->candidates->pdata[i];
    bool wants = candidate->has_value ? !candidate->has_best : i < INOS_KAD_K;
    if (candidate->state == KAD_ANSWERED && wants)
      g_array_append_val (peers, candidate->peer);
  }
  for (unsigned i = 0; i < peers->len; i++)
    send_value (lookup->kad, &g_array_index (peers, struct inos_peer_id, i), lookup->subject, best,
                on_corrected, NULL);
  g_array_unref (peers);
}

static void get_finish (struct kad_lookup *lookup)
{
  g_autofree struct get *get = lookup->data;
  g_autoptr (GBytes) best = g_steal_pointer (&get->best);

  if (!best) {
    get->done (get->data, NULL, 0);
    return;
  }
  get->done (get->data, g_bytes_get_data (best, NULL), g_bytes_get_size (best));
  correct (lookup, best);
}

static void get_free (void *data)
{
  struct get *get = data;

  g_clear_pointer (&get->best, g_bytes_unref);
  g_free (get);
}

static const struct kad_lookup_class get_class = {
  .type = INOS_KAD_GET_VALUE,
  .answer = get_answer,
  .finish = get_finish,
  .drop = get_free,
};

void inos_kad_get (struct inos_kad *kad, const void *key, size_t len, unsigned quorum,
                   inos_kad_value done, void *data)
{
  const struct inos_kad_record *record =
    inos_record_store_get (kad->records, key, len, inos_env_wall (kad->env));
  struct get *get;

  if (record && quorum <= 1) {
    g_autoptr (GBytes) value = g_bytes_ref (record->value);
    done (data, g_bytes_get_data (value, NULL), g_bytes_get_size (value));
    return;
  }
  get = g_new0 (struct get, 1);
  *get = (struct get){.done = done, .data = data, .quorum = MAX (quorum, 1)};
  if (record) {
    get->best = g_bytes_ref (record->value);
    get->count = 1;
  }
  inos_kad_lookup (kad, &get_class, key, len, get);
}
