/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/mesh_actor.h"

#include "node/actor/route.h"
#include "node/api/connection_actor.h"
#include "node/api/messages.h"
#include "node/api/question.h"
#include "node/mesh/service/mesh.h"
#include "node/mesh/service/parts.h"
#include "node/mesh/service/remote_actor.h"
#include "node/identity/identity_actor.h"
#include "node/monitor/monitor_actor.h"
#include "node/tree/setup.h"

static void node_mesh_question_clear (void *message)
{
  g_variant_unref (((struct node_mesh_question *)message)->parameters);
}

static void node_mesh_answer_clear (void *message)
{
  g_clear_pointer (&((struct node_mesh_answer *)message)->payload, g_variant_unref);
}

static void node_mesh_found_clear (void *message)
{
  node_mesh_answer_clear (&((struct node_mesh_found *)message)->answer);
}

static void node_mesh_rotated_clear (void *message)
{
  g_clear_pointer (&((struct node_mesh_rotated *)message)->known, g_array_unref);
}

static void node_mesh_managed_clear (void *message)
{
  g_variant_unref (((struct node_mesh_managed *)message)->parameters);
}

static void node_mesh_news_clear (void *message)
{
  g_variant_unref (((struct node_mesh_news *)message)->payload);
}

INOS_PROTOCOL_DEFINE (node_mesh, NODE_MESH);

#define DESCRIBE_EVERY (10 * G_USEC_PER_SEC)

struct holder {
  struct inos_runtime *runtime;
  inos_actor_id id;
  struct inos_setup *setup;
  struct inos_identity *identity;
  struct inos_mesh *mesh;        /* NULL: it is switched off */
  struct inos_remote_link *link; /* the same */
  unsigned gpus;
  int64_t described; /* µs, monotonic, when the members were told of this machine last; 0: never */
};

/* A question on its way through the mesh's thread. */
struct errand {
  struct inos_runtime *runtime;
  inos_actor_id id; /* the actor */
  struct inos_request_id request;
};

/* On the mesh's thread. */
static void on_answered (void *data, GVariant *payload, const GError *error)
{
  g_autofree struct errand *errand = data;
  struct node_mesh_found found = {.request = errand->request};

  if (payload)
    found.answer.payload = g_variant_ref (payload);
  if (error) {
    found.answer.code = (enum inos_api_error)error->code;
    g_autofree char *valid = g_utf8_make_valid (error->message, -1);
    g_strlcpy (found.answer.sentence, valid, sizeof found.answer.sentence);
    char *end = found.answer.sentence + sizeof found.answer.sentence - 1;
    const char *stop;
    if (!g_utf8_validate (found.answer.sentence, -1, &stop)) /* cut within a character */
      end = found.answer.sentence + (stop - found.answer.sentence);
    *end = '\0';
  }
  if (!inos_sent_took (
        node_mesh_post_found (errand->runtime, (node_mesh_ref){INOS_TO (errand->id)}, found)))
    node_mesh_found_clear (&found);
}

/* On the mesh's thread. Takes a floating @payload. */
static void tell (const struct holder *self, const char *topic, const char *type, GVariant *payload)
{
  struct node_mesh_news news = {topic, type, g_variant_ref_sink (payload)};

  if (!inos_sent_took (
        node_mesh_post_news (self->runtime, (node_mesh_ref){INOS_TO (self->id)}, news)))
    node_mesh_news_clear (&news);
}

static void on_message (void *data, const char *topic, const char *from, const void *bytes,
                        size_t len)
{
  GVariant *content = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, len, 1);

  tell (data, NODE_MESH_TOPIC, INOS_MESH_MESSAGE, g_variant_new ("(ss@ay)", topic, from, content));
}

static void on_member (void *data, const struct inos_peer_id *peer, const char *state,
                       unsigned alive)
{
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (peer, id);
  tell (data, NODE_MEMBERS_TOPIC, INOS_MESH_MEMBER,
        g_variant_new ("(ssu)", id, state ? state : "forgotten", alive));
}

static void on_state (void *data, const char *name)
{
  tell (data, NODE_STATES_TOPIC, INOS_MESH_STATE_CHANGED, g_variant_new ("(s)", name));
}

static void on_group (void *data, const char *name, const struct inos_peer_id *primary,
                      uint64_t epoch)
{
  char id[INOS_PEER_TEXT_MAX] = "";

  if (inos_peer_id_is_set (primary))
    inos_peer_id_text (primary, id);
  tell (data, NODE_GROUPS_TOPIC, INOS_MESH_GROUP_CHANGED, g_variant_new ("(sst)", name, id, epoch));
}

