/* Which globals are offered, to whom: the golden list, and the allow-list for sandboxes. */

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "client.h"
#include "fixture.h"
#include "privilege.h"
#include "protocol.h"

#include "wlr_interfaces.h"

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
  uint32_t forbidden; /* the name of a global that sandboxed clients may not have */
};

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  struct search *search = data;
  if (g_str_equal (interface, "wp_security_context_manager_v1"))
    search->manager =
      wl_registry_bind (registry, name, &wp_security_context_manager_v1_interface, 1);
  if (g_str_equal (interface, "zwlr_virtual_pointer_manager_v1"))
    search->forbidden = name;
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
  /* Nor can it have what it is not shown by guessing its number. */
  struct wl_registry *guessing = wl_display_get_registry (sandboxed->display);
  struct wl_proxy *guessed =
    wl_registry_bind (guessing, search.forbidden, &zwlr_virtual_pointer_manager_v1_interface, 1);
  client_wait_until (sandboxed, wl_display_get_error (sandboxed->display) != 0);
  assert_int_equal (wl_display_get_error (sandboxed->display), EPROTO);
  wl_proxy_destroy (guessed);
  wl_registry_destroy (guessing);

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

/* Sees what a client sees that connects to a compositor with such settings. */
static char *globals_with (const char *settings)
{
  struct inos_compositor *compositor = start_configured (settings);
  assert_null (compositor->config_error.message);
  struct client *client = client_connect (compositor);
  char *text = joined (client);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
  return text;
}

/* A program that is not on the list has what is everyone's; one that is has all. */
static void test_only_listed_programs_are_privileged (void **state)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *name = g_path_get_basename (self);
  g_autofree char *by_path = g_strdup_printf ("[protocols]\nallow=grim; %s\n", self);
  g_autofree char *by_name = g_strdup_printf ("[protocols]\nallow=%s\n", name);
  g_autofree char *none = globals_with ("[protocols]\nallow=\n");
  g_autofree char *other = globals_with ("[protocols]\nallow=grim;/usr/bin/waybar\n");
  g_autofree char *named = globals_with (by_name);
  g_autofree char *listed = globals_with (by_path);
  g_autofree char *all = globals_with ("[protocols]\nallow=all\n");
  assert_golden ("globals-ordinary.txt", none);
  assert_string_equal (other, none);
  assert_golden ("globals.txt", listed);
  assert_golden ("globals.txt", all);
  /* The test is not installed: anybody may have put it there. */
  struct stat folder;
  g_autofree char *parent = g_path_get_dirname (self);
  assert_int_equal (stat (parent, &folder), 0);
  if (folder.st_uid != 0 || folder.st_mode & 022)
    assert_string_equal (named, none);
}

static void test_names_of_programs (void **state)
{
  assert_true (inos_privilege_lists ("sh;ls", "/usr/bin/ls"));
  assert_false (inos_privilege_lists ("sh", "/usr/bin/ls"));
  assert_false (inos_privilege_lists ("", "/usr/bin/ls"));
  assert_false (inos_privilege_lists ("ls", NULL));
  assert_true (inos_privilege_lists ("/tmp/own/ls", "/tmp/own/ls"));
  /* Somebody's own program of that name is another one. */
  g_autofree char *folder = g_dir_make_tmp ("programs-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (folder, "ls", NULL);
  assert_true (g_file_set_contents (program, "", 0, NULL));
  assert_int_equal (chmod (folder, 0777), 0);
  assert_false (inos_privilege_lists ("ls", program));
  unlink (program);
  rmdir (folder);
  struct inos_compositor *compositor = start_configured ("[protocols]\nallow=bin/ls\n");
  assert_non_null (strstr (compositor->config_error.message, "[protocols] allow"));
  assert_int_equal (compositor->config_error.line, 2);
  inos_compositor_destroy (compositor);
}

/* The shell needs no list: its socket says who it is. */
static void test_shell_is_privileged (void **state)
{
  struct inos_compositor *compositor = start_configured ("[protocols]\nallow=\n");
  int pair[2];
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
  assert_true (inos_compositor_adopt_shell (compositor, pair[0]));
  struct client *shell = client_connect_to_fd (compositor, pair[1]);
  g_autofree char *text = joined (shell);
  assert_golden ("globals.txt", text);
  client_disconnect (shell);
  inos_compositor_destroy (compositor);
}

/* Likewise whoever has the other end of a socket that was made for it: our own lock screen. */
static void test_granted_client_is_privileged (void **state)
{
  struct inos_compositor *compositor = start_configured ("[protocols]\nallow=\n");
  int pair[2];
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
  struct wl_client *wl = wl_client_create (compositor->display, pair[0]);
  inos_privilege_grant (wl);
  struct client *client = client_connect_to_fd (compositor, pair[1]);
  g_autofree char *text = joined (client);
  assert_golden ("globals.txt", text);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_golden_list),
    cmocka_unit_test (test_table_is_true),
    cmocka_unit_test (test_sandboxed_client_sees_less),
    cmocka_unit_test (test_only_listed_programs_are_privileged),
    cmocka_unit_test (test_names_of_programs),
    cmocka_unit_test (test_shell_is_privileged),
    cmocka_unit_test (test_granted_client_is_privileged),
  };
  return run_compositor_tests (tests);
}
