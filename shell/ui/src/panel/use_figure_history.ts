// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "react";
import type { NodeState } from "../lib/host";
import { push } from "../lib/history";

interface FigureHistory {
  sampledAt: number;
  cpu: number[];
  memory: number[];
}

/** The last minute, grown by one for each new sample of a connected node. */
export function useFigureHistory(node: NodeState | undefined): FigureHistory {
  const [history, setHistory] = useState<FigureHistory>({ sampledAt: 0, cpu: [], memory: [] });
  const sampledAt = node?.sampledAt ?? 0;
  if (!node?.connected || sampledAt === history.sampledAt) return history;
  const grown = {
    sampledAt,
    cpu: push(history.cpu, node.cpu ?? 0),
    memory: push(history.memory, node.memory ?? 0),
  };
  setHistory(grown);
  return grown;
}
