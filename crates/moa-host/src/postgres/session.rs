//! A plain conversation with a server: enough to see that it is ours and to create the database. Moa's own queries go through another
//! library, in the crate that knows the tables.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};
use postgres_protocol::message::backend::{ErrorResponseBody, Message};
use postgres_protocol::message::frontend;

/// Why a server could not be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// Nothing listens, or it does not speak Postgres' language, or it could not prove that it knows the password.
    #[error("no Postgres of ours answers: {0}")]
    Unreachable(#[from] io::Error),
    /// The server answered with an error; `state` is its five-character SQLSTATE.
    #[error("{message} ({state})")]
    Server { state: String, message: String },
}

impl SessionError {
    /// The SQLSTATE of a server's refusal.
    pub fn state(&self) -> Option<&str> {
        match self {
            Self::Unreachable(_) => None,
            Self::Server { state, .. } => Some(state),
        }
    }
}

/// One connection to a server on 127.0.0.1.
#[derive(Debug)]
pub struct Session {
    stream: TcpStream,
    received: BytesMut,
}

impl Session {
    /// Connects and logs in. Both sides prove that they know the password (SCRAM), without either saying it.
    ///
    /// # Errors
    /// [`SessionError`]; a wrong password is SQLSTATE 28P01, a missing database 3D000, a server that is still starting 57P03.
    pub fn connect(port: u16, user: &str, password: &str, database: &str, timeout: Duration) -> Result<Self, SessionError> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let stream = TcpStream::connect_timeout(&address, timeout)?;
        stream.set_read_timeout(Some(timeout))?;
        stream.set_write_timeout(Some(timeout))?;
        stream.set_nodelay(true)?;
        let mut session = Self { stream, received: BytesMut::new() };
        let parameters = [("user", user), ("database", database), ("client_encoding", "UTF8"), ("application_name", "moa keeper")];
        session.send(|buffer| frontend::startup_message(parameters, buffer))?;
        session.log_in(password)?;
        session.stream.set_read_timeout(None)?;
        Ok(session)
    }

    /// Runs statements and gives the rows of all of them as text.
    ///
    /// # Errors
    /// [`SessionError`]; after a server's refusal the session can be used on.
    pub fn query(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, SessionError> {
        self.send(|buffer| frontend::query(sql, buffer))?;
        let mut rows = Vec::new();
        let mut refusal = None;
        loop {
            match self.receive()? {
                Message::DataRow(body) => {
                    let row = body.ranges().map(|range| Ok(range.map(|range| text(&body.buffer()[range])))).collect()?;
                    rows.push(row);
                }
                Message::ErrorResponse(body) => refusal = Some(server_error(&body)),
                Message::ReadyForQuery(_) => return refusal.map_or(Ok(rows), Err),
                _ => {}
            }
        }
    }

    fn log_in(&mut self, password: &str) -> Result<(), SessionError> {
        let mut scram = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
        let mut server_has_proved_itself = false;
        loop {
            match self.receive()? {
                Message::AuthenticationSasl(_) => {
                    self.send(|buffer| frontend::sasl_initial_response(SCRAM_SHA_256, scram.message(), buffer))?;
                }
                Message::AuthenticationSaslContinue(body) => {
                    scram.update(body.data())?;
                    self.send(|buffer| frontend::sasl_response(scram.message(), buffer))?;
                }
                Message::AuthenticationSaslFinal(body) => {
                    scram.finish(body.data())?;
                    server_has_proved_itself = true;
                }
                Message::AuthenticationOk if server_has_proved_itself => {}
                Message::ParameterStatus(_) | Message::BackendKeyData(_) | Message::NoticeResponse(_) => {}
                Message::ReadyForQuery(_) if server_has_proved_itself => return Ok(()),
                Message::ErrorResponse(body) => return Err(server_error(&body)),
                _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "the server logs in another way than ours").into()),
            }
        }
    }

    fn send(&mut self, write: impl FnOnce(&mut BytesMut) -> io::Result<()>) -> io::Result<()> {
        let mut buffer = BytesMut::new();
        write(&mut buffer)?;
        self.stream.write_all(&buffer)
    }

    fn receive(&mut self) -> io::Result<Message> {
        loop {
            if let Some(message) = Message::parse(&mut self.received)? {
                return Ok(message);
            }
            let mut chunk = [0; 8192];
            match self.stream.read(&mut chunk)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                length => self.received.extend_from_slice(&chunk[..length]),
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A server that is gone needs no goodbye.
        let _ = self.send(|buffer| {
            frontend::terminate(buffer);
            Ok(())
        });
    }
}

fn server_error(body: &ErrorResponseBody) -> SessionError {
    let mut state = String::new();
    let mut message = String::new();
    let mut fields = body.fields();
    while let Ok(Some(field)) = fields.next() {
        match field.type_() {
            b'C' => state = text(field.value_bytes()),
            b'M' => message = text(field.value_bytes()),
            _ => {}
        }
    }
    SessionError::Server { state, message }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