static void on_request (void *data, const struct inos_peer_id *peer, const char *name)
{
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (peer, id);
  tell (data, NODE_MEMBERS_TOPIC, INOS_MESH_REQUESTED, g_variant_new ("(ss)", id, name));
}

static void on_rotated (void *data, GArray *known)
{
  const struct holder *self = data;
  struct node_mesh_rotated rotated = {known};

  if (!inos_sent_took (
        node_mesh_post_rotated (self->runtime, (node_mesh_ref){INOS_TO (self->id)}, rotated)))
    node_mesh_rotated_clear (&rotated);
}

static bool on_managed (void *data, uint64_t number, const char *type, GVariant *parameters)
{
  const struct holder *self = data;
  struct node_mesh_managed question = {number, type, g_variant_ref (parameters)};

  if (inos_sent_took (
        node_mesh_post_managed (self->runtime, (node_mesh_ref){INOS_TO (self->id)}, question)))
    return true;
  node_mesh_managed_clear (&question);
  return false;
}

static const struct inos_mesh_events mesh_events = {.on_message = on_message,
                                                    .on_member = on_member,
                                                    .on_state = on_state,
                                                    .on_group = on_group,
                                                    .on_request = on_request,
                                                    .on_rotated = on_rotated,
                                                    .on_managed = on_managed};

INOS_HANDLE (node_mesh, ask, struct holder)
{
  if (!self->mesh) {
    node_mesh_reply_ask (context,
                         (struct node_mesh_answer){
                           .code = INOS_API_ERROR_FAILED,
                           .sentence = "The mesh is switched off: [mesh] enabled in node.ini."});
    return INOS_OK;
  }
  struct errand *errand = g_new0 (struct errand, 1);
  *errand = (struct errand){self->runtime, self->id, inos_request_handled (context)};
  inos_mesh_ask (self->mesh, message->type, message->parameters, on_answered, errand);
  return INOS_OK;
}

INOS_HANDLE (node_mesh, found, struct holder)
{
  struct node_mesh_answer answer = message->answer;

  if (answer.payload)
    g_variant_ref (answer.payload);
  if (!inos_sent_took (node_mesh_reply_ask_to (context, message->request, answer)))
    node_mesh_answer_clear (&answer);
  return INOS_OK;
}

/* What other nodes ask */

struct managed_answer {
  uint64_t number;
  struct node_question_answer answer;
};

static void on_managed_answer (struct inos_mesh_parts *parts, void *data)
{
  g_autofree struct managed_answer *found = data;

  inos_manage_answer (parts->manage, found->number, found->answer.payload, found->answer.code,
                      found->answer.sentence);
  g_clear_pointer (&found->answer.payload, g_variant_unref);
}

static void answer_managed (struct holder *self, uint64_t number,
                            const struct node_question_answer *answer)
{
  struct managed_answer found = {number, *answer};

  if (!self->mesh)
    return;
  if (found.answer.payload)
    g_variant_ref (found.answer.payload);
  inos_mesh_invoke (self->mesh, on_managed_answer, g_memdup2 (&found, sizeof found));
}

static const struct node_question_answer busy = {
  .code = INOS_API_ERROR_FAILED, .sentence = "The node cannot answer this now. Ask again."};

static enum inos_outcome on_asked_around (void *state, struct inos_context *context,
                                          enum inos_replied status,
                                          const struct node_question_answer *reply, uint64_t number)
{
  static const struct node_question_answer late = {
    .code = INOS_API_ERROR_TIMEOUT,
    .sentence = "This takes longer than one waits for an answer. It goes on."};

  answer_managed (state, number,
                  status == INOS_REPLIED     ? reply
                  : status == INOS_TIMED_OUT ? &late
                                             : &busy);
  return INOS_OK;
}

INOS_HANDLE (node_mesh, managed, struct holder)
{
  const struct inos_api_message *asked = inos_message_find (message->type, INOS_MESSAGE_VERSION);
  inos_actor_id who = node_question_spawn (context, NULL);

  if (!who) {
    answer_managed (self, message->number, &busy);
    return INOS_OK;
  }
  struct node_question_text text = {
    .kind = node_question_find (asked->name),
    .message = asked,
    .parameters = g_variant_ref (message->parameters),
    .managed = true,
  };
  if (!node_question_put (context, who, text, on_asked_around, message->number))
    answer_managed (self, message->number, &busy);
  return INOS_OK;
}

