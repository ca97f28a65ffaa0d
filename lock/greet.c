/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inos-greet: one conversation with greetd, for the greeter that started it, over the socket that
 * is descriptor 3 (talk.h). It asks for the name where that is not known, has greetd ask PAM, and
 * when that is content has the session started, which begins when the greeter ends. A process of
 * its own, as inos-lock-check is for the lock screen: it waits as long as PAM's modules do, and is
 * ended when it is no longer wanted, upon which greetd forgets what was begun.
 *
 * Usage: inos-greet [--ask | --account]; without either it is who was last let in. Whose account it
 * is the greeter says by a first answer that nobody asked for.
 */
#include "greetd.h"
#include "inos-config.h"
#include "talk.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <malloc.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  SOCKET = 3,
  FREED = 0x5a,
  ROUNDS = 64, /* of questions and words, of one conversation */
  NAME_MAX_LENGTH = 256,
};

struct greet {
  int greetd;
  char *account;
  bool asked; /* a person has pressed a key in this conversation */
};

/* The greeter */

static bool say (enum inos_talk_type type, uint32_t value, const char *text)
{
  uint8_t frame[INOS_TALK_MAX];
  size_t size = inos_talk_write (frame, type, value, text);
  ssize_t sent;
  do
    sent = send (SOCKET, frame, size, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == (ssize_t)size;
}

/* What is answered, to be wiped and freed with forget(). NULL: the greeter is gone. */
static char *hear (void)
{
  static uint8_t frame[INOS_TALK_MAX];
  struct inos_talk talk;
  char *copy = NULL;
  ssize_t size;
  mlock (frame, sizeof frame);
  do
    size = recv (SOCKET, frame, sizeof frame, MSG_TRUNC);
  while (size < 0 && errno == EINTR);
  if (size > 0 && inos_talk_parse (frame, (size_t)size, &talk) && talk.type == INOS_TALK_ANSWER)
    copy = g_strndup (talk.text, talk.length);
  explicit_bzero (frame, sizeof frame);
  return copy;
}

static void forget (char *secret)
{
  if (secret)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static int say_result (enum inos_verdict verdict, const char *words)
{
  bool said = say (INOS_TALK_RESULT, verdict, words);
  return said && verdict == INOS_VERDICT_RIGHT ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Who was last let in */

static char *memory (void)
{
#ifdef INOS_LOCK_TESTS
  const char *folder = g_getenv ("INOS_GREETER_STATE");
  if (folder)
    return g_build_filename (folder, "last", NULL);
#endif
  return g_strdup (INOS_GREETER_STATE "/last");
}

static bool is_name (const char *name)
{
  return name && name[0] && strlen (name) <= NAME_MAX_LENGTH && g_utf8_validate (name, -1, NULL);
}

static char *remembered (void)
{
  g_autofree char *path = memory(), *name = NULL;
  if (!g_file_get_contents (path, &name, NULL, NULL))
    return NULL;
  g_strstrip (name);
  return is_name (name) && getpwnam (name) ? g_steal_pointer (&name) : NULL;
}

/* Where that cannot be written the next person types their name. */
static void remember (const char *name)
{
  g_autofree char *path = memory();
  g_autoptr (GError) error = NULL;
  if (!g_file_set_contents_full (path, name, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0640, &error))
    fprintf (stderr, "inos-greet: who was let in is not remembered: %s\n", error->message);
}

/* What people call them; the name of the account where they have none, or where there is none. */
static char *title_of (const char *account)
{
  const struct passwd *who = getpwnam (account);
  g_autofree char *title = g_strdup (who && who->pw_gecos ? who->pw_gecos : "");
  title[strcspn (title, ",")] = 0;
  return g_strdup (title[0] ? title : account);
}

/* NULL, upon which it is asked for, where that is none. */
static char *told_name (void)
{
  char *name = hear();
  if (is_name (name))
    return name;
  forget (name);
  return NULL;
}

/* The session */

static char *entry_of (void)
{
  for (const char *const *folder = g_get_system_data_dirs(); *folder; folder++) {
    g_autofree char *path = g_build_filename (*folder, "wayland-sessions", "inos.desktop", NULL);
    if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
      return g_steal_pointer (&path);
  }
  return NULL;
}

/* The command of its entry, to be freed with g_strfreev(). */
static char **session_command (GError **error)
{
  g_autofree char *path = entry_of(), *line = NULL;
  g_autoptr (GKeyFile) entry = g_key_file_new();
  char **command = NULL;
  if (!path) {
    g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_NOT_FOUND,
                 _ ("there is no wayland-sessions/inos.desktop"));
    return NULL;
  }
  if (g_key_file_load_from_file (entry, path, G_KEY_FILE_NONE, error))
    line = g_key_file_get_string (entry, G_KEY_FILE_DESKTOP_GROUP, "Exec", error);
  if (line)
    g_shell_parse_argv (line, NULL, &command, error);
  return command;
}

static bool start_session (struct greet *greet, GError **error)
{
  const char *const environment[] = {"XDG_SESSION_TYPE=wayland", "XDG_SESSION_DESKTOP=inos",
                                     "XDG_CURRENT_DESKTOP=Inos", NULL};
  g_auto (GStrv) command = session_command (error);
  if (!command)
    return false;
  struct inos_greetd_reply reply;
  g_autoptr (GString) request =
    inos_greetd_start_session ((const char *const *)command, environment);
  if (!inos_greetd_ask (greet->greetd, request, &reply, error))
    return false;
  bool started = reply.kind == INOS_GREETD_SUCCESS;
  if (!started)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s", reply.text);
  inos_greetd_reply_clear (&reply);
  return started;
}

/* The conversation */

/* Returns false where the greeter is gone. */
static bool ask_name (struct greet *greet)
{
  while (!greet->account) {
    if (!say (INOS_TALK_ASK_SHOWN, 0, _ ("User name")))
      return false;
    char *name = hear();
    if (!name)
      return false;
    g_strstrip (name);
    if (is_name (name))
      greet->account = g_strdup (name);
    greet->asked = true;
    forget (name); /* a password is often typed there by mistake */
  }
  return true;
}

/* The answer to what greetd said, or NULL where the greeter is gone. */
static GString *answer (struct greet *greet, const struct inos_greetd_reply *reply)
{
  bool secret = reply->kind == INOS_GREETD_ASK_SECRET;
  if (reply->kind == INOS_GREETD_INFO || reply->kind == INOS_GREETD_COMPLAINT) {
    enum inos_talk_type type = reply->kind == INOS_GREETD_INFO ? INOS_TALK_INFO : INOS_TALK_ERROR;
    return say (type, INOS_TALK_OF_PERSON, reply->text) ? inos_greetd_answer (NULL) : NULL;
  }
  if (!say (secret ? INOS_TALK_ASK_SECRET : INOS_TALK_ASK_SHOWN, 0, reply->text))
    return NULL;
  char *said = hear();
  GString *request = said ? inos_greetd_answer (said) : NULL;
  greet->asked = true;
  forget (said);
  return request;
}

static void wipe (GString *request)
{
  explicit_bzero (request->str, request->allocated_len);
  g_string_free (request, TRUE);
}

/* Asks and answers until greetd has come to an end, which is in `reply`. Returns false, with error
 * set or, where the greeter is gone, not. */
static bool converse (struct greet *greet, struct inos_greetd_reply *reply, GError **error)
{
  GString *request = inos_greetd_create_session (greet->account);
  for (int round = 0; request && round < ROUNDS; round++) {
    bool heard = inos_greetd_ask (greet->greetd, request, reply, error);
    wipe (request);
    request = NULL;
    if (!heard || reply->kind <= INOS_GREETD_ERROR)
      return heard;
    request = answer (greet, reply);
    inos_greetd_reply_clear (reply);
  }
  if (request)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _ ("greetd does not stop asking"));
  g_clear_pointer (&request, wipe);
  return false;
}

/* greetd hands PAM's name of it on, such as "pam_acct_mgmt: ACCT_EXPIRED". */
static enum inos_verdict verdict_of (const struct inos_greetd_reply *reply)
{
  static const struct {
    const char *word;
    enum inos_verdict verdict;
  } words[] = {
    {"ACCT_EXPIRED", INOS_VERDICT_EXPIRED}, {"AUTHTOK_EXPIRED", INOS_VERDICT_EXPIRED},
    {"NEW_AUTHTOK", INOS_VERDICT_EXPIRED},  {"CRED_EXPIRED", INOS_VERDICT_EXPIRED},
    {"MAXTRIES", INOS_VERDICT_TOO_MANY},    {"PERM_DENIED", INOS_VERDICT_DENIED},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++) {
    if (strstr (reply->text, words[i].word))
      return words[i].verdict;
  }
  return reply->kind == INOS_GREETD_AUTH_ERROR ? INOS_VERDICT_WRONG : INOS_VERDICT_BROKEN;
}

/* Without this an account that has no password would be let in by starting the machine. */
static bool has_consent (struct greet *greet)
{
  if (greet->asked)
    return true;
  if (!say (INOS_TALK_ASK_SHOWN, 0, _ ("Press Enter to log in")))
    return false;
  char *said = hear();
  bool heard = said;
  forget (said);
  return heard;
}

static int greet_person (struct greet *greet)
{
  struct inos_greetd_reply reply = {0};
  g_autoptr (GError) error = NULL;
  if (!ask_name (greet))
    return EXIT_FAILURE;
  g_autofree char *title = title_of (greet->account);
  say (INOS_TALK_ACCOUNT, 0, greet->account);
  say (INOS_TALK_WHO, 0, title);
  if (!converse (greet, &reply, &error))
    return error ? say_result (INOS_VERDICT_BROKEN, error->message) : EXIT_FAILURE;
  enum inos_verdict verdict = INOS_VERDICT_RIGHT;
  if (reply.kind != INOS_GREETD_SUCCESS)
    verdict = verdict_of (&reply);
  else if (!has_consent (greet))
    verdict = INOS_VERDICT_DENIED;
  else if (!start_session (greet, &error))
    verdict = INOS_VERDICT_BROKEN;
  else
    remember (greet->account);
  int status = say_result (verdict, error ? error->message : reply.text);
  inos_greetd_reply_clear (&reply);
  return status;
}

/* What another greeter, or one before, had begun is forgotten. */
static bool begin (struct greet *greet, GError **error)
{
  struct inos_greetd_reply reply;
  greet->greetd = inos_greetd_connect (g_getenv ("GREETD_SOCK"), error);
  if (greet->greetd < 0)
    return false;
  g_autoptr (GString) request = inos_greetd_cancel_session();
  bool heard = inos_greetd_ask (greet->greetd, request, &reply, error);
  inos_greetd_reply_clear (&reply);
  return heard;
}

static int run (char *account)
{
  struct greet greet = {.greetd = -1, .account = account};
  g_autoptr (GError) error = NULL;
  int status = begin (&greet, &error) ? greet_person (&greet)
                                      : say_result (INOS_VERDICT_BROKEN, error->message);
  if (greet.greetd >= 0)
    close (greet.greetd);
  forget (greet.account);
  return status;
}

int main (int argc, char **argv)
{
  int type;
  socklen_t size = sizeof type;
  bool asks = argc == 2 && strcmp (argv[1], "--ask") == 0;
  bool known = argc == 2 && strcmp (argv[1], "--account") == 0;
  if (argc == 2 && strcmp (argv[1], "--version") == 0) {
    puts ("inos-greet " INOS_VERSION);
    return EXIT_SUCCESS;
  }
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (!(argc == 1 || asks || known) ||
      getsockopt (SOCKET, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_SEQPACKET) {
    fputs ("inos-greet is started by inos-greeter, which has it ask greetd.\n", stderr);
    return 2;
  }
  /* No core file and no debugger of the same account's; ends with the greeter. */
  prctl (PR_SET_DUMPABLE, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  mallopt (M_PERTURB, FREED);
  signal (SIGPIPE, SIG_IGN);
  return run (known ? told_name() : asks ? NULL : remembered());
}
