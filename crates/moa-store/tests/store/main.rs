//! The store on real servers: the oldest Postgres it works with and the newest.

mod agency;
mod backup;
mod breakdowns;
mod channels;
mod hours;
mod kpis;
mod partial_files;
mod partitions;
mod plain_sql;
mod roles;
mod rollups;
mod shared_server;
mod unchanged;
mod write_path;
mod writers;
