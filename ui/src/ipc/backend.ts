import type { commands } from "./bindings";
import type { JobDto } from "./types";

export type Commands = typeof commands;
export type CommandName = keyof Commands;

/** What a drag of files over the window tells. */
export type FileDrag = { kind: "over" } | { kind: "left" } | { kind: "dropped"; paths: string[] };

type Stop = () => void;

/** Everything the window may ask of the program behind it; the real one, or a fake in tests and in a plain browser. */
export interface Backend {
  commands: Commands;
  onJobChanged(listen: (job: JobDto) => void): Promise<Stop>;
  onDataChanged(listen: (tags: readonly string[]) => void): Promise<Stop>;
  onFileDrag(listen: (drag: FileDrag) => void): Promise<Stop>;
}
