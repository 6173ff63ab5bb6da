//! A Tauri window with one line of text and nothing behind it: what `npm run bench -- window` compares Moa's start and memory with.

use tauri::http::Response;
use tauri::{WebviewUrl, WebviewWindowBuilder};

const PAGE: &str = "<!doctype html><meta charset=\"utf-8\"><title>empty</title><p id=\"empty\">0</p>";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut context = tauri::generate_context!();
    context.config_mut().app.windows.clear();
    tauri::Builder::<tauri::Wry>::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            Response::builder().header("content-type", "text/html").body(PAGE.as_bytes().to_vec()).unwrap_or_default()
        })
        .setup(|app| {
            let page = WebviewUrl::CustomProtocol("empty://localhost/".parse()?);
            WebviewWindowBuilder::new(app, "main", page).title("empty").inner_size(1320.0, 860.0).build()?;
            Ok(())
        })
        .run(context)?;
    Ok(())
}
