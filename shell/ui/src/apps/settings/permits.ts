// SPDX-License-Identifier: GPL-3.0-or-later
// What applications in a sandbox may do, as shell/app/settings_permits.h says it, put in the order of a page.
import { nameOf } from "../../lib/permissions";

export interface Grant {
  app: string;
  capability: string;
  /** ms since 1970. */
  since: number;
}

export interface AuditLine {
  /** As in "2026-11-22T21:00:00Z". */
  time: string;
  app: string;
  capability: string;
  decision: string;
  by: string;
  times: number;
}

export interface PermitState {
  grants: Grant[];
  /** The oldest first. */
  audit: AuditLine[];
  apps: Record<string, { name: string; desktop: string }>;
}

/** One capability of one application. */
export interface Permit {
  capability: string;
  granted: boolean;
  /** ms since 1970: granted, or denied. */
  since: number;
  /** ms since 1970 of the last call; 0: none is known. */
  used: number;
}

export interface PermittedApp {
  app: string;
  name: string;
  desktop: string;
  permits: Permit[];
}

const uses = ["allowed", "once"];
/** After these it is open again whether it may. */
const opens = ["granted", "once", "revoked"];

/** The last line of each kind: what was used when, and what the person has denied since. */
function read(audit: readonly AuditLine[]): { used: Map<string, number>; denied: Map<string, number> } {
  const used = new Map<string, number>();
  const denied = new Map<string, number>();
  for (const { app, capability, decision, time } of audit) {
    const key = `${app} ${capability}`;
    const at = Date.parse(time) || 0;
    if (uses.includes(decision)) used.set(key, at);
    if (decision === "denied") denied.set(key, at);
    if (!opens.includes(decision)) continue;
    denied.delete(key);
    // Of all that it had.
    if (!capability) for (const other of denied.keys()) if (other.startsWith(`${app} `)) denied.delete(other);
  }
  return { used, denied };
}

/** By name, with what was granted first. */
export function listApps({ grants, audit, apps }: PermitState): PermittedApp[] {
  const { used, denied } = read(audit);
  const list = new Map<string, Permit[]>();
  const add = (app: string, permit: Permit) => list.set(app, [...(list.get(app) ?? []), permit]);
  for (const { app, capability, since } of grants) {
    const key = `${app} ${capability}`;
    add(app, { capability, granted: true, since, used: used.get(key) ?? 0 });
    denied.delete(key);
  }
  for (const [key, since] of denied) {
    const [app, capability] = key.split(" ");
    if (app && capability) add(app, { capability, granted: false, since, used: 0 });
  }
  return [...list]
    .map(([app, permits]) => ({ app, permits, name: nameOf(apps[app]?.name ?? "", app), desktop: apps[app]?.desktop ?? "" }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.app.localeCompare(b.app));
}
