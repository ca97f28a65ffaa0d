/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inos-lock-check: one conversation with PAM, for the lock screen that started it, over the socket
 * that is descriptor 3. A process of its own, with neither Wayland nor GLib in it: PAM's modules
 * load what they like, wait as long as they like, and may crash. It says what came of it and ends;
 * whether that unlocks is the lock screen's to say. Whose password it is, nobody tells it: it is
 * that of the person who runs it.
 */
#include "inos-config.h"
#include "talk.h"

#include <errno.h>
#include <libintl.h>
#include <locale.h>
#include <malloc.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SOCKET = 3, FREED = 0x5a };

/* What modules say now is about the account (INOS_TALK_OF_ACCOUNT), else INOS_TALK_OF_PERSON. */
static uint32_t about;

/* Its own where that is installed, else what everybody logs in with; PAM itself falls back to
 * "other" where a service has no file. */
static const char *service_name (void)
{
  static const char *const own[] = {"/etc/pam.d/inos-lock", "/usr/lib/pam.d/inos-lock"};
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
    if (access (own[i], F_OK) == 0)
      return "inos-lock";
  }
  return access ("/etc/pam.d/login", F_OK) == 0 ? "login" : "inos-lock";
}

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

/* A copy of the answer that is freed by PAM and, where that may be, never swapped out. NULL: the
 * lock screen is gone, or says what is no answer. */
static char *hear_answer (void)
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
    copy = calloc (1, talk.length + 1); /* allowed: PAM frees it with free() */
  if (copy) {
    mlock (copy, talk.length + 1);
    memcpy (copy, talk.text, talk.length);
  }
  explicit_bzero (frame, sizeof frame);
  return copy;
}

static bool converse (const struct pam_message *message, struct pam_response *response)
{
  switch (message->msg_style) {
  case PAM_PROMPT_ECHO_OFF:
  case PAM_PROMPT_ECHO_ON:
    if (!say (message->msg_style == PAM_PROMPT_ECHO_ON ? INOS_TALK_ASK_SHOWN : INOS_TALK_ASK_SECRET,
              0, message->msg))
      return false;
    response->resp = hear_answer();
    return response->resp;
  case PAM_TEXT_INFO:
    return say (INOS_TALK_INFO, about, message->msg);
  case PAM_ERROR_MSG:
    return say (INOS_TALK_ERROR, about, message->msg);
  default: /* a binary prompt, which is for programs that know it */
    return false;
  }
}

static void forget (struct pam_response *responses, int count)
{
  for (int i = 0; i < count; i++) {
    if (responses[i].resp)
      explicit_bzero (responses[i].resp, strlen (responses[i].resp));
    free (responses[i].resp);
  }
  free (responses);
}

static int on_conversation (int count, const struct pam_message **messages,
                            struct pam_response **out, void *data)
{
  if (count <= 0 || count > PAM_MAX_NUM_MSG)
    return PAM_CONV_ERR;
  struct pam_response *responses =
    calloc ((size_t)count, sizeof *responses); /* allowed: PAM frees it with free() */
  if (!responses)
    return PAM_BUF_ERR;
  for (int i = 0; i < count; i++) {
    if (converse (messages[i], &responses[i]))
      continue;
    forget (responses, count);
    return PAM_CONV_ERR;
  }
  *out = responses;
  return PAM_SUCCESS;
}

/* PAM would sleep; the lock screen shows the time and can be left. */
static void on_delay (int status, unsigned int microseconds, void *data)
{
  if (status != PAM_SUCCESS && microseconds > 0)
    say (INOS_TALK_PAUSE, microseconds / 1000, NULL);
}

static enum inos_verdict verdict_of (int status)
{
  switch (status) {
  case PAM_SUCCESS:
    return INOS_VERDICT_RIGHT;
  case PAM_AUTH_ERR:
  case PAM_USER_UNKNOWN:
  case PAM_CRED_INSUFFICIENT:
    return INOS_VERDICT_WRONG;
  case PAM_MAXTRIES:
    return INOS_VERDICT_TOO_MANY;
  case PAM_ACCT_EXPIRED:
  case PAM_AUTHTOK_EXPIRED:
  case PAM_NEW_AUTHTOK_REQD:
  case PAM_CRED_EXPIRED:
    return INOS_VERDICT_EXPIRED;
  case PAM_PERM_DENIED:
    return INOS_VERDICT_DENIED;
  default:
    return INOS_VERDICT_BROKEN;
  }
}

