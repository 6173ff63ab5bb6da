import { Panel } from "../../components/Panel";
import { PlatformDot, platformColor } from "../../components/PlatformDot";
import { shareOf, toPixels } from "../../format/decimal";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { CurrencySection } from "../../ipc/client";

/** How the cost is split over platforms. */
export function PlatformsPanel({ section: { platforms, total, currency } }: { section: CurrencySection }) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const whole = total.figures.cost;
  const rows = platforms
    .map((row) => ({ ...row, width: toPixels(shareOf(row.compared.figures.cost, whole) ?? "0") }))
    .sort((a, b) => b.width - a.width);
  return (
    <Panel title={t("dashboard.by_platform")} testId="platforms">
      <div className="platforms__bar" aria-hidden>
        {rows.map(
          ({ platform, width }) =>
            width > 0 && (
              <span key={platform} style={{ width: `${width}%`, background: platformColor(platform) }} />
            ),
        )}
      </div>
      <div className="platforms__line platforms__head">
        <span>{t("dashboard.platforms")}</span>
        <span>{t("dashboard.share_short")}</span>
        <span>{names.metric("cost")}</span>
        <span>{names.metric("roas")}</span>
      </div>
      {rows.map(({ platform, compared: { figures } }) => (
        <div className="platforms__line" key={platform} data-testid={`platform-${platform}`}>
          <span className="platforms__name">
            <PlatformDot platform={platform} />
            <span className="truncate">{names.platform(platform)}</span>
          </span>
          <span>{format.share(figures.cost, whole)}</span>
          <span data-value={figures.cost}>{format.cell("cost", figures.cost, currency)}</span>
          <span data-value={figures.roas}>{format.cell("roas", figures.roas, currency)}</span>
        </div>
      ))}
    </Panel>
  );
}