INOS_HANDLE (node_mesh, news, struct holder)
{
  struct inos_frame event = {
    .kind = INOS_EVENT,
    .priority = INOS_PRIORITY_NORMAL,
    .version = INOS_MESSAGE_VERSION,
    .id = ++self->setup->last_frame,
    .payload = g_variant_ref (message->payload),
  };

  g_strlcpy (event.type, message->type, sizeof event.type);
  struct node_connection_frame frame = {.frame = inos_frame_encode (&event)};
  inos_frame_clear (&event);
  if (frame.frame &&
      !inos_sent_took (node_connection_publish_event (context, message->topic, frame)))
    g_bytes_unref (frame.frame);
  return INOS_OK;
}

/* This machine */

/* The disk that @path lies on: the longest mount point above it. */
static uint64_t free_at (const struct inos_sample *sample, const char *path)
{
  size_t longest = 0;
  uint64_t available = 0;

  for (uint32_t i = 0; i < sample->disks; i++) {
    const char *mount = sample->disk[i].mount;
    size_t len = strlen (mount);
    bool above = strncmp (path, mount, len) == 0 &&
                 (path[len] == '/' || path[len] == '\0' || (len > 0 && mount[len - 1] == '/'));
    if (above && len >= longest) {
      longest = len;
      available = sample->disk[i].available;
    }
  }
  return available;
}

/* "card0" and so on, without their connectors, "card0-HDMI-A-1". */
static unsigned count_gpus (const char *sys)
{
  g_autofree char *path = g_build_filename (sys ? sys : "/sys", "class", "drm", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  unsigned n = 0;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "card") && strspn (name + 4, "0123456789") == strlen (name + 4))
      n++;
  return n;
}

static void set_resources (struct inos_node_state *state, const struct inos_sample *sample)
{
  double hottest = 0;

  inos_node_state_set (state, INOS_NODE_PROCESSOR, (uint64_t)(sample->cpu * 10));
  inos_node_state_set (state, INOS_NODE_CORES, sample->cores);
  inos_node_state_set (state, INOS_NODE_LOAD, (uint64_t)(sample->load[0] * 1000));
  inos_node_state_set (state, INOS_NODE_MEMORY, sample->memory_total);
  inos_node_state_set (state, INOS_NODE_MEMORY_USED,
                       sample->memory_total - MIN (sample->memory_available, sample->memory_total));
  if (sample->swap_total > 0)
    inos_node_state_set (state, INOS_NODE_SWAP_USED,
                         sample->swap_total - MIN (sample->swap_free, sample->swap_total));
  for (uint32_t i = 0; i < sample->temperatures; i++)
    hottest = MAX (hottest, sample->temperature[i].celsius);
  if (hottest > 0)
    inos_node_state_set (state, INOS_NODE_CELSIUS, (uint64_t)hottest);
  if (sample->battery.present)
    inos_node_state_set (state, INOS_NODE_BATTERY, (uint64_t)sample->battery.percent);
}

static void set_rates (struct inos_node_state *state, const struct inos_sample *sample)
{
  uint64_t received = 0, sent = 0;

  for (uint32_t i = 0; i < sample->interfaces; i++) {
    if (strcmp (sample->interface[i].name, "lo") == 0)
      continue;
    received += sample->interface[i].rx_rate;
    sent += sample->interface[i].tx_rate;
  }
  inos_node_state_set (state, INOS_NODE_RECEIVED_RATE, received);
  inos_node_state_set (state, INOS_NODE_SENT_RATE, sent);
}

static void on_power (struct inos_mesh_parts *parts, void *power)
{
  if (parts->saving)
    inos_saving_set_power (parts->saving, (enum inos_power)GPOINTER_TO_INT (power));
}

static enum inos_power power_of (const struct inos_battery *battery)
{
  if (!battery->present)
    return INOS_POWER_UNKNOWN;
  return battery->discharging ? INOS_POWER_BATTERY : INOS_POWER_MAINS;
}

