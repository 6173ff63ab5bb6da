import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import "./button.css";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "primary" | "plain" | "quiet" | "danger";
  size?: "m" | "s" | "l";
  icon?: ReactNode;
  /** Only an icon: needs an `aria-label`. */
  square?: boolean;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  look = "plain",
  size = "m",
  icon,
  square,
  busy,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  const classes = ["button", `button--${look}`, `button--${size}`, square && "button--square", className]
    .filter(Boolean)
    .join(" ");
  return (
    <button
      type="button"
      className={classes}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <span className="button__spinner" aria-hidden /> : icon}
      {children !== undefined && <span className="button__label">{children}</span>}
    </button>
  );
}
