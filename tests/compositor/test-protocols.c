/* Which globals are offered, to whom: the golden list, and the allow-list for sandboxes. */

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "client.h"
#include "fixture.h"
#include "protocol.h"

#include "security-context-v1-client-protocol.h"

static int compare (const void *a, const void *b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static char *joined (struct client *client)
{
  g_ptr_array_sort (client->globals, compare);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < client->globals->len; i++)
    g_string_append_printf (text, "%s\n", (char *)g_ptr_array_index (client->globals, i));
  return g_string_free (text, FALSE);
}

/* With INOS_WRITE_GOLDEN set the lists are written instead of compared. */
static void assert_golden (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (GOLDEN_DIR, name, NULL);
  if (g_getenv ("INOS_WRITE_GOLDEN"))
    g_file_set_contents (path, text, -1, NULL);
  g_autofree char *golden = NULL;
  assert_true (g_file_get_contents (path, &golden, NULL, NULL));
  assert_string_equal (text, golden);
}

static void test_golden_list (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  g_autofree char *text = joined (client);
  assert_golden ("globals.txt", text);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

/* The versions that are offered are those of the table, and nothing is offered that is not in it.
 */
static void test_table_is_true (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  for (guint i = 0; i < client->globals->len; i++) {
    g_auto (GStrv) words = g_strsplit (g_ptr_array_index (client->globals, i), " ", 2);
    const struct inos_protocol *found = NULL;
    for (const struct inos_protocol *p = inos_protocols; p->name; p++) {
      if (g_str_equal (p->name, words[0]))
        found = p;
    }
    assert_non_null (found);
    assert_int_equal (found->version, g_ascii_strtoll (words[1], NULL, 10));
  }
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

struct search {
  struct wp_security_context_manager_v1 *manager;
};

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  struct search *search = data;
  if (g_str_equal (interface, "wp_security_context_manager_v1"))
    search->manager =
      wl_registry_bind (registry, name, &wp_security_context_manager_v1_interface, 1);
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

static int listening_socket (struct sockaddr_un *address)
{
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno (fd);
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  g_snprintf (address->sun_path, sizeof address->sun_path, "%s/sandbox",
              g_getenv ("XDG_RUNTIME_DIR"));
  unlink (address->sun_path);
  g_assert_no_errno (bind (fd, (struct sockaddr *)address, sizeof *address));
  g_assert_no_errno (listen (fd, 4));
  return fd;
}

/* A client that comes through a security context, as Flatpak makes one, sees the shorter list. */
static void test_sandboxed_client_sees_less (void **state)
{
  static const struct wl_registry_listener listener = {on_global, on_global_remove};
  struct inos_compositor *compositor = start_compositor (1);
  struct client *engine = client_connect (compositor);
  struct search search = {0};
  struct wl_registry *registry = wl_display_get_registry (engine->display);
  wl_registry_add_listener (registry, &listener, &search);
  client_roundtrip (engine);
  assert_non_null (search.manager);

  struct sockaddr_un address;
  int close_pipe[2], listening = listening_socket (&address);
  g_assert_no_errno (pipe2 (close_pipe, O_CLOEXEC));
  struct wp_security_context_v1 *context =
    wp_security_context_manager_v1_create_listener (search.manager, listening, close_pipe[0]);
  wp_security_context_v1_set_sandbox_engine (context, "org.example.sandbox");
  wp_security_context_v1_set_app_id (context, "org.example.App");
  wp_security_context_v1_commit (context);
  client_roundtrip (engine);

  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno (connect (fd, (struct sockaddr *)&address, sizeof address));
  struct client *sandboxed = client_connect_to_fd (compositor, fd);
  g_autofree char *text = joined (sandboxed);
  assert_golden ("globals-sandboxed.txt", text);
  assert_null (strstr (text, "screencopy"));
  assert_null (strstr (text, "virtual_keyboard"));

  client_disconnect (sandboxed);
  wp_security_context_v1_destroy (context);
  wp_security_context_manager_v1_destroy (search.manager);
  wl_registry_destroy (registry);
  client_disconnect (engine);
  close (close_pipe[0]);
  close (close_pipe[1]);
  close (listening);
  unlink (address.sun_path);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_golden_list),
    cmocka_unit_test (test_table_is_true),
    cmocka_unit_test (test_sandboxed_client_sees_less),
  };
  return run_compositor_tests (tests);
}
