//! Pieces → tree, by recursive descent. Refuses what readers of other languages would misread (AND next to OR), what
//! asks for nothing, and what can't be found.

use super::error::{JOINT, QueryError, TERM, Wrong};
use super::lex::{Kind, Piece, lex};
use super::{Expr, MOST_CHARS, MOST_DEPTH, MOST_LEVELS, MOST_NEAR, MOST_PLACES, Scope, Term, hint};
use crate::text::{self, fold};
use crate::watch::words::Words;

pub(super) type Result<T> = std::result::Result<T, Wrong>;

pub(super) const OPERATORS: [&str; 3] = ["AND", "OR", "NOT"];

/// A tree and its depth.
pub(super) struct Tree {
    pub expr: Expr,
    pub levels: usize,
}

pub(in crate::watch) struct Parser<'q> {
    query: &'q str,
    pub(super) pieces: Vec<Piece<'q>>,
    pub(super) next: usize,
    pub(super) depth: usize,
    /// How many QUOTE( ) are open.
    pub(super) quotes: usize,
    /// Whether bare words match all their forms.
    forms: bool,
    pub(super) words: &'q Words,
}

impl<'q> Parser<'q> {
    pub fn new(query: &'q str, forms: bool, words: &'q Words) -> std::result::Result<Self, QueryError> {
        if query.len() > MOST_CHARS && query.chars().count() > MOST_CHARS {
            let (message, most) = ("the query is too long", format!("at most {MOST_CHARS} characters"));
            return Err(Wrong::new(0, message, most, "make several watches of it").of(query));
        }
        let pieces = lex(query).map_err(|wrong| wrong.of(query))?;
        Ok(Self { query, pieces, next: 0, depth: 0, quotes: 0, forms, words })
    }

    pub fn parse(mut self) -> std::result::Result<Expr, QueryError> {
        self.whole().map_err(|wrong| wrong.of(self.query))
    }

    fn whole(&mut self) -> Result<Expr> {
        if self.peek().kind == Kind::End {
            return Err(Wrong::new(
                0,
                "the query is empty",
                TERM,
                "write a word, a phrase or a tag: oil AND mentions:AZ",
            ));
        }
        let expr = self.expr()?.expr;
        let end = self.peek();
        if end.kind != Kind::End {
            let hint = match end.kind {
                Kind::Comma => hint::comma(&self.pieces, self.next),
                _ => "no bracket is open here".to_owned(),
            };
            return Err(Wrong::new(end.at, unexpected(&end.kind), JOINT, hint));
        }
        if expr.asks_nothing(true) {
            let (message, hint) =
                ("nothing is asked for, only excluded", "add a word, phrase or tag that must be there");
            return Err(Wrong::new(0, message, "something that is asked for", hint));
        }
        Ok(expr)
    }

