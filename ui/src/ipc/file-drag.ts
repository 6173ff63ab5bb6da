import { useEffect } from "react";
import { connected, type FileDrag } from "./client";

/** Calls back while files are dragged over the window and when they are dropped on it. */
export function useFileDrag(onDrag: (drag: FileDrag) => void) {
  useEffect(() => {
    let ended = false;
    let stop: (() => void) | undefined;
    void connected()
      .onFileDrag(onDrag)
      .then((end) => {
        if (ended) end();
        else stop = end;
      });
    return () => {
      ended = true;
      stop?.();
    };
  }, [onDrag]);
}
