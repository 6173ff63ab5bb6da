import "./progress.css";

/** How far work is; without a percentage only that it goes on. */
export function Progress({ percent, label }: { percent: number | null; label: string }) {
  return (
    <div
      className={percent === null ? "progress progress--unknown" : "progress"}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { "aria-valuenow": percent })}
    >
      <span style={percent === null ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
