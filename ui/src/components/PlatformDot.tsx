import "./platform-dot.css";

const known = new Set(["google_ads", "meta_ads", "naver_ads", "kakao"]);

export function platformColor(platform: string): string {
  return `var(--platform-${known.has(platform) ? platform.replace("_", "-") : "other"})`;
}

/** The colour of a platform; its name always stands beside it or in the label. */
export function PlatformDot({ platform, label }: { platform: string; label?: string }) {
  return (
    <span
      className="platform-dot"
      style={{ background: platformColor(platform) }}
      {...(label === undefined
        ? { "aria-hidden": true }
        : { role: "img", "aria-label": label, title: label })}
    />
  );
}
