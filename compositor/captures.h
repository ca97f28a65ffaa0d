/* Who takes pictures of the screen at this moment, by whatever protocol, so that a person can see
 * it and put an end to it. */
#pragma once

#include "compositor.h"

struct inos_captures;

enum inos_capture_kind {
  INOS_CAPTURES_OUTPUT,
  INOS_CAPTURES_WINDOW,
  INOS_CAPTURES_POINTER, /* its image alone */
};

struct inos_capture_entry {
  uint32_t id; /* given by us, never again */
  char *program;
  pid_t pid;
  enum inos_capture_kind kind;
  struct inos_output *output; /* of these one */
  struct inos_view *view;
};

struct inos_captures *inos_captures_create (struct inos_compositor *compositor);
/* After the last client has gone. NULL does nothing. */
void inos_captures_destroy (struct inos_captures *captures);

/* Begins one, and returns its id. stop: ends it with its data; it calls inos_captures_end. */
uint32_t inos_captures_begin (struct inos_compositor *compositor, struct wl_client *client,
                              const struct inos_capture_entry *entry, void (*stop) (void *data),
                              void *data);
/* There may be none of that id any more. */
void inos_captures_end (struct inos_compositor *compositor, uint32_t id);

/* The output is about to be drawn: programs that copy single frames of it, by wlr-screencopy or
 * wlr-export-dmabuf, count until they have copied none for a while. */
void inos_captures_note_copies (struct inos_output *output);

/* Ends one: a session is told so, and a program that copies frames, which nobody can tell, loses
 * its connection. Returns false where there is none of that id. */
bool inos_captures_stop (struct inos_compositor *compositor, uint32_t id);

void inos_captures_for_each (struct inos_compositor *compositor,
                             void (*each) (const struct inos_capture_entry *entry, void *data),
                             void *data);
