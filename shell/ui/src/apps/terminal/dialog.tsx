// SPDX-License-Identifier: GPL-3.0-or-later
// A question before something that cannot be taken back.
import { useEffect, useRef, type ReactNode } from "react";
import { t } from "../../lib/i18n";

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
}

export function Dialog({ title, children, choices, onCancel }: Properties) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
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
        <div className="body">{children}</div>
        <div className="choices">
          <button type="button" className="push" ref={cancel} onClick={onCancel}>
            {t("Cancel")}
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
  const all = [...element.querySelectorAll<HTMLElement>("button, input, select")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  event.preventDefault();
  all[(at + (event.shiftKey ? -1 : 1) + all.length) % all.length]?.focus();
}
