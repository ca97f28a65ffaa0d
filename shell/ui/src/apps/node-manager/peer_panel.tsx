// SPDX-License-Identifier: GPL-3.0-or-later
// All there is to know of one peer, and what can be done with it.
import { useCallback, useEffect, useState } from "react";
import { ask } from "../../lib/host";
import { formatBytes, formatExactly, formatNumber, formatPercent, formatSpan } from "../../lib/format";
import { t } from "../../lib/i18n";
import { Copyable } from "./copyable";
import type { Desk } from "./desk";
import { explain, type Explanation } from "./direct";
import { ManagerRight } from "./manager_right";
import { connectionText, nameOf, presenceText, regionText } from "./peer_text";
import { clean, message, reasonText, reputationText, shortId, standingText } from "./text";
import type { Books, Peer, Reputation } from "./use_peers";

type Details = Record<string, unknown>;

interface Properties {
  peer: Peer;
  books: Books | null;
  desk: Desk;
  onChanged: () => void;
  onClose: () => void;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? (value as unknown[]).filter((each): each is string => typeof each === "string").map(clean) : [];
}

function addressesOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as unknown[]).flatMap((row) => (Array.isArray(row) ? [clean(String((row as unknown[])[0]))] : [])) : [];
}

function WhyNot({ explanation }: { explanation: Explanation }) {
  return (
    <section role="status">
      <h3>{explanation.is}</h3>
      {explanation.sides.length > 0 && (
        <dl className="facts">
          {explanation.sides.flatMap(([label, text]) => [<dt key={`${label}-label`}>{label}</dt>, <dd key={label}>{text}</dd>])}
        </dl>
      )}
      {explanation.addresses.length > 0 && (
        <ul>
          {explanation.addresses.map(({ address, source, ending }) => (
            <li key={address}>
              <code dir="ltr">{address}</code> · {source} · {ending}
            </li>
          ))}
        </ul>
      )}
      {explanation.advice.length > 0 && (
        <>
          <h3>{t("What to do")}</h3>
          <ul>
            {explanation.advice.map((advice) => (
              <li key={advice}>{advice}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Standing({ reputation }: { reputation: Reputation | undefined }) {
  if (!reputation) return <dd>{t("unknown")}</dd>;
  const { expected, outcomes, said, why } = reputation;
  const reasons = Object.entries(why).filter(([, amount]) => amount > 0);
  return (
    <dd>
      {reputationText(expected, outcomes, said)} ({formatPercent(expected / 10)})
      {reasons.length > 0 && <span className="hint"> · {reasons.map(([name, amount]) => `${reasonText(name)} ${formatNumber(amount / 1000)}`).join(" · ")}</span>}
    </dd>
  );
}

export function PeerPanel({ peer, books, desk, onChanged, onClose }: Properties) {
  const [details, setDetails] = useState<Details | null>(null);
  const [explanation, setExplanation] = useState<Explanation | null>(null);
  const [work, setWork] = useState("");
  const name = nameOf(peer, books);
  const member = books?.roll.get(peer.id);
  const presence = books?.presence.get(peer.id);
  const connected = peer.connections > 0;

  const look = useCallback(() => {
    ask<[Details]>("peer.inspect", { peer: peer.id })
      .then(([found]) => setDetails(found))
      .catch(() => setDetails(null)); // one of whom only members say something
  }, [peer.id]);
  useEffect(look, [look, connected]);

  /** What takes long is said in words. */
  const run = <T,>(what: string, deed: () => Promise<T>, done: (answer: T) => void) => {
    desk.answered();
    setWork(what);
    deed()
      .then((answer) => {
        done(answer);
        look();
        onChanged();
      })
      .catch((error: unknown) => desk.note(message(error)))
      .finally(() => setWork(""));
  };
  const revoke = () =>
    desk.ask({
      title: t("Put “{name}” out of the mesh?", { name }),
      text: (
        <>
          <p>{t("It is no member any more, for ever and for everybody: with this key it cannot come back. The other members hear of it, and hang up.")}</p>
          <p>
            <code dir="ltr">{clean(peer.id)}</code>
          </p>
        </>
      ),
      choices: [
        {
          label: t("Put it out"),
          destructive: true,
          run: () => run(t("Putting it out…"), () => ask("peer.revoke", { peer: peer.id }), () => desk.note(t("“{name}” is no member any more.", { name }))),
        },
      ],
    });
  const agent = clean(peer.agent) || (typeof details?.["agent"] === "string" ? clean(details["agent"]) : "");
  return (
    <aside className="side" role="region" aria-label={t("Details of {name}", { name })} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header>
        <h2 dir="auto">{name}</h2>
        <button type="button" className="push" aria-label={t("Close")} title={t("Close")} onClick={onClose}>
          ×
        </button>
      </header>
      <div className="deeds">
        {connected ? (
          <button type="button" className="push" disabled={work !== ""} onClick={() => run(t("Hanging up…"), () => ask("peer.disconnect", { peer: peer.id }), () => desk.note(t("There is no connection to “{name}” any more.", { name })))}>
            {t("Disconnect")}
          </button>
        ) : (
          <button type="button" className="push" disabled={work !== ""} onClick={() => run(t("Dialling…"), () => ask("peer.connect", { whom: peer.id }), () => desk.note(t("Connected to “{name}”.", { name })))}>
            {t("Connect")}
          </button>
        )}
        <button type="button" className="push" disabled={work !== ""} onClick={() => run(t("Waiting for its answer…"), () => ask<[string]>("peer.ping", { peer: peer.id }), ([ns]) => desk.note(t("There and back in {time}.", { time: formatSpan(Number(ns)) })))}>
          {t("Ping")}
        </button>
        <button type="button" className="push" disabled={work !== ""} onClick={() => run(t("Finding out…"), () => ask<[Details]>("peer.explain", { peer: peer.id }), ([found]) => setExplanation(explain(found)))}>
          {connected && !peer.relayed ? t("How is it connected?") : t("Why not direct?")}
        </button>
        {member?.standing === "member" && (
          <button type="button" className="push" disabled={work !== ""} onClick={revoke}>
            {t("Put out…")}
          </button>
        )}
        {books?.reputations.has(peer.id) && (
          <button type="button" className="push" disabled={work !== ""} onClick={() => run(t("Forgetting…"), () => ask("peer.forget", { peer: peer.id }), () => desk.note(t("What this node has seen of “{name}” is forgotten.", { name })))}>
            {t("Forget its reputation")}
          </button>
        )}
      </div>
      {work && <p className="hint" role="status">{work}</p>}
      {member?.standing === "member" && <ManagerRight peer={peer.id} name={name} desk={desk} />}
      {explanation && <WhyNot explanation={explanation} />}
      <dl className="facts">
        <dt>{t("Peer id")}</dt>
        <dd>
          <Copyable text={clean(peer.id)} label={t("Copy the peer id")} />
        </dd>
        <dt>{t("Program")}</dt>
        <dd dir="auto">{agent || "–"}</dd>
        <dt>{t("Connection")}</dt>
        <dd>
          {connectionText(peer)}
          {connected && ` · ${peer.inbound ? t("it has called us") : t("we have called it")}`}
        </dd>
        {peer.address && (
          <>
            <dt>{t("Address")}</dt>
            <dd>
              <code dir="ltr">{clean(peer.address)}</code>
            </dd>
          </>
        )}
        {presence && (
          <>
            <dt>{t("The members say")}</dt>
            <dd>{presenceText(presence.state)}</dd>
            <dt>{t("Region")}</dt>
            <dd dir="auto">{regionText(presence.region) || "–"}</dd>
          </>
        )}
        <dt>{t("There and back")}</dt>
        <dd>{peer.latency > 0 ? formatSpan(peer.latency) : "–"}</dd>
        <dt>{t("Received")}</dt>
        <dd>{formatBytes(peer.received)}</dd>
        <dt>{t("Sent")}</dt>
        <dd>{formatBytes(peer.sent)}</dd>
        <dt>{t("Standing")}</dt>
        <dd dir="auto">
          {standingText(member?.standing ?? "none")}
          {member?.by && ` · ${t("by {name}", { name: clean(books?.roll.get(member.by)?.name ?? "") || shortId(member.by) })}`}
        </dd>
        <dt>{t("Reputation")}</dt>
        <Standing reputation={books?.reputations.get(peer.id)} />
        {peer.said > 0 && (
          <>
            <dt>{t("It says of itself")}</dt>
            <dd>
              {peer.cpu >= 0 && `${t("processor {percent}", { percent: formatPercent(peer.cpu) })} · `}
              {peer.memoryTotal > 0 && `${t("memory {used} of {total}", { used: formatBytes(peer.memoryUsed), total: formatBytes(peer.memoryTotal) })} · `}
              {formatExactly(new Date(peer.said))}
            </dd>
          </>
        )}
      </dl>
      {details && addressesOf(details["addresses"]).length > 0 && (
        <>
          <h3>{t("Addresses")}</h3>
          <ul>
            {addressesOf(details["addresses"]).map((address) => (
              <li key={address}>
                <code dir="ltr">{address}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {details && strings(details["protocols"]).length > 0 && (
        <>
          <h3>{t("It speaks")}</h3>
          <ul>
            {strings(details["protocols"]).map((protocol) => (
              <li key={protocol}>
                <code dir="ltr">{protocol}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
