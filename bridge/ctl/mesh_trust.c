/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh: who is a member, and who becomes one. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NS_PER_MS G_GUINT64_CONSTANT (1000000)
#define REQUESTS "a(sssbtb)"
#define ROLL "a(ssssxu)"
#define AUDIT "a(ssss)"
enum { HOURS = 24, LINES = 200 };

static char *local_time (gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);

  return time ? g_date_time_format (time, "%F %H:%M") : g_strdup ("–");
}

/* Inviting and joining */

int ctl_mesh_invite (struct ctl *ctl)
{
  int status;
  guint hours = ctl->hours != 0 ? (guint)MAX (ctl->hours, 0) : HOURS;
  guint uses = ctl->uses != 0 ? (guint)MAX (ctl->uses, 0) : 1;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "Invite", g_variant_new ("(uub)", hours, uses, ctl->ask), "(sx)",
                   _ ("cannot invite"), &status);
  const char *code;
  gint64 expires;

  if (reply == NULL)
    return status;
  g_variant_get (reply, "(&sx)", &code, &expires);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    ctl_actors_json_text (json, "code", code);
    json_builder_set_member_name (json, "expires");
    json_builder_add_int_value (json, expires);
    json_builder_end_object (json);
    json_print (json, false);
    return CTL_OK;
  }
  g_autofree char *clean = ctl_text_clean (code);
  g_print ("%s\n", clean);
  if (!ctl->terminal)
    return CTL_OK;
  g_autofree char *until = local_time (expires);
  ctl_mesh_draw_code (ctl, clean);
  g_print (_ ("Whoever has this code can come in until %s. On the other machine:\n"
              "  inosctl mesh join CODE\n"),
           until);
  return CTL_OK;
}

int ctl_mesh_join (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply = ctl_mesh_call (ctl, "Join", g_variant_new ("(s)", ctl->arguments[1]),
                                              "(s)", _ ("cannot join"), &status);
  const char *state;

  if (reply == NULL)
    return status;
  g_variant_get (reply, "(&s)", &state);
  if (ctl->json)
    ctl_mesh_print_one (ctl, "state", g_variant_new_string (state), "", state);
  else if (strcmp (state, "member") == 0)
    g_print ("%s\n", _ ("This node is a member now."));
  else
    g_print ("%s\n", _ ("This node waits until somebody accepts it there: inosctl mesh requests, "
                        "inosctl mesh accept PEER."));
  return CTL_OK;
}

/* What has no answer but that it is done. */
static int act (struct ctl *ctl, const char *method, GVariant *parameters, const char *what)
{
  int status;
  g_autoptr (GVariant) reply = ctl_mesh_call (ctl, method, parameters, "()", what, &status);

  return status;
}

int ctl_mesh_accept (struct ctl *ctl)
{
  return act (ctl, "DecideRequest", g_variant_new ("(sb)", ctl->arguments[1], TRUE),
              _ ("cannot accept it"));
}

int ctl_mesh_refuse (struct ctl *ctl)
{
  return act (ctl, "DecideRequest", g_variant_new ("(sb)", ctl->arguments[1], FALSE),
              _ ("cannot refuse it"));
}

int ctl_mesh_revoke (struct ctl *ctl)
{
  return act (ctl, "RevokeMember", g_variant_new ("(s)", ctl->arguments[1]),
              _ ("cannot revoke it"));
}

int ctl_mesh_leave (struct ctl *ctl)
{
  return act (ctl, "LeaveMesh", NULL, _ ("cannot leave the mesh"));
}

/* Another identity */

/* Whether a person who sits there types yes, in English or as the question says it. */
static bool is_sure (const char *question)
{
  char line[64];

  g_print ("%s ", question);
  fflush (stdout);
  if (fgets (line, sizeof line, stdin) == NULL)
    return false;
  g_strstrip (line);
  return g_ascii_strcasecmp (line, "yes") == 0 || strcmp (line, _ ("yes")) == 0;
}

/* NULL where it may go on. */
static const char *why_not (struct ctl *ctl, const char *question)
{
  if (ctl->yes)
    return NULL;
  if (!ctl->terminal || !isatty (STDIN_FILENO))
    return _ ("this is for ever, so --yes has to say that it is meant");
  return is_sure (question) ? NULL : _ ("nothing was changed");
}

int ctl_mesh_rotate (struct ctl *ctl)
{
  const char *id,
    *objection = why_not (
      ctl, _ ("This node gets another key and another peer id, for ever. Members of its mesh will\n"
              "know it by that; addresses and invitations with the old id count no more, and what\n"
              "it offers and subscribes to has to be offered and subscribed to again.\n"
              "Type “yes” to go on:"));
  int status;

  if (objection != NULL) {
    ctl_complain ("%s", objection);
    return CTL_FAILED;
  }
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "RotateIdentity", NULL, "(s)", _ ("cannot get another key"), &status);
  if (reply == NULL)
    return status;
  g_variant_get (reply, "(&s)", &id);
  ctl_mesh_print_one (ctl, "peer-id", g_variant_new_string (id), "", id);
  return CTL_OK;
}

/* Lists */

static void print_rows (const char *key, GVariant *rows, const char *const *names)
{
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  json_add_rows (json, key, rows, names);
  json_builder_end_object (json);
  json_print (json, false);
}

