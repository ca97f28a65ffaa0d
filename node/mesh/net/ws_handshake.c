/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/ws_handshake.h"

#include <gio/gio.h>
#include <string.h>

#define HEADERS_MAX 64
#define MAGIC "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" /* of the RFC */

struct text {
  const char *at;
  size_t len;
};

/* The head of a request or an answer, taken apart where it lies. */
struct head {
  struct text first; /* line */
  unsigned n;
  struct text names[HEADERS_MAX], values[HEADERS_MAX];
};

static struct text trim (struct text text)
{
  while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
    text.at++;
    text.len--;
  }
  while (text.len > 0 && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
    text.len--;
  return text;
}

static bool is_same (struct text text, const char *word)
{
  return text.len == strlen (word) && g_ascii_strncasecmp (text.at, word, text.len) == 0;
}

static bool is_token (struct text text)
{
  for (size_t i = 0; i < text.len; i++)
    if (!g_ascii_isalnum (text.at[i]) && !memchr ("!#$%&'*+-.^_`|~", text.at[i], 15))
      return false;
  return text.len > 0;
}

/* A line without its end. Moves @at behind it. */
static bool take_line (const char **at, const char *end, struct text *line)
{
  const char *stop = memchr (*at, '\r', (size_t)(end - *at));

  if (!stop || stop + 1 >= end || stop[1] != '\n')
    return false;
  *line = (struct text){*at, (size_t)(stop - *at)};
  *at = stop + 2;
  for (size_t i = 0; i < line->len; i++)
    if ((uint8_t)line->at[i] < ' ' && line->at[i] != '\t')
      return false;
  return true;
}

static bool take_header (struct head *head, struct text line)
{
  const char *colon = memchr (line.at, ':', line.len);

  if (!colon || head->n == HEADERS_MAX)
    return false;
  struct text name = {line.at, (size_t)(colon - line.at)};
  head->names[head->n] = name;
  head->values[head->n++] = trim ((struct text){colon + 1, line.len - name.len - 1});
  return is_token (name);
}

/* Returns: bytes that the head takes; 0: more are needed; -1: it is none. */
static int read_head (struct head *head, const uint8_t *bytes, size_t len)
{
  const char *at = (const char *)bytes, *stop = g_strstr_len (at, (gssize)len, "\r\n\r\n");
  struct text line;

  head->n = 0;
  if (!stop)
    return len >= INOS_WS_HEAD_MAX || memchr (bytes, '\0', len) ? -1 : 0;
  const char *end = stop + 4;
  if (end - at > INOS_WS_HEAD_MAX || !take_line (&at, end, &head->first))
    return -1;
  while (at < stop + 2)
    if (!take_line (&at, end, &line) || !take_header (head, line))
      return -1;
  return (int)(end - (const char *)bytes);
}

/* The value of @name. Returns: whether it is there exactly once. */
static bool get (const struct head *head, const char *name, struct text *value)
{
  unsigned found = 0;

  for (unsigned i = 0; i < head->n; i++)
    if (is_same (head->names[i], name)) {
      *value = head->values[i];
      found++;
    }
  return found == 1;
}

/* Whether one of the words of all headers @name is @word. */
static bool has_word (const struct head *head, const char *name, const char *word)
{
  for (unsigned i = 0; i < head->n; i++) {
    struct text rest = head->values[i];
    while (is_same (head->names[i], name) && rest.len > 0) {
      const char *comma = memchr (rest.at, ',', rest.len);
      size_t len = comma ? (size_t)(comma - rest.at) : rest.len;
      if (is_same (trim ((struct text){rest.at, len}), word))
        return true;
      len += comma ? 1 : 0;
      rest = (struct text){rest.at + len, rest.len - len};
    }
  }
  return false;
}

static char *accept_of (const char *key)
{
  g_autofree char *text = g_strconcat (key, MAGIC, NULL);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  uint8_t digest[20];
  gsize len = sizeof digest;

  g_checksum_update (sum, (const guchar *)text, -1);
  g_checksum_get_digest (sum, digest, &len);
  return g_base64_encode (digest, len);
}

static void append_text (struct inos_buffer *out, const char *text)
{
  inos_buffer_append (out, text, strlen (text));
}

