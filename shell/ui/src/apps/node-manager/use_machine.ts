// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of the machine that the node reads when it is asked: so they are asked for while somebody looks, and only then.
import { useCallback, useEffect, useState } from "react";
import { useHost } from "../../lib/page";
import { message } from "./text";
import { ask } from "./where";

const interval = 2000;
/** After the first look, from which nothing is known a second. */
const soon = 700;

export interface Poll<T> {
  answer: T | null;
  fault: string;
  /** At once. */
  look: () => void;
}

/** Both stay the same while the same is meant. knows: whether an answer has rates already. */
export function usePoll<T>(question: () => Promise<T>, knows: (answer: T) => boolean): Poll<T> {
  const { node } = useHost();
  const connected = node?.connected ?? false;
  const [answer, setAnswer] = useState<T | null>(null);
  const [fault, setFault] = useState("");
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!connected) return;
    let timer = 0;
    let over = false;
    let run = 0;
    const go = () => {
      if (document.hidden) return;
      const mine = ++run;
      question()
        .then((found) => {
          if (over || mine !== run) return;
          setAnswer(found);
          setFault("");
          timer = window.setTimeout(go, knows(found) ? interval : soon);
        })
        .catch((error: unknown) => {
          if (over || mine !== run) return;
          setFault(message(error));
          timer = window.setTimeout(go, interval);
        });
    };
    const seen = () => {
      window.clearTimeout(timer);
      go();
    };
    go();
    document.addEventListener("visibilitychange", seen);
    return () => {
      over = true;
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [question, knows, connected, turn]);
  return { answer, fault, look: useCallback(() => setTurn((now) => now + 1), []) };
}

/** The last looks at figures that have names, for sparklines; what is not seen any more is forgotten. */
export class Past {
  private kept = new Map<string, number[]>();

  take(figures: Iterable<[string, number]>): void {
    const next = new Map<string, number[]>();
    for (const [key, figure] of figures) {
      const values = this.kept.get(key) ?? [];
      if (figure >= 0) values.push(figure);
      if (values.length > Past.most) values.shift();
      next.set(key, values);
    }
    this.kept = next;
  }

  of(key: string): readonly number[] {
    return this.kept.get(key) ?? [];
  }

  static readonly most = 60;
}

export const rowsMost = 2048;
/** Of an answer that begins with the seconds from which rates count. */
export const hasRates = ([seconds]: readonly [number, ...unknown[]]) => seconds > 0;

export function askFor<T>(command: "machine.units" | "machine.disks" | "machine.interfaces"): () => Promise<T> {
  switch (command) {
    case "machine.units": return () => ask<T>("machine.units");
    case "machine.disks": return () => ask<T>("machine.disks");
    case "machine.interfaces": return () => ask<T>("machine.interfaces");
  }
}
