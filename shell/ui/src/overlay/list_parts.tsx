// SPDX-License-Identifier: GPL-3.0-or-later
// What sheets have that list something: the field to search it, and what stands there where nothing is found.
import type { RefObject } from "react";
import { Icon } from "../lib/icons";

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
