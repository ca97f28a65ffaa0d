/*
 * To manage one node from another: questions of the message table that go to a member of the mesh
 * and are answered by its node, where it has been given the right (manage_rights.h).
 *
 * Each question is a stream of "/inos/manage/1.0.0" on which the asker says one frame of the node's
 * socket, a request, and the other answers with one, a reply or an error. What one side does not
 * know the other hears as `unknown-message`, as on the socket. On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/api/frame.h"
#include "node/mesh/service/manage_rights.h"

#define INOS_MANAGE_PROTOCOL "/inos/manage/1.0.0"
#define INOS_MANAGE_QUESTION_MAX (16u * 1024) /* bytes of a question */
#define INOS_MANAGE_STREAMS_MAX 8u            /* inbound of one peer */
#define INOS_MANAGE_SERVED_MAX 64u            /* questions that are being answered */
#define INOS_MANAGE_STRANGERS_MAX 16u         /* of them of those without a right; of one: */
#define INOS_MANAGE_STRANGERS_OF_ONE 2u
#define INOS_MANAGE_HASTE_MS 5000u /* with a question, once its stream is open */
#define INOS_MANAGE_ASKED_MAX 64u  /* that this node waits for; of one peer: */
#define INOS_MANAGE_ASKED_OF_ONE 8u
#define INOS_MANAGE_PATIENCE_MS 20000u /* with an answer, and with who is to read it */

struct inos_manage;

/**
 * inos_mesh_on_managed: a member asks @type with @parameters, and may; inos_manage_answer() with
 * @number answers it.
 * @type: a message of the table; static
 * @parameters: (transfer none): of its request's type
 *
 * Returns: whether it will be answered.
 */
typedef bool (*inos_mesh_on_managed) (void *data, uint64_t number, const char *type,
                                      GVariant *parameters);

struct inos_manage_setup {
  struct inos_host *host;
  struct inos_trust *trust;
  GMainContext *context;
  const struct inos_mesh_config *config;
  const char *state_dir; /* (nullable): rights are not kept */
  inos_mesh_on_managed on_managed;
  void *data;
};

struct inos_manage *inos_manage_new (const struct inos_manage_setup *setup);
/** inos_manage_stop: before the host is freed: nobody is answered any more, nor waited for. */
void inos_manage_stop (struct inos_manage *manage);
/** inos_manage_free: after the host. Takes NULL. */
void inos_manage_free (struct inos_manage *manage);

struct inos_manage_rights *inos_manage_rights (struct inos_manage *manage);

/**
 * inos_manage_answer: what this node says to question @number.
 * @payload: (nullable): (transfer none): NULL: it refuses with @code and @sentence
 */
void inos_manage_answer (struct inos_manage *manage, uint64_t number, GVariant *payload,
                         enum inos_api_error code, const char *sentence);

/* @payload (transfer none) is of the reply's type; NULL: @error says why there is none, in the
 * domain %INOS_API_ERROR. */
typedef void (*inos_manage_asked) (void *data, GVariant *payload, const GError *error);
/**
 * inos_manage_ask: asks @peer.
 * @type: a message of the table
 * @parameters: of its request's type
 *
 * Calls @done once, from inside or later.
 */
void inos_manage_ask (struct inos_manage *manage, const struct inos_peer_id *peer, const char *type,
                      GVariant *parameters, inos_manage_asked done, void *data);
