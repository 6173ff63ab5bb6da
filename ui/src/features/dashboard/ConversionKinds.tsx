import { useState } from "react";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { useFormat } from "../../format/use-format";
import { useNames } from "../../format/names";
import { useLanguage } from "../../i18n/language";
import { useChooseConversionKinds, useConversionKinds } from "./queries";

/** Which kinds of conversions a client counts at the platforms that tell them apart. */
export function ConversionKinds({ clientId }: { clientId: number }) {
  const kinds = useConversionKinds(clientId);
  const platforms = [...new Set((kinds.data ?? []).map(({ platform }) => platform))];
  return platforms.map((platform) => (
    <PlatformKinds key={platform} clientId={clientId} platform={platform} />
  ));
}

function PlatformKinds({ clientId, platform }: { clientId: number; platform: string }) {
  const { t, textOf } = useLanguage();
  const format = useFormat();
  const names = useNames();
  const choose = useChooseConversionKinds();
  const told = (useConversionKinds(clientId).data ?? []).filter((kind) => kind.platform === platform);
  const stored = told.filter(({ chosen }) => chosen).map(({ kind }) => kind);
  const [edited, setEdited] = useState<readonly string[]>();
  const chosen = edited ?? stored;
  return (
    <section className="sources__kinds" data-testid={`kinds-${platform}`}>
      <h3>{t("sources.kinds_title", { platform: names.platform(platform) })}</h3>
      <p className="muted">{t("sources.kinds_text")}</p>
      <div className="sources__kind-list">
        {told.map(({ kind, conversions }) => (
          <Checkbox
            key={kind}
            checked={chosen.includes(kind)}
            onChange={(on) => setEdited(on ? [...chosen, kind] : chosen.filter((other) => other !== kind))}
            testId={`kind-${platform}-${kind}`}
          >
            {`${textOf(`sources.kind.${kind}`) ?? kind} · ${format.amount(conversions, "KRW")}`}
          </Checkbox>
        ))}
      </div>
      {choose.error && <Problem error={choose.error} />}
      {edited !== undefined && (
        <Button
          size="s"
          look="primary"
          busy={choose.isPending}
          onClick={() =>
            choose.mutate([clientId, platform, [...edited]], { onSuccess: () => setEdited(undefined) })
          }
          data-testid={`kinds-save-${platform}`}
        >
          {t("common.save")}
        </Button>
      )}
    </section>
  );
}
