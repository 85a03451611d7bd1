//! Articles, and queries made of their words: names, subjects, and the kinds of queries that desks write.

use std::collections::{HashMap, HashSet};

use presswatch::article::decode::Message;
use presswatch::pipeline::Pipeline;
use presswatch::tagging::Analysed;
use presswatch::text::{Case, Kind, fold};

/// The articles to match watches against.
pub fn articles(pipeline: &Pipeline) -> Vec<Analysed> {
    let most = std::env::var("PRESSWATCH_ARTICLES").ok().and_then(|n| n.parse().ok()).unwrap_or(2000);
    let lines: Vec<Vec<u8>> = match std::env::var_os("PRESSWATCH_CORPUS") {
        Some(path) => {
            let all = std::fs::read(path).expect("PRESSWATCH_CORPUS names a file");
            all.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
        }
        None => gold(),
    };
    let analyse = |line: &Vec<u8>| pipeline.analyse(Message { body: line, ..Message::default() }).ok();
    lines.iter().take(most).filter_map(analyse).collect()
}

/// The events of `tests/gold` as JSON.
fn gold() -> Vec<Vec<u8>> {
    // the package is the project itself, or `benches/beside` in it
    let mut parents = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let folder = parents.find_map(|folder| std::fs::read_dir(folder.join("tests/gold")).ok());
    let mut paths: Vec<_> = folder.expect("part of the project").map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let event = |path: &std::path::PathBuf| {
        let article: toml::Value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        serde_json::to_vec(&article["event"]).unwrap()
    };
    paths.iter().map(event).collect()
}

/// Words to make watches of.
pub struct Stock {
    /// Capitalised words within a sentence that occur in few articles.
    names: Vec<String>,
    /// Pairs of such words in a row.
    pairs: Vec<String>,
    /// Lower-case words that do not occur in too many articles.
    subjects: Vec<String>,
    countries: Vec<String>,
    topics: Vec<String>,
}

impl Stock {
    pub fn new(articles: &[Analysed]) -> Self {
        let mut seen: HashMap<String, (usize, usize)> = HashMap::new();
        let mut pairs: HashSet<String> = HashSet::new();
        let (mut countries, mut topics) = (HashSet::new(), HashSet::new());
        let mut folded = String::new();
        for article in articles {
            let text = &article.document.body.text;
            let mut here: HashMap<String, bool> = HashMap::new();
            for two in text.tokens.windows(2).filter(|two| two[1].kind == Kind::Word) {
                let word = text.of(&two[1]);
                if word.len() < 3 || word.contains('.') {
                    continue;
                }
                let inside = two[0].kind == Kind::Word && two[0].case == Case::Lower;
                let capital = two[1].case == Case::Title;
                fold(word, &mut folded);
                *here.entry(folded.clone()).or_default() |= inside && capital;
                if capital && two[0].case == Case::Title && text.of(&two[0]).len() > 2 {
                    pairs.insert(format!("\"{} {word}\"", text.of(&two[0])));
                }
            }
            for (word, capital) in here {
                let counts = seen.entry(word).or_default();
                counts.0 += 1;
                counts.1 += usize::from(capital);
            }
            countries.extend(article.tagged.countries.iter().map(|c| c.code.clone()));
            topics.extend(article.tagged.topics.iter().map(|t| t.code.clone()));
        }
        let most = articles.len() / 20 + 2;
        let sorted = |words: Vec<&String>| {
            let mut words: Vec<String> = words.into_iter().cloned().collect();
            words.sort();
            words
        };
        let of = |wanted: &dyn Fn(usize, usize) -> bool| {
            sorted(
                seen.iter().filter(|(_, (n, capital))| wanted(*n, *capital)).map(|(word, _)| word).collect(),
            )
        };
        Self {
            names: of(&|n, capital| capital > 0 && n <= most),
            subjects: of(&|n, capital| capital == 0 && n <= most),
            pairs: sorted(pairs.iter().collect()),
            countries: sorted(countries.iter().collect()),
            topics: sorted(topics.iter().collect()),
        }
    }
}

/// Makes queries, reproducibly from a seed.
pub struct Maker<'s> {
    stock: &'s Stock,
    random: fastrand::Rng,
}

impl<'s> Maker<'s> {
    fn pick<'l>(&mut self, list: &'l [String]) -> &'l str {
        // few words are in demand with many, most with one
        let skewed = self.random.f64().powf(1.5);
        &list[((skewed * list.len() as f64) as usize).min(list.len() - 1)]
    }

    fn some(&mut self, list: &[String], least: usize, most: usize) -> Vec<String> {
        let count = (1.0 / (1.0 - self.random.f64()).max(0.01)) as usize;
        let mut out: Vec<String> =
            (0..count.clamp(least, most)).map(|_| self.pick(list).to_owned()).collect();
        out.sort();
        out.dedup();
        out
    }

    /// A maker for these words.
    pub fn new(stock: &'s Stock) -> Self {
        Self { stock, random: fastrand::Rng::with_seed(7) }
    }

    #[allow(dead_code, reason = "for benches/beside, which shares this file")]
    /// Groups of words, one of each group required, and words that are excluded.
    pub fn groups(&mut self) -> (Vec<Vec<String>>, Vec<String>) {
        let stock = self.stock;
        let mut groups = vec![self.some(&stock.names, 1, 8)];
        if self.random.u32(..100) < 60 {
            groups.push(self.some(&stock.subjects, 3, 20));
        }
        let without = if self.random.u32(..100) < 15 { self.some(&stock.names, 1, 8) } else { Vec::new() };
        (groups, without)
    }

    /// A query of any shape.
    pub fn query(&mut self) -> String {
        let stock = self.stock;
        let mut brands = self.some(&stock.names, 1, 4);
        if self.random.bool() {
            brands.extend(self.some(&stock.pairs, 1, 4));
        }
        let (brand, context) = (either(&brands), either(&self.some(&stock.subjects, 3, 20)));
        match self.random.u32(..100) {
            0..24 => brand,
            24..42 => format!("{brand} AND {context}"),
            42..51 => format!("{brand} NOT {}", either(&self.some(&stock.names, 1, 8))),
            51..64 => format!("{brand} NEAR/{} {context}", self.random.u32(2..20)),
            64..71 => format!("SENTENCE({brand} AND {context})"),
            71..76 => format!("title:{brand}"),
            76..79 => format!("lead:({brand} AND {context})"),
            79..83 => format!("ATLEAST/{}({brand})", self.random.u32(2..5)),
            83..87 => {
                let word = self.pick(&stock.subjects).to_owned();
                let end = word.char_indices().nth(5).map_or(word.len(), |(at, _)| at);
                if word.chars().count() < 5 { brand } else { format!("{}* AND {brand}", &word[..end]) }
            }
            87..92 => format!("{}~ AND {}~", self.pick(&stock.subjects), self.pick(&stock.subjects)),
            92..96 if !stock.topics.is_empty() && !stock.countries.is_empty() => {
                format!("about:{} AND topic:{}", self.pick(&stock.countries), self.pick(&stock.topics))
            }
            _ => format!("{brand} AND {context} AND {}", self.pick(&stock.subjects)),
        }
    }
}

/// Any of these words.
fn either(words: &[String]) -> String {
    if words.len() == 1 { words[0].clone() } else { format!("({})", words.join(" OR ")) }
}
