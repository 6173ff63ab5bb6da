import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import { useT } from "../../i18n/language";
import { Group } from "./Group";
import { useChooseSaveFile, useStartBackup } from "./queries";

export function BackupSettings({ today }: { today: string }) {
  const t = useT();
  const choose = useChooseSaveFile();
  const backup = useStartBackup();
  const start = () =>
    choose.mutate([t("settings.backup_name", { day: today })], {
      onSuccess: (path) => path !== null && backup.mutate([path]),
    });
  return (
    <Group title={t("settings.backup")} text={t("settings.backup_text")}>
      <div>
        <Button onClick={start} busy={choose.isPending || backup.isPending} data-testid="backup">
          {t("settings.backup_start")}
        </Button>
      </div>
      {(choose.error ?? backup.error) && <Problem error={choose.error ?? backup.error} />}
    </Group>
  );
}
