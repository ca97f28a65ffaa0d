// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the node as a person reads them. What strangers wrote is text, short, and in one direction.
import { t } from "../../lib/i18n";
import { cleanLine } from "../../lib/strange";

const textMost = 256;

export function clean(text: string): string {
  return cleanLine(text, textMost);
}

/** A path in a sentence, which may go the other way. */
export function pathText(path: string): string {
  return `\u2066${clean(path)}\u2069`;
}

/** Enough of an id to tell it from others. */
export function shortId(id: string): string {
  const text = clean(id);
  return text.length > 14 ? `…${text.slice(-8)}` : text;
}

export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Of an actor, in the order of the arena's numbers. */
export function stateText(state: number): string {
  return (
    [t("starting"), t("idle"), t("ready"), t("running"), t("busy"), t("blocked"), t("stuck")][state] ?? t("unknown")
  );
}

export function standingText(standing: string): string {
  const texts: Record<string, string> = {
    none: t("not a member"),
    member: t("member"),
    left: t("has left"),
    revoked: t("put out"),
    replaced: t("has another key"),
  };
  return texts[standing] ?? clean(standing);
}

/** Per mille of what is to be expected, of whom so many thousandths of outcomes were seen and so many members say something. */
export function reputationText(expected: number, outcomes: number, said: number): string {
  if (outcomes < 2000 && said === 0) return t("unknown");
  if (expected >= 800) return t("good");
  if (expected >= 600) return t("rather good");
  if (expected > 400) return t("neutral");
  return expected > 200 ? t("rather bad") : t("bad");
}

/** How many thousandths of outcomes of a kind: "answered 3". */
export function reasonText(reason: string): string {
  const texts: Record<string, string> = {
    answered: t("answered"),
    late: t("answered too late"),
    silent: t("did not answer"),
    reached: t("reached"),
    unreached: t("not reached"),
    ended: t("ended in order"),
    lost: t("broke off"),
    served: t("service there"),
    unserved: t("no service"),
    gossip: t("bad messages"),
    rules: t("broke rules"),
  };
  return texts[reason] ?? clean(reason);
}
