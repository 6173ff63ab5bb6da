import { useMemo } from "react";
import { Panel } from "../../components/Panel";
import { PlatformDot, platformColor } from "../../components/PlatformDot";
import { type Column, DataTable } from "../../components/table/DataTable";
import { useWhyMissing } from "../../components/FigureText";
import { shareOf, toPixels } from "../../format/decimal";
import type { Metric } from "../../format/metric";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { ChannelRow, CurrencySection } from "../../ipc/client";
import { figureColumn } from "./figure-column";

const wide: readonly Metric[] = [
  "cost",
  "impressions",
  "clicks",
  "ctr",
  "cpc",
  "conversions",
  "cpa",
  "revenue",
  "roas",
];
const narrow: readonly Metric[] = ["cost", "conversions", "cpa", "roas"];

export function ChannelsPanel({ section, isNarrow }: { section: CurrencySection; isNarrow: boolean }) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const why = useWhyMissing();
  const { channels, currency, total } = section;

  const columns = useMemo((): Column<ChannelRow>[] => {
    const context = { currency, format, names, why };
    const whole = total.figures.cost;
    return [
      {
        id: "channel",
        header: t("dashboard.channel"),
        width: 150,
        grow: 1.5,
        kind: "text",
        value: (row) => names.channel(row.channel, row.display_name),
        cell: (row) => (
          <>
            <PlatformDot platform={row.platform} label={names.platform(row.platform)} />
            <span className="truncate">{names.channel(row.channel, row.display_name)}</span>
          </>
        ),
      },
      {
        id: "share",
        header: t("dashboard.share"),
        width: 112,
        kind: "decimal",
        value: (row) => row.compared.figures.cost,
        cell: (row) => {
          const share = shareOf(row.compared.figures.cost, whole);
          return (
            <span className="share">
              <span className="share__bar">
                <span
                  style={{
                    width: `${share === null ? 0 : Math.max(0, Math.min(100, toPixels(share)))}%`,
                    background: platformColor(row.platform),
                  }}
                />
              </span>
              {format.share(row.compared.figures.cost, whole)}
            </span>
          );
        },
      },
      ...(isNarrow ? narrow : wide).map((metric) =>
        figureColumn<ChannelRow>(metric, context, {
          figures: (row) => row.compared.figures,
          change: (row) => row.compared.change,
          total,
          ...(isNarrow ? { width: metric === "cost" ? 100 : 74 } : {}),
        }),
      ),
    ];
  }, [currency, format, names, why, t, total, isNarrow]);

  return (
    <Panel title={t("dashboard.channels")} flush testId="channels">
      <DataTable<ChannelRow>
        rows={channels}
        columns={columns}
        rowKey={(row) => `${row.platform}-${row.channel}`}
        label={t("dashboard.channels")}
        initialSort={{ id: "cost", desc: true }}
        rowHeight={44}
        maxHeight={520}
        totalLabel={t("dashboard.total")}
        rowTestId={(row) => `channel-${row.channel}`}
        testId="channels-table"
      />
    </Panel>
  );
}
