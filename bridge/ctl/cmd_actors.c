/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl actors: the subcommands, and those that act. */
#include "actors.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>

static int stop (struct ctl *ctl, const char *who);
static int restart (struct ctl *ctl, const char *who);

static const struct subcommand {
  const char *name;
  const char *arguments; /* how help names them, the first of which is whom it is about */
  guint least, most;     /* of them */
  unsigned options;      /* enum ctl_option */
  const char *summary;
  int (*run) (struct ctl *ctl, const char *who);
} subcommands[] = {
  {"tree", "", 0, 0, CTL_OPT_JSON | CTL_OPT_NODE, N_ ("all actors, each below who watches over it"),
   ctl_actors_tree},
  {"top", "", 0, 0, CTL_OPT_JSON | CTL_OPT_NODE | CTL_OPT_WATCH | CTL_OPT_SORT,
   N_ ("those that do most"), ctl_actors_top},
  {"inspect", "WHO", 1, 1, CTL_OPT_JSON | CTL_OPT_NODE, N_ ("all there is to know of one"),
   ctl_actors_inspect},
  {"trace", "WHO", 1, 1, CTL_OPT_JSON | CTL_OPT_NODE | CTL_OPT_FOLLOW | CTL_OPT_PATH,
   N_ ("the messages that one gets"), ctl_actors_trace},
  {"cycles", "", 0, 0, CTL_OPT_JSON | CTL_OPT_NODE, N_ ("those that wait for each other"),
   ctl_actors_cycles},
  {"stop", "WHO", 1, 1, CTL_OPT_JSON | CTL_OPT_NODE,
   N_ ("stop one; its supervisor may start it again"), stop},
  {"restart", "WHO", 1, 1, CTL_OPT_JSON | CTL_OPT_NODE, N_ ("stop one and start it again"),
   restart},
  {"dead-letters", "", 0, 0, CTL_OPT_JSON | CTL_OPT_NODE | CTL_OPT_RESEND,
   N_ ("messages that reached nobody"), ctl_actors_dead_letters},
  {"send", "WHO BODY [TYPE]", 2, 3, CTL_OPT_JSON,
   N_ ("send a letter; WHO may be PEER/NAME, on another node"), ctl_actors_send},
  {"ask", "WHO BODY [TYPE]", 2, 3, CTL_OPT_JSON, N_ ("send a letter and print the answer"),
   ctl_actors_ask},
  {"wait", "WHO", 1, 1, CTL_OPT_JSON, N_ ("wait until one goes, and say why"), ctl_actors_wait},
  {"receive", "NAME", 1, 1, CTL_OPT_JSON | CTL_OPT_FOLLOW,
   N_ ("open a mailbox of that name and print what comes"), ctl_actors_receive},
  {"answer", "NAME NUMBER BODY", 3, 3, 0, N_ ("answer a letter of a mailbox"), ctl_actors_answer},
  {"close", "NAME", 1, 1, 0, N_ ("close a mailbox"), ctl_actors_close},
  {"reachable", "[PEER]", 0, 1, CTL_OPT_JSON,
   N_ ("actors that other nodes may reach, or those of PEER that this one may"),
   ctl_actors_reachable},
  {"allow", "NAME WHO...", 2, 65, 0,
   N_ ("who may reach one from other nodes: public, members, peers or nobody"), ctl_actors_allow},
};

/* What is said of an option that does not go with a subcommand. */
static const struct {
  unsigned option;
  const char *name;
} options[] = {
  {CTL_OPT_WATCH, "--watch"}, {CTL_OPT_FOLLOW, "--follow"}, {CTL_OPT_PATH, "--path"},
  {CTL_OPT_SORT, "--sort"},   {CTL_OPT_RESEND, "--resend"}, {CTL_OPT_NODE, "--node"},
};

void ctl_actors_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  for (size_t i = 0; i < G_N_ELEMENTS (subcommands); i++) {
    g_autofree char *usage =
      g_strdup_printf ("%s %s", subcommands[i].name, subcommands[i].arguments);
    g_print ("  %-23s  %s\n", usage, _ (subcommands[i].summary));
  }
}

GVariant *ctl_actors_call (struct ctl *ctl, const char *method, GVariant *parameters,
                           const char *type, GError **error)
{
  GVariant *reply = ctl_bus_call (ctl, CTL_NODE, ctl_service_path (CTL_NODE),
                                  ctl_service_name (CTL_NODE), method, parameters, error);

  if (reply == NULL || g_variant_is_of_type (reply, G_VARIANT_TYPE (type)))
    return reply;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("the answer has the type %s, not %s"),
               g_variant_get_type_string (reply), type);
  g_variant_unref (reply);
  return NULL;
}

int ctl_actors_fail (struct ctl *ctl, const GError *error, const char *who, const char *what)
{
  g_autofree char *remote = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;

  if (who != NULL && g_strcmp0 (remote, "org.inos.Error.NotFound") == 0) {
    ctl_complain (_ ("there is no actor '%s': see 'inosctl actors'"), who);
    return CTL_NO_OBJECT;
  }
  int status = ctl_bus_fail (ctl, CTL_NODE, error, what);
  return g_strcmp0 (remote, "org.inos.Error.NotFound") == 0 ? CTL_NO_OBJECT : status;
}

