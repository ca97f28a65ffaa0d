/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl actors send, ask, wait, and mailboxes: receive, answer, close. */
#include "actors.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#define NODE "org.inos.Node1"
#define TYPE "note" /* of a letter where the person does not say */

enum { TIMEOUT = 30000, CAPACITY = 256, LIMIT = 64, WAIT = 20000 };

/* NULL where it failed, or the answer is not of that type, which the person has been told. */
static GVariant *call (struct ctl *ctl, const char *method, GVariant *parameters, const char *type,
                       const char *what, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ctl_bus_call_long (ctl, CTL_NODE, ctl_service_path (CTL_NODE), NODE,
                                                  method, parameters, &error);

  if (reply == NULL) {
    *status = ctl_actors_fail (ctl, error, NULL, what);
    return NULL;
  }
  return ctl_bus_of_type (g_steal_pointer (&reply), type, what, status);
}

/* (transfer full): what a person means: a value in GVariant's text format, or else a text. */
static GVariant *body_of (const char *text)
{
  GVariant *body = g_variant_parse (NULL, text, NULL, NULL, NULL);

  return body != NULL ? body : g_variant_ref_sink (g_variant_new_string (text));
}

static const char *type_of (const struct ctl *ctl)
{
  return ctl->arguments[3] != NULL ? ctl->arguments[3] : TYPE;
}

static void json_body (JsonBuilder *json, const char *key, GVariant *body)
{
  g_autofree char *text = g_variant_print (body, TRUE);

  ctl_actors_json_text (json, key, text);
}

/* A text as it is, anything else as GVariant's text. */
static char *text_of (GVariant *body)
{
  return g_variant_is_of_type (body, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (body, NULL)
                                                            : g_variant_print (body, TRUE);
}

int ctl_actors_send (struct ctl *ctl, const char *who)
{
  g_autoptr (GVariant) body = body_of (ctl->arguments[2]);
  GVariantBuilder bodies = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  const char *result;
  int status;

  g_variant_builder_add (&bodies, "v", body);
  g_autoptr (GVariant) reply =
    call (ctl, "SendLetters", g_variant_new ("(ssav)", who, type_of (ctl), &bodies), "(su)",
          _ ("cannot send the letter"), &status);
  if (reply == NULL)
    return status;
  g_variant_get (reply, "(&su)", &result, NULL);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    ctl_actors_json_text (json, "result", result);
    json_builder_end_object (json);
    json_print (json, false);
  } else if (strcmp (result, "accepted") != 0)
    ctl_complain (_ ("the letter was not accepted: %s"), result);
  return strcmp (result, "accepted") == 0 ? CTL_OK : CTL_FAILED;
}

int ctl_actors_ask (struct ctl *ctl, const char *who)
{
  g_autoptr (GVariant) body = body_of (ctl->arguments[2]);
  int status;
  g_autoptr (GVariant) reply =
    call (ctl, "AskActor", g_variant_new ("(ssvu)", who, type_of (ctl), body, (guint32)TIMEOUT),
          "(v)", _ ("cannot ask the actor"), &status);

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) answer = NULL;
  g_variant_get (reply, "(v)", &answer);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    json_body (json, "answer", answer);
    json_builder_end_object (json);
    json_print (json, false);
    return CTL_OK;
  }
  g_autofree char *text = text_of (answer);
  g_print ("%s\n", text);
  return CTL_OK;
}

int ctl_actors_wait (struct ctl *ctl, const char *who)
{
  int status;
  g_autoptr (GVariant) reply = call (ctl, "WaitActor", g_variant_new ("(s)", who), "(s)",
                                     _ ("cannot wait for the actor"), &status);
  const char *reason;

  if (reply == NULL)
    return status;
  g_variant_get (reply, "(&s)", &reason);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    ctl_actors_json_text (json, "reason", reason);
    json_builder_end_object (json);
    json_print (json, false);
  } else
    g_print ("%s\n", reason);
  return CTL_OK;
}

/* Mailboxes */

static void print_letter (struct ctl *ctl, GVariant *row, guint64 *number)
{
  g_autoptr (GVariant) body = NULL;
  const char *from, *type;
  gboolean asked;

  g_variant_get (row, "(t&s&sbv)", number, &from, &type, &asked, &body);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    ctl_actors_json_id (json, "number", *number);
    ctl_actors_json_text (json, "from", from);
    ctl_actors_json_text (json, "type", type);
    json_add_bool (json, "asked", asked);
    json_body (json, "body", body);
    json_builder_end_object (json);
    json_print (json, true);
    return;
  }
  g_autofree char *text = text_of (body);
  g_print ("%" G_GUINT64_FORMAT "%s %s %s: %s\n", *number, asked ? "?" : "",
           *from != '\0' ? from : _ ("here"), type, text);
}

/* Prints those after *number; false where that failed. Where the person waits for one that is so
 * long. */
static bool print_letters (struct ctl *ctl, const char *name, guint64 *number, guint wait,
                           int *status)
{
  g_autoptr (GVariant) reply = call (
    ctl, "ReceiveLetters", g_variant_new ("(stuu)", name, *number, (guint32)LIMIT, (guint32)wait),
    "(a(tssbv))", _ ("cannot read the mailbox"), status);

  if (reply == NULL)
    return false;
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 0);
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    print_letter (ctl, row, number);
  }
  fflush (stdout);
  return true;
}

int ctl_actors_receive (struct ctl *ctl, const char *name)
{
  guint64 number = 0;
  int status;
  g_autoptr (GVariant) opened =
    call (ctl, "OpenMailbox", g_variant_new ("(su)", name, (guint32)CAPACITY), "()",
          _ ("cannot open the mailbox"), &status);

  if (opened == NULL)
    return status;
  while (print_letters (ctl, name, &number, WAIT, &status)) {
    if (ctl->follow || number == 0)
      continue;
    for (guint64 before = 0; before != number;) { /* so that these count as read */
      before = number;
      if (!print_letters (ctl, name, &number, 0, &status))
        break;
    }
    return status;
  }
  return status;
}

int ctl_actors_answer (struct ctl *ctl, const char *name)
{
  g_autoptr (GVariant) body = body_of (ctl->arguments[3]);
  guint64 number;
  int status;

  if (!g_ascii_string_to_unsigned (ctl->arguments[2], 10, 1, G_MAXUINT64, &number, NULL))
    return ctl_usage ("actors", _ ("'answer' takes the number of a letter"));
  g_autoptr (GVariant) reply =
    call (ctl, "AnswerLetter", g_variant_new ("(stv)", name, number, body), "()",
          _ ("cannot answer the letter"), &status);
  return status;
}

int ctl_actors_close (struct ctl *ctl, const char *name)
{
  int status;
  g_autoptr (GVariant) reply = call (ctl, "CloseMailbox", g_variant_new ("(s)", name), "()",
                                     _ ("cannot close the mailbox"), &status);

  return status;
}
