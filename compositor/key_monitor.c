#include "key_monitor.h"

#include <glib.h>
#include <string.h>
#include <wlr/types/wlr_keyboard.h>

struct modifier {
  uint32_t symbol;
  bool once;     /* the last press was taken, */
  uint32_t time; /* then */
};

struct inos_key_monitor {
  void (*tell) (const struct inos_monitored_key *key, void *data);
  void *data;
  bool watches, grabs;
  GArray *modifiers; /* struct modifier */
  GArray *keys;      /* struct inos_reader_key */
  GHashTable *taken; /* code of a key that is down and was taken → its symbol without modifiers */
};

struct inos_key_monitor *
inos_key_monitor_create (void (*tell) (const struct inos_monitored_key *key, void *data),
                         void *data)
{
  struct inos_key_monitor *monitor = g_new0 (struct inos_key_monitor, 1);
  monitor->tell = tell;
  monitor->data = data;
  monitor->modifiers = g_array_new (FALSE, TRUE, sizeof (struct modifier));
  monitor->keys = g_array_new (FALSE, FALSE, sizeof (struct inos_reader_key));
  monitor->taken = g_hash_table_new (NULL, NULL);
  return monitor;
}

void inos_key_monitor_destroy (struct inos_key_monitor *monitor)
{
  if (!monitor)
    return;
  g_array_unref (monitor->modifiers);
  g_array_unref (monitor->keys);
  g_hash_table_unref (monitor->taken);
  g_free (monitor);
}

void inos_key_monitor_watch (struct inos_key_monitor *monitor, bool on)
{
  monitor->watches = on;
}

void inos_key_monitor_grab (struct inos_key_monitor *monitor, bool on)
{
  monitor->grabs = on;
}

void inos_key_monitor_set_keys (struct inos_key_monitor *monitor, const uint32_t *modifiers,
                                size_t modifier_count, const struct inos_reader_key *keys,
                                size_t key_count)
{
  g_array_set_size (monitor->modifiers, 0);
  g_array_set_size (monitor->keys, 0);
  for (size_t i = 0; i < MIN (modifier_count, INOS_READER_MODIFIERS_MOST); i++) {
    struct modifier modifier = {.symbol = modifiers[i]};
    g_array_append_val (monitor->modifiers, modifier);
  }
  if (key_count > 0)
    g_array_append_vals (monitor->keys, keys, (guint)MIN (key_count, INOS_READER_KEYS_MOST));
}

void inos_key_monitor_forget (struct inos_key_monitor *monitor)
{
  monitor->watches = monitor->grabs = false;
  inos_key_monitor_set_keys (monitor, NULL, 0, NULL, 0);
}

static bool is_symbol (const struct inos_monitored_key *key, uint32_t symbol)
{
  return key->symbol == symbol || key->plain == symbol;
}

static struct modifier *find_modifier (struct inos_key_monitor *monitor,
                                       const struct inos_monitored_key *key)
{
  for (guint i = 0; i < monitor->modifiers->len; i++) {
    struct modifier *modifier = &g_array_index (monitor->modifiers, struct modifier, i);
    if (is_symbol (key, modifier->symbol))
      return modifier;
  }
  return NULL;
}

/* Whether the reader holds down a modifier of its own. */
static bool holds_modifier (struct inos_key_monitor *monitor)
{
  GHashTableIter taken;
  gpointer symbol;
  g_hash_table_iter_init (&taken, monitor->taken);
  while (g_hash_table_iter_next (&taken, NULL, &symbol)) {
    for (guint i = 0; i < monitor->modifiers->len; i++) {
      if (g_array_index (monitor->modifiers, struct modifier, i).symbol ==
          GPOINTER_TO_UINT (symbol))
        return true;
    }
  }
  return false;
}

/* Num Lock and Caps Lock count only where they are asked for. */
static bool is_kept (struct inos_key_monitor *monitor, const struct inos_monitored_key *key)
{
  for (guint i = 0; i < monitor->keys->len; i++) {
    const struct inos_reader_key *kept = &g_array_index (monitor->keys, struct inos_reader_key, i);
    uint32_t locks = (WLR_MODIFIER_CAPS | WLR_MODIFIER_MOD2) & ~kept->modifiers;
    if (is_symbol (key, kept->symbol) && (key->modifiers & ~locks) == kept->modifiers)
      return true;
  }
  return false;
}

static bool takes_press (struct inos_key_monitor *monitor, const struct inos_monitored_key *key,
                         uint32_t twice)
{
  struct modifier *modifier = find_modifier (monitor, key);
  if (modifier && !monitor->grabs) {
    bool second = modifier->once && key->time - modifier->time <= twice;
    modifier->once = !second;
    modifier->time = key->time;
    return !second;
  }
  return modifier || monitor->grabs || holds_modifier (monitor) || is_kept (monitor, key);
}

bool inos_key_monitor_takes (struct inos_key_monitor *monitor, const struct inos_monitored_key *key,
                             uint32_t twice)
{
  if (!monitor)
    return false;
  gpointer code = GUINT_TO_POINTER (key->code);
  bool taken = g_hash_table_contains (monitor->taken, code);
  if (key->down && !taken && !key->secret && takes_press (monitor, key, twice)) {
    taken = true;
    g_hash_table_insert (monitor->taken, code, GUINT_TO_POINTER (key->plain));
  } else if (!key->down) {
    g_hash_table_remove (monitor->taken, code);
  }
  bool is_asked_for =
    monitor->watches ||
    (taken && (monitor->grabs || monitor->keys->len > 0 || monitor->modifiers->len > 0));
  if (is_asked_for && !key->secret)
    monitor->tell (key, monitor->data);
  return taken;
}
