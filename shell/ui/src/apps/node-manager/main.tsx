// SPDX-License-Identifier: GPL-3.0-or-later
import "./language";
import { source } from "../../lib/arena";
import { ask } from "../../lib/host";
import { startPage } from "../../lib/page";
import { Window } from "./window";

source.open({ tables: [], interval: 1000 }, () => ask("arena.open"));
void startPage(() => <Window />);
