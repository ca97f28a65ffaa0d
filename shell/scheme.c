/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "scheme.h"

#include "icon.h"

#include <libsoup/soup.h>
#include <string.h>

#define RESOURCE_ROOT "/org/inos/shell/ui/"
#define MAX_URI_LENGTH 512
#define DEFAULT_ICON_SIZE 48

#define POLICY                                                                                     \
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "     \
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/* Of one context. */
struct InosScheme {
  InosStreamFunc streams; /* may be NULL */
  gpointer data;
  InosPictureFunc pictures; /* as above */
  gpointer pictures_data;
};

static const struct {
  const char *suffix;
  const char *type;
} media_types[] = {
  {".css", "text/css"},
  {".html", "text/html"},
  {".js", "text/javascript"},
  {".svg", "image/svg+xml"},
};

void inos_scheme_target_clear (InosSchemeTarget *target)
{
  g_clear_pointer (&target->name, g_free);
}

/* A file name of the bundle: letters, digits, '-', and single dots inside. No folders. */
static gboolean is_resource_name (const char *name)
{
  if (name[0] == '\0' || name[0] == '.' || strstr (name, ".."))
    return FALSE;
  for (const char *c = name; *c; c++) {
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '.')
      return FALSE;
  }
  return TRUE;
}

/* Icon and desktop file names: one path component of printable ASCII. */
static gboolean is_icon_name (const char *name)
{
  if (name[0] == '\0' || name[0] == '.' || strlen (name) > 255)
    return FALSE;
  for (const char *c = name; *c; c++) {
    if (!g_ascii_isalnum (*c) && !strchr ("-_.+@ ", *c))
      return FALSE;
  }
  return TRUE;
}

static int parse_size (const char *query)
{
  guint64 size;

  if (!query)
    return DEFAULT_ICON_SIZE;
  if (!g_str_has_prefix (query, "size=") ||
      !g_ascii_string_to_unsigned (query + strlen ("size="), 10, 16, 256, &size, NULL))
    return 0;
  return (int)size;
}

static InosSchemeTarget numbered (InosSchemeKind kind, GUri *uri, const char *number)
{
  InosSchemeTarget target = {0};
  guint64 id;

  if (!g_uri_get_query (uri) && g_ascii_string_to_unsigned (number, 10, 1, G_MAXUINT64, &id, NULL))
    target = (InosSchemeTarget){kind, NULL, 0, id};
  return target;
}

InosSchemeTarget inos_scheme_resolve (const char *uri)
{
  InosSchemeTarget target = {0};
  g_autoptr (GUri) parsed = NULL;
  const char *path;

  /* GUri would quietly take dot segments out; no page of ours has a reason to write one. */
  if (!uri || strlen (uri) > MAX_URI_LENGTH || strstr (uri, "..") || strcasestr (uri, "%2e") ||
      strcasestr (uri, "%2f"))
    return target;
  /* Decoded once, here; %00 is an error to GLib. */
  parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  if (!parsed || g_strcmp0 (g_uri_get_scheme (parsed), INOS_SCHEME) != 0 ||
      g_strcmp0 (g_uri_get_host (parsed), "shell") != 0 || g_uri_get_port (parsed) != -1 ||
      g_uri_get_userinfo (parsed) || !g_str_has_prefix (g_uri_get_path (parsed), "/"))
    return target;

  path = g_uri_get_path (parsed) + 1;
  if (g_str_has_prefix (path, "stream/")) {
    target = numbered (INOS_SCHEME_STREAM, parsed, path + strlen ("stream/"));
  } else if (g_str_has_prefix (path, "picture/")) {
    target = numbered (INOS_SCHEME_PICTURE, parsed, path + strlen ("picture/"));
  } else if (g_str_has_prefix (path, "icon/")) {
    const char *name = path + strlen ("icon/");
    int size = parse_size (g_uri_get_query (parsed));

    if (size > 0 && is_icon_name (name))
      target = (InosSchemeTarget){INOS_SCHEME_ICON, g_strdup (name), size, 0};
  } else if (is_resource_name (path) && !g_uri_get_query (parsed)) {
    target =
      (InosSchemeTarget){INOS_SCHEME_RESOURCE, g_strconcat (RESOURCE_ROOT, path, NULL), 0, 0};
  }
  return target;
}

/* NULL for what the pages have no use for, which is then not served. */
static const char *media_type_of (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (media_types); i++) {
    if (g_str_has_suffix (path, media_types[i].suffix))
      return media_types[i].type;
  }
  return NULL;
}

static void respond (WebKitURISchemeRequest *request, guint status, GBytes *bytes, const char *type,
                     const char *policy)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (WebKitURISchemeResponse) response =
    webkit_uri_scheme_response_new (stream, (gint64)g_bytes_get_size (bytes));
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  soup_message_headers_append (headers, "Content-Security-Policy", policy);
  /* "nosniff" goes by the header: without it WebKit runs no script, and says nothing. */
  soup_message_headers_set_content_type (headers, type, NULL);
  soup_message_headers_append (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_append (headers, "Referrer-Policy", "no-referrer");
  webkit_uri_scheme_response_set_http_headers (response, headers); /* takes headers */
  webkit_uri_scheme_response_set_status (response, status, NULL);
  webkit_uri_scheme_response_set_content_type (response, type);
  webkit_uri_scheme_request_finish_with_response (request, response);
}

static void on_request (WebKitURISchemeRequest *request, gpointer data)
{
  const InosScheme *scheme = data;
  const char *policy = scheme->streams ? POLICY "; connect-src 'self'" : POLICY;
  const char *uri = webkit_uri_scheme_request_get_uri (request);
  g_auto (InosSchemeTarget) target = inos_scheme_resolve (uri);
  g_autoptr (GBytes) bytes = NULL;
  const char *type = NULL;

  if (target.kind == INOS_SCHEME_RESOURCE) {
    type = media_type_of (target.name);
    if (type)
      bytes = g_resources_lookup_data (target.name, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  } else if (target.kind == INOS_SCHEME_ICON) {
    bytes = inos_icon_load (target.name, target.size, &type);
  } else if (target.kind == INOS_SCHEME_PICTURE && scheme->pictures) {
    bytes = scheme->pictures (target.id, scheme->pictures_data);
    type = "image/png";
  } else if (target.kind == INOS_SCHEME_STREAM && scheme->streams) {
    scheme->streams (request, target.id, scheme->data);
    return;
  }
  if (bytes) {
    respond (request, 200, bytes, type, policy);
    return;
  }
  g_debug ("nothing at %s", uri);
  bytes = g_bytes_new_static ("", 0);
  respond (request, 404, bytes, "text/plain", policy);
}

void inos_scheme_answer (WebKitURISchemeRequest *request, GBytes *bytes)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  respond (request, bytes ? 200 : 404, bytes ? bytes : nothing, "application/octet-stream", POLICY);
}

InosScheme *inos_scheme_register (WebKitWebContext *context, InosStreamFunc streams, gpointer data)
{
  WebKitSecurityManager *security = webkit_web_context_get_security_manager (context);
  InosScheme *scheme = g_new0 (InosScheme, 1);

  *scheme = (InosScheme){.streams = streams, .data = data};

  webkit_security_manager_register_uri_scheme_as_secure (security, INOS_SCHEME);
  webkit_web_context_register_uri_scheme (context, INOS_SCHEME, on_request, scheme, g_free);
  return scheme;
}

void inos_scheme_set_pictures (InosScheme *self, InosPictureFunc pictures, gpointer data)
{
  self->pictures = pictures;
  self->pictures_data = data;
}
