import { FileDown } from "lucide-react";
import { useCallback, useState } from "react";
import { useT } from "../i18n/language";
import { useFileDrag } from "../ipc/file-drag";

/** Files may be dropped anywhere; a dialog in front keeps them out. */
export function DropVeil({ onDropped }: { onDropped: (paths: string[]) => void }) {
  const t = useT();
  const [over, setOver] = useState(false);
  useFileDrag(
    useCallback(
      (drag) => {
        setOver(drag.kind === "over");
        if (drag.kind === "dropped" && drag.paths.length > 0 && !document.querySelector(".dialog"))
          onDropped(drag.paths);
      },
      [onDropped],
    ),
  );

  if (!over) return null;
  return (
    <div className="drop-veil" data-testid="drop-veil">
      <div className="drop-veil__frame">
        <div className="drop-veil__card">
          <FileDown />
          <p>{t("drop.title")}</p>
          <p>{t("drop.text")}</p>
        </div>
      </div>
    </div>
  );
}
