// SPDX-License-Identifier: GPL-3.0-or-later
// The map of other nodes in a real web process, for ./dev bench shell: what the script of a frame takes, from the signal
// that the arena has something new to the last call that draws it.
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { Peers } from "../src/apps/node-manager/peers";
import { peersOf } from "../src/apps/node-manager/use_peers";
import { defaults } from "../src/apps/node-manager/settings";
import { source } from "../src/lib/arena";

let updates = 0;
const latencies: number[] = [];
const nothing = () => undefined;

source.open({ tables: ["nodes", "peers"], interval: 100 }, () => Promise.resolve(null));

function begin() {
  const root = document.createElement("div");
  const style = document.createElement("style");
  style.textContent = ".map-view { width: 800px; height: 560px; position: relative }";
  document.body.append(style, root);
  const desk = { note: nothing, ask: nothing, answered: nothing, query: "" };
  flushSync(() => createRoot(root).render(<Peers desk={desk} settings={{ ...defaults, peerView: "map" }} onSettings={nothing} theme="" />));
  const listener = window.inosArena;
  const clock = window.inosClock;
  if (!listener || !clock) return;
  const signal = listener.signal.bind(listener);
  listener.signal = () => {
    const began = clock();
    flushSync(signal);
    latencies.push((clock() - began) / 1000);
    updates++;
  };
}

window.inosTest = {
  begin: () => begin(),
  state: () => ({ updates, sum: (source.arena && peersOf(source.arena)?.length) ?? 0, readable: source.arena !== undefined, latencies }),
};
