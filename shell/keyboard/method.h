/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Knows of text fields: an input method that takes no keys and composes nothing. A program that
 * composes (fcitx5, ibus) is the input method instead of it.
 */

#include <glib.h>

typedef struct InosMethod InosMethod;

/* What is typed into a field, as text-input has it. */
typedef enum {
  INOS_PURPOSE_NORMAL,
  INOS_PURPOSE_ALPHA,
  INOS_PURPOSE_DIGITS,
  INOS_PURPOSE_NUMBER,
  INOS_PURPOSE_PHONE,
  INOS_PURPOSE_URL,
  INOS_PURPOSE_EMAIL,
  INOS_PURPOSE_NAME,
  INOS_PURPOSE_PASSWORD,
  INOS_PURPOSE_PIN,
  INOS_PURPOSE_DATE,
  INOS_PURPOSE_TIME,
  INOS_PURPOSE_DATETIME,
  INOS_PURPOSE_TERMINAL,
  INOS_PURPOSES, /* how many there are */
} InosPurpose;

typedef struct {
  /* A text field has the keyboard, another one, or none. again: a person has touched it. */
  void (*changed) (gboolean active, gboolean again, InosPurpose purpose, gpointer data);
  /* Whether there is word of text fields. */
  void (*available) (gboolean available, gpointer data);
} InosMethodHooks;

InosMethod *inos_method_create (const InosMethodHooks *hooks, gpointer data);
void inos_method_destroy (InosMethod *self); /* self may be NULL */
/* Another program has composed, and may have gone: asks again where there is no word. */
void inos_method_retry (InosMethod *self);
gboolean inos_method_is_available (const InosMethod *self);
/* Puts a text that no key has into the field; FALSE where there is none. */
gboolean inos_method_write (InosMethod *self, const char *text);
