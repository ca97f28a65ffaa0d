// SPDX-License-Identifier: GPL-3.0-or-later
// What sheets have that list something: the field to search it, what stands there where nothing is found, and the way
// back of what was taken out.
import { useEffect, useState, type RefObject } from "react";
import { t } from "../lib/i18n";
import { Icon } from "../lib/icons";

/** How long the host can bring back what was taken out, ms. */
const undoTime = 10_000;

interface SearchProps {
  field: RefObject<HTMLInputElement | null>;
  label: string;
  /** How many are found, for those who do not see the list. */
  found: string;
  query: string;
  onQuery: (query: string) => void;
}

export function SearchField({ field, label, found, query, onQuery }: SearchProps) {
  return (
    <label className="field-row history-search">
      <Icon name="search" />
      <span className="hidden-text">{label}</span>
      <input
        ref={field}
        type="text"
        dir={query ? "auto" : undefined}
        spellCheck={false}
        autoComplete="off"
        placeholder={label}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
      />
      <span className="hidden-text" role="status">
        {found}
      </span>
    </label>
  );
}

export function NothingHere({ head, help }: { head: string; help: string }) {
  return (
    <div className="nothing" role="status">
      <strong dir="auto">{head}</strong>
      <span>{help}</span>
    </div>
  );
}

/** How many were taken out a moment ago and can be had back, and what says that there are; 0: none. */
export function useTaken(): [number, (count: number) => void] {
  // Each time has its own seconds, also where as many are taken out as the time before.
  const [{ count, serial }, setTaken] = useState({ count: 0, serial: 0 });
  useEffect(() => {
    if (count === 0) return;
    const timer = setTimeout(() => setTaken({ count: 0, serial }), undoTime);
    return () => clearTimeout(timer);
  }, [count, serial]);
  return [count, (next) => setTaken((last) => ({ count: next, serial: last.serial + 1 }))];
}

/** The way back. */
export function UndoBar({ text, onUndo }: { text: string; onUndo: () => void }) {
  return (
    <div className="undo" role="status">
      <span>{text}</span>
      <button type="button" className="note-button" onClick={onUndo}>
        {t("Undo")}
      </button>
    </div>
  );
}