    pub(super) fn peek(&self) -> &Piece<'q> {
        &self.pieces[self.next]
    }

    /// The next piece; at the end, the end again.
    pub(super) fn take(&mut self) -> Piece<'q> {
        let piece = self.pieces[self.next].clone();
        self.next = (self.next + 1).min(self.pieces.len() - 1);
        piece
    }

    pub(super) fn deeper(&mut self, message: &str) -> Result<()> {
        self.depth += 1;
        if self.depth <= MOST_DEPTH {
            return Ok(());
        }
        let most = format!("at most {MOST_DEPTH}");
        Err(Wrong::new(self.peek().at, message, most, "make several watches of it"))
    }

    fn expr(&mut self) -> Result<Tree> {
        self.deeper("too many brackets within brackets")?;
        let first = self.unary()?;
        let mut levels = first.levels;
        let mut parts = vec![first.expr];
        let mut kind: Option<&str> = None;
        loop {
            let Piece { kind: piece, at } = self.peek();
            let at = *at;
            let joint = match piece {
                Kind::End | Kind::Close | Kind::Comma => break,
                Kind::Word("AND" | "NOT") => "AND",
                Kind::Word("OR") => "OR",
                _ => {
                    let (message, hint) = hint::side_by_side(self.query, &self.pieces, self.next);
                    return Err(Wrong::new(at, message, JOINT, hint));
                }
            };
            // `a NOT b` is `a AND NOT b`
            if *piece != Kind::Word("NOT") {
                self.take();
            }
            if kind.is_some_and(|kind| kind != joint) {
                let (message, hint) = (
                    "AND and OR are mixed without brackets",
                    "put brackets around the part that belongs together",
                );
                return Err(Wrong::new(
                    at,
                    message,
                    format!("{} or brackets", kind.unwrap_or_default()),
                    hint,
                ));
            }
            kind = Some(joint);
            let part = self.unary()?;
            levels = levels.max(part.levels);
            parts.push(part.expr);
        }
        self.depth -= 1;
        match kind {
            None => Ok(Tree { expr: parts.remove(0), levels }),
            Some(joint) => {
                let at = self.peek().at;
                over(if joint == "AND" { Expr::And(parts) } else { Expr::Or(parts) }, levels, at)
            }
        }
    }

    fn unary(&mut self) -> Result<Tree> {
        if self.peek().kind != Kind::Word("NOT") {
            return self.near();
        }
        self.deeper("too many NOT")?;
        let at = self.take().at;
        let inner = self.unary()?;
        self.depth -= 1;
        over(Expr::Not(Box::new(inner.expr)), inner.levels, at)
    }

    fn near(&mut self) -> Result<Tree> {
        let mut left = self.primary()?;
        while let Kind::Word(word) = self.peek().kind
            && let Some((ordered, number)) = near_of(word).filter(|(_, n)| *n != Some(""))
        {
            let at = self.take().at;
            let Some(number) = number else {
                let (message, expected) =
                    ("NEAR needs a number of words", format!("NEAR/0 to NEAR/{MOST_NEAR}"));
                return Err(Wrong::new(at, message, expected, format!("write {word}/5")));
            };
            let words = number.parse::<u32>().ok().filter(|n| *n <= MOST_NEAR).ok_or_else(|| {
                let (message, most) =
                    (format!("at most NEAR/{MOST_NEAR}"), format!("NEAR/0 to NEAR/{MOST_NEAR}"));
                Wrong::new(at, message, most, "use SENTENCE( ), PARAGRAPH( ) or AND")
            })?;
            let right = self.primary()?;
            if !(left.expr.has_places() && right.expr.has_places()) {
                let message = "NEAR joins only what stands at a place in the text";
                return Err(Wrong::new(at, message, PLACES, "use SENTENCE( ) to join more"));
            }
            let levels = left.levels.max(right.levels);
            let (left_part, right_part) = (Box::new(left.expr), Box::new(right.expr));
            left = over(Expr::Near { ordered, words, left: left_part, right: right_part }, levels, at)?;
        }
        Ok(left)
    }

    pub(super) fn primary(&mut self) -> Result<Tree> {
        let Piece { kind, at } = self.take();
        match kind {
            Kind::Open => {
                let inner = self.expr()?;
                self.close(at)?;
                Ok(inner)
            }
            Kind::Quoted(text, mark) => term(&text, mark, at).map(leaf),
            Kind::Name(name) => self.named(name, at),
            Kind::Word(word) => self.word(word, at),
            Kind::End => Err(Wrong::new(
                at,
                "something is missing at the end",
                TERM,
                "write it, or take away what is before",
            )),
            Kind::Comma => {
                Err(Wrong::new(at, unexpected(&kind), TERM, hint::comma(&self.pieces, self.next - 1)))
            }
            Kind::Close => {
                Err(Wrong::new(at, unexpected(&kind), TERM, "write something between the brackets"))
            }
        }
    }

    fn word(&mut self, word: &str, at: usize) -> Result<Tree> {
        if word == "NOT" {
            let hint = "write it before what NEAR joins";
            return Err(Wrong::new(at, "NOT is not expected here", TERM, hint));
        }
        if OPERATORS.contains(&word) || near_of(word).is_some() {
            let message = format!("{word} has nothing before it");
            return Err(Wrong::new(at, message, TERM, "write a term on each side: a AND b, a NEAR/5 b"));
        }
        let count = word.strip_prefix("ATLEAST").map(|rest| rest.strip_prefix('/').unwrap_or(rest));
        let count =
            count.filter(|n| word == "ATLEAST" || word.len() > 8 && n.bytes().all(|b| b.is_ascii_digit()));
        let scope = Scope::of_name(word);
        if (scope.is_some() || count.is_some()) && self.peek().kind == Kind::Open {
            if count == Some("") {
                return Err(Wrong::new(
                    at,
                    "ATLEAST needs a number",
                    "ATLEAST/1 to ATLEAST/100",
                    "write ATLEAST/3( )",
                ));
            }
            return self.scope(scope, count, at);
        }
        unknown_name(word, at)?;
        let mark = word.chars().last().filter(|c| matches!(c, '*' | '~'));
        let bare = &word[..word.len() - usize::from(mark.is_some())];
        if bare.contains(['*', '?']) {
            let (message, hint) = (
                "a star stands at the end of a word only",
                "list the words, joined by OR, or write `~` for its forms",
            );
            return Err(Wrong::new(at, message, "a word, or its beginning and a star", hint));
        }
        term(bare, mark.or(self.forms.then_some('~')), at).map(leaf)
    }

    fn scope(&mut self, scope: Option<Scope>, count: Option<&str>, at: usize) -> Result<Tree> {
        self.take();
        let in_quote = usize::from(scope == Some(Scope::Quote));
        self.quotes += in_quote;
        let inner = self.expr()?;
        self.quotes -= in_quote;
        self.close(at)?;
        if let Some(scope) = scope {
            return over(Expr::Scope(scope, Box::new(inner.expr)), inner.levels, at);
        }
        let count = count.and_then(|n| n.parse().ok()).filter(|n| (1..=MOST_PLACES).contains(n));
        let Some(count) = count else {
            let (message, expected) =
                (format!("ATLEAST takes 1 to {MOST_PLACES}"), "ATLEAST/1 to ATLEAST/100");
            return Err(Wrong::new(at, message, expected, "write ATLEAST/3( )"));
        };
        if !inner.expr.has_places() {
            let message = "ATLEAST counts words and what else stands at a place in the text";
            return Err(Wrong::new(at, message, PLACES, "write one ATLEAST for each"));
        }
        over(Expr::AtLeast(count, Box::new(inner.expr)), inner.levels, at)
    }

    pub(super) fn close(&mut self, opened: usize) -> Result<()> {
        let piece = self.take();
        match piece.kind {
            Kind::Close => Ok(()),
            Kind::End => {
                Err(Wrong::new(opened, "this bracket is never closed", "`)`", "write `)` where it ends"))
            }
            Kind::Comma => {
                let hint = hint::comma(&self.pieces, self.next - 1);
                Err(Wrong::new(piece.at, unexpected(&piece.kind), "`)`, AND or OR", hint))
            }
            kind => Err(Wrong::new(piece.at, unexpected(&kind), "`)`", "close the bracket before it")),
        }
    }
}

