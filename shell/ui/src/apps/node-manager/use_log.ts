// SPDX-License-Identifier: GPL-3.0-or-later
// A log as it is looked at: from the newest entry towards the past, and what is written meanwhile.
import { useCallback, useEffect, useRef, useState } from "react";
import { ask } from "../../lib/host";
import { useHost } from "../../lib/page";
import { entryOf, keptMost, questionOf, withNewer, type LogAnswer, type LogEntry, type LogFilter, type LogQuestion } from "./log_rows";
import { message } from "./text";

/** Entries of one question, and so many are looked for without being asked. */
const rows = 200;
const enough = 60;
const interval = 1000;

interface State {
  entries: LogEntry[];
  /** What was written while the person reads further down. */
  waiting: LogEntry[];
  /** Cursors: from where it goes on to now, and to the past. */
  first: string;
  last: string;
  more: boolean;
  /** The first answer is there. */
  begun: boolean;
  fault: string;
}

const nothing: State = { entries: [], waiting: [], first: "", last: "", more: true, begun: false, fault: "" };

export interface Log extends State {
  asking: boolean;
  /** Another page of the past. */
  older: () => void;
  /** Shows what waits. */
  merge: () => void;
}

export function useLog(filter: LogFilter, follows: boolean, isAtTop: () => boolean): Log {
  const { node } = useHost();
  const connected = node?.connected ?? false;
  const [state, setState] = useState(nothing);
  const [asking, setAsking] = useState(false);
  const [turn, setTurn] = useState(0);
  const question = useRef<LogQuestion | null>(null);
  const key = JSON.stringify(filter);
  const looked = useRef(0);
  const now = useRef(state);
  useEffect(() => {
    now.current = state;
  }, [state]);
  const set = useCallback((change: (before: State) => State) => setState((before) => (now.current = change(before))), []);

  // Back, as long as too little was found.
  useEffect(() => {
    if (!connected) return;
    let over = false;
    // Another page was asked for, or all is looked for anew: what was shown stays until the answer is there.
    let fresh = looked.current === turn;
    looked.current = turn;
    if (fresh) {
      question.current = questionOf(JSON.parse(key) as LogFilter, Date.now());
      set((before) => ({ ...nothing, entries: before.entries }));
    }
    const goal = (fresh ? 0 : now.current.entries.length) + enough;
    const go = (cursor: string) => {
      setAsking(true);
      ask<LogAnswer>("log.read", { ...question.current, ...(cursor ? { cursor } : {}), newer: false, limit: rows })
        .then(([, first, last, more, found]) => {
          if (over) return;
          const anew = fresh;
          fresh = false;
          set((before) => ({
            ...before,
            entries: [...(anew ? [] : before.entries), ...found.map(entryOf)].slice(0, keptMost),
            first: before.first || first,
            last,
            more: more && last !== before.last,
            begun: true,
            fault: "",
          }));
          const { entries, more: goesOn } = now.current;
          if (goesOn && entries.length < Math.min(goal, keptMost)) go(last);
          else setAsking(false);
        })
        .catch((error: unknown) => {
          if (over) return;
          setAsking(false);
          set((before) => ({ ...before, begun: true, more: false, fault: message(error) }));
        });
    };
    go(now.current.last);
    return () => {
      over = true;
      setAsking(false);
    };
  }, [connected, key, turn, set]);

  // What is written while somebody looks.
  const { begun } = state;
  useEffect(() => {
    if (!connected || !follows || !begun) return;
    let over = false;
    let timer = 0;
    const go = () => {
      window.clearTimeout(timer);
      if (document.hidden) return;
      const { first } = now.current;
      ask<LogAnswer>("log.read", { ...question.current, ...(first ? { cursor: first } : {}), newer: true, limit: rows })
        .then(([, , last, more, found]) => {
          if (over) return;
          const newer = found.map(entryOf).reverse();
          const top = isAtTop();
          set((before) => {
            const waiting = withNewer(before.waiting, newer);
            return {
              ...before,
              first: last || before.first,
              fault: "",
              entries: top ? withNewer(before.entries, waiting) : before.entries,
              waiting: top ? [] : waiting,
            };
          });
          timer = window.setTimeout(go, more ? 0 : interval);
        })
        .catch((error: unknown) => {
          if (over) return;
          set((before) => ({ ...before, fault: message(error) }));
          timer = window.setTimeout(go, 2 * interval);
        });
    };
    timer = window.setTimeout(go, interval);
    document.addEventListener("visibilitychange", go);
    return () => {
      over = true;
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", go);
    };
  }, [connected, follows, begun, key, set, isAtTop]);

  const older = useCallback(() => now.current.more && setTurn((before) => before + 1), []);
  const merge = useCallback(() => set((before) => ({ ...before, entries: withNewer(before.entries, before.waiting), waiting: [] })), [set]);
  return { ...state, asking, older, merge };
}
