// SPDX-License-Identifier: GPL-3.0-or-later
// The power profiles.
import { ask } from "../lib/host";
import { t } from "../lib/i18n";
import { Icon } from "../lib/icons";
import type { ProfileState } from "../lib/quick";
import { moveAmongRows, Row, Subpage } from "./quick_parts";

export function profileName(name: string): string {
  const known: Record<string, string> = {
    "power-saver": t("Power saver"),
    balanced: t("Balanced"),
    performance: t("Performance"),
  };
  return known[name] ?? name;
}

export function ProfilePage({ profile, fail, onBack }: { profile: ProfileState; fail: (error: Error) => void; onBack: () => void }) {
  return (
    <Subpage title={t("Power profile")} onBack={onBack}>
      <ul className="rows" aria-label={t("Power profiles")} onKeyDown={moveAmongRows}>
        {profile.profiles.map((name) => (
          <Row
            key={name}
            icon={<Icon name="gauge" />}
            name={profileName(name)}
            about={name === "performance" && profile.degraded ? t("Slowed down now, as by heat") : ""}
            active={profile.active === name}
            aside={profile.active === name ? <Icon name="tick" /> : null}
            onPress={() => void ask("quick.profile", { name }).catch(fail)}
          />
        ))}
      </ul>
    </Subpage>
  );
}
