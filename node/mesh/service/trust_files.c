/*
 * What trust keeps on the disk: the roll, the invitations, and how this node's key took over from
 * the one before. Each file is whole or as it was
 * before, and on the disk before anybody hears of what is in it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/trust-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define ROLL_FILE "roll"
#define INVITATIONS_FILE "invitations"
#define HANDOVER_FILE "handover"
#define HEAD "inos mesh 1\n" /* what a file begins with */

static bool save (struct inos_trust *trust, const char *name, const struct inos_buffer *content)
{
  struct inos_buffer whole = {0};
  g_autoptr (GError) error = NULL;

  if (!trust->dir)
    return true;
  g_autofree char *path = g_build_filename (trust->dir, name, NULL);
  inos_buffer_append (&whole, HEAD, strlen (HEAD));
  inos_buffer_append (&whole, inos_buffer_data (content), inos_buffer_len (content));
  bool done = g_file_set_contents_full (
    path, (const char *)inos_buffer_data (&whole), (gssize)inos_buffer_len (&whole),
    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &error);
  if (!done)
    g_warning ("%s cannot be written: %s. After a restart the node will not know what is in it.",
               path, error->message);
  inos_buffer_clear (&whole);
  return done;
}

bool trust_save_roll (struct inos_trust *trust)
{
  struct inos_buffer content = {0};

  if (!inos_roll_mesh (trust->roll))
    return true;
  inos_roll_write (trust->roll, &content);
  bool done = save (trust, ROLL_FILE, &content);
  inos_buffer_clear (&content);
  return done;
}

bool trust_save_invitations (struct inos_trust *trust)
{
  struct inos_buffer content = {0};

  inos_invitations_write (trust->invitations, &content);
  bool done = save (trust, INVITATIONS_FILE, &content);
  inos_buffer_clear (&content);
  return done;
}

bool trust_save_handover (struct inos_trust *trust, const struct inos_buffer *said)
{
  return save (trust, HANDOVER_FILE, said);
}

/* Returns: (transfer full) (nullable): what comes after the head, or NULL: there is no such file;
 * *whole: whether it has a head. */
static char *load (const struct inos_trust *trust, const char *name, const uint8_t **content,
                   gsize *len, bool *whole)
{
  g_autofree char *path = g_build_filename (trust->dir, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  *whole = g_file_get_contents (path, &text, len, &error) && *len >= strlen (HEAD) &&
           memcmp (text, HEAD, strlen (HEAD)) == 0;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return NULL;
  if (!*whole) {
    g_free (text);
    return g_strdup ("");
  }
  *content = (const uint8_t *)text + strlen (HEAD);
  *len -= strlen (HEAD);
  return text;
}

GBytes *trust_read_handover (const struct inos_trust *trust)
{
  const uint8_t *content;
  bool whole;
  gsize len;
  g_autofree char *text = load (trust, HANDOVER_FILE, &content, &len, &whole);

  if (text && !whole)
    return g_bytes_new (NULL, 0);
  return text ? g_bytes_new (content, len) : NULL;
}

static void forget (struct inos_trust *trust, const char *name, const char *what)
{
  g_autofree char *path = g_build_filename (trust->dir, name, NULL);

  if (g_unlink (path) < 0 && g_file_test (path, G_FILE_TEST_EXISTS))
    g_warning ("%s cannot be removed. %s", path, what);
}

void trust_forget_handover (struct inos_trust *trust)
{
  forget (trust, HANDOVER_FILE, "It counts for nothing.");
}

/* A roll that is damaged opens the mesh to nobody. */
static void load_roll (struct inos_trust *trust)
{
  struct inos_roll_message_result result;
  const uint8_t *content;
  bool whole;
  gsize len;
  g_autofree char *text = load (trust, ROLL_FILE, &content, &len, &whole);

  if (!text)
    return;
  whole = whole && inos_roll_message_take (trust->roll, content, len, NULL, &result);
  inos_roll_settle (trust->roll);
  if (whole && inos_roll_mesh (trust->roll))
    return;
  trust->damaged = inos_roll_mesh (trust->roll) == NULL;
  g_warning (
    "The roll of the mesh, %s/%s, is damaged: %s. Other members have it too: what is missing "
    "comes from them, or ‘inosctl mesh leave’ and join again.",
    trust->dir, ROLL_FILE,
    trust->damaged ? "nobody is known as a member" : "some statements are lost");
}

void trust_load (struct inos_trust *trust)
{
  const uint8_t *content;
  bool whole;
  gsize len;

  if (!trust->dir)
    return;
  if (g_mkdir_with_parents (trust->dir, 0700) < 0)
    g_warning ("%s cannot be made: %s. What is decided of members is forgotten at the end.",
               trust->dir, g_strerror (errno));
  load_roll (trust);
  trust_take_handover (trust);
  g_autofree char *text = load (trust, INVITATIONS_FILE, &content, &len, &whole);
  if (text && !(whole && inos_invitations_read (trust->invitations, content, len)))
    g_warning ("%s/%s is damaged: some invitations do not count any more. Invite again.",
               trust->dir, INVITATIONS_FILE);
}

void trust_forget_files (struct inos_trust *trust)
{
  static const char *const names[] = {ROLL_FILE, INVITATIONS_FILE, HANDOVER_FILE};

  for (unsigned i = 0; trust->dir && i < G_N_ELEMENTS (names); i++)
    forget (trust, names[i], "The node will be of this mesh again when it starts.");
}
