// SPDX-License-Identifier: GPL-3.0-or-later
// What the keys do: all bindings that hold now, in groups, to be searched.
import "./shortcuts.css";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { ask } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { findGroups, groupShortcuts, type Binding, type ShortcutGroup } from "../lib/shortcuts";
import { tellPainted } from "./painted";

/** Pixels that an arrow key goes. */
const line = 48;

function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className="shortcut-keys" dir="ltr">
      {keys.map((key, index) => (
        <kbd key={index}>{key}</kbd>
      ))}
    </span>
  );
}

function Group({ group: { title, rows } }: { group: ShortcutGroup }) {
  return (
    <section className="shortcut-group" aria-label={title}>
      <h2>{title}</h2>
      <dl>
        {rows.map(({ action, label, combinations }) => (
          <div key={action} className="shortcut-row">
            <dt dir="auto">{label}</dt>
            <dd>
              {combinations.map((keys, index) => (
                <Keys key={index} keys={keys} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function ShortcutSheet({ serial }: { serial: number }) {
  const [bindings, setBindings] = useState<readonly Binding[] | null>(null);
  const [failure, setFailure] = useState("");
  const [query, setQuery] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => groupShortcuts(bindings ?? []), [bindings]);
  const found = useMemo(() => findGroups(groups, query), [groups, query]);
  const count = found.reduce((sum, { rows }) => sum + rows.length, 0);
  useEffect(() => {
    field.current?.focus();
    ask<Binding[]>("shortcuts.list")
      .then(setBindings)
      .catch((error: Error) => {
        setBindings([]);
        setFailure(error.message);
      });
  }, []);
  useEffect(() => {
    if (bindings !== null) tellPainted(serial);
  }, [bindings, serial]);
  const onKeyDown = (event: KeyboardEvent) => {
    const element = list.current;
    if (!element || event.nativeEvent.isComposing) return;
    const by = { ArrowDown: line, ArrowUp: -line, PageDown: element.clientHeight - line, PageUp: line - element.clientHeight }[event.key];
    if (by === undefined) return;
    element.scrollBy(0, by);
    event.preventDefault();
  };
  return (
    <div className="sheet" role="dialog" aria-modal="true" aria-label={t("Keyboard shortcuts")} onKeyDown={onKeyDown}>
      <label className="field-row">
        <Icon name="keyboard" />
        <span className="hidden-text">{t("Search shortcuts")}</span>
        <input ref={field} type="text" value={query} maxLength={100} placeholder={t("Search shortcuts")} spellCheck={false} autoComplete="off" onChange={(event) => setQuery(event.target.value)} />
      </label>
      <span className="hidden-text" role="status">
        {bindings === null ? "" : tn("{n} shortcut", "{n} shortcuts", count)}
      </span>
      <div ref={list} className="shortcut-groups" role="group" aria-label={t("Keyboard shortcuts")} tabIndex={0}>
        <div className="shortcut-columns">
          {found.map((group) => (
            <Group key={group.title} group={group} />
          ))}
        </div>
        {bindings !== null && count === 0 ? (
          <div className="nothing" role="status">
            <strong dir="auto">{failure || t("Nothing matches “{query}”", { query })}</strong>
            <span>{failure ? "" : t("Try what it is for, as “window”, or a key.")}</span>
          </div>
        ) : null}
      </div>
    </div>
  );
}
