import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import { useT } from "../../i18n/language";
import { Group } from "./Group";
import { useRenewSealingKey } from "./queries";

export function SecuritySettings() {
  const t = useT();
  const renew = useRenewSealingKey();
  const done = renew.data;
  return (
    <Group title={t("settings.security")} text={t("settings.security_text")}>
      <div>
        <Button onClick={() => renew.mutate([])} busy={renew.isPending} data-testid="reseal">
          {t("settings.reseal")}
        </Button>
      </div>
      {done !== undefined && (
        <p role="status" data-testid="resealed">
          {done.resealed > 0
            ? t("settings.resealed", { count: done.resealed })
            : t("settings.reseal_nothing")}
          {done.elsewhere > 0 && ` ${t("settings.resealed_elsewhere", { count: done.elsewhere })}`}
        </p>
      )}
      {renew.error && <Problem error={renew.error} />}
    </Group>
  );
}
