// SPDX-License-Identifier: GPL-3.0-or-later
// Changes, each with a name and a way back.
import { useCallback, useMemo, useRef, useState } from "react";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";

/** [group, key, value as the file is to have it, or null for the standard]. */
export type Setting = [group: string, key: string, value: string | null];

export interface DisplayChange {
  output: string;
  mode?: [width: number, height: number, mHz: number];
  position?: [x: number, y: number];
  scale?: number;
  transform?: number;
  mirror?: string;
  adaptive?: boolean;
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
}

export interface Done {
  undo: number;
  label: string;
}

interface Answer {
  undo: number;
  trial?: boolean;
}

const most = 50;

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
  const [done, setDone] = useState<readonly Done[]>([]);
  const trial = useRef(0);
  const undoing = useRef(false);

  const run = useCallback(
    async (label: string, asked: Promise<Answer>): Promise<boolean> => {
      try {
        const { undo, trial: onTrial } = await asked;
        if (onTrial) trial.current = undo;
        setDone((list) => [...list, { undo, label }].slice(-most));
        return true;
      } catch (error) {
        note(message(error));
        return false;
      }
    },
    [note],
  );
  const deeds = useMemo(
    (): Deeds => ({
      config: (label, settings) => run(label, ask<Answer>("config.change", { settings })),
      look: (label, name, value) => run(label, ask<Answer>("look.set", { name, value })),
      displays: (label, changes) => run(label, ask<Answer>("output.set", { changes })),
      binding: (label, change) => run(label, ask<Answer>("binding.set", change)),
      notes: (label, change) => run(label, ask<Answer>("notes.set", change)),
      app: (label, kind, id) => run(label, ask<Answer>("apps.set", { kind, id })),
    }),
    [run],
  );
  const forget = useCallback((undo: number) => setDone((list) => list.filter((each) => each.undo !== undo)), []);
  const undo = useCallback(() => {
    const last = done.at(-1);
    if (!last || undoing.current) return;
    undoing.current = true;
    ask("undo", { undo: last.undo })
      .then(() => {
        forget(last.undo);
        note(t("Taken back: {what}", { what: last.label }));
      })
      .catch((error: unknown) => note(message(error)))
      .finally(() => (undoing.current = false));
  }, [done, forget, note]);
  const forgetTrial = useCallback(() => forget(trial.current), [forget]);
  return { deeds, done, undo, forgetTrial };
}
