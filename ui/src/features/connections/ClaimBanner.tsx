import { Combine } from "lucide-react";
import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import { showToast } from "../../components/toasts";
import { useFormat } from "../../format/use-format";
import { useNames } from "../../format/names";
import { useT } from "../../i18n/language";
import { useClaim, useClaims } from "./queries";

/** Accounts known by file that seem to be one with a connected account: a person says so once. */
export function ClaimBanner() {
  const t = useT();
  const format = useFormat();
  const names = useNames();
  const claims = useClaims();
  const claim = useClaim();
  const pairs = claims.data ?? [];
  if (pairs.length === 0) return claim.error ? <Problem error={claim.error} /> : null;
  return (
    <section
      className="panel connections__claims"
      aria-label={t("connections.claim_title")}
      data-testid="claims"
    >
      <h2>
        <Combine aria-hidden />
        {t("connections.claim_title")}
      </h2>
      <p>{t("connections.claim_text")}</p>
      {pairs.map((pair) => (
        <div className="connections__claim" key={pair.from_id}>
          <span className="connections__claim-names">
            {t("connections.claim_pair", {
              from: pair.from_name,
              into: pair.into_name,
              client: pair.client,
              platform: names.platform(pair.platform),
              count: format.count(pair.shared_campaigns),
            })}
          </span>
          <Button
            size="s"
            busy={claim.isPending}
            onClick={() =>
              claim.mutate([pair.from_id, pair.into_id], {
                onSuccess: ({ merged, moved }) =>
                  showToast({
                    tone: "good",
                    title: t("connections.claimed", { account: pair.into_name }),
                    text: t("connections.claimed_text", {
                      merged: format.count(merged),
                      moved: format.count(moved),
                    }),
                  }),
              })
            }
            data-testid={`claim-${pair.from_id}`}
          >
            {t("connections.claim")}
          </Button>
        </div>
      ))}
      {claim.error && <Problem error={claim.error} />}
    </section>
  );
}
