//! What the two connections are doing and why: for `/readyz`, the gauges and the log.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::broker::BrokerError;
use crate::metrics::Metrics;

/// The same fault is logged once per this time, however often it occurs and on whichever connection.
const TOLD_AGAIN: Duration = Duration::from_mins(1);

/// Why a blocked connection is blocked.
const ALARM: &str =
    "RabbitMQ has an alarm of memory or disk and takes nothing (blocked): `rabbitmq-diagnostics alarms`";

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum State {
    Connecting,
    Up,
    Blocked,
    Down,
}

impl State {
    /// All of them, each at its own index.
    const ALL: [Self; 4] = [Self::Connecting, Self::Up, Self::Blocked, Self::Down];

    /// As it appears in `/readyz` and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Up => "up",
            Self::Blocked => "blocked",
            Self::Down => "down",
        }
    }

    fn of(number: u8) -> Self {
        Self::ALL[usize::from(number)]
    }

    /// Whether there is a connection at all.
    fn is_connected(self) -> bool {
        matches!(self, Self::Up | Self::Blocked)
    }
}

/// The two connections' states, for readiness and the gauges `broker_up` and `connection_state`.
#[derive(Debug)]
pub struct Health {
    consuming: Line,
    publishing: Line,
    told: Mutex<Told>,
    /// Why the login was refused before there ever was a connection.
    login_refused: watch::Sender<Option<String>>,
    metrics: Metrics,
}

/// The state of one connection.
#[derive(Debug, Default)]
struct Line {
    state: AtomicU8,
    /// It was up before, so the next connect counts as a reconnect.
    was_up: AtomicBool,
    /// Why it has failed since it was last up.
    why: Mutex<Option<String>>,
}

impl Line {
    fn state(&self) -> State {
        State::of(self.state.load(Ordering::Relaxed))
    }

    fn why(&self) -> Option<String> {
        match self.state() {
            State::Up => None,
            State::Blocked => Some(ALARM.to_owned()),
            State::Connecting | State::Down => {
                let why = locked(&self.why).clone();
                Some(why.unwrap_or_else(|| "the first connection to RabbitMQ is being made".to_owned()))
            }
        }
    }
}

/// Which of the two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Consume,
    Publish,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::Consume => "consume",
            Self::Publish => "publish",
        }
    }
}

impl Health {
    /// A state in which both are connecting.
    pub fn new(metrics: Metrics) -> Arc<Self> {
        let health = Self {
            consuming: Line::default(),
            publishing: Line::default(),
            told: Mutex::default(),
            login_refused: watch::Sender::new(None),
            metrics,
        };
        for role in [Role::Consume, Role::Publish] {
            health.show(role, State::Connecting);
        }
        Arc::new(health)
    }

    /// The states of the consuming and the publishing connection.
    pub fn states(&self) -> (State, State) {
        (self.consuming.state(), self.publishing.state())
    }

    /// Whether both can be used.
    pub fn is_up(&self) -> bool {
        self.states() == (State::Up, State::Up)
    }

    /// Why not both can be used, in a sentence; `None` while they can.
    pub fn why(&self) -> Option<String> {
        match (self.consuming.why(), self.publishing.why()) {
            (Some(consuming), Some(publishing)) if consuming != publishing => {
                Some(format!("{consuming}; {publishing}"))
            }
            (consuming, publishing) => consuming.or(publishing),
        }
    }

    /// Waits until the broker refuses the login before there ever was a connection, and returns the reason: a user or
    /// password that was wrong from the start, which only a person can fix. A login refused later may have been changed
    /// on one side before the other.
    pub async fn login_refused(&self) -> String {
        let mut refused = self.login_refused.subscribe();
        let refused = refused.wait_for(Option::is_some).await.expect("its sender is held by `self`");
        refused.clone().expect("waited for")
    }

