import {
  type QueryClient,
  type QueryKey,
  type UseQueryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { CACHE_TAGS } from "./bindings";
import type { CommandName } from "./backend";
import { type Answer, type Arguments, call, connected, type JobDto } from "./client";

/** Tags by command as Rust declares them: what a read provides, what a write invalidates. */
const tagsByCommand = new Map<string, readonly string[]>(
  Object.entries(CACHE_TAGS as Readonly<Record<string, readonly string[]>>).map(([command, tags]) => [
    camelCase(command),
    tags,
  ]),
);

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function keyOf<C extends CommandName>(command: C, args: Arguments<C>): QueryKey {
  return [command, ...args];
}

type ReadOptions<C extends CommandName> = Pick<
  UseQueryOptions<Answer<C>>,
  | "enabled"
  | "placeholderData"
  | "staleTime"
  | "gcTime"
  | "retry"
  | "refetchOnWindowFocus"
  | "refetchInterval"
>;

/** Asks a reading command; the answer is kept until a tag it provides is invalidated. */
export function useRead<C extends CommandName>(command: C, args: Arguments<C>, options: ReadOptions<C> = {}) {
  return useQuery<Answer<C>>({
    queryKey: keyOf(command, args),
    queryFn: () => call(command, ...args),
    ...options,
  });
}

/** Runs a writing command and refreshes whatever its declared tags touch. */
export function useWrite<C extends CommandName>(command: C) {
  const client = useQueryClient();
  return useMutation<Answer<C>, Error, Arguments<C>>({
    mutationFn: (args) => call(command, ...args),
    onSuccess: () => invalidate(client, tagsByCommand.get(command) ?? []),
  });
}

/** Marks every kept answer that provides one of the tags as out of date. */
export function invalidate(client: QueryClient, tags: readonly string[]): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey }) =>
      (tagsByCommand.get(String(queryKey[0])) ?? []).some((tag) => tags.includes(tag)),
  });
}

/** Keeps answers in step with the program: its change events, and the progress of jobs. */
export function useLiveUpdates(onJob: (job: JobDto) => void) {
  const client = useQueryClient();
  useEffect(() => {
    let ended = false;
    const stops: (() => void)[] = [];
    const keep = (stop: () => void) => (ended ? stop() : void stops.push(stop));
    void connected()
      .onDataChanged((tags) => void invalidate(client, tags))
      .then(keep);
    void connected()
      .onJobChanged((job) => {
        void rememberJob(client, job).then(() => onJob(job));
      })
      .then(keep);
    return () => {
      ended = true;
      for (const stop of stops) stop();
    };
  }, [client, onJob]);
}

const heard = new Set<string>();

/** Whether this window has been told of the job while it ran, so that it will be told of its end. */
export const isHeard = (id: string): boolean => heard.has(id);

async function rememberJob(client: QueryClient, job: JobDto) {
  heard.add(job.id);
  const one = keyOf("job", [job.id]);
  const all = keyOf("jobs", []);
  // An answer still on its way was given before this event and must not undo it.
  await Promise.all([client.cancelQueries({ queryKey: one }), client.cancelQueries({ queryKey: all })]);
  client.setQueryData<JobDto>(one, job);
  const jobs = client.getQueryData<JobDto[]>(all);
  if (!jobs) void client.invalidateQueries({ queryKey: all });
  else if (jobs.some(({ id }) => id === job.id))
    client.setQueryData<JobDto[]>(
      all,
      jobs.map((other) => (other.id === job.id ? job : other)),
    );
  else client.setQueryData<JobDto[]>(all, [job, ...jobs]);
}
