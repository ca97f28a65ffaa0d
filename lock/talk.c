/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "talk.h"

#include <string.h>

enum { FORMAT = 1, AT_TYPE = 1, AT_LENGTH = 2, AT_VALUE = 4 };

static bool is_right_value (enum inos_talk_type type, uint32_t value)
{
  if (type == INOS_TALK_RESULT)
    return value < INOS_VERDICTS;
  if (type == INOS_TALK_INFO || type == INOS_TALK_ERROR)
    return value < INOS_TALK_ABOUTS;
  return type == INOS_TALK_PAUSE || value == 0;
}

bool inos_talk_parse (const void *bytes, size_t size, struct inos_talk *out)
{
  const uint8_t *at = bytes;
  if (size < INOS_TALK_HEAD || size > INOS_TALK_MAX || at[0] != FORMAT)
    return false;
  size_t length = (size_t)at[AT_LENGTH] | (size_t)at[AT_LENGTH + 1] << 8;
  *out = (struct inos_talk){
    .type = at[AT_TYPE],
    .value = (uint32_t)at[AT_VALUE] | (uint32_t)at[AT_VALUE + 1] << 8 |
             (uint32_t)at[AT_VALUE + 2] << 16 | (uint32_t)at[AT_VALUE + 3] << 24,
    .text = (const char *)at + INOS_TALK_HEAD,
    .length = length,
  };
  return out->type >= INOS_TALK_WHO && out->type < INOS_TALK_TYPES &&
         length == size - INOS_TALK_HEAD && is_right_value (out->type, out->value) &&
         !memchr (out->text, 0, length);
}

bool inos_talk_is_checkers (enum inos_talk_type type)
{
  return type != INOS_TALK_ANSWER && type != INOS_TALK_SESSION;
}

size_t inos_talk_head (uint8_t frame[INOS_TALK_MAX], enum inos_talk_type type, uint32_t value,
                       size_t length)
{
  frame[0] = FORMAT;
  frame[AT_TYPE] = (uint8_t)type;
  frame[AT_LENGTH] = (uint8_t)(length & 0xff);
  frame[AT_LENGTH + 1] = (uint8_t)(length >> 8);
  for (int i = 0; i < 4; i++)
    frame[AT_VALUE + i] = (uint8_t)(value >> (8 * i) & 0xff);
  return INOS_TALK_HEAD + length;
}

size_t inos_talk_write (uint8_t frame[INOS_TALK_MAX], enum inos_talk_type type, uint32_t value,
                        const char *text)
{
  size_t length = text ? strnlen (text, INOS_TALK_TEXT_MAX + 1) : 0;
  if (length > INOS_TALK_TEXT_MAX) {
    length = INOS_TALK_TEXT_MAX;
    /* The first byte that is left out must begin a character. */
    while (length > 0 && ((uint8_t)text[length] & 0xc0) == 0x80)
      length--;
  }
  if (length > 0)
    memcpy (frame + INOS_TALK_HEAD, text, length);
  return inos_talk_head (frame, type, value, length);
}