/// What NEAR joins and ATLEAST counts.
const PLACES: &str = "words, phrases, tags found in the text, and ORs of them";

/// An error if a word starts with the name of a field or tag that does not exist, or is in capitals.
fn unknown_name(word: &str, at: usize) -> Result<()> {
    let Some((name, rest)) = word.split_once(':') else { return Ok(()) };
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let known = hint::field(name);
    // a word with a colon in it is found as written, unless it can only be meant as a name
    let meant = plain || known.is_some() && name.bytes().all(|b| b.is_ascii_alphabetic());
    if !meant {
        return Ok(());
    }
    let names = hint::names();
    let lower = format!("{}:", name.to_ascii_lowercase());
    let (message, hint) = if names.contains(&lower) {
        ("names of fields and tags are in lower case".to_owned(), format!("write {lower}{rest}"))
    } else {
        let like = names.iter().find(|own| text::distance(own, &lower, 1) <= 1).map(String::as_str);
        let here = known.or(like).map(|here| format!("it is {here} here"));
        (format!("there is no `{name}:`"), here.unwrap_or_else(|| format!("one of {}", names.join(" "))))
    };
    Err(Wrong::new(at, message, "the name of a field or a tag", hint))
}

pub(super) fn leaf(expr: Expr) -> Tree {
    Tree { expr, levels: 1 }
}