    pub(super) fn set(&self, role: Role, state: State) {
        let line = self.line(role);
        let before = State::of(line.state.swap(state as u8, Ordering::Relaxed));
        if before == state {
            return;
        }
        let (connection, from, to) = (role.as_str(), before.as_str(), state.as_str());
        // nothing worth reporting happens between two attempts
        if before.is_connected() || state.is_connected() {
            tracing::info!(connection, from, to, "broker");
        } else {
            tracing::debug!(connection, from, to, "broker");
        }
        if state == State::Up {
            *locked(&line.why) = None;
            if before != State::Blocked && line.was_up.swap(true, Ordering::Relaxed) {
                self.metrics.reconnects.inc();
            }
        }
        self.show(role, state);
    }

    /// Marks a connection as down for this reason, to be retried.
    pub(super) fn failed(&self, role: Role, error: &BrokerError) {
        self.set(role, State::Down);
        let why = error.to_string();
        if locked(&self.told).is_news(&why, Instant::now()) {
            tracing::warn!(connection = role.as_str(), "RabbitMQ can't be used; trying again: {why}");
        }
        let was_up = [&self.consuming, &self.publishing].iter().any(|l| l.was_up.load(Ordering::Relaxed));
        if matches!(error, BrokerError::Login(_)) && !was_up {
            self.login_refused.send_replace(Some(why.clone()));
        }
        *locked(&self.line(role).why) = Some(why);
    }

    fn line(&self, role: Role) -> &Line {
        if role == Role::Consume { &self.consuming } else { &self.publishing }
    }

    fn show(&self, role: Role, state: State) {
        for each in State::ALL {
            let gauge = self.metrics.connection_state.with_label_values(&[role.as_str(), each.as_str()]);
            gauge.set(i64::from(each == state));
        }
        self.metrics.broker_up.set(f64::from(u8::from(self.is_up())));
    }
}

/// What was logged recently.
#[derive(Debug, Default)]
struct Told(Vec<(String, Instant)>);

impl Told {
    /// Whether it was not logged within [`TOLD_AGAIN`]; records it as logged now.
    fn is_news(&mut self, words: &str, now: Instant) -> bool {
        self.0.retain(|(_, at)| now.duration_since(*at) < TOLD_AGAIN);
        let news = self.0.iter().all(|(told, _)| told != words);
        if news {
            self.0.push((words.to_owned(), now));
        }
        news
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics while it is held")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;
    use crate::knowledge::Knowledge;

    #[test]
    fn the_same_is_told_once_a_minute() {
        let (mut told, start) = (Told::default(), Instant::now());
        let mut at = |seconds, words| told.is_news(words, start + Duration::from_secs(seconds));
        let seen = [at(0, "a"), at(1, "a"), at(2, "b"), at(59, "a"), at(60, "a"), at(61, "a"), at(121, "a")];
        assert_eq!(seen, [true, false, true, false, true, false, true]);
    }

    #[test]
    fn why_is_a_sentence_and_a_login_is_hopeless_only_before_the_first_connection() {
        let health = Health::new(Metrics::new(&Knowledge::parse(&Files::none()).unwrap()));
        assert_eq!(health.why().unwrap(), "the first connection to RabbitMQ is being made");
        health.failed(Role::Consume, &BrokerError::Unreachable("nobody is at one:5672".to_owned()));
        health.failed(Role::Publish, &BrokerError::Unreachable("nobody is at one:5672".to_owned()));
        assert_eq!(health.why().unwrap(), "nobody is at one:5672");
        health.set(Role::Consume, State::Up);
        health.set(Role::Publish, State::Up);
        assert_eq!(health.why(), None);
        health.failed(Role::Publish, &BrokerError::Login("the password is wrong".to_owned()));
        // the reason is still known while it is being retried
        health.set(Role::Publish, State::Connecting);
        assert_eq!(health.why().unwrap(), "the password is wrong");
        assert!(health.login_refused.borrow().is_none(), "it was up before");
        let health = Health::new(health.metrics.clone());
        health.failed(Role::Consume, &BrokerError::Login("the password is wrong".to_owned()));
        assert!(health.login_refused.borrow().is_some());
    }
}