void ctl_actors_json_text (JsonBuilder *json, const char *key, const char *text)
{
  json_builder_set_member_name (json, key);
  json_builder_add_string_value (json, text);
}

void ctl_actors_json_id (JsonBuilder *json, const char *key, guint64 id)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, id);
  ctl_actors_json_text (json, key, text);
}

char *ctl_actors_clock (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (time);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *text = local != NULL ? g_date_time_format (local, "%H:%M:%S") : NULL;

  return g_strdup_printf ("%s.%03d", text != NULL ? text : "--:--:--",
                          (int)(((time % G_USEC_PER_SEC) + G_USEC_PER_SEC) % G_USEC_PER_SEC) /
                            1000);
}

/* Again and again */

struct repeat {
  struct ctl *ctl;
  GMainLoop *loop;
  int (*show) (struct ctl *ctl, void *data);
  void *data;
  int status;
};

static gboolean on_time (void *data)
{
  struct repeat *repeat = data;

  repeat->status = repeat->show (repeat->ctl, repeat->data);
  if (repeat->status != CTL_OK)
    g_main_loop_quit (repeat->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean on_end (void *data)
{
  g_main_loop_quit (((struct repeat *)data)->loop);
  return G_SOURCE_CONTINUE;
}

int ctl_actors_repeat (struct ctl *ctl, int (*show) (struct ctl *ctl, void *data), void *data)
{
  struct repeat repeat = {.ctl = ctl,
                          .loop = g_main_loop_new (NULL, FALSE),
                          .show = show,
                          .data = data,
                          .status = CTL_OK};
  guint sources[] = {
    g_unix_signal_add (SIGINT, on_end, &repeat),
    g_unix_signal_add (SIGTERM, on_end, &repeat),
    g_unix_signal_add (SIGHUP, on_end, &repeat),
    g_timeout_add (ctl->interval, on_time, &repeat),
  };

  g_main_loop_run (repeat.loop);
  for (size_t i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_main_loop_unref (repeat.loop);
  return repeat.status;
}

/* Those that act */

static int act (struct ctl *ctl, const char *method, const char *who, const char *done,
                const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    ctl_actors_call (ctl, method, g_variant_new ("(s)", who), "(t)", &error);
  guint64 id;

  if (reply == NULL)
    return ctl_actors_fail (ctl, error, who, what);
  g_variant_get (reply, "(t)", &id);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    ctl_actors_json_id (json, "id", id);
    json_builder_end_object (json);
    json_print (json, false);
  } else {
    g_print ("%s: %" G_GUINT64_FORMAT "\n", done, id);
  }
  return CTL_OK;
}

static int stop (struct ctl *ctl, const char *who)
{
  return act (ctl, "StopActor", who, _ ("stopped"), _ ("cannot stop the actor"));
}

static int restart (struct ctl *ctl, const char *who)
{
  return act (ctl, "RestartActor", who, _ ("started again"), _ ("cannot restart the actor"));
}

/* The command line */

static const struct subcommand *find (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (subcommands); i++)
    if (strcmp (subcommands[i].name, name) == 0)
      return &subcommands[i];
  return NULL;
}

/* NULL where all is well. */
static char *problem (const struct ctl *ctl, const struct subcommand *subcommand, guint given)
{
  if (given < subcommand->least && subcommand->most == 1)
    return g_strdup_printf (_ ("'%s' takes one argument, %s"), subcommand->name,
                            subcommand->arguments);
  if (given < subcommand->least || (given > subcommand->most && subcommand->most > 1))
    return g_strdup_printf (_ ("'%s' takes %s"), subcommand->name, subcommand->arguments);
  if (given > subcommand->most && subcommand->most == 1)
    return g_strdup_printf (_ ("'%s' takes one argument, %s"), subcommand->name,
                            subcommand->arguments);
  if (given > subcommand->most)
    return g_strdup_printf (_ ("'%s' takes no argument, '%s' is one"), subcommand->name,
                            ctl->arguments[1]);
  for (size_t i = 0; i < G_N_ELEMENTS (options); i++)
    if (ctl->given & options[i].option & ~subcommand->options)
      return g_strdup_printf (_ ("%s does not go with '%s'"), options[i].name, subcommand->name);
  return NULL;
}

int ctl_cmd_actors (struct ctl *ctl)
{
  guint given = ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
  const struct subcommand *subcommand = given > 0 ? find (ctl->arguments[0]) : &subcommands[0];
  g_autofree char *wrong = NULL;

  if (subcommand == NULL) {
    wrong = g_strdup_printf (_ ("there is no command '%s'"), ctl->arguments[0]);
    return ctl_usage ("actors", wrong);
  }
  wrong = problem (ctl, subcommand, given > 0 ? given - 1 : 0);
  if (wrong != NULL)
    return ctl_usage ("actors", wrong);
  return subcommand->run (ctl, given > 1 ? ctl->arguments[1] : NULL);
}
