//! `GET /notices`: an owner's notices, page by page, oldest first; with the embedded store.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::super::{Port, filter, problem};
use super::doors::Who;

/// Notices per page unless the client says how many, and at most.
const USUAL: usize = 50;
const MOST: usize = 200;

/// Up to `limit` of an owner's notices after `after`; clients with the worker's token name the `owner`.
pub(in crate::http) async fn page(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let given = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "owner").map(|(_, v)| v);
    let owner = match (&who, given) {
        (Who::Owner(owner, _), given) if given.as_ref().is_none_or(|given| given == owner) => owner.clone(),
        (Who::Worker, Some(given)) => given.into_owned(),
        (Who::Worker, None) => return problem(StatusCode::BAD_REQUEST, "`owner` names whose notices"),
        (Who::Owner(..), _) => return problem(StatusCode::FORBIDDEN, "this token is another owner's"),
        _ => {
            let why = "send the header `Authorization: Bearer` with a token of the owner";
            return problem(StatusCode::UNAUTHORIZED, why);
        }
    };
    let after = filter::number(&query, "after").unwrap_or(0);
    let most = filter::number(&query, "limit").unwrap_or(USUAL).min(MOST);
    let page = match port.backend.notices_of(&owner, after, most).await {
        Ok(Some(page)) => page,
        Ok(None) => {
            let why = format!(
                "RabbitMQ gives notices to queues: bind one to the exchange `notices` by `owner.{owner}`"
            );
            return problem(StatusCode::NOT_FOUND, &why);
        }
        Err(error) => {
            let why = format!("notices can't be read: {error}");
            return problem(StatusCode::SERVICE_UNAVAILABLE, &why);
        }
    };
    // `next` is the `after` of the next page, `gone` how many after `after` are no longer kept
    let mut body =
        json!({ "owner": owner, "next": page.reached, "gone": page.gone }).to_string().into_bytes();
    body.pop();
    body.extend_from_slice(b",\"notices\":[");
    for (at, notice) in page.alerts.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        body.extend_from_slice(format!("{comma}{{\"number\":{},\"notice\":", notice.number).as_bytes());
        // JSON as published
        body.extend_from_slice(&notice.body);
        body.push(b'}');
    }
    body.extend_from_slice(b"]}");
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, body).into_response()
}
