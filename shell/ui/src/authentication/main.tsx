// SPDX-License-Identifier: GPL-3.0-or-later
import { startPage } from "../lib/page";
import { Authentication } from "./authentication";

void startPage(() => <Authentication />);
