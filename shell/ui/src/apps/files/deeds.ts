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
}

export function useDeeds(note: (sentence: string) => void): Deeds {
  const [done, show] = useState<readonly Done[]>([]);
  const [history] = useState(() => new History(show));
  const run = useCallback(
    async (view: View, label: string, asked: Promise<Deed>): Promise<Deed | null> => {
      try {
        const deed = await asked;
        if (deed.undo > 0) void history.add(label, Promise.resolve(deed.undo));
        if (deed.ids.length > 0) view.select(deed.ids);
        if (deed.error) note(deed.error);
        return deed;
      } catch (error) {
        note(message(error));
        return null;
      }
    },
    [history, note],
  );
  const undo = useCallback(() => {
    history.takeBack((serial) => ask("files.undo", { undo: serial })).then(
      (last) => note(last ? t("Taken back: {what}", { what: last.label }) : t("Nothing to undo")),
      (error: unknown) => note(message(error)),
    );
  }, [history, note]);
  return useMemo(() => ({ run, done, undo }), [run, done, undo]);
}
