import { RotateCw, TriangleAlert } from "lucide-react";
import { useErrorText } from "../i18n/error-text";
import { useT } from "../i18n/language";
import { Button } from "./Button";
import "./empty-state.css";

/** What went wrong, in words, with what to do; the code stands small for whoever is asked for help. */
export function Problem({
  error,
  onRetry,
  testId,
}: {
  error: unknown;
  onRetry?: () => void;
  testId?: string;
}) {
  const t = useT();
  const { message, hint, code } = useErrorText()(error);
  return (
    <div className="problem selectable" role="alert" data-testid={testId ?? "problem"} data-code={code}>
      <div className="problem__icon">
        <TriangleAlert />
      </div>
      <div className="problem__body">
        <p className="problem__message">{message}</p>
        {hint !== undefined && <p className="problem__hint">{hint}</p>}
        <p className="problem__code">{t("error.code", { code })}</p>
      </div>
      {onRetry && (
        <Button size="s" icon={<RotateCw />} onClick={onRetry}>
          {t("common.retry")}
        </Button>
      )}
    </div>
  );
}
