/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/file.h"

#include "node/os/file_work.h"

INOS_PROTOCOL_DEFINE (inos_file, INOS_FILE);

/* What messages own */

void inos_file_path_clear (void *message)
{
  struct inos_file_path *m = message; /* with which a struct inos_file_part begins */

  g_clear_pointer (&m->path, g_free);
}

void inos_file_path_copy (void *to, const void *from)
{
  const struct inos_file_path *m = from;

  *(struct inos_file_path *)to = (struct inos_file_path){g_strdup (m->path)};
}

void inos_file_part_copy (void *to, const void *from)
{
  struct inos_file_part *part = to;

  *part = *(const struct inos_file_part *)from;
  part->path = g_strdup (part->path);
}

void inos_file_content_clear (void *reply)
{
  struct inos_file_content *content = reply;

  g_clear_pointer (&content->bytes, g_bytes_unref);
}

void inos_file_text_clear (void *message)
{
  struct inos_file_text *text = message;

  g_clear_pointer (&text->path, g_free);
  g_clear_pointer (&text->bytes, g_bytes_unref);
}

void inos_file_text_copy (void *to, const void *from)
{
  struct inos_file_text *text = to;

  *text = *(const struct inos_file_text *)from;
  text->path = g_strdup (text->path);
  text->bytes = text->bytes ? g_bytes_ref (text->bytes) : NULL;
}

void inos_file_names_clear (void *reply)
{
  struct inos_file_names *names = reply;

  g_clear_pointer (&names->names, g_strfreev);
}

void inos_file_names_of_clear (void *message)
{
  struct inos_file_names_of *names = message;

  g_clear_pointer (&names->from, g_free);
  g_clear_pointer (&names->to, g_free);
}

void inos_file_names_of_copy (void *to, const void *from)
{
  const struct inos_file_names_of *m = from;

  *(struct inos_file_names_of *)to =
    (struct inos_file_names_of){g_strdup (m->from), g_strdup (m->to)};
}

/* The actor */

struct file {
  const struct inos_security *security;
  GHashTable *open; /* tag → struct open: requests that wait for the pool */
  uint64_t last;    /* tag */
};

struct open {
  uint64_t tag;
  struct inos_request_id request;
  const struct inos_message_type *reply;
};

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct file *self = state;

  self->security = argument ? ((const struct inos_file_argument *)argument)->security : NULL;
  self->open = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return INOS_OK;
}

/* One kind of answer. What it owns is the job's, and is taken from it where it could be sent. */
static void answer (struct inos_context *context, const struct open *open,
                    struct inos_file_job *job)
{
  job->content.result = job->status.result = job->names.result = job->result;
  if (open->reply == &inos_file_read_reply_type) {
    if (inos_sent_took (inos_reply (context, open->request, open->reply, &job->content)))
      job->content.bytes = NULL;
  } else if (open->reply == &inos_file_list_reply_type) {
    if (inos_sent_took (inos_reply (context, open->request, open->reply, &job->names)))
      job->names.names = NULL;
  } else if (open->reply == &inos_file_status_reply_type)
    inos_reply (context, open->request, open->reply, &job->status);
  else
    inos_reply (context, open->request, open->reply, &job->result);
}

static enum inos_outcome on_done (void *state, struct inos_context *context,
                                  enum inos_replied status, const void *reply, uint64_t tag)
{
  struct file *self = state;
  struct inos_file_job *job = inos_computed (reply), nothing = {0};

  if (!job) {
    job = &nothing;
    job->result.error = status == INOS_TIMED_OUT ? INOS_OS_LATE : INOS_OS_BUSY;
  }
  answer (context, g_hash_table_lookup (self->open, &tag), job);
  g_hash_table_remove (self->open, &tag);
  return INOS_OK;
}

static struct inos_file_job *job_new (const struct file *self)
{
  struct inos_file_job *job = g_new0 (struct inos_file_job, 1);

  job->security = self->security;
  return job;
}

/* Has the request that is being handled done by the pool, which takes @job. */
static enum inos_outcome begin (struct file *self, struct inos_context *context,
                                struct inos_file_job *job, inos_work work,
                                const struct inos_message_type *reply)
{
  struct open *open = g_new (struct open, 1);

  *open = (struct open){++self->last, inos_request_handled (context), reply};
  g_hash_table_insert (self->open, &open->tag, open);
  if (inos_compute (context, work, job, inos_file_job_free, INOS_FILE_TIMEOUT, on_done,
                    open->tag) == INOS_NO_MEMORY)
    on_done (self, context, INOS_REPLY_FULL, NULL, open->tag);
  return INOS_OK;
}

INOS_HANDLE (inos_file, read, struct file)
{
  struct inos_file_job *job = job_new (self);

  inos_file_part_copy (&job->part, message);
  return begin (self, context, job, inos_file_do_read, &inos_file_read_reply_type);
}

INOS_HANDLE (inos_file, write, struct file)
{
  struct inos_file_job *job = job_new (self);

  inos_file_text_copy (&job->text, message);
  return begin (self, context, job, inos_file_do_write, &inos_file_write_reply_type);
}

INOS_HANDLE (inos_file, rename, struct file)
{
  struct inos_file_job *job = job_new (self);

  inos_file_names_of_copy (&job->names_of, message);
  return begin (self, context, job, inos_file_do_rename, &inos_file_rename_reply_type);
}

/* Those that have a path and nothing else. */
static enum inos_outcome begin_with (struct file *self, struct inos_context *context,
                                     const struct inos_file_path *message, inos_work work,
                                     const struct inos_message_type *reply)
{
  struct inos_file_job *job = job_new (self);

  job->part.path = g_strdup (message->path);
  return begin (self, context, job, work, reply);
}

INOS_HANDLE (inos_file, status, struct file)
{
  return begin_with (self, context, message, inos_file_do_status, &inos_file_status_reply_type);
}

INOS_HANDLE (inos_file, list, struct file)
{
  return begin_with (self, context, message, inos_file_do_list, &inos_file_list_reply_type);
}

INOS_HANDLE (inos_file, make_directory, struct file)
{
  return begin_with (self, context, message, inos_file_do_make_directory,
                     &inos_file_make_directory_reply_type);
}

INOS_HANDLE (inos_file, remove, struct file)
{
  return begin_with (self, context, message, inos_file_do_remove, &inos_file_remove_reply_type);
}

/* Nobody answers any more what is with the pool. */
static void post_stop (void *state, struct inos_context *context, struct inos_exit reason)
{
  struct file *self = state;
  GHashTableIter iter;
  gpointer open;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, NULL, &open))
    inos_refuse (context, ((struct open *)open)->request);
}

static void clear (void *state)
{
  struct file *self = state;

  g_clear_pointer (&self->open, g_hash_table_unref);
}

INOS_BEHAVIOUR (inos_file, INOS_FILE, struct file, .pre_start = pre_start, .post_stop = post_stop,
                .clear = clear);

inos_file_ref inos_file_spawn (struct inos_context *context, const struct inos_security *security)
{
  const struct inos_file_argument argument = {security};

  return (inos_file_ref){
    INOS_TO (inos_spawn_simple (context, &inos_file_behaviour, &argument, sizeof argument))};
}
