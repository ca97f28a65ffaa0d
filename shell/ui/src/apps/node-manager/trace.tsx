// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of one actor: kept by the node from when somebody asks, and how long they waited and took.
import { useEffect, useRef, useState } from "react";
import { formatNumber, formatSpan, formatTime } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { nameIn, percentile, type Actor, type Tree } from "./actor_tree";
import type { Desk } from "./desk";
import { clean, message } from "./text";
import { ask, tell, useIsThere, useNode } from "./where";

/** Number, id, cause, sender, type, handled (µs since 1970), waited (ns), took (ns), outcome, reason. */
type Message = [string, string, string, string, string, string, string, string, string, string];
type Answer = [id: string, total: string, room: number, messages: Message[]];

/** The node has no signal for them: they are asked for while they are looked at. */
const interval = 1000;
const room = 256;
const kept = 256;
const shares = [0.5, 0.95, 0.99];

interface Properties {
  actor: Actor;
  tree: Tree;
  desk: Desk;
  /** Of a trace that somebody has begun; 0: there is none. */
  room: number;
}

export function Trace({ actor, tree, desk, room: begun }: Properties) {
  const [own, setOwn] = useState<boolean | null>(null);
  const [messages, setMessages] = useState<Message[]>([]);
  const after = useRef("0");
  const node = useNode();
  const isThere = useIsThere();
  const follows = own ?? begun > 0;

  useEffect(() => {
    if (!follows) return;
    let ended = false;
    let asking = false;
    let timer: number | undefined;
    const read = () => {
      window.clearTimeout(timer);
      if (asking || document.hidden) return; // nobody looks: it goes on when somebody does
      asking = true;
      ask<Answer>("actor.traced", { who: actor.id, after: after.current, limit: 128 })
        .then(([, , , more]) => {
          if (ended) return;
          after.current = more.at(-1)?.[0] ?? after.current;
          if (more.length > 0) setMessages((old) => [...old, ...more].slice(-kept));
        })
        .catch(() => undefined) // the window says that the node is away
        .finally(() => {
          asking = false;
          if (!ended) timer = window.setTimeout(read, interval);
        });
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => {
      ended = true;
      document.removeEventListener("visibilitychange", read);
      window.clearTimeout(timer);
    };
  }, [follows, actor.id]);

  // A trace that was begun here ends with the looking.
  useEffect(() => (own ? () => tell("actor.trace", { who: actor.id, room: 0, node }) : undefined), [own, actor.id, node]);

  const set = (wanted: boolean) =>
    ask("actor.trace", { who: actor.id, room: wanted ? room : 0, node })
      .then(() => {
        if (!isThere()) {
          if (wanted) tell("actor.trace", { who: actor.id, room: 0, node }); // nobody looks any more
          return;
        }
        if (wanted) {
          after.current = "0"; // the node counts anew
          setMessages([]);
        }
        setOwn(wanted);
      })
      .catch((error: unknown) => desk.note(message(error)));
  const figures: [string, number[]][] = [
    [t("Waited"), messages.map((each) => Number(each[6]))],
    [t("Took"), messages.map((each) => Number(each[7]))],
  ];
  return (
    <section>
      <h3>{t("Messages")}</h3>
      <div className="deeds">
        <button type="button" className="push" aria-pressed={follows} onClick={() => void set(!follows)}>
          {follows ? t("End the trace") : t("Trace its messages")}
        </button>
      </div>
      {!follows && <p className="hint">{t("The node keeps the last {n} messages of an actor that is traced: what came, from whom, how long it waited and took.", { n: room })}</p>}
      {follows && messages.length === 0 && <p className="hint" role="status">{t("It is traced. No message has come yet.")}</p>}
      {messages.length > 0 && (
        <>
          <table className="small">
            <caption>{tn("Of the last {n} message", "Of the last {n} messages", messages.length)}</caption>
            <thead>
              <tr>
                <th />
                {shares.map((share) => (
                  <th key={share} scope="col">{`${formatNumber(share * 100)} %`}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {figures.map(([label, times]) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {shares.map((share) => (
                    <td key={share}>{formatSpan(percentile(times, share) ?? 0)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <ul className="messages" tabIndex={0} aria-label={t("Messages")}>
            {[...messages].reverse().map(([number, , , sender, type, handled, waited, took, outcome, reason]) => (
              <li key={number}>
                <b dir="auto">{clean(type)}</b>
                <span dir="auto">
                  {t("from {name}", { name: nameIn(tree, sender) })} · {formatTime(new Date(Number(handled) / 1000))} ·{" "}
                  {t("waited {waited}, took {took}", { waited: formatSpan(Number(waited)), took: formatSpan(Number(took)) })} ·{" "}
                  {clean(outcome)}
                  {reason && `: ${clean(reason)}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
