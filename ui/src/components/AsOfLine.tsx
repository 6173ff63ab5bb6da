import { Clock3 } from "lucide-react";
import { useFormat } from "../format/use-format";
import { useNames } from "../format/names";
import { useT } from "../i18n/language";
import { PlatformDot } from "./PlatformDot";
import { Tooltip } from "./Tooltip";
import "./as-of-line.css";

interface AsOfLineProps {
  asOf: readonly { platform: string; read_at: string; last_day: string | null }[];
  /** The last day asked for: a platform whose figures end earlier says so. */
  to: string;
  today: string;
}

/** As of when each platform's figures stand; old data never looks current. */
export function AsOfLine({ asOf, to, today }: AsOfLineProps) {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  if (asOf.length === 0) return null;
  return (
    <ul className="as-of" data-testid="as-of" aria-label={t("as_of.label")}>
      <li className="as-of__icon" aria-hidden>
        <Clock3 />
      </li>
      {asOf.map(({ platform, read_at, last_day }) => {
        const behind = last_day !== null && last_day < to;
        const full = [
          t("as_of.read", { platform: names.platform(platform), moment: format.moment(read_at) }),
          last_day === null ? t("as_of.no_days") : t("as_of.until", { day: format.day(last_day) }),
        ].join("\n");
        return (
          <Tooltip key={platform} text={full} side="bottom">
            <li
              className="as-of__item"
              data-testid={`as-of-${platform}`}
              data-last-day={last_day}
              tabIndex={0}
            >
              <PlatformDot platform={platform} />
              <span className="as-of__name">{names.platform(platform)}</span>
              <span className="as-of__time">{format.moment(read_at, today.slice(0, 4))}</span>
              {behind && (
                <span className="as-of__behind">{t("as_of.behind", { day: format.monthDay(last_day) })}</span>
              )}
            </li>
          </Tooltip>
        );
      })}
    </ul>
  );
}
