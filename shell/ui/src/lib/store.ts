// SPDX-License-Identifier: GPL-3.0-or-later
// The newest state from the host, for useSyncExternalStore.
import type { HostState } from "./host";

type Listener = () => void;

let state: HostState = {};
const listeners = new Set<Listener>();

export const store = {
  get: (): HostState => state,
  subscribe: (listener: Listener): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  merge: (change: HostState): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  },
};
