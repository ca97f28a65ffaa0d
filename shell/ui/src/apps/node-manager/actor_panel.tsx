// SPDX-License-Identifier: GPL-3.0-or-later
// All there is to know of one actor, and what can be done with it.
import { useCallback, useEffect, useState } from "react";
import { formatBytes, formatExactly, formatNumber, formatSpan } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { countBelow, labelOf, nameIn, type Actor, type Tree } from "./actor_tree";
import { Copyable } from "./copyable";
import type { Desk } from "./desk";
import { clean, message, stateText } from "./text";
import { Trace } from "./trace";
import { ask, useIsThere, useNode } from "./where";

type Details = Record<string, unknown>;

interface Properties {
  actor: Actor;
  tree: Tree;
  desk: Desk;
  onSelect: (id: string | null) => void;
  onClose: () => void;
}

/** In the order in which they are shown; what a newer node says besides comes after them, in its own words. */
function words(): [string, string, (value: unknown) => string][] {
  const number = (value: unknown) => formatNumber(Number(value));
  const span = (value: unknown) => formatSpan(Number(value));
  const text = (value: unknown) => clean(String(value));
  return [
    ["handling", t("Handles now"), text],
    ["busy-for", t("Busy for"), span],
    ["blocked-on", t("Blocked on"), text],
    ["oldest", t("Oldest message waits"), span],
    ["replies", t("Replies that wait"), number],
    ["capacity", t("Room in its mailbox"), number],
    ["on-full", t("Where that is full"), text],
    ["senders-waiting", t("Senders that wait"), number],
    ["memory", t("Memory"), (value) => formatBytes(Number(value))],
    ["links", t("Links"), number],
    ["monitors", t("Monitors"), number],
    ["timers", t("Timers"), number],
    ["parked", t("Messages that wait with it"), number],
    ["requests-open", t("Open requests"), number],
    ["strategy", t("Strategy"), text],
    ["restarts-left", t("Restarts left"), number],
    ["restarts-max", t("Restarts allowed"), number],
    ["restarts-period", t("Restarts are counted over"), (value) => formatSpan(Number(value) * 1e6)],
    ["children-restarts", t("Restarts of its children"), number],
  ];
}

/** Shown elsewhere, or by the arena, which is newer. */
const elsewhere = ["name", "parent", "behaviour", "state", "handled", "depth", "depth-known", "lanes", "restarts", "traced", "children", "children-total", "history", "requests"];

/** What to say of details: a word and a text each. */
export function factsOf(details: Details): [string, string][] {
  const known = words();
  const facts: [string, string][] = [];
  for (const [key, label, text] of known) if (key in details && details[key] !== "" && details[key] !== null) facts.push([label, text(details[key])]);
  for (const [key, value] of Object.entries(details)) {
    if (elsewhere.includes(key) || known.some(([each]) => each === key)) continue;
    facts.push([clean(key), clean(typeof value === "string" ? value : JSON.stringify(value))]);
  }
  return facts;
}

function rowsOf(value: unknown, width: number): (string | number)[][] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).filter((row): row is (string | number)[] => Array.isArray(row) && row.length === width);
}

function lanesText(value: unknown): string {
  const names = [t("critical"), t("high"), t("normal"), t("low")];
  if (!Array.isArray(value)) return "";
  return (value as unknown[]).map((count, i) => `${names[i] ?? ""} ${formatNumber(Number(count))}`).join(" · ");
}

/** What a stop or a restart takes with it, exactly. */
function consequence(actor: Actor, tree: Tree, stops: boolean, above: Details | null): string[] {
  const name = labelOf(actor);
  const below = countBelow(tree, actor.id);
  const supervisor = tree.byId.get(actor.parent);
  const lines: string[] = [];
  if (below > 0) lines.push(tn("It ends, and {n} actor below it with it.", "It ends, and {n} actors below it with it.", below));
  if (stops && actor.depth > 0) lines.push(tn("{n} message in its mailbox reaches nobody.", "{n} messages in its mailbox reach nobody.", actor.depth));
  if (!stops) {
    lines.push(t("“{name}” begins anew, with another id and without what it had in mind. This counts as no failure.", { name }));
    return lines;
  }
  if (!supervisor) {
    lines.push(t("Nobody watches it: it does not come back."));
    return lines;
  }
  lines.push(t("Its supervisor “{supervisor}” starts it again where it always does, and counts a failure.", { supervisor: labelOf(supervisor) }));
  const left = above?.["restarts-left"];
  if (typeof left === "number")
    lines.push(tn("“{supervisor}” may do so {n} time more before it gives up and ends itself.", "“{supervisor}” may do so {n} times more before it gives up and ends itself.", left, { supervisor: labelOf(supervisor) }));
  return lines;
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <>
      {lines.map((line) => (
        <p key={line} dir="auto">
          {line}
        </p>
      ))}
    </>
  );
}

