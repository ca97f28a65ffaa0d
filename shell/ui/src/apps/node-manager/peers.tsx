// SPDX-License-Identifier: GPL-3.0-or-later
// The other nodes, who is a member, and who wants to be one.
import { useMemo, useState } from "react";
import { formatBytes, formatDuration, formatPercent, formatSpan } from "../../lib/format";
import { ask } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import type { PageProperties } from "./actors";
import type { Desk } from "./desk";
import { Grid, sorted, type Column } from "./grid";
import { PeerMap } from "./map";
import { Invitation, Joining } from "./membership";
import { PeerPanel } from "./peer_panel";
import { connectionText, nameOf, transportOf } from "./peer_text";
import { Segments } from "./segments";
import { peerViews, type PeerView } from "./settings";
import { clean, message, reputationText, shortId, standingText } from "./text";
import { useBooks, usePeers, type Books, type Peer, type Request } from "./use_peers";

export function peerColumns(books: Books | null): Column<Peer>[] {
  const by = (figure: (peer: Peer) => number) => (a: Peer, b: Peer) => figure(b) - figure(a);
  return [
    {
      key: "name",
      label: t("Node"),
      className: "wide",
      cell: (peer) => (
        <>
          <span className={peer.connections > 0 ? "dot on" : "dot"} aria-hidden="true" />
          <span className="name" dir="auto">
            {nameOf(peer, books)}
          </span>
        </>
      ),
      title: (peer) => [clean(peer.id), clean(peer.agent), clean(peer.address)].filter(Boolean).join("\n"),
      compare: (a, b) => nameOf(b, books).localeCompare(nameOf(a, books)),
    },
    { key: "connection", label: t("Connection"), cell: connectionText, compare: by((peer) => (peer.connections > 0 ? (peer.relayed ? 1 : 2) : 0)) },
    { key: "transport", label: t("Over"), className: "third", cell: (peer) => transportOf(peer.address) },
    {
      key: "latency",
      label: t("There and back"),
      className: "number",
      cell: (peer) => (peer.latency > 0 ? formatSpan(peer.latency) : "–"),
      compare: by((peer) => peer.latency),
    },
    { key: "received", label: t("Received"), className: "number second", cell: (peer) => formatBytes(peer.received), compare: by((peer) => peer.received) },
    { key: "sent", label: t("Sent"), className: "number second", cell: (peer) => formatBytes(peer.sent), compare: by((peer) => peer.sent) },
    { key: "cpu", label: t("Processor"), className: "number third", cell: (peer) => (peer.cpu >= 0 ? formatPercent(peer.cpu) : "–"), compare: by((peer) => peer.cpu) },
    {
      key: "reputation",
      label: t("Reputation"),
      className: "second",
      cell: (peer) => {
        const known = books?.reputations.get(peer.id);
        return known ? reputationText(known.expected, known.outcomes, known.said) : t("unknown");
      },
      compare: by((peer) => books?.reputations.get(peer.id)?.expected ?? -1),
    },
    {
      key: "standing",
      label: t("Standing"),
      cell: (peer) => standingText(books?.roll.get(peer.id)?.standing ?? "none"),
      compare: by((peer) => (books?.roll.get(peer.id)?.standing === "member" ? 1 : 0)),
    },
  ];
}

