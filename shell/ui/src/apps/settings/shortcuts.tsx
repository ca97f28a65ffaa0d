// SPDX-License-Identifier: GPL-3.0-or-later
// The list of shortcuts, and the question for a new one.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Dialog } from "../../lib/dialog";
import { ask, tell } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { findShortcuts, shortcutsOf, takenBy, type Shortcut } from "./bindings";
import { message } from "./deeds";
import { Section } from "./rows";
import type { PageProperties } from "./window";

function Keys({ combination }: { combination: string }) {
  return (
    <kbd dir="ltr">{combination.replaceAll("+", " + ")}</kbd>
  );
}

interface AskProperties extends PageProperties {
  shortcut: Shortcut;
  all: readonly Shortcut[];
  onClose: () => void;
}

function AskShortcut({ shortcut, all, deeds, note, onClose }: AskProperties) {
  const [listening, setListening] = useState(false);
  const [pressed, setPressed] = useState("");
  const { action, label, combinations } = shortcut;
  const from = combinations[0];
  const other = pressed ? takenBy(all, pressed, action) : undefined;
  useEffect(() => () => tell("keys.stop"), []);

  const listen = () => {
    setListening(true);
    ask<{ combination: string }>("keys.listen")
      .then(({ combination }) => setPressed(combination))
      .catch((error: unknown) => note(message(error)))
      .finally(() => setListening(false));
  };
  const set = () => {
    onClose();
    void deeds.binding(t("{action}: {keys}", { action: label, keys: pressed }), { ...(from ? { from } : { action }), to: pressed, replace: Boolean(other) });
  };
  const takeAway = () => {
    onClose();
    if (from) void deeds.binding(t("{action}: no keys", { action: label }), { from });
  };
  return (
    <Dialog
      title={label}
      choices={[
        ...(from ? [{ label: t("Take {keys} away", { keys: from }), run: takeAway }] : []),
        ...(pressed ? [{ label: t("Use {keys}", { keys: pressed }), run: set }] : []),
        { label: t("Other keys…"), run: listen },
      ]}
      onCancel={onClose}
    >
      <p role="status">
        {listening
          ? t("Press the keys that are to do it; Escape ends this.")
          : pressed
            ? other
              ? t("{keys} does “{action}” now, and would do so no more.", { keys: pressed, action: other.label })
              : t("{keys} is free.", { keys: pressed })
            : from
              ? t("Now: {keys}", { keys: combinations.join(", ") })
              : t("No keys do this yet.")}
      </p>
    </Dialog>
  );
}

export function Shortcuts(properties: PageProperties) {
  const { desk } = properties;
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const all = useMemo(() => shortcutsOf(desk), [desk]);
  const found = useMemo(() => findShortcuts(all, query), [all, query]);
  const chosen = all.find(({ action }) => action === asked);
  const go = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(to, buttons.length - 1))]?.focus();
  };
  const close = () => {
    const action = asked;
    setAsked("");
    list.current?.querySelector<HTMLElement>(`[data-action="${CSS.escape(action)}"]`)?.focus();
  };
  return (
    <Section title={t("Shortcuts")}>
      <input
        className="field wide"
        type="search"
        aria-label={t("Search shortcuts")}
        placeholder={t("Search shortcuts")}
        maxLength={100}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setQuery("");
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          list.current?.querySelector("button")?.focus();
        }}
      />
      <span className="hidden-text" role="status">
        {tn("{n} shortcut", "{n} shortcuts", found.length)}
      </span>
      {found.length === 0 ? <p className="hint">{t("Nothing matches “{query}”", { query })}</p> : null}
      <ul ref={list} className="shortcuts" onKeyDown={go}>
        {found.map(({ action, label, combinations, fixed }, i) => (
          <li key={action}>
            <button type="button" data-action={action} tabIndex={i === 0 ? 0 : -1} onClick={() => setAsked(action)}>
              <span className="name" dir="auto">{label}</span>
              <span className="keys">
                {combinations.length + fixed.length > 0 ? [...combinations, ...fixed].map((each) => <Keys key={each} combination={each} />) : <span className="hint">{t("none")}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {chosen ? <AskShortcut {...properties} shortcut={chosen} all={all} onClose={close} /> : null}
    </Section>
  );
}
