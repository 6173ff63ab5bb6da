import { useEffect } from "react";

/** Marks the first time a part is on the screen, in the page's own timings: `npm run bench -- window` reads it. */
export function useMark(name: "first-screen" | "first-figures", isReached: boolean) {
  useEffect(() => {
    if (!isReached || performance.getEntriesByName(name).length > 0) return undefined;
    // An effect comes before the picture; the next frame's callback is the first that comes after it.
    const frame = requestAnimationFrame(() => performance.mark(name));
    return () => cancelAnimationFrame(frame);
  }, [name, isReached]);
}
