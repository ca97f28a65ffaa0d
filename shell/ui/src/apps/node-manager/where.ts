// SPDX-License-Identifier: GPL-3.0-or-later
// Which computer the pages of actors, resources and logs are about: this one, or a member of the mesh that is asked through
// this one's node. Their questions go there.
import { useCallback, useEffect, useRef, useState } from "react";
import { ask as askHost, tell as tellHost } from "../../lib/host";
import { useHost } from "../../lib/page";
import { membersMost, type Roll } from "./use_peers";

/** A peer's id; "": this computer. */
let here = "";

/** Before the pages are drawn anew for it. */
export function setWhere(node: string): void {
  here = node;
}

export function where(): string {
  return here;
}

/** The computer that what is drawn is about, also after another was chosen: every deed says it. */
export function useNode(): string {
  return useState(where)[0];
}

/** Whether what is drawn is there still. */
export function useIsThere(): () => boolean {
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  return useCallback(() => there.current, []);
}

const asked = /^(actor|machine|log)\./;

/** Questions that say a node themselves, also "", mean that one. */
export function aimed(command: string, args: object, node: string): object {
  const { node: own, ...rest } = { node, ...args };
  return own && asked.test(command) ? { ...rest, node: own } : rest;
}

export function ask<T = null>(command: string, args: object = {}): Promise<T> {
  return askHost<T>(command, aimed(command, args, here));
}

export function tell(command: string, args: object = {}): void {
  tellHost(command, aimed(command, args, here));
}

export interface Place {
  id: string;
  name: string;
  /** "alive", "suspect", "dead" or "left"; "": nobody says. */
  state: string;
}

type Members = [number, [string, string, ...unknown[]][]];

/** The members but this node, by name. */
export function placesOf([, , , roll]: Roll, [, members]: Members, self: string): Place[] {
  const states = new Map(members.map(([id, state]) => [id, state]));
  return roll
    .filter(([id, , standing]) => standing === "member" && id !== self)
    .map(([id, name]) => ({ id, name, state: states.get(id) ?? "" }))
    .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

/** Asked for anew at the mesh's news. wanted: whether anybody looks. */
export function usePlaces(wanted: boolean): Place[] {
  const { meshNews, node } = useHost();
  const connected = node?.connected ?? false;
  const self = node?.peerId ?? "";
  const [places, setPlaces] = useState<Place[]>([]);
  useEffect(() => {
    if (!connected || !wanted || !self) return;
    let over = false;
    Promise.all([askHost<Roll>("peer.roll"), askHost<Members>("peer.members", { limit: membersMost })])
      .then(([roll, members]) => !over && setPlaces(placesOf(roll, members, self)))
      .catch(() => undefined); // the mesh is switched off: there is this computer alone
    return () => {
      over = true;
    };
  }, [connected, meshNews, wanted, self]);
  return places;
}
