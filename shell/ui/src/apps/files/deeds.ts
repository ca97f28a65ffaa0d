// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to files, and the way back.
import { useCallback, useMemo, useState } from "react";
import type { Deed } from "../../lib/files";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { History, type Done } from "../settings/history";
import type { View } from "./view";

export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export interface Deeds {
  /** Null where it failed, which was said. */
  run: (view: View, label: string, asked: Promise<Deed>) => Promise<Deed | null>;
  /** What can be taken back, the newest last. */
  done: readonly Done[];
  undo: () => void;
  /** Something was asked for that has not been answered; the host tells of its jobs only a little later. */
  working: boolean;
}

export function useDeeds(note: (sentence: string) => void): Deeds {
  const [done, show] = useState<readonly Done[]>([]);
  const [history] = useState(() => new History(show));
  const [asked, setAsked] = useState(0);
  const count = useCallback(<T>(asked: Promise<T>): Promise<T> => {
    setAsked((now) => now + 1);
    return asked.finally(() => setAsked((now) => now - 1));
  }, []);
  const run = useCallback(
    async (view: View, label: string, asked: Promise<Deed>): Promise<Deed | null> => {
      const { touched } = view;
      try {
        const deed = await count(asked);
        if (deed.undo > 0) void history.add(label, Promise.resolve(deed.undo));
        // Not under the hands of somebody who has gone on meanwhile.
        if (deed.ids.length > 0 && view.touched === touched) view.select(deed.ids);
        if (deed.error) note(deed.error);
        return deed;
      } catch (error) {
        note(message(error));
        return null;
      }
    },
    [history, note, count],
  );
  const undo = useCallback(() => {
    // What went wrong when it was tried is said; it is not in the way of what was done before it.
    let wrong = "";
    count(history.takeBack((serial) => ask<{ error: string }>("files.undo", { undo: serial }).then(({ error }) => (wrong = error)))).then(
      (last) => note(wrong || (last ? t("Taken back: {what}", { what: last.label }) : t("Nothing to undo"))),
      (error: unknown) => note(message(error)),
    );
  }, [history, note, count]);
  const working = asked > 0;
  return useMemo(() => ({ run, done, undo, working }), [run, done, undo, working]);
}
