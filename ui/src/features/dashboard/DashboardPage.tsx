import { Download, FileDown } from "lucide-react";
import { type ReactNode, useState } from "react";
import { CLIENTS, clientAddress } from "../../components/addresses";
import { AsOfLine } from "../../components/AsOfLine";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Badge, PageHead } from "../../components/PageHead";
import { Problem } from "../../components/Problem";
import { useMark } from "../../components/use-mark";
import { Tooltip } from "../../components/Tooltip";
import { Segmented } from "../../components/Segmented";
import { type Range, rangeOf, type ViewProps } from "../../format/view";
import { BasisSwitch, ViewControls } from "../../components/view/ViewControls";
import { addDays } from "../../format/date";
import { useFormat } from "../../format/use-format";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";
import type { CurrencySection, Dashboard, ShownBasis } from "../../ipc/client";
import { DashboardSection } from "./DashboardSection";
import { DashboardSkeleton } from "./DashboardSkeleton";
import { PlatformFilter } from "./PlatformFilter";
import { SourcesButton } from "./SourcesDialog";
import { useClientName, useDashboard, usePeriodChoices } from "./queries";
import "../../components/panel.css";
import "./dashboard.css";

interface ReportScope {
  clientId: number;
  clientName: string;
  range: Range;
  basis: ShownBasis;
}

interface DashboardPageProps extends ViewProps {
  clientId: number;
  /** One campaign of the client, or the whole client. */
  campaignId: number | null;
  today: string;
  onImport: () => void;
  /** The report button, which the shell brings: features do not know each other. */
  report: (scope: ReportScope) => ReactNode;
}

export function DashboardPage({
  clientId,
  campaignId,
  today,
  view,
  onViewChange,
  onImport,
  report,
}: DashboardPageProps) {
  const t = useT();
  const names = useNames();
  const periods = usePeriodChoices();
  const choices = periods.data ?? [];
  const range = periods.data && rangeOf(view.period, periods.data);
  const [platforms, setPlatforms] = useState<readonly string[]>([]);
  const [chosenCurrency, setCurrency] = useState<string>();
  const { comparison, basis } = view;
  const dashboard = useDashboard(
    range && {
      client_id: clientId,
      from: range.from,
      to: range.to,
      comparison,
      basis,
      platforms: [...platforms],
      campaign_id: campaignId,
    },
  );
  const answer = dashboard.data;
  useMark("first-figures", answer !== undefined);
  const clientName = useClientName(clientId);
  const error = periods.error ?? dashboard.error;
  const section =
    answer?.currencies.find(({ currency }) => currency === chosenCurrency) ?? answer?.currencies[0];
  const campaign = answer?.campaign;

  return (
    <>
      <PageHead
        crumbs={[
          { label: t("nav.clients"), href: CLIENTS },
          ...(campaign && answer ? [{ label: answer.client.name, href: clientAddress(clientId) }] : []),
        ]}
        title={campaign?.campaign_name ?? answer?.client.name ?? clientName ?? ""}
        badge={
          answer?.client.is_sample && !campaign ? (
            <Badge>{t("nav.sample")}</Badge>
          ) : campaign?.status ? (
            <Badge>{names.status(campaign.status)}</Badge>
          ) : undefined
        }
        busy={dashboard.isFetching && !dashboard.isPending}
        actions={
          <>
            <Button icon={<Download />} onClick={onImport} data-testid="import-button">
              {t("dashboard.import")}
            </Button>
            {answer &&
              range &&
              campaignId === null &&
              report({ clientId, clientName: answer.client.name, range, basis })}
          </>
        }
        controls={
          <>
            <ViewControls
              view={view}
              onViewChange={onViewChange}
              choices={choices}
              range={range}
              today={today}
            />
            {answer && campaignId === null && (
              <PlatformFilter
                platforms={answer.as_of.map(({ platform }) => platform)}
                chosen={platforms}
                onChange={setPlatforms}
              />
            )}
            {answer && answer.currencies.length > 1 && section && (
              <Segmented
                value={section.currency}
                label={t("dashboard.currency")}
                options={answer.currencies.map(({ currency }) => ({
                  value: currency,
                  label: currency,
                  testId: `currency-${currency}`,
                }))}
                onChange={setCurrency}
                testId="currency-tabs"
              />
            )}
            <div className="page-head__end">
              <BasisSwitch view={view} onViewChange={onViewChange} />
            </div>
          </>
        }
        below={
          <div className="dashboard__truth">
            {answer && (
              <AsOfLine
                asOf={
                  campaign
                    ? answer.as_of.filter(({ platform }) => platform === campaign.platform)
                    : answer.as_of
                }
                to={answer.to}
                today={today}
              />
            )}
            {answer && section && <Unit answer={answer} section={section} />}
            {answer && section && range && campaignId === null && (
              <SourcesButton clientId={clientId} clientName={answer.client.name} range={range} />
            )}
          </div>
        }
      />
      <div className={dashboard.isPlaceholderData ? "page dashboard dashboard--stale" : "page dashboard"}>
        {error && (
          <Problem
            error={error}
            onRetry={() => void (periods.error ? periods.refetch() : dashboard.refetch())}
            testId="dashboard-problem"
          />
        )}
        {!answer && !error && <DashboardSkeleton />}
        {answer && campaign && (
          <p className="dashboard__campaign selectable">
            {[
              names.platform(campaign.platform),
              t("dashboard.account", { account: campaign.account_name }),
              // A file that gives no ids has the name in its place.
              ...(campaign.campaign_id === campaign.campaign_name
                ? []
                : [t("dashboard.campaign_id", { id: campaign.campaign_id })]),
            ].join(" · ")}
          </p>
        )}
        {answer &&
          (section ? (
            <DashboardSection key={section.currency} section={section} answer={answer} />
          ) : (
            <NoFigures
              answer={answer}
              onImport={onImport}
              onRange={(custom) => onViewChange({ period: { name: "custom", ...custom } })}
            />
          ))}
      </div>
    </>
  );
}

