// SPDX-License-Identifier: GPL-3.0-or-later
// Why there is no direct connection to a peer, and what to do, in words.
import { t } from "../../lib/i18n";
import { clean } from "./text";

export interface Explanation {
  /** What there is. */
  is: string;
  addresses: { address: string; source: string; ending: string }[];
  sides: [string, string][];
  advice: string[];
}

type Details = Record<string, unknown>;

function pick(texts: Record<string, string>, name: string): string {
  return texts[name] ?? clean(name);
}

function sourceText(name: string): string {
  return pick({ hearsay: t("others say"), self: t("it says"), certified: t("it signed"), configured: t("it is configured"), connected: t("it was there") }, name);
}

function endingText(name: string): string {
  return pick(
    {
      never: t("not dialled yet"),
      worked: t("answered"),
      refused: t("refused: nothing listens there"),
      "timed-out": t("no answer"),
      "no-route": t("no way to that network"),
      "no-name": t("the name leads nowhere"),
      "wrong-peer": t("another node is there"),
      strange: t("what answers is no node of this mesh"),
      closed: t("it hung up"),
      "no-network": t("this node does not speak that"),
      "no-circuit": t("the relay did not pass the call on"),
      failed: t("failed"),
    },
    name,
  );
}

function punchingText(name: string): string {
  return pick(
    {
      off: t("switched off on this node"),
      nothing: t("not tried: there was no relayed connection"),
      running: t("being tried now"),
      succeeded: t("worked"),
      unsupported: t("the peer does not do it"),
      "no-address": t("nobody sees this node at a public address"),
      "no-address-there": t("the peer names no public address"),
      "no-way": t("tried: the two dials did not meet"),
      broken: t("the peer stopped in the middle of it"),
      busy: t("too many others were being tried"),
    },
    name,
  );
}

function reachText(name: string): string {
  return pick(
    {
      unknown: t("nobody has tried yet whether others can reach it"),
      "no-address": t("it has no public address"),
      reachable: t("others can reach it"),
      unreachable: t("others cannot reach it"),
    },
    name,
  );
}

/** For each way in which dials ended. */
function dialAdvice(endings: ReadonlySet<string>): string[] {
  const texts: [string, string][] = [
    ["refused", t("Start the node there, or have it listen at the port that its address names.")],
    ["timed-out", t("See that the machine is on, and that its firewall and router let TCP in at that port.")],
    ["no-route", t("See that this machine is connected to a network that leads there.")],
    ["no-name", t("Correct the name in the address, or the DNS.")],
    ["wrong-peer", t("Forget that address: the machine has another node now.")],
    ["strange", t("See that both nodes have the same private-key-file, and that the port is the node's.")],
    ["closed", t("See in the log of the node there why it hung up: it may have too many connections.")],
  ];
  return texts.filter(([ending]) => endings.has(ending)).map(([, text]) => text);
}

function punchingAdvice(name: string): string[] {
  if (name === "off") return [t("Set hole-punching=true in this node's node.ini.")];
  if (name === "unsupported") return [t("Set hole-punching=true in the node.ini of the node there.")];
  if (["no-way", "no-address", "no-address-there"].includes(name))
    return [t("Forward the node's TCP port in the router of either side, or set port-mapping=true in its node.ini: this NAT cannot be got through otherwise.")];
  return name === "broken" || name === "busy" ? [t("Disconnect and connect again: it may work the next time.")] : [];
}

function rowsOf(details: Details): [string, string, string][] {
  const rows = details["addresses"];
  if (!Array.isArray(rows)) return [];
  return (rows as unknown[]).flatMap((row) => {
    const [address, source, ending] = Array.isArray(row) ? (row as unknown[]) : [];
    return typeof address === "string" && typeof source === "string" && typeof ending === "string" ? [[address, source, ending] as [string, string, string]] : [];
  });
}

function text(details: Details, name: string): string {
  const value = details[name];
  return typeof value === "string" ? value : "";
}

/** Of what ExplainPeer answers. */
export function explain(details: Details): Explanation {
  const kind = text(details, "connection");
  const rows = rowsOf(details);
  const holes = text(details, "hole-punching");
  const address = clean(text(details, "address"));
  if (kind === "direct") return { is: t("The connection is direct: {address}", { address }), addresses: [], sides: [], advice: [] };
  const endings = new Set(rows.filter(([each]) => !each.includes("/p2p-circuit")).map(([, , ending]) => ending));
  const there = details["peer-is-public"] ? t("it names a public address") : details["peer-has-relay"] ? t("it is found only at a relay") : t("it names no public address");
  const advice: string[] = [];
  if (rows.length === 0) advice.push(t("No address of it is known. Say where it is: connect to its address."));
  advice.push(...dialAdvice(endings));
  if (kind === "relayed") advice.push(...punchingAdvice(holes));
  else if (!details["peer-has-relay"] && rows.length > 0) advice.push(t("Give it a place at a relay, if nobody can reach it: listen=…/p2p-circuit in its node.ini."));
  return {
    is: kind === "relayed" ? t("The connection goes by a relay: {address}", { address }) : t("There is no connection."),
    addresses: rows.map(([where, source, ending]) => ({ address: clean(where), source: sourceText(source), ending: endingText(ending) })),
    sides: [
      [t("This node"), reachText(text(details, "reachability"))],
      [t("The peer"), there],
      [t("Hole punching"), punchingText(holes)],
    ],
    advice,
  };
}
