// SPDX-License-Identifier: GPL-3.0-or-later
import { startPage } from "../lib/page";
import { Popups } from "./popups";

void startPage(() => <Popups />);
