/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app.h"

#include "checker.h"
#include "clock.h"
#include "display.h"
#include "screen.h"
#include "layout.h"
#include "machine.h"
#include "people.h"
#include "sessions.h"
#include "typing.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define PASSWD "/etc/passwd"
#define LOGIN_DEFS "/etc/login.defs"

enum { PEEK_TIME = 15000 /* ms */ };

struct app {
  GMainLoop *loop;
  struct inos_display display;
  struct inos_look look;
  struct inos_look_watch *look_watch;
  struct inos_view view;
  struct inos_typing *typing;
  struct inos_secret *secret;
  struct inos_attempt attempt;
  struct inos_checker *checker;
  struct inos_machine *machine;
  struct inos_clock *clock;
  guint timer;
  int64_t peek_until; /* ms, 0 for no peek */
  bool locked, greets;
  bool wants_board;    /* as the look was last */
  bool asks_name;      /* the greeter is to take nobody for the one before */
  char *account;       /* the greeter's, of the try before; may be NULL */
  GPtrArray *sessions; /* the greeter's, of struct inos_session_entry; NULL: there is no choice */
  guint session;       /* which of them */
  GPtrArray *people;   /* the greeter's, of struct inos_person; NULL where none are offered */
  int status;
};

static int64_t now (void)
{
  return g_get_monotonic_time() / 1000;
}

static void set_peek (struct app *app, bool peek)
{
  app->view.peek = peek;
  app->peek_until = peek ? now() + PEEK_TIME : 0;
}

static void end (struct app *app, int status)
{
  app->status = status;
  g_main_loop_quit (app->loop);
}

/* What is to be done */

static void forget_account (struct app *app)
{
  if (app->account)
    explicit_bzero (app->account, strlen (app->account));
  g_clear_pointer (&app->account, g_free);
}

/* Whoever asks is told again after each choice. */
static void choose_session (struct app *app)
{
  if (!app->sessions)
    return;
  const struct inos_session_entry *entry = g_ptr_array_index (app->sessions, app->session);
  inos_checker_choose (app->checker, entry->id);
  g_free (app->view.session);
  /* TRANSLATORS: on the greeter's button for which session is started: "Session: Inos". */
  app->view.session = g_strdup_printf (_ ("Session: %s"), entry->name);
}

static void start_checker (struct app *app)
{
  g_autoptr (GError) error = NULL;
  /* The name itself not: a password is easily typed there, and all may read arguments. */
  const char *const same[] = {"--account", NULL}, *const other[] = {"--ask", NULL};
  const char *const *arguments = app->account ? same : app->asks_name ? other : NULL;
  if (inos_checker_start (app->checker, arguments, &error)) {
    if (app->account)
      inos_checker_tell (app->checker, app->account);
    choose_session (app);
    return;
  }
  g_warning ("the program that checks passwords cannot be started: %s", error->message);
  inos_attempt_lost (&app->attempt, INOS_OUTCOME_NO_START, error->message, now());
}

static void unlock (struct app *app)
{
  /* Behind a greeter there is nothing to be seen; the compositor ends with it. */
  if (!app->greets)
    inos_display_unlock (&app->display);
  end (app, EXIT_SUCCESS);
}

static void act (struct app *app, unsigned int wanted)
{
  if (wanted & INOS_ATTEMPT_KILL)
    inos_checker_stop (app->checker);
  if (wanted & INOS_ATTEMPT_SEND)
    inos_checker_answer (app->checker, app->secret);
  if (wanted & INOS_ATTEMPT_WIPE)
    inos_secret_wipe (app->secret);
  if (wanted & (INOS_ATTEMPT_SEND | INOS_ATTEMPT_WIPE))
    set_peek (app, false);
  if (wanted & INOS_ATTEMPT_START)
    start_checker (app);
  /* Before it is locked that would be a fault of ours; on_locked() does it then. */
  if (wanted & INOS_ATTEMPT_UNLOCK && app->locked)
    unlock (app);
}

/* What is shown */

/* Whether Escape leads to another name: not only when that account's password is asked for, which
 * may be never, as for one that PAM refuses at once. */
static bool can_ask_another (const struct app *app)
{
  enum inos_attempt_phase phase = app->attempt.phase;
  return app->greets && app->secret->length == 0 && phase != INOS_ATTEMPT_CHECKING &&
         phase != INOS_ATTEMPT_PAUSED && phase != INOS_ATTEMPT_DONE &&
         (app->account || !app->asks_name);
}

/* Who may be chosen in the place of typing a name. */
static const GPtrArray *offered (const struct app *app)
{
  const struct inos_attempt *attempt = &app->attempt;
  bool asks = app->greets && !app->account && attempt->phase == INOS_ATTEMPT_ASKED && attempt->echo;
  return asks && app->people && app->people->len > 0 ? app->people : NULL;
}

