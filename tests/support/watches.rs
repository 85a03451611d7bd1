//! A client that writes watches over HTTP.

use serde_json::{Value, json};

use super::agent;

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Value,
}

/// Someone who talks to a worker at its address, with or without a token.
#[derive(Debug, Clone)]
pub struct Desk {
    pub address: String,
    pub token: Option<String>,
}

impl Desk {
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), token: None }
    }

    pub fn with(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// `None` if nothing answers.
    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Option<Answer> {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut answer = agent().run(request.body(body).unwrap()).ok()?;
        let etag = answer.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        let body = answer.body_mut().read_to_string().ok()?;
        let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
        Some(Answer { status: answer.status().as_u16(), etag, body })
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        self.try_ask(method, path, headers, body).expect("the worker answers")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], &Value::Null)
    }

    /// Creates a watch.
    pub fn create(&self, id: &str, when: &str) -> Answer {
        self.ask("POST", "/watches", &[], &json!({ "id": id, "when": when }))
    }

    /// Replaces a watch, based on the revision given by an `ETag`.
    pub fn put(&self, id: &str, etag: &str, body: &Value) -> Answer {
        self.ask("PUT", &format!("/watches/{id}"), &[("If-Match", etag)], body)
    }

    /// The query of a watch; `None` if there is no such watch.
    pub fn query(&self, id: &str) -> Option<String> {
        let answer = self.get(&format!("/watches/{id}"));
        (answer.status == 200).then(|| answer.body["when"].as_str().unwrap().to_owned())
    }
}
