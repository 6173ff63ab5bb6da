//! Opening the store: TLS rules, roles, migrations, the pool.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{Connection, Executor, PgConnection};

use crate::bootstrap;
use crate::error::StoreError;

/// How to connect.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// The database inside Moa: loopback, its own superuser.
    pub embedded: bool,
    pub max_connections: u32,
    pub application_name: String,
}

/// The database, migrated and ready. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pool: PgPool,
    options: ConnectOptions,
}

/// What the server is.
#[derive(Debug, Clone)]
pub struct ServerInfo {
    pub version: String,
    pub size_bytes: i64,
    pub schema_version: i32,
}

impl Store {
    /// Connects, makes roles and tables where they are missing, and works as `moa_app` from then on.
    ///
    /// # Errors
    /// Unreachable, too old, newer than this program, without TLS on a remote host, or without the rights to prepare it.
    pub async fn connect(url: &str, options: &ConnectOptions) -> Result<Self, StoreError> {
        let address = address(url, &options.application_name)?;
        let mut login = PgConnection::connect_with(&address).await.map_err(unreachable)?;
        bootstrap::prepare(&mut login).await?;
        login.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(Duration::from_secs(15))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    // What the login may do beyond moa_app is given up for the life of the connection.
                    // Backups are read on other servers, so how values are written does not depend on this one's settings.
                    connection
                        .execute(
                            "set role moa_app; set time zone 'UTC'; set jit = off; set search_path = public;
                             set datestyle = 'ISO, YMD'; set bytea_output = 'hex'; set extra_float_digits = 1",
                        )
                        .await?;
                    Ok(())
                })
            })
            .connect_with(address)
            .await?;
        Ok(Self { pool, options: options.clone() })
    }

    /// The server moved to another address: new connections go there.
    ///
    /// # Errors
    /// The address cannot be read.
    pub async fn reconnect(&self, url: &str) -> Result<(), StoreError> {
        self.pool.set_connect_options(address(url, &self.options.application_name)?);
        Ok(())
    }

    /// Whether nobody listens at the server's address: it has stopped, or is elsewhere by now.
    pub async fn is_deserted(&self) -> bool {
        let address = self.pool.connect_options();
        let knocked = tokio::net::TcpStream::connect((address.get_host(), address.get_port())).await;
        knocked.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
    }

    /// Whether the server answers now.
    ///
    /// # Errors
    /// The database's.
    pub async fn answers(&self) -> Result<(), StoreError> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    /// # Errors
    /// The database's.
    pub async fn server_info(&self) -> Result<ServerInfo, StoreError> {
        let (version, size_bytes, schema_version): (String, i64, i32) = sqlx::query_as(
            "select current_setting('server_version'), pg_database_size(current_database()), (select schema_version from workspace)",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(ServerInfo { version, size_bytes, schema_version })
    }

    /// Makes the months of a range ready, in a transaction of its own. Writing to a month that is not there fails.
    ///
    /// # Errors
    /// The database's.
    pub async fn ensure_partitions(&self, range: moa_domain::DateRange) -> Result<(), StoreError> {
        sqlx::query("select ensure_months($1, $2)").bind(range.from).bind(range.to).execute(&self.pool).await?;
        Ok(())
    }
}

/// Reads the address and holds it to the TLS rule: encrypted unless the server is on this machine.
fn address(url: &str, application_name: &str) -> Result<PgConnectOptions, StoreError> {
    // The parser takes the address of any kind of server for one of Postgres.
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(StoreError::BadAddress { reason: "no postgres://".to_owned() });
    }
    let options =
        PgConnectOptions::from_str(url).map_err(|error| StoreError::BadAddress { reason: without_credentials(&error.to_string(), url) })?;
    let mut options = options.application_name(application_name);
    if !is_loopback(options.get_host()) && options.get_socket().is_none() {
        options = match options.get_ssl_mode() {
            PgSslMode::Disable => return Err(StoreError::TlsRequired { host: options.get_host().to_owned() }),
            PgSslMode::Allow | PgSslMode::Prefer => options.ssl_mode(PgSslMode::Require),
            PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => options,
        };
    }
    Ok(options)
}

fn without_credentials(text: &str, url: &str) -> String {
    text.replace(url, "…")
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn unreachable(source: sqlx::Error) -> StoreError {
    match StoreError::from(source) {
        // At the first connection every refusal that is not the server's own word means: no database there.
        StoreError::Refused { source } if source.as_database_error().is_none() => StoreError::Gone { source },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_server_without_tls_is_refused() {
        let hosts = ["db.example.com", "10.0.0.5", "[2001:db8::1]", "localhost.example.com", "127.0.0.1.example.com", "0.0.0.0"];
        for host in hosts {
            let refused = address(&format!("postgres://a:b@{host}/moa?sslmode=disable"), "t");
            assert!(
                matches!(&refused, Err(StoreError::TlsRequired { host: told }) if *told == host.trim_matches(['[', ']']) || told == host),
                "{host}: {refused:?}"
            );
            for mode in ["", "?sslmode=allow", "?sslmode=prefer", "?sslmode=require"] {
                let encrypted = address(&format!("postgres://a:b@{host}/moa{mode}"), "t").expect("an address");
                assert!(matches!(encrypted.get_ssl_mode(), PgSslMode::Require), "{host}{mode}");
            }
        }
        let verified = address("postgres://a:b@db.example.com/moa?sslmode=verify-full", "t").expect("an address");
        assert!(matches!(verified.get_ssl_mode(), PgSslMode::VerifyFull), "more than asked is kept");
        let elsewhere = address("postgres://a:b@localhost/moa?host=db.example.com&sslmode=disable", "t");
        assert!(matches!(elsewhere, Err(StoreError::TlsRequired { .. })), "the host that counts is the one connected to");
    }

    #[test]
    fn loopback_needs_no_tls() {
        for url in [
            "postgres://a@127.0.0.1/moa?sslmode=disable",
            "postgres://a@127.8.9.1/moa?sslmode=disable",
            "postgres://a@localhost/moa?sslmode=disable",
            "postgres://a@LOCALHOST/moa?sslmode=disable",
            "postgres://a@[::1]/moa?sslmode=disable",
        ] {
            assert!(address(url, "t").is_ok(), "{url}");
        }
    }

    #[tokio::test]
    async fn connections_work_with_the_rights_of_the_program() {
        for database in moa_testing::databases().await {
            let options = ConnectOptions { embedded: false, max_connections: 2, application_name: "moa tests".to_owned() };
            let store = Store::connect(&database.url, &options).await.expect("a store");
            let (user, path, zone, name): (String, String, String, String) = sqlx::query_as(
                "select current_user::text, current_setting('search_path'), current_setting('timezone'), current_setting('application_name')",
            )
            .fetch_one(&store.pool)
            .await
            .expect("settings");
            assert_eq!([user, path, zone, name], ["moa_app", "public", "UTC", "moa tests"]);
        }
    }

    #[test]
    fn a_bad_address_does_not_show_its_password() {
        for url in ["postgres://a:secret@host:notaport/moa", "mysql://a:secret@host/moa", "secret"] {
            let error = address(url, "t").expect_err("not an address");
            assert!(matches!(error, StoreError::BadAddress { .. }) && !error.to_string().contains("secret"), "{error}");
        }
    }
}
