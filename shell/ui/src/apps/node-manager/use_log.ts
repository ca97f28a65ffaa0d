// SPDX-License-Identifier: GPL-3.0-or-later
// A log as it is looked at: from the newest entry towards the past, and what is written meanwhile.
import { useCallback, useEffect, useRef, useState } from "react";
import { useHost } from "../../lib/page";
import { entryOf, keptMost, questionOf, waitingMost, withNewer, type LogAnswer, type LogEntry, type LogFilter, type LogQuestion } from "./log_rows";
import { message } from "./text";
import { ask } from "./where";

/** Entries of one question, and so many are looked for without being asked. */
const rows = 200;
const enough = 60;
/** ms: between looks at what is new, and before what failed is asked for again. */
const interval = 1000;
const rest = 2 * interval;

interface State {
  entries: LogEntry[];
  /** What was written while the person reads further down. */
  waiting: LogEntry[];
  /** Cursors: from where it goes on to now, and to the past. */
  first: string;
  last: string;
  more: boolean;
  /** There was an answer, or why there is none is known. */
  begun: boolean;
  /** The first answer is there: what comes after it can be followed. */
  known: boolean;
  fault: string;
}

const nothing: State = { entries: [], waiting: [], first: "", last: "", more: true, begun: false, known: false, fault: "" };

export interface Log extends State {
  asking: boolean;
  /** Another page of the past. */
  older: () => void;
  /** Shows what waits; where too much does, the log is looked at anew. */
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
  /** The filter that was asked about last; "": none that still counts. */
  const asked = useRef("");
  const looked = useRef(0);
  /** What the state will be: an answer is judged before React has drawn the one before. */
  const now = useRef(state);
  const set = useCallback((change: (before: State) => State) => {
    now.current = change(now.current);
    setState(now.current);
  }, []);

  // Back, as long as too little was found.
  useEffect(() => {
    if (!connected) {
      asked.current = "";
      return;
    }
    let over = false;
    let timer = 0;
    // Another page was asked for, or all is looked for anew: what was shown stays until the answer is there.
    let fresh = looked.current === turn || asked.current !== key;
    looked.current = turn;
    asked.current = key;
    if (fresh) {
      question.current = questionOf(JSON.parse(key) as LogFilter, Date.now());
      set(({ entries }) => ({ ...nothing, entries }));
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
            first: anew ? first : before.first,
            last,
            more: more && last !== before.last,
            begun: true,
            known: true,
            fault: "",
          }));
          const { entries, more: goesOn } = now.current;
          if (goesOn && entries.length < Math.min(goal, keptMost)) go(last);
          else setAsking(false);
        })
        .catch((error: unknown) => {
          if (over) return;
          setAsking(false);
          set((before) => ({ ...before, begun: true, fault: message(error) }));
          // Without the first answer there is nothing to follow, and nothing that the person could go on from.
          if (fresh) timer = window.setTimeout(() => go(""), rest);
        });
    };
    go(now.current.last);
    return () => {
      over = true;
      window.clearTimeout(timer);
      setAsking(false);
    };
  }, [connected, key, turn, set]);

  // What is written while somebody looks: one question at a time.
  const { known } = state;
  useEffect(() => {
    if (!connected || !follows || !known) return;
    let over = false;
    let under = false;
    let timer = 0;
    const wait = (time: number) => {
      under = false;
      timer = window.setTimeout(go, time);
    };
    const go = () => {
      window.clearTimeout(timer);
      if (over || under || document.hidden || !now.current.known || now.current.waiting.length >= waitingMost) return;
      under = true;
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
          wait(more && last !== first ? 0 : interval);
        })
        .catch((error: unknown) => {
          if (over) return;
          set((before) => ({ ...before, fault: message(error) }));
          wait(rest);
        });
    };
    wait(interval);
    document.addEventListener("visibilitychange", go);
    return () => {
      over = true;
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", go);
    };
  }, [connected, follows, known, key, set, isAtTop]);

  const older = useCallback(() => now.current.more && setTurn((before) => before + 1), []);
  const merge = useCallback(() => {
    if (now.current.waiting.length < waitingMost) {
      set((before) => ({ ...before, entries: withNewer(before.entries, before.waiting), waiting: [] }));
      return;
    }
    asked.current = "";
    setTurn((before) => before + 1);
  }, [set]);
  return { ...state, asking, older, merge };
}
