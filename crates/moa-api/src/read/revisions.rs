//! What platforms and later files restated.

use moa_domain::calendar::DateRange;

use crate::Moa;
use crate::dto::dashboard::RevisionDto;
use crate::error::ApiError;

impl Moa {
    /// # Errors
    /// An unknown client (usage), or the database's.
    pub async fn revisions(&self, client: i32, range: DateRange) -> Result<Vec<RevisionDto>, ApiError> {
        let client = self.client_of(client).await?;
        let revisions = self.retried(move |store| async move { store.revisions(client.id, range).await }).await?;
        Ok(revisions
            .into_iter()
            .map(|revision| RevisionDto {
                date: revision.date.to_string(),
                campaign_id: revision.campaign_id,
                campaign_name: revision.campaign_name,
                channel: revision.channel,
                column: revision.column,
                old: revision.old,
                new: revision.new,
                seen_at: revision.seen_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                source: revision.source,
            })
            .collect())
    }

    /// The same by the client's name.
    ///
    /// # Errors
    /// As [`Self::revisions`].
    pub async fn revisions_of(&self, client: &str, range: DateRange) -> Result<Vec<RevisionDto>, ApiError> {
        let client = self.client_by_name(client).await?;
        self.revisions(client.id, range).await
    }
}
