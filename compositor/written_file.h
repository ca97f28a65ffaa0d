/* A file of the state directory that nothing waits for: a thread of its own writes it, whole or not
 * at all, for a disk may take as long as it likes. Used by one thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct inos_written_file;

/* Called by the thread that writes: whether the file is as it was to be. */
typedef void (*inos_written_func) (bool done, void *data);

/* lost: for the log, what is lost where the file cannot be written; static. */
struct inos_written_file *inos_written_file_create (const char *path, const char *lost);
/* Waits until all is written. NULL does nothing. */
void inos_written_file_destroy (struct inos_written_file *file);

/* Takes the text, and puts it in the place of one that is not being written yet. written: may be
 * NULL, else called once, at the latest when the file is destroyed. */
void inos_written_file_write (struct inos_written_file *file, char *text, size_t length,
                              inos_written_func written, void *data);
