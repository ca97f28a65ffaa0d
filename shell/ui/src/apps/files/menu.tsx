// SPDX-License-Identifier: GPL-3.0-or-later
// A menu at a place of the window.
import { useEffect, useLayoutEffect, useRef, useState } from "react";

export interface Entry {
  label: string;
  keys?: string;
  checked?: boolean;
  disabled?: boolean;
  destructive?: boolean;
  /** A line is drawn before it. */
  apart?: boolean;
  run: () => void;
}

export function Menu({ x, y, label, entries, onClose }: { x: number; y: number; label: string; entries: readonly Entry[]; onClose: () => void }) {
  const menu = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: x, top: y });
  useLayoutEffect(() => {
    const box = menu.current?.getBoundingClientRect();
    if (!box) return;
    const rtl = document.documentElement.dir === "rtl";
    const left = rtl ? x - box.width : x;
    setPlace({ left: Math.max(4, Math.min(left, window.innerWidth - box.width - 4)), top: Math.max(4, Math.min(y, window.innerHeight - box.height - 4)) });
  }, [x, y]);
  useEffect(() => menu.current?.querySelector<HTMLElement>("button:enabled")?.focus(), []);
  return (
    <div className="cover" onMouseDown={(event) => event.target === event.currentTarget && onClose()} onContextMenu={(event) => event.preventDefault()}>
      <div
        ref={menu}
        className="menu"
        role="menu"
        aria-label={label}
        style={place}
        onKeyDown={(event) => {
          const all = [...event.currentTarget.querySelectorAll<HTMLElement>("button:enabled")];
          const at = all.indexOf(document.activeElement as HTMLElement);
          const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1, Tab: at + (event.shiftKey ? -1 : 1) }[event.key];
          if (to !== undefined) {
            event.preventDefault();
            all[(to + all.length) % all.length]?.focus();
          } else if (event.key === "Escape") {
            event.preventDefault();
            onClose();
          }
        }}
      >
        {entries.map(({ label: name, keys, checked, disabled, destructive, apart, run }) => (
          <button
            key={name}
            type="button"
            role={checked === undefined ? "menuitem" : "menuitemcheckbox"}
            aria-checked={checked}
            className={`${apart ? "apart " : ""}${destructive ? "destructive" : ""}`}
            disabled={disabled}
            onClick={() => {
              onClose();
              run();
            }}
          >
            <span className="tick" aria-hidden="true">{checked ? "✓" : ""}</span>
            <span className="label">{name}</span>
            {keys ? <kbd dir="ltr">{keys}</kbd> : null}
          </button>
        ))}
      </div>
    </div>
  );
}
