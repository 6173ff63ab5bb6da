import { type ErrorDto, IpcError } from "../ipc/client";
import { useLanguage } from "./language";

export interface ErrorText {
  code: string;
  message: string;
  hint: string | undefined;
}

/** A fault of the window itself, which no command answered with. */
const WINDOW = "window";

/** Words an error by its stable code; a code without words is shown as it is rather than hidden. */
export function useErrorText(): (error: unknown) => ErrorText {
  const { errorOf, t } = useLanguage();
  return (error) => {
    const dto = toDto(error);
    const worded = errorOf(dto.code, dto.values);
    if (worded) return { code: dto.code, ...worded };
    if (dto.code === WINDOW)
      return { code: dto.code, message: t("error.screen"), hint: dto.values["reason"] };
    const detail = Object.values(dto.values).join(" · ");
    return {
      code: dto.code,
      message: t("error.unknown"),
      hint: detail === "" ? t("error.unknown_hint") : detail,
    };
  };
}

function toDto(error: unknown): ErrorDto {
  if (error instanceof IpcError) return error.dto;
  if (isDto(error)) return error;
  return { code: WINDOW, values: { reason: error instanceof Error ? error.message : String(error) } };
}

function isDto(error: unknown): error is ErrorDto {
  return typeof error === "object" && error !== null && "code" in error && "values" in error;
}
