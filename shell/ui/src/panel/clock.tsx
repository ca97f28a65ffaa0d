// SPDX-License-Identifier: GPL-3.0-or-later
// The time, drawn anew when the minute changes: one timer a minute, none in between.
import { useEffect, useState } from "react";
import { formatClock, formatMoment, untilNextMinute } from "../lib/format";

export function Clock() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      clearTimeout(timer);
      const date = new Date();
      setNow(date);
      timer = setTimeout(tick, untilNextMinute(date.getTime()));
    };
    tick();
    // A timer sleeps while the computer does.
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  return (
    <time className="item clock" dateTime={now.toISOString()} title={formatMoment(now)}>
      {formatClock(now)}
    </time>
  );
}
