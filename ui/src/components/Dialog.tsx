import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { useT } from "../i18n/language";
import { Button } from "./Button";
import "./dialog.css";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  children: ReactNode;
  footer?: ReactNode;
  testId?: string;
}

/** A question in front of everything: Escape and a click beside it close it, focus returns to where it was. */
export function Dialog({ open, onOpenChange, title, description, children, footer, testId }: DialogProps) {
  const t = useT();
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="dialog__veil" />
        <Primitive.Content
          className="dialog"
          data-testid={testId}
          onOpenAutoFocus={(event) => {
            // The first field is what a person came for, not the cross.
            const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>("input, textarea");
            if (!field) return;
            event.preventDefault();
            field.focus();
          }}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
        >
          <header className="dialog__head">
            <Primitive.Title className="dialog__title">{title}</Primitive.Title>
            <Primitive.Close asChild>
              <Button look="quiet" square size="s" icon={<X />} aria-label={t("common.close")} />
            </Primitive.Close>
          </header>
          {description !== undefined && (
            <Primitive.Description className="dialog__text">{description}</Primitive.Description>
          )}
          <div className="dialog__body">{children}</div>
          {footer !== undefined && <footer className="dialog__foot">{footer}</footer>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
