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
#include "sessions.h"
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

/* What a shell takes as it is. */
#define PLAIN G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_@%+=:,./-"

enum {
  SOCKET = 3,
  FREED = 0x5a,
  ROUNDS = 64, /* of questions and words, of one conversation */
  NAME_MAX_LENGTH = 256,
};

struct greet {
  int greetd;
  char *account;
  char *session; /* the id of what is to be started; NULL where nobody chose */
  bool asked;    /* a person has pressed a key in this conversation */
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

/* Takes one message that has come, or, with `waits`, that comes. Returns 0 where there is none, -1
 * where the greeter is gone or says what is no message of its own, else its type; an answer is then
 * in `answered`, which may be NULL. */
static int take_message (struct greet *greet, bool waits, char **answered)
{
  static uint8_t frame[INOS_TALK_MAX];
  struct inos_talk talk;
  ssize_t size;
  int type = -1;
  mlock (frame, sizeof frame);
  do
    size = recv (SOCKET, frame, sizeof frame, MSG_TRUNC | (waits ? 0 : MSG_DONTWAIT));
  while (size < 0 && errno == EINTR);
  if (size < 0 && errno == EAGAIN)
    type = 0;
  if (size > 0 && inos_talk_parse (frame, (size_t)size, &talk) &&
      !inos_talk_is_checkers (talk.type)) {
    char **copy = talk.type == INOS_TALK_SESSION ? &greet->session : answered;
    type = talk.type;
    if (copy) {
      g_free (*copy);
      *copy = g_strndup (talk.text, talk.length);
    }
  }
  explicit_bzero (frame, sizeof frame);
  return type;
}

/* What is answered, to be wiped and freed with forget(). NULL: the greeter is gone. */
static char *hear (struct greet *greet)
{
  char *answered = NULL;
  while (take_message (greet, true, &answered) == INOS_TALK_SESSION)
    continue;
  return answered;
}

/* Somebody may have chosen another session since the last answer. */
static void hear_choices (struct greet *greet)
{
  while (take_message (greet, false, NULL) == INOS_TALK_SESSION)
    continue;
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

static const char *state_folder (void)
{
#ifdef INOS_LOCK_TESTS
  const char *folder = g_getenv ("INOS_GREETER_STATE");
  if (folder)
    return folder;
#endif
  return INOS_GREETER_STATE;
}

static bool is_name (const char *name)
{
  return name && name[0] && strlen (name) <= NAME_MAX_LENGTH && g_utf8_validate (name, -1, NULL);
}

static char *remembered (void)
{
  g_autofree char *path = g_build_filename (state_folder(), "last", NULL), *name = NULL;
  if (!g_file_get_contents (path, &name, NULL, NULL))
    return NULL;
  g_strstrip (name);
  return is_name (name) && getpwnam (name) ? g_steal_pointer (&name) : NULL;
}

/* Where that cannot be written the next person types their name, and begins with our session. */
static void remember (const char *what, const char *value)
{
  g_autofree char *path = g_build_filename (state_folder(), what, NULL);
  g_autoptr (GError) error = NULL;
  if (!g_file_set_contents_full (path, value, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0640, &error))
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
static char *told_name (struct greet *greet)
{
  char *name = hear (greet);
  if (is_name (name))
    return name;
  forget (name);
  return NULL;
}

/* The session */

/* The one that was chosen, else ours, else NULL. */
static const struct inos_session_entry *find_entry (GPtrArray *entries, const char *id)
{
  const struct inos_session_entry *own = NULL;
  for (guint i = 0; i < entries->len; i++) {
    const struct inos_session_entry *entry = g_ptr_array_index (entries, i);
    if (id && strcmp (entry->id, id) == 0)
      return entry;
    if (strcmp (entry->id, INOS_SESSION_OWN) == 0)
      own = entry;
  }
  return own;
}

static char **environment_of (const struct inos_session_entry *entry)
{
  GStrvBuilder *list = g_strv_builder_new();
  g_strv_builder_add (list, "XDG_SESSION_TYPE=wayland");
  g_strv_builder_take (list, g_strconcat ("XDG_SESSION_DESKTOP=", entry->id, NULL));
  g_strv_builder_take (list, g_strconcat ("XDG_CURRENT_DESKTOP=", entry->desktops, NULL));
  return g_strv_builder_unref_to_strv (list);
}

/* greetd puts the words together again and gives them to a shell, which is to read them as they
 * are here. What stands for files and names (%f, %c …) is not for sessions. */
static char **quote (char *const *words)
{
  GStrvBuilder *list = g_strv_builder_new();
  for (; *words; words++) {
    bool is_field = (*words)[0] == '%' && g_ascii_isalpha ((*words)[1]) && (*words)[2] == '\0';
    if (is_field)
      continue;
    g_autoptr (GString) word = g_string_new (*words);
    g_string_replace (word, "%%", "%", 0);
    bool is_plain = word->len > 0 && strspn (word->str, PLAIN) == word->len;
    g_strv_builder_take (list, is_plain ? g_strdup (word->str) : g_shell_quote (word->str));
  }
  return g_strv_builder_unref_to_strv (list);
}

static bool start_entry (struct greet *greet, const struct inos_session_entry *entry,
                         GError **error)
{
  struct inos_greetd_reply reply;
  g_auto (GStrv) words = NULL, environment = environment_of (entry);
  if (!g_shell_parse_argv (entry->exec, NULL, &words, error))
    return false;
  g_auto (GStrv) command = quote (words);
  g_autoptr (GString) request =
    inos_greetd_start_session ((const char *const *)command, (const char *const *)environment);
  if (!inos_greetd_ask (greet->greetd, request, &reply, error))
    return false;
  bool started = reply.kind == INOS_GREETD_SUCCESS;
  if (!started)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s", reply.text);
  inos_greetd_reply_clear (&reply);
  return started;
}

static bool start_session (struct greet *greet, GError **error)
{
  hear_choices (greet);
  g_autoptr (GPtrArray) entries = inos_sessions_list();
  const struct inos_session_entry *entry = find_entry (entries, greet->session);
  if (!entry) {
    g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_NOT_FOUND,
                 _ ("there is no wayland-sessions/inos.desktop"));
    return false;
  }
  if (!start_entry (greet, entry, error))
    return false;
  remember ("last", greet->account);
  remember ("session", entry->id);
  return true;
}

/* The conversation */

/* Returns false where the greeter is gone. */
static bool ask_name (struct greet *greet)
{
  while (!greet->account) {
    if (!say (INOS_TALK_ASK_SHOWN, 0, _ ("User name")))
      return false;
    char *name = hear (greet);
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
  char *said = hear (greet);
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
  char *said = hear (greet);
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

static int run (bool known, bool asks)
{
  struct greet greet = {.greetd = -1};
  g_autoptr (GError) error = NULL;
  greet.account = known ? told_name (&greet) : asks ? NULL : remembered();
  int status = begin (&greet, &error) ? greet_person (&greet)
                                      : say_result (INOS_VERDICT_BROKEN, error->message);
  if (greet.greetd >= 0)
    close (greet.greetd);
  forget (greet.account);
  g_free (greet.session);
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
  return run (known, asks);
}
