// SPDX-License-Identifier: GPL-3.0-or-later
// Ways to leave: only those that work here; what ends programs, or what somebody asked to wait with, asks once, in place.
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { ask, tell } from "../lib/host";
import { t, tn } from "../lib/i18n";
import { Icon, type IconName } from "../lib/icons";
import { Failure } from "./failure";
import { tellPainted } from "./painted";

type Action = "lock" | "logout" | "suspend" | "restart" | "power-off";

/** Who asked the machine to wait with it. */
interface Inhibitor {
  action: Action;
  who: string;
  why: string;
}

interface Listing {
  actions: Action[];
  inhibitors: Inhibitor[];
}

interface Choice {
  icon: IconName;
  label: string;
  /** What it ends, for those that ask; empty for those that do not. */
  warning: string;
}

function choices(): Record<Action, Choice> {
  const unsaved = t("All programs are closed. Unsaved work is lost.");
  return {
    lock: { icon: "lock", label: t("Lock"), warning: "" },
    suspend: { icon: "suspend", label: t("Suspend"), warning: "" },
    logout: { icon: "logout", label: t("Log out"), warning: unsaved },
    restart: { icon: "restart", label: t("Restart"), warning: unsaved },
    "power-off": { icon: "power", label: t("Power off"), warning: unsaved },
  };
}

/** Moves the focus among the menu's buttons. */
function onArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}

interface QuestionProps {
  choice: Choice;
  inhibitors: Inhibitor[];
  busy: boolean;
  onYes: () => void;
  onNo: () => void;
}

function Question({ choice, inhibitors, busy, onYes, onNo }: QuestionProps) {
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  return (
    <div className="question" role="group" aria-label={choice.label}>
      {choice.warning ? <span>{choice.warning}</span> : null}
      {inhibitors.length > 0 ? (
        <>
          <span>{tn("{n} program asks to wait:", "{n} programs ask to wait:", inhibitors.length)}</span>
          <ul className="inhibitors">
            {inhibitors.map(({ who, why }, index) => (
              <li key={index} dir="auto">
                <strong>{who}</strong>
                {why ? ` – ${why}` : ""}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <div className="buttons">
        <button type="button" className="button" disabled={busy} onClick={onNo}>
          {t("Cancel")}
        </button>
        <button ref={yes} type="button" className="button danger" disabled={busy} onClick={onYes}>
          {inhibitors.length > 0 ? t("{action} anyway", { action: choice.label }) : choice.label}
        </button>
      </div>
    </div>
  );
}

function fit(element: HTMLElement): { height: number } {
  return { height: Math.ceil(element.getBoundingClientRect().height) };
}

export function PowerMenu({ serial }: { serial: number }) {
  const [actions, setActions] = useState<Action[] | null>(null);
  const [inhibitors, setInhibitors] = useState<Inhibitor[]>([]);
  const [asking, setAsking] = useState<Action | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const menu = useRef<HTMLDivElement>(null);

  useEffect(() => {
    ask<Listing>("power.list")
      .then((answer) => {
        setInhibitors(answer.inhibitors);
        setActions(answer.actions);
      })
      .catch((error: Error) => {
        setActions([]);
        setFailure(error.message);
      });
  }, []);
  useEffect(() => {
    if (asking === null) (menu.current?.querySelector("button") ?? menu.current)?.focus();
  }, [actions, asking]);

  // The menu grows and shrinks with what it says; its window follows.
  useEffect(() => {
    const element = menu.current;
    if (!element) return;
    const observer = new ResizeObserver(() => tell("overlay.fit", fit(element)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (actions === null || !menu.current) return;
    ask("overlay.fit", fit(menu.current))
      .then(() => tellPainted(serial))
      .catch((error: unknown) => console.warn(error));
  }, [actions, serial]);

  const waits = (action: Action) => inhibitors.filter((each) => each.action === action);
  const run = (action: Action) => {
    setBusy(true);
    setFailure("");
    const done = () => ask("overlay.close");
    // The lock screen comes up over nothing that is open.
    const before = action === "lock" ? done() : Promise.resolve(null);
    before
      .then(() => ask("power.do", { action, heedless: waits(action).length > 0 }))
      .then(done)
      .catch((error: Error) => {
        setFailure(error.message);
        setAsking(null);
      })
      .finally(() => setBusy(false));
  };
  const all = choices();
  const asks = (action: Action) => all[action].warning !== "" || waits(action).length > 0;
  const known = (actions ?? []).filter((action) => action in all);

  return (
    <div
      ref={menu}
      className="sheet menu"
      role="dialog"
      aria-modal="true"
      aria-label={t("Power")}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" && asking !== null) {
          event.preventDefault();
          setAsking(null);
        } else onArrow(event);
      }}
    >
      {known.map((action) => (
        <div key={action}>
          <button
            type="button"
            className="choice"
            aria-expanded={asks(action) ? asking === action : undefined}
            disabled={busy}
            onClick={() => (asks(action) ? setAsking(action) : run(action))}
          >
            <Icon name={all[action].icon} />
            <span>{all[action].label}</span>
          </button>
          {asking === action ? (
            <Question
              choice={all[action]}
              inhibitors={waits(action)}
              busy={busy}
              onYes={() => run(action)}
              onNo={() => setAsking(null)}
            />
          ) : null}
        </div>
      ))}
      {actions !== null && known.length === 0 ? (
        <div className="nothing" role="status">
          <strong>{t("Nothing can be done here")}</strong>
          <span>{t("Neither the session nor the system’s login service answers.")}</span>
        </div>
      ) : null}
      <Failure text={failure} />
    </div>
  );
}
