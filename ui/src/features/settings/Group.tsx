import type { ReactNode } from "react";

/** A group of settings under its heading. */
export function Group({
  title,
  text,
  children,
  testId,
}: {
  title: string;
  text?: string;
  children: ReactNode;
  testId?: string;
}) {
  return (
    <section className="settings__group" aria-label={title} data-testid={testId}>
      <div className="settings__about">
        <h2>{title}</h2>
        {text !== undefined && <p>{text}</p>}
      </div>
      <div className="settings__fields">{children}</div>
    </section>
  );
}
