import type { Backend, CommandName } from "./backend";
import type { Answer, Arguments, ErrorDto } from "./types";

export type * from "./types";
export type { FileDrag } from "./backend";

/** A refusal of the program behind the window: a stable code, worded by the locale files. */
export class IpcError extends Error {
  override readonly name = "IpcError";
  constructor(readonly dto: ErrorDto) {
    super(dto.code);
  }
}

let backend: Backend | undefined;

/** Called once before anything is drawn; tests call it with their own fake. */
export function connectBackend(chosen: Backend) {
  backend = chosen;
}

/** The connected backend; asking earlier is a mistake in the program. */
export function connected(): Backend {
  if (!backend) throw new Error("the backend is not connected yet");
  return backend;
}

/** Calls a command and turns its error into a thrown `IpcError`. */
export async function call<C extends CommandName>(command: C, ...args: Arguments<C>): Promise<Answer<C>> {
  const run = connected().commands[command] as (...args: Arguments<C>) => Promise<unknown>;
  const answer = await run(...args);
  if (isFailure(answer)) throw new IpcError(answer.error);
  return (isSuccess(answer) ? answer.data : answer) as Answer<C>;
}

function isFailure(answer: unknown): answer is { status: "error"; error: ErrorDto } {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "status" in answer &&
    answer.status === "error" &&
    "error" in answer
  );
}

function isSuccess(answer: unknown): answer is { status: "ok"; data: unknown } {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "status" in answer &&
    answer.status === "ok" &&
    "data" in answer
  );
}