/** Currency, basis and compared period in words; on which basis the amounts are stored is said on demand. */
function Unit({ answer, section }: { answer: Dashboard; section: CurrencySection }) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const { compared_from: from, compared_to: to } = answer;
  const kinds = section.stored_kinds.map(({ vat, vat_rate }) =>
    t("dashboard.kind", { vat: names.vat(vat), rate: vat_rate }),
  );
  return (
    <Tooltip text={t("dashboard.converted", { kinds: kinds.join(t("common.list_separator")) })} side="bottom">
      <span className="dashboard__unit" data-testid="unit" tabIndex={0}>
        {[
          t("dashboard.currency_of", { currency: section.currency }),
          names.basis(answer.basis),
          ...(from !== null && to !== null ? [t("comparison.with", { range: format.range(from, to) })] : []),
        ].join(" · ")}
      </span>
    </Tooltip>
  );
}

/** No figures in the period, or none at all: two different things, two different next steps. */
function NoFigures({
  answer,
  onImport,
  onRange,
}: {
  answer: Dashboard;
  onImport: () => void;
  onRange: (range: Range) => void;
}) {
  const t = useT();
  const format = useFormat();
  const { first_day: first, last_day: last } = answer;
  if (first === null || last === null) {
    return (
      <section className="panel">
        <EmptyState
          icon={<FileDown />}
          title={t("dashboard.empty_never_title")}
          text={t("dashboard.empty_never_text")}
          testId="dashboard-empty"
        >
          <Button look="primary" icon={<Download />} onClick={onImport}>
            {t("dashboard.import")}
          </Button>
        </EmptyState>
      </section>
    );
  }
  const from = addDays(last, -6);
  return (
    <section className="panel">
      <EmptyState
        title={t("dashboard.empty_title", { range: format.range(answer.from, answer.to) })}
        text={t("dashboard.empty_last", { from: format.day(first), to: format.day(last) })}
        testId="dashboard-empty"
      >
        <Button look="primary" onClick={() => onRange({ from: from < first ? first : from, to: last })}>
          {t("dashboard.empty_show_last")}
        </Button>
        <Button icon={<Download />} onClick={onImport}>
          {t("dashboard.import")}
        </Button>
      </EmptyState>
    </section>
  );
}
