import { ChevronDown } from "lucide-react";
import { Button } from "../../components/Button";
import { Menu, MenuCheck, MenuItem, MenuLine } from "../../components/Menu";
import { PlatformDot } from "../../components/PlatformDot";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";

interface PlatformFilterProps {
  platforms: readonly string[];
  /** Empty means all. */
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

export function PlatformFilter({ platforms, chosen, onChange }: PlatformFilterProps) {
  const t = useT();
  const names = useNames();
  const all = [...new Set([...platforms, ...chosen])];
  if (all.length < 2) return null;
  const toggle = (platform: string, on: boolean) => {
    const next = on ? [...chosen, platform] : chosen.filter((other) => other !== platform);
    onChange(next.length === all.length ? [] : next);
  };
  const label =
    chosen.length === 0
      ? t("dashboard.all_platforms")
      : chosen.map(names.platform).join(t("common.list_separator"));
  return (
    <Menu
      align="start"
      trigger={
        <Button data-testid="platform-filter" className="platform-filter">
          <span className="platform-filter__dots">
            {(chosen.length === 0 ? all : chosen).map((platform) => (
              <PlatformDot key={platform} platform={platform} />
            ))}
          </span>
          <span className="truncate">{label}</span>
          <ChevronDown />
        </Button>
      }
    >
      <MenuItem onSelect={() => onChange([])}>{t("dashboard.all_platforms")}</MenuItem>
      <MenuLine />
      {all.map((platform) => (
        <MenuCheck key={platform} checked={chosen.includes(platform)} onChange={(on) => toggle(platform, on)}>
          <PlatformDot platform={platform} />
          {names.platform(platform)}
        </MenuCheck>
      ))}
    </Menu>
  );
}
