import { type InputHTMLAttributes, type ReactNode, useId } from "react";
import "./field.css";

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: (id: string) => ReactNode;
}

/** A label over its control, with help or what is wrong under it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      {children(id)}
      {error !== undefined ? (
        <p className="field__error" role="alert">
          {error}
        </p>
      ) : (
        hint !== undefined && <p className="field__hint">{hint}</p>
      )}
    </div>
  );
}

interface TextInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> {
  value: string;
  onChange: (value: string) => void;
  /** Behind the text inside the frame: a unit. */
  unit?: string;
}

export function TextInput({ value, onChange, unit, className, ...rest }: TextInputProps) {
  return (
    <span className={["text-input", className].filter(Boolean).join(" ")}>
      <input
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        {...rest}
      />
      {unit !== undefined && <span className="text-input__unit">{unit}</span>}
    </span>
  );
}

export function Checkbox({
  checked,
  onChange,
  children,
  testId,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  testId?: string;
}) {
  return (
    <label className="checkbox">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        data-testid={testId}
      />
      <span>{children}</span>
    </label>
  );
}