export function ActorPanel({ actor, tree, desk, onSelect, onClose }: Properties) {
  const [details, setDetails] = useState<Details | null>(null);
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const node = useNode();
  const isThere = useIsThere();
  const parent = tree.byId.get(actor.parent);
  const watched = parent?.supervisor === true;
  const name = labelOf(actor);

  const look = useCallback(() => {
    ask<[string, Details]>("actor.inspect", { who: actor.id })
      .then(([, found]) => {
        setDetails(found);
        setFault("");
      })
      .catch((error: unknown) => setFault(message(error)));
  }, [actor.id]);
  useEffect(look, [look]);

  const act = (deed: () => Promise<[string]>, done: string) => {
    desk.answered();
    setBusy(true);
    deed()
      .then(([id]) => {
        desk.note(done);
        onSelect(id);
      })
      .catch((error: unknown) => desk.note(message(error)))
      .finally(() => setBusy(false));
  };
  const question = async (stops: boolean) => {
    const above = await ask<[string, Details]>("actor.inspect", { who: actor.parent, node }).catch(() => null);
    if (!isThere()) return; // perhaps another computer is shown
    const lines = consequence(actor, tree, stops, above?.[1] ?? null);
    desk.ask({
      title: stops ? t("Stop “{name}”?", { name }) : t("Restart “{name}”?", { name }),
      text: <Lines lines={lines} />,
      choices: [
        stops
          ? { label: t("Stop it"), destructive: true, run: () => act(() => ask<[string]>("actor.stop", { who: actor.id, node }), t("“{name}” has stopped.", { name })) }
          : { label: t("Restart it"), destructive: true, run: () => act(() => ask<[string]>("actor.restart", { who: actor.id, node }), t("“{name}” has started again.", { name })) },
      ],
    });
  };

  const children = rowsOf(details?.["children"], 4);
  const history = rowsOf(details?.["history"], 3);
  const requests = rowsOf(details?.["requests"], 3);
  return (
    <aside className="side" role="region" aria-label={t("Details of {name}", { name })} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header>
        <h2 dir="auto">{name}</h2>
        <button type="button" className="push" aria-label={t("Close")} title={t("Close")} onClick={onClose}>
          ×
        </button>
      </header>
      <div className="deeds">
        <button type="button" className="push" disabled={busy || !watched} onClick={() => void question(false)}>
          {t("Restart…")}
        </button>
        <button type="button" className="push" disabled={busy || !watched} onClick={() => void question(true)}>
          {t("Stop…")}
        </button>
        <button type="button" className="push" onClick={look}>
          {t("Look again")}
        </button>
      </div>
      {!watched && <p className="hint">{t("It has no supervisor, so that it cannot be stopped from here.")}</p>}
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
      <dl className="facts">
        <dt>{t("Id")}</dt>
        <dd>
          <Copyable text={actor.id} label={t("Copy the id")} />
        </dd>
        <dt>{t("Class")}</dt>
        <dd dir="auto">{clean(actor.class)}</dd>
        <dt>{t("State")}</dt>
        <dd>{stateText(actor.state)}</dd>
        {parent && (
          <>
            <dt>{t("Watched by")}</dt>
            <dd>
              <button type="button" className="link" dir="auto" onClick={() => onSelect(parent.id)}>
                {labelOf(parent)}
              </button>
            </dd>
          </>
        )}
        <dt>{t("Mailbox")}</dt>
        <dd>{actor.known === 0 ? "?" : formatNumber(actor.depth)}</dd>
        {details && (
          <>
            <dt>{t("By urgency")}</dt>
            <dd>{lanesText(details["lanes"])}</dd>
          </>
        )}
        <dt>{t("Handled")}</dt>
        <dd>
          {formatNumber(actor.processed)} · {t("{n} a second", { n: formatNumber(actor.rate) })}
        </dd>
        <dt>{t("Restarts")}</dt>
        <dd>{formatNumber(actor.restarts)}</dd>
        {details &&
          factsOf(details).flatMap(([label, text]) => [
            <dt key={`${label}-label`}>{label}</dt>,
            <dd key={label} dir="auto">
              {text}
            </dd>,
          ])}
      </dl>
      {requests.length > 0 && (
        <>
          <h3>{t("It waits for")}</h3>
          <ul>
            {requests.map(([id, target, age]) => (
              <li key={String(id)}>
                <button type="button" className="link" onClick={() => onSelect(String(target))}>
                  {nameIn(tree, String(target))}
                </button>{" "}
                {t("for {time}", { time: formatSpan(Number(age)) })}
              </li>
            ))}
          </ul>
        </>
      )}
      {children.length > 0 && (
        <>
          <h3>{t("Children")}</h3>
          <ul>
            {children.map(([id, child, state]) => (
              <li key={`${String(id)}-${String(child)}`}>
                <button type="button" className="link" dir="auto" disabled={!tree.byId.has(String(id))} onClick={() => onSelect(String(id))}>
                  {clean(String(child)) || nameIn(tree, String(id))}
                </button>{" "}
                {clean(String(state))}
              </li>
            ))}
          </ul>
        </>
      )}
      {history.length > 0 && (
        <>
          <h3>{t("Ends of its children")}</h3>
          <ul>
            {history.map(([time, child, reason], i) => (
              <li key={i} dir="auto">
                {formatExactly(new Date(Number(time) / 1000))} · {clean(String(child))} · {clean(String(reason))}
              </li>
            ))}
          </ul>
        </>
      )}
      <Trace actor={actor} tree={tree} desk={desk} room={Number(details?.["traced"] ?? 0)} />
    </aside>
  );
}
