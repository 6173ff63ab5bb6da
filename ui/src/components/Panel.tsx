import type { ReactNode } from "react";
import "./panel.css";

/** A part of a screen under its own heading. */
export function Panel(props: {
  title: string;
  hint?: string | undefined;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
  testId?: string;
}) {
  return (
    <section
      className={props.flush ? "panel panel--flush" : "panel"}
      data-testid={props.testId}
      aria-label={props.title}
    >
      <header className="panel__head">
        <h2>{props.title}</h2>
        {props.hint !== undefined && <span className="panel__hint truncate">{props.hint}</span>}
        {props.actions !== undefined && <div className="panel__actions">{props.actions}</div>}
      </header>
      <div className="panel__body">{props.children}</div>
    </section>
  );
}
