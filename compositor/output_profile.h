/* What a person set up for a set of monitors, remembered in outputs.ini in the state directory and
 * applied when that very set is plugged in again. */
#pragma once

#include "output.h"
#include "written_file.h"

struct inos_output_profiles;

/* Reads the file. */
struct inos_output_profiles *inos_output_profiles_create (struct inos_compositor *compositor);
/* Waits until the file is written. NULL does nothing. */
void inos_output_profiles_destroy (struct inos_output_profiles *profiles);

/* A person changed something: remembers how the outputs are now. written: may be NULL; as in
 * written_file.h. Returns false where there is no output, and calls nobody then. */
bool inos_output_profiles_save (struct inos_compositor *compositor, inos_written_func written,
                                void *data);
/* The settings were read, those before are still there: outputs become what the file now says of
 * them, but for what a person chose instead (output_choice.h). */
void inos_output_profiles_reread (struct inos_compositor *compositor, struct inos_config *before);

/* Make, model and serial of a monitor; the name of an output that has none. */
char *inos_output_identity (struct inos_output *output);

/* Calls `each` with every set that is remembered: its id, what its monitors call themselves, ended
 * by NULL, and whether they are what is plugged in. */
void inos_output_profiles_for_each (struct inos_compositor *compositor,
                                    void (*each) (const char *id, const char *const *monitors,
                                                  bool current, void *data),
                                    void *data);
/* Returns false where there is none of that id, and calls nobody then. */
bool inos_output_profiles_forget (struct inos_compositor *compositor, const char *id,
                                  inos_written_func written, void *data);
