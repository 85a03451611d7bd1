//! Splits a query of another language into pieces that mean something here.

use super::Dialect;
use super::field::{Field, field};
use super::joint::{Joint, joint};
use super::term::{phrase, term};

/// A piece, its words already in this syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Open,
    Close,
    Joint(Joint),
    /// A field or ATLEAST: `title:`, `ATLEAST/3`.
    Inside(String),
    /// How the words of what follows are written.
    Written(Spelling),
    /// What is before it in brackets, by NEAR in place of AND.
    Loose(u32),
    /// What is before it is in the lead.
    Early,
    /// A phrase or a tag.
    Leaf(String),
    /// A word that may be part of a phrase.
    Word(String),
    /// What has no equivalent here.
    Lost,
    /// What leaves no trace in the query: the name of a field whose brackets stay.
    Nothing,
}

/// How a word is written where it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// All of it in capitals.
    Capitals,
    /// None of it in capitals.
    Small,
    /// In this form only.
    Form,
}

/// Splits a query into pieces, noting what can't be converted.
pub(super) fn lex(query: &str, dialect: Dialect, notes: &mut Vec<String>) -> Vec<Piece> {
    let mut lexer = Lexer { rest: query.trim_start(), dialect, notes, out: Vec::new() };
    while let Some(c) = lexer.rest.chars().next() {
        lexer.step(c);
        lexer.rest = lexer.rest.trim_start();
    }
    lexer.out
}

struct Lexer<'q> {
    rest: &'q str,
    dialect: Dialect,
    notes: &'q mut Vec<String>,
    out: Vec<Piece>,
}

impl<'q> Lexer<'q> {
    fn step(&mut self, c: char) {
        let of_factiva = self.dialect == Dialect::Factiva;
        let of_brandwatch = self.dialect == Dialect::Brandwatch;
        match c {
            '(' => self.mark(Piece::Open),
            '[' if of_factiva => self.mark(Piece::Open),
            ')' => {
                self.mark(Piece::Close);
                self.after_bracket();
            }
            ']' if of_factiva => self.mark(Piece::Close),
            '"' | '“' | '”' => {
                let text = self.quoted();
                let loose = self.suffix('~');
                let piece = phrase(text, loose, self.dialect, self.notes);
                self.push(piece);
                self.weight();
            }
            '{' if of_brandwatch => {
                let end = self.rest.find('}').unwrap_or(self.rest.len());
                let text = self.rest[1..end].replace(['"', '\\'], "");
                self.push(Piece::Leaf(format!("raw:\"{text}\"")));
                self.rest = self.rest.get(end + 1..).unwrap_or_default();
            }
            '<' if self.rest.starts_with("<<<") => {
                let end = self.rest.find(">>>").map_or(self.rest.len(), |end| end + 3);
                self.notes.push(format!("the comment {} was left out", &self.rest[..end]));
                self.rest = &self.rest[end..];
            }
            '-' if self.dialect.has_minus() && !self.rest[1..].starts_with(char::is_whitespace) => {
                self.mark(Piece::Joint(Joint::AndNot));
            }
            _ => self.word(),
        }
    }

    fn mark(&mut self, piece: Piece) {
        self.push(piece);
        self.rest = &self.rest[1..];
    }

    fn push(&mut self, piece: Piece) {
        match (&piece, self.out.last()) {
            (Piece::Nothing, _) => return,
            // `AND NOT` is one operator, as is `NOT W/5`
            (Piece::Joint(Joint::AndNot), Some(Piece::Joint(Joint::And))) => drop(self.out.pop()),
            (Piece::Joint(Joint::Near { .. } | Joint::Same(_)), Some(Piece::Joint(Joint::AndNot))) => {
                self.notes
                    .push("`NOT` before nearness became one sentence without the second term".to_owned());
                self.out.pop();
                return self.out.push(Piece::Joint(Joint::Apart));
            }
            _ => {}
        }
        self.out.push(piece);
    }