static bool is_person (enum inos_part part)
{
  return part >= INOS_PART_PERSON && part < INOS_PART_PERSON + INOS_PEOPLE_MOST;
}

static void show (struct app *app)
{
  struct inos_view *view = &app->view;
  bool was_bad = view->mood == INOS_MOOD_BAD;
  inos_view_describe (view, &app->attempt, now());
  if (can_ask_another (app) && app->account && !view->notes[0]) {
    g_free (view->notes);
    view->notes = g_strdup (_ ("Escape asks for another name."));
  }
  view->people = offered (app);
  if (!view->people && is_person (view->focus))
    view->focus = INOS_PART_FIELD;
  view->can_submit =
    app->secret->length > 0 || app->attempt.echo || app->attempt.phase == INOS_ATTEMPT_READY;
  if (view->mood == INOS_MOOD_BAD && !was_bad && app->look.moves)
    inos_display_shake (&app->display);
  inos_display_draw (&app->display, true);
}

static void update (struct app *app);

static gboolean on_timer (void *data)
{
  struct app *app = data;
  app->timer = 0;
  inos_attempt_tick (&app->attempt, now());
  if (app->peek_until && now() >= app->peek_until)
    set_peek (app, false);
  update (app);
  return G_SOURCE_REMOVE;
}

static int64_t earlier (int64_t a, int64_t b)
{
  return a < 0 || (b >= 0 && b < a) ? b : a;
}

static void set_timer (struct app *app)
{
  int64_t at = now();
  int64_t deadline =
    earlier (inos_attempt_deadline (&app->attempt), inos_view_deadline (&app->attempt, at));
  deadline = earlier (deadline, app->peek_until ? app->peek_until : -1);
  if (app->timer)
    g_source_remove (app->timer);
  app->timer = deadline < 0 ? 0 : g_timeout_add ((guint)MAX (deadline - at, 1), on_timer, app);
}

/* After anything happened. */
static void update (struct app *app)
{
  for (unsigned int wanted; (wanted = inos_attempt_take (&app->attempt));)
    act (app, wanted);
  if (app->attempt.phase == INOS_ATTEMPT_DONE)
    return;
  show (app);
  set_timer (app);
}

/* The checker */

static void on_heard (const struct inos_talk *talk, void *data)
{
  struct app *app = data;
  if (talk->type == INOS_TALK_ACCOUNT) {
    forget_account (app);
    app->account = g_strndup (talk->text, talk->length);
    return;
  }
  inos_attempt_hear (&app->attempt, talk, now());
  update (app);
}

static void on_checker_lost (const char *text, void *data)
{
  struct app *app = data;
  inos_attempt_lost (&app->attempt, INOS_OUTCOME_DIED, text, now());
  update (app);
}

static const struct inos_checker_events checker_events = {
  .heard = on_heard,
  .lost = on_checker_lost,
};

/* A person */

static void submit (struct app *app)
{
  inos_attempt_submit (&app->attempt, app->secret->length == 0, now());
}

static void cancel (struct app *app)
{
  bool other = can_ask_another (app);
  set_peek (app, false);
  app->view.focus = INOS_PART_FIELD;
  if (other) {
    forget_account (app);
    app->asks_name = true;
    inos_attempt_again (&app->attempt);
  } else {
    inos_attempt_cancel (&app->attempt, now());
  }
}

static void choose_person (struct app *app, guint which)
{
  const GPtrArray *people = offered (app);
  if (!people || which >= people->len)
    return;
  const struct inos_person *person = g_ptr_array_index (people, which);
  forget_account (app);
  app->account = g_strdup (person->account);
  app->asks_name = false;
  app->view.focus = INOS_PART_FIELD;
  inos_attempt_again (&app->attempt);
}

/* The column is wider with it. */
static void show_board (struct app *app, bool shown)
{
  inos_typing_show (app->typing, shown);
  inos_display_draw (&app->display, false);
}

static void use (struct app *app, enum inos_part part)
{
  if (is_person (part)) {
    choose_person (app, part - INOS_PART_PERSON);
    return;
  }
  switch (part) {
  case INOS_PART_FIELD:
    app->view.focus = INOS_PART_FIELD;
    break;
  case INOS_PART_BOARD:
    show_board (app, !app->view.board);
    break;
  case INOS_PART_PEEK:
    set_peek (app, !app->view.peek);
    break;
  case INOS_PART_SUBMIT:
    if (app->view.busy)
      cancel (app);
    else
      submit (app);
    break;
  case INOS_PART_SESSION:
    app->session = (app->session + 1) % app->sessions->len;
    choose_session (app);
    break;
  case INOS_PART_SUSPEND:
    inos_machine_do (app->machine, INOS_MACHINE_SUSPEND);
    break;
  case INOS_PART_RESTART:
    inos_machine_do (app->machine, INOS_MACHINE_RESTART);
    break;
  case INOS_PART_POWER_OFF:
    inos_machine_do (app->machine, INOS_MACHINE_POWER_OFF);
    break;
  default:
    break;
  }
}

