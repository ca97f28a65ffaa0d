/*
 * What a terminal's program is, and the environment it runs in: never the node's own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Of what a caller sends. */
#define INOS_COMMAND_WORDS_MAX 256u
#define INOS_ENVIRONMENT_MAX 256u /* entries */
#define INOS_PLAN_BYTES_MAX (64u * 1024)

struct inos_terminal_program {
  char *path;         /* absolute */
  char **argv;        /* [0] begins with '-' for a login shell */
  char **environment; /* all of it */
  char *directory;    /* absolute, and one when this was made */
};

/**
 * inos_terminal_program_init:
 * @id: of the terminal, INOS_TERMINAL in the environment
 * @directory: where it runs; "": at home
 * @command: its words; none: the user's login shell
 * @environment: NAME=VALUE, which go before what is there already: those of the session to which
 *               the terminal belongs
 * @error: of the domain INOS_API_ERROR
 */
gboolean inos_terminal_program_init (struct inos_terminal_program *program, uint64_t id,
                                     const char *directory, const char *const *command,
                                     const char *const *environment, GError **error);
void inos_terminal_program_finish (struct inos_terminal_program *program);
