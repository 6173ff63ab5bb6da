import { Columns3, TrendingUp } from "lucide-react";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { campaignAddress } from "../../components/addresses";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { TextInput } from "../../components/Field";
import { useWhyMissing } from "../../components/FigureText";
import { Menu, MenuCheck } from "../../components/Menu";
import { Badge } from "../../components/PageHead";
import { Panel } from "../../components/Panel";
import { PlatformDot } from "../../components/PlatformDot";
import { Select } from "../../components/Select";
import { useStored } from "../../components/stored";
import { type Column, DataTable } from "../../components/table/DataTable";
import { sumDecimals } from "../../format/decimal";
import { ADDITIVE, type Metric } from "../../format/metric";
import { isMatch } from "../../format/name-match";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { CampaignRow, CurrencySection } from "../../ipc/client";
import { figureColumn, TABLE_METRICS } from "./figure-column";

const ALL = "all";
const UNKNOWN = "unknown";
/** Up to here the page scrolls and the table does not: one scroll bar is easier than two. */
const UNSCROLLED = 24;
const usual: readonly Metric[] = [
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

interface CampaignsPanelProps {
  section: CurrencySection;
  clientId: number;
  isCompared: boolean;
}

/** Every campaign of the period: search, filter, sort, choose columns, and go into one. */
export function CampaignsPanel({ section, clientId, isCompared }: CampaignsPanelProps) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const why = useWhyMissing();
  const [, navigate] = useLocation();
  const [search, setSearch] = useState("");
  const [status, setStatus] = useState(ALL);
  const [platform, setPlatform] = useState(ALL);
  const [shown, setShown] = useStored<readonly Metric[]>("campaign-columns", usual);
  const [wantsChange, setWantsChange] = useStored("campaign-change", true);
  const { campaigns, currency, total } = section;
  const showChange = wantsChange && isCompared;

  const statuses = useMemo(
    () => [...new Set(campaigns.map(({ campaign }) => campaign.status ?? UNKNOWN))].sort(),
    [campaigns],
  );
  const platforms = useMemo(
    () => [...new Set(campaigns.map(({ campaign }) => campaign.platform))],
    [campaigns],
  );
  const rows = useMemo(
    () =>
      campaigns.filter(
        ({ campaign }) =>
          (status === ALL || (campaign.status ?? UNKNOWN) === status) &&
          (platform === ALL || campaign.platform === platform) &&
          (isMatch(campaign.campaign_name, search) || campaign.campaign_id === search.trim()),
      ),
    [campaigns, status, platform, search],
  );
  const isFiltered = rows.length !== campaigns.length;

  const columns = useMemo((): Column<CampaignRow>[] => {
    const context = { currency, format, names, why };
    const name: Column<CampaignRow> = {
      id: "name",
      header: t("dashboard.campaign"),
      width: 216,
      grow: 2.4,
      kind: "text",
      value: ({ campaign }) => campaign.campaign_name,
      cell: ({ campaign }) => (
        <>
          <PlatformDot platform={campaign.platform} label={names.platform(campaign.platform)} />
          <span className="truncate campaigns__name" title={campaign.campaign_name}>
            {campaign.campaign_name}
          </span>
          {campaign.status !== null && campaign.status !== "active" && campaign.status !== "enabled" && (
            <Badge>{names.status(campaign.status)}</Badge>
          )}
        </>
      ),
    };
    const figures = TABLE_METRICS.filter((metric) => shown.includes(metric)).map((metric) => {
      const column = figureColumn<CampaignRow>(metric, context, {
        figures: (row) => row.compared.figures,
        change: showChange ? (row) => row.compared.change : undefined,
        total,
        showTotalChange: showChange,
      });
      // Rows that were filtered by hand have sums, but their ratios are only made where the counts are.
      return isFiltered ? { ...column, total: found(metric) } : column;
    });
    function found(metric: Metric) {
      if (!ADDITIVE.includes(metric)) {
        return (
          <span className="muted" title={t("dashboard.ratio_not_summed")}>
            {format.cell(metric, null, currency)}
          </span>
        );
      }
      const values = rows.map((row) => row.compared.figures[metric]);
      return format.cell(
        metric,
        values.includes(null) ? null : sumDecimals(values.filter((value) => value !== null)),
        currency,
      );
    }
    return [name, ...figures];
  }, [currency, format, names, why, t, shown, showChange, total, isFiltered, rows]);

  const clear = () => {
    setSearch("");
    setStatus(ALL);
    setPlatform(ALL);
  };

  return (
    <Panel
      title={t("dashboard.campaigns")}
      hint={t("table.rows", { count: format.count(rows.length) })}
      flush
      testId="campaigns"
      actions={
        <>
          <TextInput
            className="campaigns__search"
            value={search}
            onChange={setSearch}
            placeholder={t("dashboard.search_campaigns")}
            aria-label={t("dashboard.search_campaigns")}
            data-testid="campaign-search"
          />
          {platforms.length > 1 && (
            <Select
              value={platform}
              label={t("dashboard.platforms")}
              options={[
                { value: ALL, label: t("dashboard.all_platforms_filter") },
                ...platforms.map((code) => ({ value: code, label: names.platform(code) })),
              ]}
              onChange={setPlatform}
              testId="campaign-platform"
            />
          )}
          {statuses.length > 1 && (
            <Select
              value={status}
              label={t("dashboard.status")}
              options={[
                { value: ALL, label: t("dashboard.all_status") },
                ...statuses.map((value) => ({
                  value,
                  label: value === UNKNOWN ? t("dashboard.no_status") : names.status(value),
                })),
              ]}
              onChange={setStatus}
              testId="campaign-status"
            />
          )}
          {isCompared && (
            <Button
              look={wantsChange ? "plain" : "quiet"}
              square
              icon={<TrendingUp />}
              aria-label={t("dashboard.show_change")}
              title={t("dashboard.show_change")}
              aria-pressed={wantsChange}
              onClick={() => setWantsChange(!wantsChange)}
              data-testid="campaign-change"
            />
          )}
          <Menu
            trigger={
              <Button
                square
                icon={<Columns3 />}
                aria-label={t("dashboard.columns")}
                title={t("dashboard.columns")}
                data-testid="campaign-columns"
              />
            }
          >
            {TABLE_METRICS.map((metric) => (
              <MenuCheck
                key={metric}
                checked={shown.includes(metric)}
                disabled={shown.length === 1 && shown.includes(metric)}
                onChange={(on) =>
                  setShown(on ? [...shown, metric] : shown.filter((other) => other !== metric))
                }
              >
                {names.metric(metric)}
              </MenuCheck>
            ))}
          </Menu>
        </>
      }
    >
      {rows.length === 0 ? (
        <EmptyState small title={t("dashboard.no_campaign_found")} testId="campaigns-none">
          <Button onClick={clear}>{t("dashboard.clear_filters")}</Button>
        </EmptyState>
      ) : (
        <DataTable<CampaignRow>
          rows={rows}
          columns={columns}
          rowKey={({ campaign }) => String(campaign.id)}
          label={t("dashboard.campaigns")}
          initialSort={{ id: "cost", desc: true }}
          rowHeight={showChange ? 46 : 34}
          maxHeight={rows.length <= UNSCROLLED ? 4_000 : 640}
          onOpen={({ campaign }) => navigate(campaignAddress(clientId, campaign.id))}
          rowTestId={({ campaign }) => `campaign-${campaign.id}`}
          totalLabel={
            isFiltered
              ? t("dashboard.found_total", { count: format.count(rows.length) })
              : t("dashboard.total")
          }
          testId="campaigns-table"
        />
      )}
    </Panel>
  );
}
