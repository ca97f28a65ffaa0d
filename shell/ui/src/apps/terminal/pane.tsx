// SPDX-License-Identifier: GPL-3.0-or-later
// Where a terminal is drawn.
import { useEffect, useRef } from "react";
import { t } from "../../lib/i18n";
import type { Rect } from "./layout";
import type { Session } from "./session";

interface Properties {
  session: Session | undefined;
  fault: string | undefined;
  rect: Rect;
  /** Of the tab that is shown. */
  shown: boolean;
  active: boolean;
  /** Why it has ended; null while it goes on. */
  end: string | null;
  onClose: () => void;
}

const percent = (part: number): string => `${part * 100}%`;

export function Pane({ session, fault, rect, shown, active, end, onClose }: Properties) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element || !session) return;
    session.show(element);
    const observer = new ResizeObserver(() => session.resize());
    observer.observe(element);
    return () => observer.disconnect();
  }, [session]);
  useEffect(() => {
    if (!shown || !session) return;
    session.resize();
    if (active) session.focus();
  }, [shown, active, session]);
  return (
    <section
      className={active ? "pane active" : "pane"}
      style={{
        left: percent(rect.left),
        top: percent(rect.top),
        width: percent(rect.width),
        height: percent(rect.height),
        visibility: shown ? "visible" : "hidden",
      }}
      aria-label={t("Terminal")}
    >
      <div className="place" ref={place} />
      {(fault ?? end) && (
        <div className="end" role="status">
          <span>{fault ?? end}</span>
          <button type="button" className="push" onClick={onClose}>
            {t("Close")}
          </button>
        </div>
      )}
    </section>
  );
}