    /// The text of a quoted string, which is taken.
    fn quoted(&mut self) -> &'q str {
        let open = self.rest.chars().next().map_or(0, char::len_utf8);
        let inner = &self.rest[open..];
        let found = inner.char_indices().find(|(_, c)| "\"“”".contains(*c));
        let (end, close) = found.map_or((inner.len(), 0), |(at, c)| (at, c.len_utf8()));
        self.rest = &inner[end + close..];
        &inner[..end]
    }

    /// The number after a mark; both are consumed.
    fn suffix(&mut self, mark: char) -> Option<u32> {
        let behind = self.rest.strip_prefix(mark)?;
        let digits = behind.chars().take_while(char::is_ascii_digit).count();
        self.rest = &behind[digits..];
        behind[..digits].parse().ok()
    }

    fn after_bracket(&mut self) {
        if self.dialect.has_minus()
            && let Some(words) = self.suffix('~')
        {
            self.notes.push(format!("`( )~{words}` became NEAR/{words}"));
            self.push(Piece::Loose(words));
        }
        self.weight();
    }

    /// Leaves out a weight: `^9`.
    fn weight(&mut self) {
        if let Some(weight) = self.suffix('^') {
            self.notes.push(format!("the weight ^{weight} was left out"));
        }
    }

    fn word(&mut self) {
        let ends = |c: char| {
            c.is_whitespace() || "()\"“”".contains(c) || self.dialect == Dialect::Factiva && "[]".contains(c)
        };
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        if end == 0 {
            // a mark of another dialect
            let mark = self.rest.chars().next().map_or(0, char::len_utf8);
            self.rest = &self.rest[mark..];
            return;
        }
        let mut word = &self.rest[..end];
        if self.dialect == Dialect::Factiva {
            match slashed(word) {
                Some((0, length, count, near)) => {
                    self.rest = &self.rest[length..];
                    return self.slash(count, near);
                }
                Some((at, ..)) => word = &word[..at],
                None => {}
            }
            if word.eq_ignore_ascii_case("date") && self.dates(word.len()) {
                return;
            }
        }
        if self.comparison(word) {
            return;
        }
        // a range: [1 TO 5]
        if let Some(at) = word.find(":[").filter(|_| !word.contains(']') && self.dialect.has_minus()) {
            let end = self.rest[at..].find(']').map_or(self.rest.len(), |end| at + end + 1);
            self.notes.push(format!("`{}` was left out: there is no such field here", &self.rest[..end]));
            self.rest = &self.rest[end..];
            return self.push(Piece::Lost);
        }
        self.rest = &self.rest[word.len()..];
        let followed = self.rest.trim_start().starts_with('(');
        let quoted = self.rest.starts_with(['"', '“', '”']);
        if let Some(joint) = joint(word, self.dialect, self.notes) {
            return self.push(Piece::Joint(joint));
        }
        match field(word, followed, quoted, self.dialect, self.notes) {
            Field::None => {
                let piece = term(word, self.dialect, self.notes);
                self.push(piece);
                self.weight();
            }
            Field::Piece(piece) => self.push(piece),
            Field::Quoted(name) => {
                let text = self.quoted();
                let whole = format!("{name}{text}");
                if let Field::Piece(piece) = field(&whole, false, false, self.dialect, self.notes) {
                    self.push(piece);
                }
            }
            Field::WithBrackets => {
                self.skip_brackets();
                self.push(Piece::Lost);
            }
        }
    }

    /// Leaves out a length or a date that is compared, with spaces between: `wc > 500`, `date geq 1/1/2024`; returns
    /// whether it is one.
    fn comparison(&mut self, word: &str) -> bool {
        let name = word.to_ascii_lowercase();
        let operators: &[&str] = match (self.dialect, name.as_str()) {
            (Dialect::Factiva, "wc") => &["<", ">", "="],
            (Dialect::Lexis, "date" | "length") => &["<", ">", "=", "geq", "leq", "aft", "bef", "is"],
            _ => return false,
        };
        let behind = &self.rest[word.len()..];
        let mut words = behind.split_whitespace();
        let (Some(operator), Some(value)) = (words.next(), words.next()) else { return false };
        let numeric = value.trim_start_matches('(').starts_with(|c: char| c.is_ascii_digit());
        if !numeric || !operators.contains(&operator.to_ascii_lowercase().as_str()) {
            return false;
        }
        let told = format!("{word} {operator} {}", value.trim_matches(['(', ')']));
        self.notes.push(format!("`{told}` was left out: no length, date or number is compared here"));
        self.rest = behind.trim_start()[operator.len()..].trim_start();
        let value = value.trim_end_matches(')');
        self.rest = &self.rest[value.len()..];
        self.push(Piece::Lost);
        true
    }

    /// Skips what is in brackets here.
    fn skip_brackets(&mut self) {
        let mut depth = 0;
        for (at, c) in self.rest.char_indices() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            if depth == 0 && c == ')' {
                self.rest = &self.rest[at + 1..];
                return;
            }
        }
        self.rest = "";
    }

    /// `/N30/` and `/F50/`.
    fn slash(&mut self, count: u32, near: bool) {
        if near {
            return self.push(Piece::Joint(Joint::Near { ordered: false, words: count.saturating_sub(1) }));
        }
        let became = if count <= 50 { "lead:, the sentences with the first 50 words" } else { "body:" };
        self.notes.push(format!("/F{count}/ became {became}"));
        if count <= 50 {
            self.push(Piece::Early);
        }
    }

    /// Leaves out a range of dates, if one follows the first `length` bytes; returns whether it does.
    fn dates(&mut self, length: usize) -> bool {
        let words: Vec<&str> = self.rest[length..].split_whitespace().take(4).collect();
        let is_date = |word: Option<&&str>| {
            word.is_some_and(|word| {
                let word = word.trim_matches(['(', ')']);
                word.starts_with(|c: char| c.is_ascii_digit() || c == '-') && word.len() > 1
            })
        };
        let first = words.first().map(|word| word.to_ascii_lowercase());
        let count = match first.as_deref() {
            Some("from") if is_date(words.get(1)) && is_date(words.get(3)) => 4,
            Some("from" | "after" | "before" | "since") if is_date(words.get(1)) => 2,
            _ if is_date(words.first()) => 1,
            _ => return false,
        };
        self.rest = &self.rest[length..];
        for word in &words[..count] {
            let bare = word.trim_end_matches(')');
            self.rest = self.rest.trim_start().get(bare.len()..).unwrap_or_default();
        }
        self.notes.push("a range of dates was left out: a watch reads what comes in".to_owned());
        self.push(Piece::Lost);
        true
    }
}

/// Where `/N30/` or `/F50/` is in a word: its place, length and number, and whether it is the former.
fn slashed(word: &str) -> Option<(usize, usize, u32, bool)> {
    word.match_indices('/').find_map(|(at, _)| {
        let rest = &word[at + 1..];
        let near = match rest.chars().next()? {
            'n' | 'N' => true,
            'f' | 'F' => false,
            _ => return None,
        };
        let digits = rest[1..].chars().take_while(char::is_ascii_digit).count();
        let count = rest[1..=digits].parse().ok()?;
        rest[1 + digits..].starts_with('/').then_some((at, digits + 3, count, near))
    })
}
