//! Sockets to open pages. Only pages of the site may open one.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::broadcast;

use super::channel::Channel;
use super::state::ServerState;

/// The most bytes of a message from a page.
const MAX_MESSAGE: usize = 16 << 10;

/// Opens a socket to a page of the site.
pub(super) async fn open_socket(
    State(state): State<Arc<ServerState>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_same_origin(&headers) {
        return (StatusCode::FORBIDDEN, "Only pages of this preview receive its changes.\n").into_response();
    }
    let Ok(place) = state.sockets.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "Too many pages listen.\n").into_response();
    };
    let channel = state.channel.clone();
    upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE).on_upgrade(|socket| async move {
        forward(socket, channel).await;
        drop(place);
    })
}

/// Whether a browser says that a page of the site asks.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
    let place = origin.split_once("://").map(|(_, place)| place);
    place.is_some_and(|place| place.eq_ignore_ascii_case(host))
}

/// Forwards messages to a page until it is closed.
async fn forward(mut socket: WebSocket, channel: Channel) {
    let (first, mut changes) = channel.subscribe();
    for message in first {
        if socket.send(Message::text(message)).await.is_err() {
            return;
        }
    }
    loop {
        tokio::select! {
            message = changes.recv() => {
                let text = match message {
                    Ok(text) => text,
                    // Too many messages were missed: the page is shown anew.
                    Err(broadcast::error::RecvError::Lagged(_)) => json!({ "kind": "reload" }).to_string(),
                    Err(broadcast::error::RecvError::Closed) => return,
                };
                if socket.send(Message::text(text)).await.is_err() {
                    return;
                }
            }
            received = socket.recv() => {
                if !matches!(received, Some(Ok(_))) {
                    return;
                }
            }
        }
    }
}