static void add_request (CtlTable *table, GVariant *row)
{
  const char *id, *name, *address;
  gboolean waits, invited;
  guint64 age;

  g_variant_get (row, "(&s&s&sbtb)", &id, &name, &address, &waits, &age, &invited);
  g_autofree char *since = ctl_text_time (age * NS_PER_MS);
  ctl_table_cell (table, CTL_PLAIN, id);
  ctl_table_cell (table, CTL_PLAIN, name);
  ctl_table_cell (table, CTL_PLAIN, waits ? _ ("waits") : _ ("refused"));
  ctl_table_cell (table, CTL_PLAIN, since);
  ctl_table_cell (table, CTL_PLAIN, invited ? _ ("yes") : _ ("no"));
  ctl_table_cell (table, CTL_DIM, address);
}

int ctl_mesh_requests (struct ctl *ctl)
{
  static const char *const names[] = {"id", "name", "address", "waits", "age", "invited", NULL};
  const struct ctl_column columns[] = {
    {_ ("PEER"), false, true}, {_ ("NAME"), false, true},     {_ ("STATE"), false, false},
    {_ ("FOR"), true, false},  {_ ("INVITED"), false, false}, {_ ("ADDRESS"), false, true},
  };
  const struct ctl_mesh_list list = {"ListRequests", "(" REQUESTS ")",       "requests", names,
                                     columns,        G_N_ELEMENTS (columns), add_request};

  return ctl_mesh_list (ctl, &list, NULL, _ ("cannot list the requests"), NULL);
}

/* A word of the node, as a person reads it. */
static const char *standing_text (const char *standing)
{
  if (strcmp (standing, "member") == 0)
    return _ ("member");
  if (strcmp (standing, "left") == 0)
    return _ ("left");
  if (strcmp (standing, "replaced") == 0)
    return _ ("replaced");
  return strcmp (standing, "revoked") == 0 ? _ ("revoked") : standing;
}

static void add_entry (CtlTable *table, GVariant *row)
{
  const char *id, *name, *standing, *by;
  gint64 since;
  guint rank;

  g_variant_get (row, "(&s&s&s&sxu)", &id, &name, &standing, &by, &since, &rank);
  bool is_member = strcmp (standing, "member") == 0;
  g_autofree char *time = local_time (since);
  ctl_table_cell (table, is_member ? CTL_PLAIN : CTL_DIM, id);
  ctl_table_cell (table, is_member ? CTL_PLAIN : CTL_DIM, name);
  ctl_table_cell (table, is_member ? CTL_PLAIN : CTL_DIM, standing_text (standing));
  if (is_member)
    ctl_table_cellf (table, CTL_PLAIN, "%u", rank);
  else
    ctl_table_cell (table, CTL_PLAIN, "–");
  ctl_table_cell (table, CTL_PLAIN, time);
  ctl_table_cell (table, CTL_DIM, by);
}

int ctl_mesh_roll (struct ctl *ctl)
{
  static const char *const names[] = {"id", "name", "standing", "by", "since", "rank", NULL};
  const struct ctl_column columns[] = {
    {_ ("PEER"), false, true}, {_ ("NAME"), false, true},   {_ ("STANDING"), false, false},
    {_ ("RANK"), true, false}, {_ ("SINCE"), false, false}, {_ ("BY"), false, true},
  };
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "ReadRoll", NULL, "(sss" ROLL ")", _ ("cannot read the roll"), &status);
  const char *mesh;

  if (reply == NULL)
    return status;
  g_variant_get_child (reply, 0, "&s", &mesh);
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 3);
  if (ctl->json) {
    print_rows ("roll", rows, names);
    return CTL_OK;
  }
  if (*mesh == '\0') {
    g_print ("%s\n", _ ("This node is in no mesh that has members: inosctl mesh invite, or join."));
    return CTL_OK;
  }
  g_autofree char *text = ctl_mesh_table (ctl, columns, G_N_ELEMENTS (columns), rows, add_entry);
  g_print ("%s", text);
  return CTL_OK;
}

static void add_line (CtlTable *table, GVariant *row)
{
  const char *time, *what, *peer, *more;

  g_variant_get (row, "(&s&s&s&s)", &time, &what, &peer, &more);
  ctl_table_cell (table, CTL_DIM, time);
  ctl_table_cell (table, CTL_PLAIN, what);
  ctl_table_cell (table, CTL_PLAIN, peer);
  ctl_table_cell (table, CTL_PLAIN, more);
}

int ctl_mesh_audit (struct ctl *ctl)
{
  static const char *const names[] = {"time", "what", "peer", "more", NULL};
  const struct ctl_column columns[] = {
    {_ ("TIME"), false, false},
    {_ ("WHAT"), false, false},
    {_ ("PEER"), false, true},
    {_ ("MORE"), false, true},
  };
  const struct ctl_mesh_list list = {"ReadAudit", "(" AUDIT ")",          "lines", names,
                                     columns,     G_N_ELEMENTS (columns), add_line};

  return ctl_mesh_list (ctl, &list, g_variant_new ("(u)", LINES), _ ("cannot read the audit log"),
                        NULL);
}
