// SPDX-License-Identifier: GPL-3.0-or-later
// One row of the launcher, with its actions when they are asked for.
import { useState } from "react";
import type { App } from "../lib/host";
import { Icon } from "../lib/icons";

interface ResultProps {
  app: App;
  row: number;
  /** null: another row is chosen; -1: this one; else one of its actions. */
  selected: number | null;
  onSelect: () => void;
  onLaunch: (action: number) => void;
}

/** The application's own icon, or its first letter where it has none. */
function AppIcon({ app }: { app: App }) {
  const [missing, setMissing] = useState(false);
  if (missing) {
    return (
      <span className="app-icon letter" aria-hidden="true">
        {[...app.name][0]?.toLocaleUpperCase()}
      </span>
    );
  }
  return (
    <img
      className="app-icon"
      src={`icon/${encodeURIComponent(app.id)}?size=32`}
      alt=""
      draggable={false}
      onError={() => setMissing(true)}
    />
  );
}

export function Result({ app, row, selected, onSelect, onLaunch }: ResultProps) {
  const open = selected !== null && selected >= 0;
  const about = app.description || app.generic;
  return (
    <li role="presentation">
      <div
        id={`row-${row}`}
        className="result"
        role="option"
        aria-selected={selected === -1}
        onPointerMove={() => selected === null && onSelect()}
        onClick={() => onLaunch(-1)}
      >
        <AppIcon app={app} />
        <span className="words">
          <span className="name" dir="auto">
            {app.name}
          </span>
          {about ? (
            <span className="about" dir="auto">
              {about}
            </span>
          ) : null}
        </span>
        {app.actions.length > 0 && !open ? <Icon name="forward" className="more" /> : null}
      </div>
      {open
        ? app.actions.map((action, index) => (
            <div
              key={action.id}
              id={`row-${row}-${index}`}
              className="result action"
              role="option"
              aria-selected={selected === index}
              onClick={() => onLaunch(index)}
            >
              <span className="name" dir="auto">
                {action.name}
              </span>
            </div>
          ))
        : null}
    </li>
  );
}
