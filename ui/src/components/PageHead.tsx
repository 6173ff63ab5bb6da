import { createContext, type ReactNode, useContext } from "react";
import { Link } from "wouter";
import "./page-head.css";

/** What the shell puts into every page's head: the jobs. */
export const PageHeadExtras = createContext<ReactNode>(null);

interface PageHeadProps {
  /** Parents of this page, outermost first. */
  crumbs?: readonly { label: string; href: string }[];
  title: string;
  badge?: ReactNode;
  actions?: ReactNode;
  /** Period, comparison, basis and as-of: what must stay in sight of the figures. */
  controls?: ReactNode;
  below?: ReactNode;
  busy?: boolean;
}

export function PageHead({ crumbs = [], title, badge, actions, controls, below, busy }: PageHeadProps) {
  return (
    <header className="page-head" data-testid="page-head">
      <div className="page-head__top">
        <div className="page-head__title">
          {crumbs.map((crumb) => (
            <span key={crumb.href} className="page-head__crumb">
              <Link href={crumb.href} className="truncate">
                {crumb.label}
              </Link>
              <span aria-hidden>{"/"}</span>
            </span>
          ))}
          <h1 className="truncate" title={title} data-testid="page-title">
            {title}
          </h1>
          {badge}
        </div>
        <div className="page-head__actions">
          {useContext(PageHeadExtras)}
          {actions}
        </div>
      </div>
      {controls !== undefined && <div className="page-head__controls">{controls}</div>}
      {below !== undefined && <div className="page-head__below">{below}</div>}
      <span className={busy ? "page-head__busy page-head__busy--on" : "page-head__busy"} aria-hidden />
    </header>
  );
}

export function Badge({
  children,
  tone = "plain",
}: {
  children: ReactNode;
  tone?: "plain" | "accent" | "warn" | "good" | "bad";
}) {
  return <span className={`badge badge--${tone}`}>{children}</span>;
}