static void move_focus (struct app *app, bool back)
{
  struct inos_layout any = {.parts[INOS_PART_FIELD].width = 1};
  const struct inos_screen *screen;
  /* On a small output there is no room for some: what can be reached is what some output shows. */
  wl_list_for_each (screen, &app->display.screens, link) {
    for (int part = 0; part < INOS_PART_COUNT; part++)
      any.parts[part].width = MAX (any.parts[part].width, screen->layout.parts[part].width);
  }
  app->view.focus = inos_layout_next (&any, app->view.focus, back);
}

/* Returns whether the key edits. */
static bool edit (struct app *app, const struct inos_key *key)
{
  bool all = key->control && (key->symbol == XKB_KEY_BackSpace || key->symbol == XKB_KEY_u);
  if (all)
    inos_secret_wipe (app->secret);
  else if (key->symbol == XKB_KEY_BackSpace)
    inos_secret_erase (app->secret);
  else if (!key->text[0] || !inos_secret_append (app->secret, key->text))
    return false;
  inos_attempt_type (&app->attempt, now());
  app->view.focus = INOS_PART_FIELD;
  return true;
}

static void on_key (const struct inos_key *key, void *data)
{
  struct app *app = data;
  bool on_button = app->view.focus > INOS_PART_FIELD;
  switch (key->symbol) {
  case XKB_KEY_Escape:
    cancel (app);
    break;
  case XKB_KEY_Return:
  case XKB_KEY_KP_Enter:
    if (on_button)
      use (app, app->view.focus);
    else
      submit (app);
    break;
  case XKB_KEY_Tab:
  case XKB_KEY_ISO_Left_Tab:
    move_focus (app, key->shift || key->symbol == XKB_KEY_ISO_Left_Tab);
    break;
  default:
    if (key->symbol == XKB_KEY_space && on_button)
      use (app, app->view.focus);
    else if (app->view.busy || !edit (app, key))
      return;
  }
  update (app);
}

static void on_board_key (const struct inos_key *key, void *data)
{
  struct app *app = data;
  app->view.focus = INOS_PART_FIELD;
  on_key (key, app);
}

/* A finger in the field is somebody's who has no keyboard at hand. */
static void on_press (enum inos_part part, bool finger, void *data)
{
  struct app *app = data;
  if (part >= INOS_PART_KEY)
    inos_typing_press (app->typing, part);
  else
    use (app, part);
  if (finger && part == INOS_PART_FIELD && !app->view.board)
    show_board (app, true);
  update (app);
}

static void on_release (void *data)
{
  struct app *app = data;
  if (inos_typing_release (app->typing))
    inos_display_draw (&app->display, true);
}

static void on_hover (enum inos_part part, void *data)
{
  struct app *app = data;
  if (app->view.hover == part)
    return;
  app->view.hover = part;
  inos_display_draw (&app->display, true);
}

static void on_keyboard (const char *layout, bool caps, void *data)
{
  struct app *app = data;
  if (app->view.caps == caps && g_strcmp0 (app->view.layout, layout) == 0)
    return;
  app->view.caps = caps;
  g_free (app->view.layout);
  app->view.layout = g_strdup (layout);
  inos_typing_follow (app->typing, layout);
  inos_display_draw (&app->display, true);
}

/* The compositor */

static void on_locked (void *data)
{
  struct app *app = data;
  app->locked = true;
  if (app->attempt.phase == INOS_ATTEMPT_DONE)
    unlock (app);
}

