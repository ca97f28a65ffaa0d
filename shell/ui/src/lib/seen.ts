// SPDX-License-Identifier: GPL-3.0-or-later
// A question that has to be seen before it can be answered (shell/question.h).
import { useEffect, useRef, useState, type RefObject } from "react";
import { ask, tell } from "./host";
import { afterPaint } from "./painted";

/** Tells the host the card's height, and that the question is on the picture; live when it can be allowed.
 * page: what the host's commands begin with. */
export function useSeen(page: "prompt" | "authentication", id: number, deadTime: number): { card: RefObject<HTMLDivElement | null>; live: boolean } {
  const card = useRef<HTMLDivElement>(null);
  const [live, setLive] = useState(false);
  useEffect(() => {
    const element = card.current;
    if (!element) return;
    let timer = 0;
    let over = false;
    const height = () => ({ height: Math.ceil(element.getBoundingClientRect().height) });
    const observer = new ResizeObserver(() => tell(`${page}.fit`, height()));
    observer.observe(element);
    ask(`${page}.fit`, height())
      .then(() =>
        afterPaint(() => {
          if (over) return;
          ask(`${page}.painted`, { id })
            .then(() => {
              if (!over) timer = window.setTimeout(() => setLive(true), deadTime);
            })
            .catch((error: unknown) => console.warn(error));
        }),
      )
      .catch((error: unknown) => console.warn(error));
    return () => {
      over = true;
      window.clearTimeout(timer);
      observer.disconnect();
    };
  }, [page, id, deadTime]);
  return { card, live };
}
