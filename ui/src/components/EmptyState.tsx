import type { ReactNode } from "react";
import "./empty-state.css";

/** Nothing to show: says so, says why, and offers the next step. */
export function EmptyState(props: {
  icon?: ReactNode;
  title: string;
  text?: string;
  children?: ReactNode;
  testId?: string;
  small?: boolean;
}) {
  return (
    <div className={props.small ? "empty empty--small" : "empty"} data-testid={props.testId}>
      {props.icon !== undefined && <div className="empty__icon">{props.icon}</div>}
      <p className="empty__title">{props.title}</p>
      {props.text !== undefined && <p className="empty__text">{props.text}</p>}
      {props.children !== undefined && <div className="empty__actions">{props.children}</div>}
    </div>
  );
}