static void on_finished (void *data)
{
  struct app *app = data;
  if (!app->locked)
    g_printerr ("inos-lock: %s\n", _ ("another lock screen has locked the session"));
  end (app, app->locked ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void on_lost (void *data)
{
  g_printerr ("inos-lock: %s\n", _ ("the compositor ended the connection"));
  end (data, EXIT_FAILURE);
}

static const struct inos_display_events display_events = {
  .locked = on_locked,
  .finished = on_finished,
  .lost = on_lost,
  .key = on_key,
  .press = on_press,
  .release = on_release,
  .hover = on_hover,
  .keyboard = on_keyboard,
};

/* The machine and its clock */

static void on_machine (const struct inos_machine_state *state, void *data)
{
  struct app *app = data;
  struct inos_view *view = &app->view;
  g_clear_pointer (&view->power, g_free);
  if (state->has_battery)
    view->power = g_strdup_printf (state->charging
                                     /* TRANSLATORS: the battery on the lock screen. */
                                     ? _ ("%d %%, charging")
                                     : _ ("%d %%"),
                                   state->percent);
  view->charge = state->percent;
  view->charging = state->charging;
  view->can_suspend = state->can[INOS_MACHINE_SUSPEND];
  view->can_restart = app->greets && state->can[INOS_MACHINE_RESTART];
  view->can_power_off = app->greets && state->can[INOS_MACHINE_POWER_OFF];
  if ((!view->can_suspend && view->focus == INOS_PART_SUSPEND) ||
      (!view->can_restart && view->focus == INOS_PART_RESTART) ||
      (!view->can_power_off && view->focus == INOS_PART_POWER_OFF))
    view->focus = INOS_PART_FIELD;
  inos_display_draw (&app->display, true);
}

static void on_refused (enum inos_machine_deed deed, const char *text, void *data)
{
  static const char *const words[] = {
    [INOS_MACHINE_SUSPEND] = N_ ("The machine does not sleep: %s"),
    [INOS_MACHINE_RESTART] = N_ ("The machine does not restart: %s"),
    [INOS_MACHINE_POWER_OFF] = N_ ("The machine does not power off: %s"),
  };
  struct app *app = data;
  g_free (app->view.notes);
  /* One of the three, each with one %s. */
  GString *note = g_string_new (_ (words[deed]));
  g_string_replace (note, "%s", text, 1);
  app->view.notes = g_string_free (note, FALSE);
  g_message ("%s", app->view.notes);
  inos_display_draw (&app->display, true);
}

static const struct inos_machine_events machine_events = {
  .changed = on_machine,
  .refused = on_refused,
};

static void on_tick (void *data)
{
  struct app *app = data;
  g_autoptr (GDateTime) time = g_date_time_new_now_local();
  inos_view_set_time (&app->view, time, app->look.twelve);
  inos_display_draw (&app->display, true);
}

static void on_look (void *data)
{
  struct app *app = data;
  on_tick (app);
  if (app->look.board && !app->wants_board)
    inos_typing_show (app->typing, true);
  app->wants_board = app->look.board;
  inos_display_draw (&app->display, false);
}

/* Life */

/* All that the lock itself does not wait for. */
static void begin (struct app *app, const char *checker)
{
  if (!inos_secret_init (app->secret))
    g_warning ("what is typed may be written to the swap: %s", g_strerror (errno));
  /* As in main(), where the compositor had to find out first which program it is. */
  prctl (PR_SET_DUMPABLE, 0);
  app->view.rtl = inos_view_reads_from_right (_ ("Password"));
  app->view.focus = INOS_PART_FIELD;
  app->view.shake = 1;
  app->look_watch = inos_look_watch_create (&app->look, on_look, app);
  app->wants_board = app->look.board;
  inos_typing_show (app->typing, app->look.board);
  app->clock = inos_clock_create (on_tick, app);
  app->machine = inos_machine_create (&machine_events, app);
  app->checker = inos_checker_create (checker, &checker_events, app);
  inos_attempt_begin (&app->attempt, now());
  update (app);
  on_tick (app);
}

static void finish (struct app *app)
{
  if (app->timer)
    g_source_remove (app->timer);
  inos_checker_destroy (app->checker);
  inos_machine_destroy (app->machine);
  inos_clock_destroy (app->clock);
  inos_look_watch_destroy (app->look_watch);
  inos_display_finish (&app->display);
  inos_typing_destroy (app->typing);
  inos_secret_finish (app->secret);
  inos_view_clear (&app->view);
  g_clear_pointer (&app->sessions, g_ptr_array_unref);
  g_clear_pointer (&app->people, g_ptr_array_unref);
  forget_account (app);
  g_main_loop_unref (app->loop);
}

/* state: of the greeter, NULL for the lock screen, for which people is false. */
static int run (const char *checker, const char *state, bool people)
{
  static struct inos_secret secret; /* does not move */
  struct app app = {.secret = &secret, .view.secret = &secret, .greets = state != NULL};
  g_autoptr (GError) error = NULL;
  inos_look_choose (&app.look, false, false);
  app.typing = inos_typing_create (&app.view, on_board_key, &app);
  if (!inos_display_init (&app.display, &app.look, &app.view, &display_events, &app, &error)) {
    g_printerr ("inos-lock: %s\n", error->message);
    inos_typing_destroy (app.typing);
    return EXIT_FAILURE;
  }
  app.loop = g_main_loop_new (NULL, FALSE);
  if (state)
    app.sessions = inos_sessions_offer (state, &app.session);
  if (people)
    app.people = inos_people_read (PASSWD, LOGIN_DEFS);
  begin (&app, checker);
  g_main_loop_run (app.loop);
  finish (&app);
  return app.status;
}

int inos_lock_run (const char *checker)
{
  return run (checker, NULL, false);
}

int inos_greeter_run (const char *checker, const char *state, bool people)
{
  return run (checker, state, people);
}
