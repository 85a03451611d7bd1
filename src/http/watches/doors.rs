//! Who may see which watches, and who may write them.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::super::intake::{from_another_site, same};
use super::super::problem;
use crate::config::Secret;
use crate::registry::Registry;
use crate::watch::owner::{May, Owner};

/// What a request is authorized by.
#[derive(Debug, Clone)]
pub(in crate::http) struct Doors {
    /// The worker's token; empty for none.
    pub token: Secret,
    /// Whether the port is bound to a loopback address.
    pub loopback: bool,
    /// For the tokens of owners.
    pub registry: Registry,
}

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) enum Who {
    /// Whoever has the worker's token.
    Worker,
    /// Whoever reaches a loopback address, if the worker has no token.
    Local,
    /// A client with a token of an owner.
    Owner(String, May),
    /// A client without a token.
    Anybody,
    /// A client with an invalid token.
    Stranger,
}

impl Doors {
    /// Adds [`Who`] to a request.
    pub async fn note(self, mut request: Request, next: Next) -> Response {
        let who = self.who(request.headers());
        request.extensions_mut().insert(who);
        next.run(request).await
    }

    fn who(&self, headers: &HeaderMap) -> Who {
        let given = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let Some(token) = given.and_then(|v| v.strip_prefix("Bearer ")).filter(|token| !token.is_empty())
        else {
            let local = self.token.is_empty() && self.loopback && !from_another_site(headers);
            return if local { Who::Local } else { Who::Anybody };
        };
        if !self.token.is_empty() && same(token, self.token.reveal()) {
            return Who::Worker;
        }
        let may = |owner: &Owner| Some((owner.id.clone(), owner.lets(token)?));
        let found = self.registry.of_shelf(|shelf| shelf.owners.values().find_map(may));
        found.map_or(Who::Stranger, |(owner, may)| Who::Owner(owner, may))
    }
}

impl Who {
    /// Whether it may see a watch of that owner, or of none.
    pub fn sees(&self, owner: Option<&str>) -> bool {
        match (owner, self) {
            (None, _) | (_, Self::Worker) => true,
            (Some(owner), Self::Owner(own, _)) => owner == own,
            _ => false,
        }
    }

    /// Whether it may write a watch of that owner, or of none; if not, the response.
    pub fn writes(&self, owner: Option<&str>) -> Result<(), Response> {
        let refused = |status, words: &str| Err(problem(status, words));
        match (owner, self) {
            (_, Self::Worker) | (None, Self::Local) => Ok(()),
            (Some(owner), Self::Owner(own, May::Write)) if owner == own => Ok(()),
            (_, Self::Owner(_, May::Read)) => {
                refused(StatusCode::FORBIDDEN, "this token lets one look at watches, not write them")
            }
            (None, Self::Owner(own, _)) => refused(
                StatusCode::FORBIDDEN,
                &format!("watches without owner are for the token of `http.token`; set `owner` to `{own}`"),
            ),
            (Some(_), Self::Owner(..)) => refused(StatusCode::FORBIDDEN, "this token is another owner's"),
            (Some(owner), _) => refused(
                StatusCode::UNAUTHORIZED,
                &format!("send the header `Authorization: Bearer` with a token of `{owner}` that may write"),
            ),
            (None, _) => refused(
                StatusCode::UNAUTHORIZED,
                "send the header `Authorization: Bearer` with the token of `http.token`; without one set, watches are \
                 written on a loopback address only",
            ),
        }
    }

    /// Whether it may write any watch at all.
    pub fn writes_any(&self) -> bool {
        matches!(self, Self::Worker | Self::Local | Self::Owner(_, May::Write))
    }

    /// Whether it may make trials and other costly requests; if not, the response.
    pub fn tries(&self) -> Result<(), Response> {
        match self {
            Self::Worker | Self::Local | Self::Owner(..) => Ok(()),
            Self::Anybody | Self::Stranger => self.writes(None),
        }
    }
}
