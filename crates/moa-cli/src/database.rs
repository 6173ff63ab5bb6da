//! Opening the workspace for one command.

use moa_api::Moa;
use moa_door::Opening;
use moa_host::DataDir;

use crate::args::Global;
use crate::console::Console;
use crate::failure::Failure;

/// Opens the workspace and learns its language. The server of `--database-url` is used; what the window chose is the window's.
pub(crate) async fn open(global: &Global, console: &Console) -> Result<Moa, Failure> {
    // Known before anything is opened.
    moa_host::keychain::kept_in()?;
    let opening = Opening {
        folder: DataDir::resolve(global.data_dir.as_deref())?,
        database_url: global.database_url.clone(),
        door: "command line",
        max_connections: 12,
        endpoints: global.endpoints.clone(),
    };
    let moa = moa_door::open(&opening).await?;
    console.learn_lang(&moa.settings().await?.lang);
    Ok(moa)
}
