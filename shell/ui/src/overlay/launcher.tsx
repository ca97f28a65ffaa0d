// SPDX-License-Identifier: GPL-3.0-or-later
// Type to find an application, Enter to start it.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { ask, type App } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { search } from "../lib/rank";
import { Failure } from "./failure";
import { tellPainted } from "./painted";
import { noSelection, step, type Selection } from "./selection";
import { Result } from "./result";

/** What was typed in the overview before this had the keyboard comes before what is typed here. */
function useTyped(setQuery: (change: (query: string) => string) => void): void {
  const taken = useRef(0);
  useEffect(() => {
    const take = () =>
      void ask<string>("overview.typed")
        .then((typed) => {
          if (!typed) return;
          const at = taken.current;
          taken.current += typed.length;
          setQuery((query) => query.slice(0, at) + typed + query.slice(at));
        })
        .catch(() => undefined);
    take();
    window.addEventListener("focus", take);
    // A page that had the keyboard last is not told that it has it again.
    window.addEventListener("keydown", take, { once: true });
    return () => {
      window.removeEventListener("focus", take);
      window.removeEventListener("keydown", take);
    };
  }, [setQuery]);
}

const listId = "results";

function optionId({ row, action }: Selection): string {
  return action < 0 ? `row-${row}` : `row-${row}-${action}`;
}

function Nothing({ query, any }: { query: string; any: boolean }) {
  const [head, help] = !any
    ? [
        t("No applications are installed"),
        t("Applications appear here by themselves as soon as they are installed."),
      ]
    : [
        t("Nothing matches “{query}”", { query }),
        t("Try a part of the name, or what the application is for, such as “browser” or “text”."),
      ];
  return (
    <div className="nothing" role="status">
      <strong dir="auto">{head}</strong>
      <span>{help}</span>
    </div>
  );
}

function Hints({ hasActions }: { hasActions: boolean }) {
  return (
    <footer className="hints">
      <span>
        <kbd>↑</kbd> <kbd>↓</kbd> {t("Choose")}
      </span>
      <span>
        <kbd>↵</kbd> {t("Open")}
      </span>
      {hasActions ? (
        <span>
          <kbd>⇧</kbd> <kbd>↵</kbd> {t("More")}
        </span>
      ) : null}
      <span>
        <kbd>Esc</kbd> {t("Close")}
      </span>
    </footer>
  );
}

export function Launcher({ serial, apps }: { serial: number; apps: readonly App[] }) {
  const [query, setQuery] = useState("");
  const [selection, setSelection] = useState(noSelection);
  const [failure, setFailure] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const results = useMemo(() => search(apps, query), [apps, query]);
  const chosen = results[selection.row];

  useEffect(() => input.current?.focus(), []);
  useTyped(setQuery);
  useEffect(() => tellPainted(serial), [serial]);
  useEffect(() => {
    document.getElementById(optionId(selection))?.scrollIntoView({ block: "nearest" });
  }, [selection]);

  const launch = (app: App, action: number) => {
    const id = app.actions[action]?.id;
    ask("app.launch", id === undefined ? { id: app.id } : { id: app.id, action: id })
      .then(() => ask("overlay.close"))
      .catch((error: Error) => setFailure(error.message));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && chosen && !(event.shiftKey && selection.action < 0)) {
      event.preventDefault();
      launch(chosen, selection.action);
      return;
    }
    const { selectionStart, value } = event.currentTarget;
    const next = step(selection, event, {
      rows: results.length,
      actions: chosen?.actions.length ?? 0,
      atEnd: selectionStart === value.length,
      rtl: document.documentElement.dir === "rtl",
    });
    if (!next) return;
    event.preventDefault();
    setSelection(next);
  };

  return (
    <div className="sheet" role="dialog" aria-modal="true" aria-label={t("Applications")}>
      <label className="field-row">
        <Icon name="search" />
        <span className="hidden-text">{t("Search applications")}</span>
        <input
          ref={input}
          type="text"
          dir={query ? "auto" : undefined}
          spellCheck={false}
          autoComplete="off"
          placeholder={t("Search applications")}
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={chosen ? optionId(selection) : undefined}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setSelection(noSelection);
            setFailure("");
          }}
          onKeyDown={onKeyDown}
        />
        <span className="hidden-text" role="status">
          {tn("{n} application", "{n} applications", results.length)}
        </span>
      </label>
      <Failure text={failure} />
      {results.length === 0 ? (
        <Nothing query={query} any={apps.length > 0} />
      ) : (
        <ul className="results" id={listId} role="listbox" aria-label={t("Applications")}>
          {results.map((app, row) => (
            <Result
              key={app.id}
              app={app}
              row={row}
              selected={row === selection.row ? selection.action : null}
              onSelect={() => setSelection({ row, action: -1 })}
              onLaunch={(action) => launch(app, action)}
            />
          ))}
        </ul>
      )}
      <Hints hasActions={(chosen?.actions.length ?? 0) > 0} />
    </div>
  );
}
