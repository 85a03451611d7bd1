//! Extracts the article: its headline, its body and its language.

mod gaps;
pub(super) mod html;
mod language;
mod letters;
mod plain;

use super::{Article, Cleaned, Content};
use crate::knowledge::Knowledge;

/// Extracts headline and body, and identifies the language. What the event says overrides what the page says.
pub fn clean(article: Article, lexicon: &Knowledge) -> Cleaned {
    let Article {
        id,
        url,
        mut title,
        content,
        mut language,
        mut published_at,
        mut source,
        mut authors,
        bare,
    } = article;
    title = letters::headline(title);
    let content = match content {
        Content::Text(text) => match letters::escaped_markup(&text) {
            Some(html) => Content::Html(html),
            None => Content::Text(letters::plain(text, &lexicon.junk)),
        },
        html @ Content::Html(_) => html,
    };
    let text = match content {
        Content::Text(text) => {
            let cleared = plain::clear(text, &title, &lexicon.junk);
            if let Some(found) = cleared.title {
                title = found;
            }
            published_at = published_at.or(cleared.published_at);
            let mut text = cleared.text;
            if bare
                && title.is_empty()
                && let Some((found, body)) = plain::headline(&text, &lexicon.junk)
            {
                found.clone_into(&mut title);
                text.drain(..body);
            }
            text
        }
        Content::Html(html) => {
            let page = html::extract(&html, &lexicon.junk);
            if title.trim().is_empty() {
                title = letters::headline(page.title.unwrap_or_default());
            }
            language = language.or(page.language);
            published_at = published_at.or(page.published_at).or_else(|| html::of_address(url.as_deref()?));
            source.name = source.name.or(page.site);
            source.domain = source.domain.or_else(|| super::decode::domain(page.url.as_deref()?));
            if authors.is_empty() {
                authors = page.authors;
            }
            plain::tidy(&letters::text(page.text), &title, &lexicon.junk)
        }
    };
    let text = letters::changed(text, gaps::parted);
    let language = language::of(&title, &text, language, &lexicon.function_words);
    Cleaned { id, url, title, text, language, published_at, source, authors }
}
