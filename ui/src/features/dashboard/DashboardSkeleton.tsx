import { Skeleton } from "../../components/Skeleton";

export function DashboardSkeleton() {
  return (
    <div className="dashboard" aria-busy data-testid="dashboard-loading">
      <section className="kpis">
        {Array.from({ length: 10 }, (_, card) => (
          <div className="kpi" key={card}>
            <Skeleton width={52} height={12} />
            <Skeleton width={104} height={22} />
            <Skeleton width={78} height={12} />
          </div>
        ))}
      </section>
      <section className="panel">
        <div className="panel__head">
          <Skeleton width={80} />
        </div>
        <div className="panel__body">
          <Skeleton height={268} />
        </div>
      </section>
      <section className="panel">
        <div className="panel__head">
          <Skeleton width={80} />
        </div>
        <div className="panel__body">
          {[0, 1, 2, 3].map((line) => (
            <p key={line} style={{ padding: "8px 0" }}>
              <Skeleton />
            </p>
          ))}
        </div>
      </section>
    </div>
  );
}
