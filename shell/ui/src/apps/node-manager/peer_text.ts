// SPDX-License-Identifier: GPL-3.0-or-later
// What to call a peer and its connection.
import { t } from "../../lib/i18n";
import { clean, shortId } from "./text";
import type { Books, Peer } from "./use_peers";

export function nameOf(peer: { id: string }, books: Books | null): string {
  return clean(books?.roll.get(peer.id)?.name ?? "") || shortId(peer.id);
}

export function connectionText(peer: Peer): string {
  if (peer.connections === 0) return t("none");
  return peer.relayed ? t("relayed") : t("direct");
}

/** Of a member, as the others say. */
export function presenceText(state: string): string {
  const texts: Record<string, string> = { alive: t("alive"), suspect: t("suspect"), dead: t("dead"), left: t("has left") };
  return texts[state] ?? clean(state);
}

const regionMost = 24;

export function regionText(region: string): string {
  const text = clean(region).trim();
  return text.length > regionMost ? `${text.slice(0, regionMost)}…` : text;
}

/** "tcp" of "/ip4/192.0.2.1/tcp/4630"; WebSocket where that follows. */
export function transportOf(address: string): string {
  if (/\/wss?(\/|$)/.test(address)) return "WebSocket";
  return /\/tcp\//.test(address) ? "TCP" : /\/udp\//.test(address) ? "UDP" : "";
}