void inos_ws_request (struct inos_buffer *out, const char *host, const uint8_t nonce[16],
                      char key[INOS_WS_KEY_LEN + 1])
{
  g_autofree char *encoded = g_base64_encode (nonce, 16);

  g_strlcpy (key, encoded, INOS_WS_KEY_LEN + 1);
  g_autofree char *request = g_strdup_printf ("GET / HTTP/1.1\r\n"
                                              "Host: %s\r\n"
                                              "Upgrade: websocket\r\n"
                                              "Connection: Upgrade\r\n"
                                              "Sec-WebSocket-Key: %s\r\n"
                                              "Sec-WebSocket-Version: 13\r\n"
                                              "\r\n",
                                              host, key);
  append_text (out, request);
}

static bool is_get (struct text line)
{
  static const char end[] = " HTTP/1.1";
  size_t end_len = sizeof end - 1;

  return line.len >= end_len + 5 && memcmp (line.at, "GET /", 5) == 0 &&
         memcmp (line.at + line.len - end_len, end, end_len) == 0;
}

static bool is_key (struct text key)
{
  char copy[INOS_WS_KEY_LEN + 1];
  gsize len;

  if (key.len != INOS_WS_KEY_LEN)
    return false;
  memcpy (copy, key.at, key.len);
  copy[key.len] = '\0';
  g_autofree guchar *bytes = g_base64_decode (copy, &len);
  g_autofree char *again = g_base64_encode (bytes, len);
  return len == 16 && strcmp (copy, again) == 0;
}

/* What is wrong with a request; NULL: nothing. */
static const char *judge (const struct head *head, struct text *key)
{
  struct text value;

  if (!is_get (head->first))
    return "400 Bad Request";
  if (!has_word (head, "Upgrade", "websocket") || !has_word (head, "Connection", "upgrade"))
    return "426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";
  if (!get (head, "Sec-WebSocket-Version", &value) || !is_same (value, "13"))
    return "426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";
  if (!get (head, "Sec-WebSocket-Key", key) || !is_key (*key))
    return "400 Bad Request";
  return NULL;
}

int inos_ws_read_request (const uint8_t *bytes, size_t len, struct inos_buffer *out)
{
  struct head head;
  struct text key = {0};
  int read = read_head (&head, bytes, len);
  const char *wrong = read < 0 ? "400 Bad Request" : NULL;

  if (read == 0)
    return 0;
  if (!wrong)
    wrong = judge (&head, &key);
  if (wrong) {
    g_autofree char *answer = g_strdup_printf (
      "HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 42\r\n\r\n"
      "Peers of the mesh speak WebSockets here.\r\n",
      wrong);
    append_text (out, answer);
    return -1;
  }
  g_autofree char *copy = g_strndup (key.at, key.len), *accept = accept_of (copy);
  g_autofree char *answer = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\n"
                                             "Upgrade: websocket\r\n"
                                             "Connection: Upgrade\r\n"
                                             "Sec-WebSocket-Accept: %s\r\n\r\n",
                                             accept);
  append_text (out, answer);
  return read;
}

static int fail (GError **error, const char *why)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "No WebSocket is there: %s. Look whether the address is right.", why);
  return -1;
}

int inos_ws_read_answer (const uint8_t *bytes, size_t len, const char *key, GError **error)
{
  struct head head;
  struct text value;
  int read = read_head (&head, bytes, len);
  g_autofree char *accept = accept_of (key);

  if (read == 0)
    return 0;
  if (read < 0)
    return fail (error, "the answer is not HTTP");
  if (head.first.len < 13 || memcmp (head.first.at, "HTTP/1.1 101 ", 13) != 0)
    return fail (error, "the answer is another one");
  if (!has_word (&head, "Upgrade", "websocket") || !has_word (&head, "Connection", "upgrade"))
    return fail (error, "the answer is no upgrade");
  if (!get (&head, "Sec-WebSocket-Accept", &value) || value.len != strlen (accept) ||
      memcmp (value.at, accept, value.len) != 0)
    return fail (error, "the answer is to another question");
  for (unsigned i = 0; i < head.n; i++)
    if (is_same (head.names[i], "Sec-WebSocket-Extensions") ||
        is_same (head.names[i], "Sec-WebSocket-Protocol"))
      return fail (error, "the answer takes what was not offered");
  return read;
}