static void describe (struct holder *self, const struct node_sight *sight)
{
  const struct inos_sample *sample = &sight->sample;
  uint64_t storage = free_at (sample, self->setup->state_dir);
  struct inos_node_state machine = {0};

  if (!self->mesh || (self->described > 0 && sight->time - self->described < DESCRIBE_EVERY))
    return;
  self->described = sight->time;
  set_resources (&machine, sample);
  set_rates (&machine, sample);
  inos_node_state_set (&machine, INOS_NODE_STORAGE_FREE, storage);
  inos_node_state_set (&machine, INOS_NODE_GPUS, self->gpus);
  inos_mesh_invoke (self->mesh, on_power, GINT_TO_POINTER (power_of (&sample->battery)));
  inos_mesh_describe (self->mesh,
                      &(struct inos_member_figures){.load = (unsigned)(sample->cpu * 10),
                                                    .cores = sample->cores,
                                                    .gpus = self->gpus,
                                                    .memory = sample->memory_total,
                                                    .storage = storage},
                      &machine);
}

/* The mesh */

static bool start_mesh (struct holder *self, const struct inos_mesh_config *config, GError **error)
{
  self->identity = inos_identity_open (self->setup->state_dir, error);
  if (self->identity)
    self->mesh =
      inos_mesh_new (self->identity, config, self->setup->state_dir, &mesh_events, self, error);
  if (!self->mesh)
    return false;
  self->link = inos_remote_link_new (self->mesh, self->runtime);
  self->described = 0;
  return true;
}

static void stop_mesh (struct holder *self)
{
  if (self->link)
    inos_remote_link_end (self->link);
  g_clear_pointer (&self->mesh, inos_mesh_free);
  g_clear_pointer (&self->link, inos_remote_link_unref);
  g_clear_pointer (&self->identity, inos_identity_free);
}

/* With another identity; it looks for its peers where they were. */
INOS_HANDLE (node_mesh, rotated, struct holder)
{
  g_autofree struct inos_mesh_config *config =
    g_memdup2 (&self->setup->mesh, sizeof self->setup->mesh);
  node_identity_ref identity = {inos_address_of_name (self->runtime, NODE_IDENTITY_NAME)};
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < message->known->len && config->n_bootstrap < INOS_MESH_ADDRESSES_MAX; i++)
    config->bootstrap[config->n_bootstrap++] =
      g_array_index (message->known, struct inos_multiaddr, i);
  stop_mesh (self);
  node_identity_send_changed (context, identity, INOS_NOTHING);
  if (!start_mesh (self, config, &error))
    return inos_fail (context, error->code, "%s", error->message);
  tell (self, NODE_MEMBERS_TOPIC, INOS_MESH_ROTATED,
        g_variant_new ("(s)", inos_identity_peer_id (self->identity)));
  return INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct inos_setup *setup = *(struct inos_setup *const *)argument;
  struct holder *self = state;
  g_autoptr (GError) error = NULL;

  self->runtime = inos_context_runtime (context);
  self->id = inos_self (context);
  self->setup = setup;
  if (!setup->mesh.enabled)
    return INOS_OK;
  if (!start_mesh (self, &setup->mesh, &error))
    return inos_fail (context, error->code, "%s", error->message);
  self->gpus = count_gpus (setup->sys);
  if (!inos_subscribe (context, NODE_MONITOR_TOPIC))
    return inos_fail (context, 0, "no memory to hear of the machine");
  return INOS_OK;
}

static void clear (void *state)
{
  stop_mesh (state);
}

INOS_BEHAVIOUR (node_mesh, NODE_MESH, struct holder);

static void reach (struct holder *self, struct inos_context *context,
                   const struct node_reach_whom *whom)
{
  node_reach_handle (context, self->link,
                     self->identity ? inos_identity_peer_id (self->identity) : "-", whom);
}

/* It is asked, and it hears of the machine. */
static enum inos_outcome receive (void *state, struct inos_context *context,
                                  const struct inos_message *message)
{
  if (message->type->protocol == &node_reach_protocol) {
    reach (state, context, message->payload);
    return INOS_OK;
  }
  if (message->type->protocol != &node_machine_protocol)
    return node_mesh_behaviour.receive (state, context, message);
  if (message->type->ordinal == node_machine_seen_ordinal)
    describe (state, ((const node_machine_seen_message *)message->payload)->sight);
  return INOS_OK;
}

const struct inos_behaviour inos_mesh_behaviour = {
  .name = "node_mesh",
  .protocol = &node_mesh_protocol,
  .state_size = sizeof (struct holder),
  .on_edge = true,
  .pre_start = pre_start,
  .receive = receive,
  .clear = clear,
};
