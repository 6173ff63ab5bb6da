import { FileDown, FolderOpen } from "lucide-react";
import { Button } from "../../components/Button";
import { PlatformDot } from "../../components/PlatformDot";
import { useT } from "../../i18n/language";
import { useNames } from "../../format/names";

const read = ["google_ads", "meta_ads", "naver_ads", "kakao"];

/** Where files are dropped; the whole window takes them too. */
export function DropZone({ onChoose, busy }: { onChoose: () => void; busy: boolean }) {
  const t = useT();
  const names = useNames();
  return (
    <section className="drop-zone" data-testid="drop-zone">
      <FileDown aria-hidden />
      <h2>{t("import.drop_title")}</h2>
      <p>{t("import.drop_text")}</p>
      <ul className="drop-zone__platforms">
        {read.map((platform) => (
          <li key={platform}>
            <PlatformDot platform={platform} />
            {names.platform(platform)}
          </li>
        ))}
      </ul>
      <Button
        look="primary"
        size="l"
        icon={<FolderOpen />}
        onClick={onChoose}
        busy={busy}
        data-testid="choose-files"
      >
        {t("import.choose_files")}
      </Button>
      <p className="muted">{t("import.drop_formats")}</p>
    </section>
  );
}
