// SPDX-License-Identifier: GPL-3.0-or-later
// A question before something that cannot be taken back.
import "./controls.css";
import { useEffect, useRef, type ReactNode } from "react";
import { t } from "./i18n";

export interface Choice {
  label: string;
  /** The one that loses something. */
  destructive?: boolean;
  run: () => void;
}

interface Properties {
  title: string;
  children?: ReactNode;
  choices: Choice[];
  onCancel: () => void;
  /** What the way out is called. */
  leave?: string;
}

export function Dialog({ title, children, choices, onCancel, leave }: Properties) {
  const cancel = useRef<HTMLButtonElement>(null);
  const body = useRef<HTMLDivElement>(null);
  // What asks for something has its first field in hand, what asks whether has the way out.
  useEffect(() => (body.current?.querySelector<HTMLElement>("input, textarea, select") ?? cancel.current)?.focus(), []);
  return (
    <div className="veil" onMouseDown={(event) => event.target === event.currentTarget && onCancel()}>
      <div
        className="dialog"
        role="alertdialog"
        aria-modal="true"
        aria-label={title}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.preventDefault(); // else the program that gets the keyboard back gets the key too
            onCancel();
          }
          if (event.key === "Tab") keepInside(event.currentTarget, event);
        }}
      >
        <h2>{title}</h2>
        <div className="body" ref={body}>{children}</div>
        <div className="choices">
          <button type="button" className="push" ref={cancel} onClick={onCancel}>
            {leave ?? t("Cancel")}
          </button>
          {choices.map(({ label, destructive, run }) => (
            <button key={label} type="button" className={destructive ? "push destructive" : "push"} onClick={run}>
              {label}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Tab goes round in an element. */
function keepInside(element: HTMLElement, event: { shiftKey: boolean; preventDefault: () => void }): void {
  const all = [...element.querySelectorAll<HTMLElement>("button:enabled, input, textarea, select")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  event.preventDefault();
  all[(at + (event.shiftKey ? -1 : 1) + all.length) % all.length]?.focus();
}
