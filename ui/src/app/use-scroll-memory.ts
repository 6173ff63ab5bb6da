import { type RefObject, useLayoutEffect, useRef } from "react";

/** For the element that scrolls: a new page starts at its top; going back up from a page within it returns to where one was. */
export function useScrollMemory(location: string): RefObject<HTMLElement | null> {
  const scroller = useRef<HTMLElement>(null);
  const positions = useRef(new Map<string, number>());
  const last = useRef(location);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const known = positions.current;
    const cameFromWithin = last.current.startsWith(`${location}/`);
    element.scrollTo({ top: cameFromWithin ? (known.get(location) ?? 0) : 0 });
    last.current = location;
    const remember = () => known.set(location, element.scrollTop);
    element.addEventListener("scroll", remember, { passive: true });
    return () => element.removeEventListener("scroll", remember);
  }, [location]);
  return scroller;
}
