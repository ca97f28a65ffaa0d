// SPDX-License-Identifier: GPL-3.0-or-later
import { source } from "../lib/arena";
import { ask } from "../lib/host";
import { startPage } from "../lib/page";
import { Panel } from "./panel";

source.open({ tables: ["resources"], interval: 1000 }, () => ask("arena.open"));
void startPage(() => <Panel />);
