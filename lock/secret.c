/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret.h"

#include <string.h>
#include <sys/mman.h>

static char *text_of (struct inos_secret *secret)
{
  return (char *)secret->frame + INOS_TALK_HEAD;
}

static bool continues (char byte)
{
  return ((uint8_t)byte & 0xc0) == 0x80;
}

bool inos_secret_init (struct inos_secret *secret)
{
  *secret = (struct inos_secret){0};
  return mlock (secret, sizeof *secret) == 0;
}

void inos_secret_finish (struct inos_secret *secret)
{
  inos_secret_wipe (secret);
  munlock (secret, sizeof *secret);
}

const char *inos_secret_text (const struct inos_secret *secret)
{
  return (const char *)secret->frame + INOS_TALK_HEAD;
}

size_t inos_secret_count (const struct inos_secret *secret)
{
  size_t count = 0;
  for (size_t i = 0; i < secret->length; i++)
    count += !continues (inos_secret_text (secret)[i]);
  return count;
}

bool inos_secret_append (struct inos_secret *secret, const char *character)
{
  size_t length = strnlen (character, INOS_TALK_TEXT_MAX + 1);
  if (length == 0 || length > INOS_TALK_TEXT_MAX - secret->length)
    return false;
  memcpy (text_of (secret) + secret->length, character, length);
  secret->length += length;
  return true;
}

void inos_secret_erase (struct inos_secret *secret)
{
  char *text = text_of (secret);
  bool more = secret->length > 0;
  while (more) {
    secret->length--;
    more = secret->length > 0 && continues (text[secret->length]);
    text[secret->length] = 0;
  }
}

void inos_secret_wipe (struct inos_secret *secret)
{
  explicit_bzero (secret->frame, sizeof secret->frame);
  secret->length = 0;
}
