// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers from one run to the next; what the file holds is not trusted to be that.
import type { Sort } from "./grid";

export const pages = ["overview", "actors", "peers", "services", "resources", "logs", "simulator"] as const;
export type PageName = (typeof pages)[number];
export const views = ["processes", "units", "devices"] as const;
export type ViewName = (typeof views)[number];
export const peerViews = ["list", "map"] as const;
export type PeerView = (typeof peerViews)[number];
export const minutes = [1, 5, 10] as const;

export interface Settings {
  page: PageName;
  /** How many minutes the charts show. */
  range: number;
  actorSort: Sort | null;
  peerSort: Sort | null;
  /** Of the page of other nodes. */
  peerView: PeerView;
  processSort: Sort | null;
  /** Of the page of resources. */
  view: ViewName;
  /** Branches of the actors' tree, by their names. */
  folded: string[];
}

/** Of processes, as the node knows them. */
const orders = ["name", "pid", "user", "cpu", "memory", "state", "unit"];
const foldedMost = 64;
const pathMost = 120;

export const defaults: Settings = { page: "overview", range: 5, actorSort: null, peerSort: null, peerView: "list", processSort: { column: "cpu", descending: true }, view: "processes", folded: [] };

function sortOf(value: unknown): Sort | null {
  if (typeof value !== "object" || value === null) return null;
  const { column, descending } = value as Record<string, unknown>;
  return typeof column === "string" && column.length < 32 ? { column, descending: descending === true } : null;
}

export function readSettings(value: Record<string, unknown> | undefined): Settings {
  const given = value ?? {};
  const folded = Array.isArray(given["folded"]) ? (given["folded"] as unknown[]) : [];
  return {
    page: pages.find((page) => page === given["page"]) ?? defaults.page,
    range: minutes.find((each) => each === given["range"]) ?? defaults.range,
    actorSort: sortOf(given["actorSort"]),
    peerSort: sortOf(given["peerSort"]),
    peerView: peerViews.find((view) => view === given["peerView"]) ?? defaults.peerView,
    processSort: orders.includes(sortOf(given["processSort"])?.column ?? "") ? sortOf(given["processSort"]) : defaults.processSort,
    view: views.find((view) => view === given["view"]) ?? defaults.view,
    folded: folded.filter((path): path is string => typeof path === "string" && path.length <= pathMost).slice(-foldedMost),
  };
}
