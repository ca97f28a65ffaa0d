// SPDX-License-Identifier: GPL-3.0-or-later
// Changes, each with a name and a way back.
import { useCallback, useMemo, useRef, useState } from "react";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { History, type Done } from "./history";

/** [group, key, value as the file is to have it, or null for the standard]. */
export type Setting = [group: string, key: string, value: string | null];

export interface DisplayChange {
  output: string;
  mode?: [width: number, height: number, mHz: number];
  position?: [x: number, y: number];
  scale?: number;
  transform?: number;
  mirror?: string;
  adaptive?: string;
  on?: boolean;
}

export interface BindingChange {
  from?: string;
  to?: string;
  action?: string;
  replace?: boolean;
}

/** Each takes what the change is called, such as “Repeat rate: 30”, and says whether it was made. */
export interface Deeds {
  config: (label: string, settings: Setting[]) => Promise<boolean>;
  look: (label: string, name: string, value: string | number | boolean) => Promise<boolean>;
  displays: (label: string, changes: DisplayChange[]) => Promise<boolean>;
  binding: (label: string, change: BindingChange) => Promise<boolean>;
  notes: (label: string, change: { DoNotDisturb?: boolean; QuietInFullScreen?: boolean; Muted?: string[] }) => Promise<boolean>;
  app: (label: string, kind: string, id: string) => Promise<boolean>;
  /** Without a capability: all of the application's. */
  revoke: (label: string, app: string, capability?: string) => Promise<boolean>;
  /** What the mesh may cost: each “auto”, “yes” or “no”. */
  saving: (label: string, saving: { metered: string; battery: string }) => Promise<boolean>;
  when: (label: string, when: string) => Promise<boolean>;
  /** Locales; one that is missing is as the machine has it. */
  language: (label: string, locales: { messages?: string; formats?: string }) => Promise<boolean>;
  /** One's own. */
  name: (label: string, name: string) => Promise<boolean>;
  picture: (label: string, none: boolean) => Promise<boolean>;
}

interface Answer {
  undo: number;
  trial?: boolean;
}

export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export interface Doing {
  deeds: Deeds;
  /** What can be taken back, the newest last. */
  done: readonly Done[];
  undo: () => void;
  /** What was on trial has gone back by itself. */
  forgetTrial: () => void;
}

export function useDeeds(note: (sentence: string) => void): Doing {
  const [done, show] = useState<readonly Done[]>([]);
  const [history] = useState(() => new History(show));
  const trial = useRef(0);

  const run = useCallback(
    (label: string, asked: Promise<Answer>): Promise<boolean> => {
      const made = asked.then(({ undo, trial: onTrial }) => {
        if (onTrial) trial.current = undo;
        return undo;
      });
      // Where a person was asked and did not choose, nothing was done.
      return history.add(label, made).then(
        () => true,
        (error: unknown) => {
          note(message(error));
          return false;
        },
      );
    },
    [history, note],
  );
  const deeds = useMemo(
    (): Deeds => ({
      config: (label, settings) => run(label, ask<Answer>("config.change", { settings })),
      look: (label, name, value) => run(label, ask<Answer>("look.set", { name, value })),
      displays: (label, changes) => run(label, ask<Answer>("output.set", { changes })),
      binding: (label, change) => run(label, ask<Answer>("binding.set", change)),
      notes: (label, change) => run(label, ask<Answer>("notes.set", change)),
      app: (label, kind, id) => run(label, ask<Answer>("apps.set", { kind, id })),
      saving: (label, saving) => run(label, ask<Answer>("mesh.save", saving)),
      when: (label, when) => run(label, ask<Answer>("session.when", { when })),
      language: (label, locales) => run(label, ask<Answer>("session.language", locales)),
      name: (label, name) => run(label, ask<Answer>("users.name", { name })),
      picture: (label, none) => run(label, ask<Answer>("users.picture", { none })),
      revoke: (label, app, capability) => run(label, ask<Answer>("permits.revoke", capability ? { app, capability } : { app })),
    }),
    [run],
  );
  const undo = useCallback(() => {
    history.takeBack((undo) => ask("undo", { undo })).then(
      (last) => last && note(t("Taken back: {what}", { what: last.label })),
      (error: unknown) => note(message(error)),
    );
  }, [history, note]);
  const forgetTrial = useCallback(() => history.forget(trial.current), [history]);
  return { deeds, done, undo, forgetTrial };
}
