import { Popover as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import "./popover.css";

interface PopoverProps {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "center" | "end";
  label: string;
  testId?: string;
}

/** A panel that hangs from its button. */
export function Popover({
  open,
  onOpenChange,
  trigger,
  children,
  align = "start",
  label,
  testId,
}: PopoverProps) {
  return (
    <Primitive.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          className="popover"
          align={align}
          sideOffset={6}
          collisionPadding={12}
          aria-label={label}
          data-testid={testId}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
