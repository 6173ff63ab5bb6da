import { CircleAlert, CircleCheck, FileText } from "lucide-react";
import { Dialog } from "../../components/Dialog";
import { EmptyState } from "../../components/EmptyState";
import { Problem } from "../../components/Problem";
import { Skeleton } from "../../components/Skeleton";
import { useFormat } from "../../format/use-format";
import { useErrorText } from "../../i18n/error-text";
import { useLanguage } from "../../i18n/language";
import type { AccountDto, SyncStoryRow } from "../../ipc/client";
import { nameOf } from "./account-columns";
import { useSyncStory } from "./queries";

/** What was read of an account and when, newest first: anyone can see why a figure is what it is. */
export function StoryDialog({ account, onClose }: { account: AccountDto; onClose: () => void }) {
  const { t } = useLanguage();
  const story = useSyncStory(account.id);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("connections.story_of", { account: nameOf(account) })}
      testId="story"
    >
      {story.error ? (
        <Problem error={story.error} onRetry={() => void story.refetch()} />
      ) : story.isPending ? (
        <Skeleton />
      ) : story.data.length === 0 ? (
        <EmptyState small title={t("connections.story_none")} />
      ) : (
        <ol className="connections__story">
          {story.data.map((row, position) => (
            <StoryLine key={`${row.started_at}-${position}`} row={row} />
          ))}
        </ol>
      )}
    </Dialog>
  );
}

function StoryLine({ row }: { row: SyncStoryRow }) {
  const { t, textOf } = useLanguage();
  const format = useFormat();
  const errorText = useErrorText();
  const what = textOf(`connections.sync_type.${row.sync_type}`) ?? row.source;
  const error = row.error && errorText(row.error);
  return (
    <li>
      {row.status === "failed" ? (
        <CircleAlert className="connections__bad" />
      ) : textOf(`connections.sync_type.${row.sync_type}`) === undefined ? (
        <FileText />
      ) : (
        <CircleCheck className="connections__good" />
      )}
      <div>
        <p className="connections__story-head">
          <strong>{what}</strong>
          {row.from !== null && row.to !== null && <span>{format.range(row.from, row.to)}</span>}
          <span className="muted">{format.moment(row.completed_at ?? row.started_at)}</span>
        </p>
        {error ? (
          <p className="selectable">{`${error.message} ${error.hint ?? ""}`}</p>
        ) : (
          <p className="muted">
            {t("connections.story_counts", {
              rows: format.count(row.records_synced),
              restated: format.count(row.restated),
              requests: format.count(row.requests),
            })}
          </p>
        )}
        {row.notes.map((note) => (
          <p key={note}>{textOf(`connections.note.${note}`) ?? note}</p>
        ))}
      </div>
    </li>
  );
}