static int open_pam (const char *user, pam_handle_t **pam)
{
  const struct pam_conv conversation = {.conv = on_conversation};
#ifdef INOS_LOCK_TESTS
  /* Only in the program that the tests run, which is not installed. */
  const char *folder = getenv ("INOS_LOCK_PAM_DIR");
  if (folder)
    return pam_start_confdir ("inos-lock", user, &conversation, folder, pam);
#endif
  return pam_start (service_name(), user, &conversation, pam);
}

static int ask (pam_handle_t *pam)
{
  /* Older than the ISO C that would let a function be an object. */
  union {
    void (*function) (int, unsigned int, void *);
    const void *item;
  } delay = {.function = on_delay};
  pam_set_item (pam, PAM_FAIL_DELAY, delay.item);
  int status = pam_authenticate (pam, 0);
  if (status != PAM_SUCCESS)
    return status;
  about = INOS_TALK_OF_ACCOUNT;
  status = pam_acct_mgmt (pam, 0);
  /* The account is good, and the password to be changed at the next log-in. From pam_authenticate
   * the same would say nothing of the account. */
  if (status == PAM_NEW_AUTHTOK_REQD)
    status = PAM_SUCCESS;
  /* An account that there is and that may not be used is not a wrong password. */
  if (status == PAM_AUTH_ERR || status == PAM_USER_UNKNOWN)
    return PAM_PERM_DENIED;
  /* Tickets and the like last longer now; without them the session goes on. */
  if (status == PAM_SUCCESS)
    pam_setcred (pam, PAM_REFRESH_CRED);
  return status;
}

/* What people call them; the name of the account where they have none. */
static const char *title_of (const struct passwd *who, char *buffer, size_t size)
{
  snprintf (buffer, size, "%s", who->pw_gecos ? who->pw_gecos : "");
  buffer[strcspn (buffer, ",")] = 0;
  return buffer[0] ? buffer : who->pw_name;
}

static int check (void)
{
  char title[INOS_TALK_TEXT_MAX + 1];
  pam_handle_t *pam = NULL;
  errno = 0;
  const struct passwd *who = getpwuid (getuid());
  if (!who) {
    say (INOS_TALK_RESULT, INOS_VERDICT_BROKEN, errno ? strerror (errno) : "there is no account");
    return EXIT_FAILURE;
  }
  say (INOS_TALK_WHO, 0, title_of (who, title, sizeof title));
  int status = open_pam (who->pw_name, &pam);
  if (status == PAM_SUCCESS)
    status = ask (pam);
  enum inos_verdict verdict = verdict_of (status);
  const char *words = pam ? pam_strerror (pam, status) : strerror (errno);
  /* Before it is said: whoever hears it ends us, and modules have things to put away. */
  if (pam)
    pam_end (pam, status);
  bool said = say (INOS_TALK_RESULT, verdict, words);
  return said && verdict == INOS_VERDICT_RIGHT ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main (int argc, char **argv)
{
  int type;
  socklen_t size = sizeof type;
  if (argc == 2 && strcmp (argv[1], "--version") == 0) {
    printf ("inos-lock-check %s\n", INOS_VERSION);
    return EXIT_SUCCESS;
  }
  setlocale (LC_ALL, "");
  if (argc != 1 || getsockopt (SOCKET, SOL_SOCKET, SO_TYPE, &type, &size) != 0 ||
      type != SOCK_SEQPACKET) {
    fputs ("inos-lock-check is started by inos-lock, which asks it to check a password.\n", stderr);
    return 2;
  }
  /* No core file and no debugger of the same person's; ends with the lock screen. */
  prctl (PR_SET_DUMPABLE, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  mallopt (M_PERTURB, FREED);
  signal (SIGPIPE, SIG_IGN);
  return check();
}