function Requests({ requests, desk, onDone }: { requests: Request[]; desk: Desk; onDone: () => void }) {
  const decide = (peer: Request, accept: boolean) =>
    ask("peer.decide", { peer: peer.id, accept })
      .then(() => {
        desk.note(accept ? t("“{name}” is a member now.", { name: clean(peer.name) || shortId(peer.id) }) : t("“{name}” was refused.", { name: clean(peer.name) || shortId(peer.id) }));
        onDone();
      })
      .catch((error: unknown) => desk.note(message(error)));
  return (
    <ul className="requests">
      {requests.map((peer) => (
        <li key={peer.id} className="card">
          <div>
            <strong dir="auto">{clean(peer.name) || shortId(peer.id)}</strong>{" "}
            {peer.waits ? t("wants to be a member") : t("was refused, and may still be accepted")}
            <p className="hint">
              <code dir="ltr">{clean(peer.id)}</code> · <span dir="ltr">{clean(peer.address)}</span> · {t("asks for {time}", { time: formatDuration(peer.age / 1000) })}
              {peer.invited && ` · ${t("with an invitation")}`}
            </p>
          </div>
          <button type="button" className="push" onClick={() => void decide(peer, true)}>
            {t("Accept")}
          </button>
          {peer.waits && (
            <button type="button" className="push" onClick={() => void decide(peer, false)}>
              {t("Refuse")}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function meshText(books: Books | null): string {
  if (!books) return "";
  if (books.standing === "member") return t("This node is a member of its mesh.");
  if (books.mesh === "") return t("This node is in no mesh that has members.");
  return t("This node and its mesh: {standing}.", { standing: standingText(books.standing) });
}

export function Peers({ desk, settings, onSettings, theme }: PageProperties & { theme: string }) {
  const peers = usePeers();
  const { books, fault, look } = useBooks();
  const [selected, setSelected] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [dialog, setDialog] = useState<"" | "invite" | "join">("");
  const columns = useMemo(() => peerColumns(books), [books]);
  const rows = useMemo(() => {
    const words = desk.query.toLowerCase().split(/\s+/).filter(Boolean);
    const found = (peers ?? []).filter((peer) => {
      const text = `${nameOf(peer, books)} ${peer.id} ${peer.agent} ${peer.address}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    found.sort((a, b) => Number(b.connections > 0) - Number(a.connections > 0) || (a.id < b.id ? -1 : 1));
    return sorted(found, columns, settings.peerSort);
  }, [peers, books, columns, settings.peerSort, desk.query]);
  const peer = peers?.find(({ id }) => id === selected);
  const labels: Record<PeerView, string> = { list: t("List"), map: t("Map") };
  const leave = () =>
    desk.ask({
      title: t("Leave the mesh?"),
      text: <p>{t("This node is a member no more: what only members get it gets no longer, and invitations that it made count no more. To come back it has to be invited again.")}</p>,
      choices: [
        {
          label: t("Leave it"),
          destructive: true,
          run: () => {
            desk.answered();
            ask("peer.leave")
              .then(() => {
                desk.note(t("This node has left its mesh."));
                look();
              })
              .catch((error: unknown) => desk.note(message(error)));
          },
        },
      ],
    });
  const empty = (
    <p className="empty">
      {peers?.length === 0 ? t("No other nodes yet. Invite one: it gets a code, and comes in with it. Nodes on the same network find each other by themselves.") : t("No node is called so.")}
    </p>
  );
  return (
    <div className="page" tabIndex={-1}>
      <div className="toolbar">
        <Segments names={peerViews} labels={labels} chosen={settings.peerView} onChoose={(peerView) => onSettings({ peerView })} />
        <button type="button" className="push primary" onClick={() => setDialog("invite")}>
          {t("Invite…")}
        </button>
        <button type="button" className="push" onClick={() => setDialog("join")}>
          {t("Join or connect…")}
        </button>
        {books?.standing === "member" && (
          <button type="button" className="push" onClick={leave}>
            {t("Leave the mesh…")}
          </button>
        )}
        <span className="count" role="status">
          {peers && tn("{n} other node", "{n} other nodes", peers.length)}
          {peers && ` · ${tn("{n} connected", "{n} connected", peers.filter(({ connections }) => connections > 0).length)}`}
        </span>
      </div>
      <p className="hint">{meshText(books)}</p>
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
      {books && books.requests.length > 0 && <Requests requests={books.requests} desk={desk} onDone={look} />}
      {!peers && <p className="waiting" role="status">{t("Waiting for the node’s peers…")}</p>}
      {peers && (
        <div className={open && peer ? "split with-panel" : "split"}>
          {settings.peerView === "map" ? (
            <PeerMap peers={peers} rows={rows} books={books} theme={theme} selected={selected} onSelect={setSelected} onOpen={() => setOpen(true)} empty={empty} />
          ) : (
            <Grid
              label={t("Other nodes")}
              className="peers"
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              selected={selected}
              onSelect={setSelected}
              onOpen={() => setOpen(true)}
              sort={settings.peerSort}
              onSort={(peerSort) => onSettings({ peerSort })}
              empty={empty}
            />
          )}
          {open && peer && <PeerPanel key={peer.id} peer={peer} books={books} desk={desk} onChanged={look} onClose={() => setOpen(false)} />}
          {!open && peer && (
            <button type="button" className="push details" onClick={() => setOpen(true)}>
              {t("Details of {name}", { name: nameOf(peer, books) })}
            </button>
          )}
        </div>
      )}
      {dialog === "invite" && <Invitation founds={books?.mesh === ""} onClose={() => { setDialog(""); look(); }} />}
      {dialog === "join" && <Joining desk={desk} onClose={() => { setDialog(""); look(); }} />}
    </div>
  );
}
