import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import "./tabs.css";

interface TabsProps<V extends string> {
  value: V;
  onChange: (value: V) => void;
  tabs: readonly { value: V; label: string; count?: number }[];
  label: string;
  /** Beside the tabs, at the end of the row. */
  aside?: ReactNode;
  children: ReactNode;
}

export function Tabs<V extends string>({ value, onChange, tabs, label, aside, children }: TabsProps<V>) {
  return (
    <Primitive.Root value={value} onValueChange={(next) => onChange(next as V)}>
      <div className="tabs__row">
        <Primitive.List className="tabs" aria-label={label}>
          {tabs.map((tab) => (
            <Primitive.Trigger
              key={tab.value}
              value={tab.value}
              className="tabs__tab"
              data-testid={`tab-${tab.value}`}
            >
              {tab.label}
              {tab.count !== undefined && <span className="tabs__count">{tab.count}</span>}
            </Primitive.Trigger>
          ))}
        </Primitive.List>
        {aside}
      </div>
      {children}
    </Primitive.Root>
  );
}

export const TabPanel = Primitive.Content;
