import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Backend } from "./backend";
import { commands, events } from "./bindings";

export const tauri: Backend = {
  commands,
  onJobChanged: (listen) => events.jobChanged.listen((event) => listen(event.payload.job)),
  onDataChanged: (listen) => events.dataChanged.listen((event) => listen(event.payload.tags)),
  onFileDrag: (listen) =>
    getCurrentWebview().onDragDropEvent(({ payload }) => {
      if (payload.type === "drop") listen({ kind: "dropped", paths: payload.paths });
      else if (payload.type === "leave") listen({ kind: "left" });
      else listen({ kind: "over" });
    }),
};
