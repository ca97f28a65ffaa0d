// SPDX-License-Identifier: GPL-3.0-or-later
import { source } from "../lib/arena";
import { ask } from "../lib/host";
import { startPage } from "../lib/page";
import { Wallpaper } from "./wallpaper";

source.open({ tables: ["nodes", "peers"], interval: 5000 }, () => ask("arena.open"));
void startPage(() => <Wallpaper />);
