/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/argument.h"

#include <string.h>

#define NO_LIST G_MAXUINT32

/* Each list: how many strings, then the strings. */
static void append_list (GByteArray *array, const char *const *list)
{
  guint32 count = list ? g_strv_length ((char **)list) : NO_LIST;

  g_byte_array_append (array, (const guint8 *)&count, sizeof count);
  for (; list && *list; list++)
    g_byte_array_append (array, (const guint8 *)*list, (guint)strlen (*list) + 1);
}

GByteArray *inos_argument_new (const void *table, gsize size, const char *const *const *lists,
                               guint n_lists)
{
  static const guint8 nothing[sizeof (void *)];
  GByteArray *array = g_byte_array_new();

  g_byte_array_append (array, nothing, sizeof nothing);
  g_byte_array_append (array, table, (guint)size);
  for (guint i = 0; i < n_lists; i++)
    append_list (array, lists[i]);
  return array;
}

const void *inos_argument_table (const void *argument, gboolean *is_packed)
{
  const void *table = *(const void *const *)argument;

  *is_packed = table == NULL;
  return table ? table : (const char *)argument + sizeof (void *);
}

static const char *read_count (const char *at, guint32 *count)
{
  memcpy (count, at, sizeof *count);
  return at + sizeof *count;
}

static const char *skip (const char *at, guint32 count)
{
  for (; count != NO_LIST && count > 0; count--)
    at += strlen (at) + 1;
  return at;
}

const char **inos_argument_list (const void *argument, gsize size, guint which)
{
  guint32 count;
  const char *at = read_count ((const char *)argument + sizeof (void *) + size, &count);

  for (; which > 0; which--)
    at = read_count (skip (at, count), &count);
  if (count == NO_LIST)
    return NULL;
  const char **list = g_new0 (const char *, count + 1);
  for (guint32 i = 0; i < count; i++) {
    list[i] = at;
    at += strlen (at) + 1;
  }
  return list;
}

struct inos_spawn inos_argument_spawn (const struct inos_behaviour *behaviour,
                                       const GByteArray *argument, const struct inos_spawn *how)
{
  return (struct inos_spawn){.behaviour = behaviour,
                             .argument = argument->data,
                             .argument_size = argument->len,
                             .name = how ? how->name : NULL,
                             .watcher = how ? how->watcher : 0,
                             .link = how && how->link};
}
