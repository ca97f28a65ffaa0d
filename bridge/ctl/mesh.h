/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of 'inosctl mesh' share. A subcommand is a row of the table in cmd_mesh.c. */
#pragma once

#include "actors.h"

/* What 'inosctl help mesh' says besides. */
void ctl_mesh_help (void);

/* Each has as many arguments as its row says, from arguments[1] on. */
int ctl_mesh_status (struct ctl *ctl);
int ctl_mesh_peers (struct ctl *ctl);
int ctl_mesh_bandwidth (struct ctl *ctl);
int ctl_mesh_limits (struct ctl *ctl);
int ctl_mesh_limit (struct ctl *ctl);
int ctl_mesh_save (struct ctl *ctl);
int ctl_mesh_members (struct ctl *ctl);
int ctl_mesh_invite (struct ctl *ctl);
int ctl_mesh_join (struct ctl *ctl);
int ctl_mesh_requests (struct ctl *ctl);
int ctl_mesh_accept (struct ctl *ctl);
int ctl_mesh_refuse (struct ctl *ctl);
int ctl_mesh_reputation (struct ctl *ctl);
int ctl_mesh_roll (struct ctl *ctl);
int ctl_mesh_revoke (struct ctl *ctl);
int ctl_mesh_pass (struct ctl *ctl);
int ctl_mesh_rotate (struct ctl *ctl);
int ctl_mesh_leave (struct ctl *ctl);
int ctl_mesh_audit (struct ctl *ctl);
int ctl_mesh_manage (struct ctl *ctl);
int ctl_mesh_managers (struct ctl *ctl);
int ctl_mesh_inspect (struct ctl *ctl);
int ctl_mesh_why_not_direct (struct ctl *ctl);
int ctl_mesh_connect (struct ctl *ctl);
int ctl_mesh_disconnect (struct ctl *ctl);
int ctl_mesh_ping (struct ctl *ctl);
int ctl_mesh_perf (struct ctl *ctl);
int ctl_mesh_topics (struct ctl *ctl);
int ctl_mesh_subscribe (struct ctl *ctl);
int ctl_mesh_unsubscribe (struct ctl *ctl);
int ctl_mesh_publish (struct ctl *ctl);
int ctl_mesh_put (struct ctl *ctl);
int ctl_mesh_get (struct ctl *ctl);
int ctl_mesh_provide (struct ctl *ctl);
int ctl_mesh_unprovide (struct ctl *ctl);
int ctl_mesh_providers (struct ctl *ctl);
int ctl_mesh_find (struct ctl *ctl);
int ctl_mesh_groups (struct ctl *ctl);
int ctl_mesh_group_join (struct ctl *ctl);
int ctl_mesh_group_leave (struct ctl *ctl);
int ctl_mesh_group_resign (struct ctl *ctl);
int ctl_mesh_services (struct ctl *ctl);
int ctl_mesh_find_service (struct ctl *ctl);
int ctl_mesh_offers (struct ctl *ctl);
int ctl_mesh_offer (struct ctl *ctl);
int ctl_mesh_withdraw (struct ctl *ctl);
int ctl_mesh_nodes (struct ctl *ctl);
int ctl_mesh_states (struct ctl *ctl);
int ctl_mesh_state (struct ctl *ctl);
int ctl_mesh_state_open (struct ctl *ctl);
int ctl_mesh_state_close (struct ctl *ctl);
int ctl_mesh_state_share (struct ctl *ctl);
int ctl_mesh_state_set (struct ctl *ctl);
int ctl_mesh_state_unset (struct ctl *ctl);
int ctl_mesh_state_add (struct ctl *ctl);
int ctl_mesh_state_take (struct ctl *ctl);
int ctl_mesh_state_count (struct ctl *ctl);

/* Calls a method of org.inos.Node1.Mesh, which may take minutes; takes floating parameters. NULL
 * where it failed, or the answer is not of that type, which the person has been told: *status. */
GVariant *ctl_mesh_call (struct ctl *ctl, const char *method, GVariant *parameters,
                         const char *type, const char *what, int *status);

/* Draws a text as a QR code, where the terminal has room for it; says so where it has not. */
void ctl_mesh_draw_code (const struct ctl *ctl, const char *text);
void ctl_mesh_print_json (GVariant *value);
/* A table of these rows, of which add_row() fills in the cells of one. To be freed. */
char *ctl_mesh_table (const struct ctl *ctl, const struct ctl_column *columns, gsize n_columns,
                      GVariant *rows, void (*add_row) (CtlTable *table, GVariant *row));

/* What a method says of the peer that the command line names: as JSON, or as print() has it. */
int ctl_mesh_show_peer (struct ctl *ctl, const char *method, const char *what,
                        void (*print) (struct ctl *ctl, GVariant *details));

/* A list of rows. */
struct ctl_mesh_list {
  const char *method, *type, *key; /* key: of the rows in JSON */
  const char *const *names;        /* of a row's values there */
  const struct ctl_column *columns;
  gsize n_columns;
  void (*add_row) (CtlTable *table, GVariant *row);
};

/* Prints @reply, "(ROWS)", as JSON or as a table; lines: as in ctl_mesh_draw(), or NULL. Of a list
 * whose reply is there its method and type are not looked at. */
void ctl_mesh_show (struct ctl *ctl, const struct ctl_mesh_list *list, GVariant *reply, int *lines);
/* Asks for it and prints it. parameters: floating, or NULL; what: the complaint, "cannot list …";
 * lines: as in ctl_mesh_draw(), or NULL. */
int ctl_mesh_list (struct ctl *ctl, const struct ctl_mesh_list *list, GVariant *parameters,
                   const char *what, int *lines);

/* Prints it; over what was drawn before, of so many lines, where a terminal watches. */
void ctl_mesh_draw (const struct ctl *ctl, const char *text, int *lines);
/* One value: as JSON under its key, or as text after a heading. Takes a floating value. */
void ctl_mesh_print_one (struct ctl *ctl, const char *key, GVariant *value, const char *heading,
                         const char *text);
