//! Takes the page off the article.

use super::{Article, Cleaned, Content};
use crate::text::Language;

/// Leaves headline and body, and tells the language.
pub fn clean(article: Article) -> Cleaned {
    let (Content::Text(text) | Content::Html(text)) = article.content;
    Cleaned {
        id: article.id,
        url: article.url,
        title: article.title,
        text,
        language: article.language.unwrap_or(Language::UND),
        published_at: article.published_at,
        source: article.source,
        authors: article.authors,
    }
}
