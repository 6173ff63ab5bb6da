import "./skeleton.css";

/** Holds the place of what is being loaded, at its own size, so that nothing jumps. */
export function Skeleton({
  width = "100%",
  height = 14,
}: {
  width?: number | string;
  height?: number | string;
}) {
  return <span className="skeleton" style={{ width, height }} aria-hidden />;
}
