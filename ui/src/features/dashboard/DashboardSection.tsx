import { useState } from "react";
import type { Metric } from "../../format/metric";
import type { CurrencySection, Dashboard } from "../../ipc/client";
import { CampaignsPanel } from "./CampaignsPanel";
import { ChannelsPanel } from "./ChannelsPanel";
import { FinerPanel } from "./FinerPanel";
import { HoursPanel } from "./HoursPanel";
import { KpiCards } from "./KpiCards";
import { PlatformsPanel } from "./PlatformsPanel";
import { RevisionsPanel } from "./RevisionsPanel";
import { TrendPanel } from "./TrendPanel";

/** Everything the dashboard draws, in one currency. */
export function DashboardSection({ section, answer }: { section: CurrencySection; answer: Dashboard }) {
  const [bars, setBars] = useState<Metric>("cost");
  const [line, setLine] = useState<Metric | "none">("roas");
  const isCampaign = answer.campaign !== null;
  const hasHours = section.hours.length > 0;
  const hasPlatforms = section.platforms.length > 1;
  const hasAside = hasHours || hasPlatforms;
  return (
    <>
      <KpiCards total={section.total} currency={section.currency} chosen={bars} onChoose={setBars} />
      <TrendPanel section={section} bars={bars} line={line} onBars={setBars} onLine={setLine} />
      <div className={hasAside ? "dashboard__pair" : undefined}>
        <ChannelsPanel section={section} isNarrow={hasAside} />
        {hasAside && (
          <div className="dashboard__aside">
            {hasHours && <HoursPanel section={section} />}
            {hasPlatforms && <PlatformsPanel section={section} />}
          </div>
        )}
      </div>
      {!isCampaign && (
        <CampaignsPanel
          section={section}
          clientId={answer.client.id}
          isCompared={answer.compared_from !== null}
        />
      )}
      <FinerPanel section={section} isCampaign={isCampaign} />
      {!isCampaign && (
        <RevisionsPanel
          clientId={answer.client.id}
          from={answer.from}
          to={answer.to}
          currency={section.currency}
        />
      )}
    </>
  );
}
