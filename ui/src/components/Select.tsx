import { Check, ChevronDown } from "lucide-react";
import { Select as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import "./select.css";

export interface SelectOption<V extends string> {
  value: V;
  label: string;
  /** Said under the label, for example the dates a choice means. */
  hint?: string;
}

interface SelectProps<V extends string> {
  value: V | undefined;
  options: readonly SelectOption<V>[];
  onChange: (value: V) => void;
  label: string;
  placeholder?: string;
  /** Stands before the chosen label in the button. */
  prefix?: ReactNode;
  disabled?: boolean;
  wide?: boolean;
  id?: string;
  testId?: string;
}

export function Select<V extends string>({
  value,
  options,
  onChange,
  label,
  placeholder,
  prefix,
  disabled,
  wide,
  id,
  testId,
}: SelectProps<V>) {
  return (
    <Primitive.Root
      value={value ?? ""}
      onValueChange={(next) => onChange(next as V)}
      disabled={disabled ?? false}
    >
      <Primitive.Trigger
        className={wide ? "select select--wide" : "select"}
        aria-label={label}
        id={id}
        data-testid={testId}
        data-value={value}
      >
        {prefix !== undefined && <span className="select__prefix">{prefix}</span>}
        <span className="select__value">
          <Primitive.Value placeholder={placeholder} />
        </span>
        <Primitive.Icon className="select__icon">
          <ChevronDown />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className="select__list" position="popper" sideOffset={5} collisionPadding={12}>
          <Primitive.Viewport className="select__viewport">
            {options.map((option) => (
              <Primitive.Item key={option.value} value={option.value} className="select__item">
                <span className="select__check">
                  <Primitive.ItemIndicator>
                    <Check />
                  </Primitive.ItemIndicator>
                </span>
                <span>
                  <Primitive.ItemText>{option.label}</Primitive.ItemText>
                  {option.hint !== undefined && <span className="select__hint">{option.hint}</span>}
                </span>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