/// A tree one level above another.
pub(super) fn over(expr: Expr, levels: usize, at: usize) -> Result<Tree> {
    if levels >= MOST_LEVELS {
        let most = format!("at most {MOST_LEVELS}");
        return Err(Wrong::new(at, "too many terms within each other", most, "make several watches of it"));
    }
    Ok(Tree { expr, levels: levels + 1 })
}

/// Whether a word is NEAR or ONEAR, with what follows its slash.
pub(super) fn near_of(word: &str) -> Option<(bool, Option<&str>)> {
    let rest = word.strip_prefix('O').unwrap_or(word).strip_prefix("NEAR")?;
    let number = if rest.is_empty() { None } else { Some(rest.strip_prefix('/')?) };
    let digits = number.is_none_or(|n| n.bytes().all(|b| b.is_ascii_digit()));
    digits.then_some((word.starts_with('O'), number))
}

/// The words and numbers of a text, folded.
pub(in crate::watch) fn folded(text: &str) -> Vec<String> {
    // most are one plain word
    if text.bytes().all(|b| b.is_ascii_lowercase()) && !text.is_empty() {
        return vec![text.to_owned()];
    }
    let mut out = Vec::new();
    for token in text::tokens(text).iter().filter(|t| t.kind != text::Kind::Mark) {
        let mut word = String::new();
        fold(&text[token.start as usize..token.end as usize], &mut word);
        out.push(word);
    }
    out
}

fn term(text: &str, mark: Option<char>, at: usize) -> Result<Expr> {
    let mut words = folded(text);
    if words.is_empty() {
        return Err(Wrong::new(at, "there is no word in this", TERM, "raw:\"…\" finds marks"));
    }
    if mark != Some('*') {
        return Ok(Expr::Term(Term::Words { words, forms: mark == Some('~') }));
    }
    // the word must be one word by itself too: what surrounded it may have held it together
    if words.len() > 1 || folded(&words[0]) != words {
        let hint = "join words by ONEAR/0: \"oil pric\"* is oil ONEAR/0 pric*";
        return Err(Wrong::new(at, "a star belongs to one word", "one word before the star", hint));
    }
    let word = words.remove(0);
    if word.chars().count() < 4 {
        let (message, hint) = ("at least four letters before a star", "list the words, joined by OR");
        return Err(Wrong::new(at, message, "four letters or more", hint));
    }
    Ok(Expr::Term(Term::Prefix(word)))
}

fn unexpected(kind: &Kind) -> String {
    format!("{} is not expected here", written(kind))
}

/// A piece as a person wrote it.
fn written(kind: &Kind) -> String {
    match kind {
        Kind::Open => "`(`".to_owned(),
        Kind::Close => "`)`".to_owned(),
        Kind::Comma => "`,`".to_owned(),
        Kind::Quoted(text, _) => format!("`{text}`"),
        Kind::Name(name) => format!("`{name}:`"),
        Kind::Word(word) => format!("`{word}`"),
        Kind::End => "the end".to_owned(),
    }
}
