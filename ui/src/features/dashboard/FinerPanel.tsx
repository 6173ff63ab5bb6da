import { useMemo, useState } from "react";
import { Panel } from "../../components/Panel";
import { PlatformDot } from "../../components/PlatformDot";
import { type Column, DataTable } from "../../components/table/DataTable";
import { TabPanel, Tabs } from "../../components/Tabs";
import { useWhyMissing } from "../../components/FigureText";
import type { Metric } from "../../format/metric";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { CurrencySection, FinerRow } from "../../ipc/client";
import { figureColumn } from "./figure-column";

type Level = "ad_groups" | "keywords" | "creatives";

/** In the order of the campaigns above, narrower, because up to three names stand before them. */
const metrics: readonly (readonly [Metric, number])[] = [
  ["cost", 92],
  ["impressions", 88],
  ["clicks", 66],
  ["ctr", 66],
  ["cpc", 66],
  ["conversions", 68],
  ["cpa", 76],
  ["revenue", 98],
  ["roas", 66],
];

/** Ad groups, keywords and creatives, where the files or the platform gave them. */
export function FinerPanel({ section, isCampaign }: { section: CurrencySection; isCampaign: boolean }) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const why = useWhyMissing();
  const { currency } = section;
  const levels = (["keywords", "creatives", "ad_groups"] as const).filter(
    (level) => section[level].length > 0,
  );
  const [wanted, setLevel] = useState<Level>("keywords");
  const level = levels.includes(wanted) ? wanted : levels[0];

  const columns = useMemo((): Column<FinerRow>[] => {
    const context = { currency, format, names, why };
    const text = (
      id: string,
      header: string,
      width: number,
      value: (row: FinerRow) => string | null,
    ): Column<FinerRow> => ({
      id,
      header,
      width,
      grow: 1.3,
      kind: "text",
      value,
      cell: (row) => (
        <span className="truncate finer__where" title={value(row) ?? undefined}>
          {value(row)}
        </span>
      ),
    });
    return [
      {
        id: "name",
        header: t("dashboard.finer_name"),
        width: 140,
        grow: 2,
        kind: "text",
        value: (row) => row.name,
        cell: (row) => (
          <>
            {row.platform !== null && (
              <PlatformDot platform={row.platform} label={names.platform(row.platform)} />
            )}
            {row.name === null ? (
              <span className="finer__rest">{t("dashboard.unassigned")}</span>
            ) : (
              <span className="truncate" title={row.name}>
                {row.name}
              </span>
            )}
          </>
        ),
      },
      ...(isCampaign ? [] : [text("campaign", t("dashboard.in_campaign"), 118, (row) => row.campaign_name)]),
      ...(level === "ad_groups" ? [] : [text("parent", t("dashboard.in_ad_group"), 92, (row) => row.parent)]),
      ...metrics.map(([metric, width]) =>
        figureColumn<FinerRow>(metric, context, { figures: (row) => row.figures, width }),
      ),
    ];
  }, [currency, format, names, why, t, isCampaign, level]);

  if (level === undefined) return null;
  return (
    <Panel title={t("dashboard.finer")} flush testId="finer">
      <div className="finer">
        <Tabs
          value={level}
          onChange={setLevel}
          label={t("dashboard.finer")}
          tabs={levels.map((value) => ({
            value,
            label: t(`dashboard.${value}`),
            count: section[value].length,
          }))}
        >
          <TabPanel value={level}>
            <DataTable<FinerRow>
              key={level}
              rows={section[level]}
              columns={columns}
              rowKey={(row) =>
                [row.platform, row.campaign_name, row.parent, row.name]
                  .map((part) => part ?? "\u0000")
                  .join("\u0001")
              }
              label={t(`dashboard.${level}`)}
              initialSort={{ id: "cost", desc: true }}
              isLast={(row) => row.name === null}
              maxHeight={440}
              testId={`${level}-table`}
            />
          </TabPanel>
        </Tabs>
      </div>
    </Panel>
  );
}
