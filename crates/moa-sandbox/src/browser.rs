//! A person's browser: goes where it is sent, once around, and gives what the last page said.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

/// Opens an address with its origin replaced by the sandbox's, and follows the one redirect back to the waiting program.
///
/// # Errors
/// A connection that fails, or an answer that leads nowhere: its text.
pub async fn sign_in(address: &str, sandbox: &str) -> Result<String, String> {
    let mut url = Url::parse(sandbox).map_err(|error| error.to_string())?;
    let asked = Url::parse(address).map_err(|error| error.to_string())?;
    url.set_path(asked.path());
    url.set_query(asked.query());
    let answer = get(&url).await?;
    let location = answer.lines().find_map(|line| line.to_ascii_lowercase().starts_with("location:").then(|| line[9..].trim().to_owned()));
    let back = Url::parse(&location.ok_or(answer)?).map_err(|error| error.to_string())?;
    get(&back).await
}

async fn get(url: &Url) -> Result<String, String> {
    let host = url.host_str().unwrap_or("127.0.0.1");
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = TcpStream::connect((host, port)).await.map_err(|error| error.to_string())?;
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let request = format!("GET {target} HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map_err(|error| error.to_string())?;
    String::from_utf8(answer).map_err(|error| error.to_string())
}
