import { ToggleGroup } from "radix-ui";
import "./segmented.css";

interface SegmentedProps<V extends string> {
  value: V;
  options: readonly { value: V; label: string; testId?: string }[];
  onChange: (value: V) => void;
  label: string;
  testId?: string;
}

/** A choice between few, all in sight. */
export function Segmented<V extends string>({ value, options, onChange, label, testId }: SegmentedProps<V>) {
  return (
    <ToggleGroup.Root
      type="single"
      className="segmented"
      aria-label={label}
      value={value}
      onValueChange={(next) => next !== "" && onChange(next as V)}
      data-testid={testId}
      data-value={value}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="segmented__item"
          data-testid={option.testId}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
