//! Observations that tell which of several places a name means, with their weights.
//!
//! The weights are in `config/lexicon/places/senses.tsv`, set by hand on the scale of the logarithm of a population.

use super::weights::Observed;

/// An observation about one of the places that a name may mean, or about a country of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// What a name adds for its country, by what it names: the country itself.
    NamesCountry,
    /// The adjective, seat, region or abbreviation of one.
    NamesPart,
    /// A town.
    NamesTown,
    /// A word that only suggests a country.
    NamesHint,
    /// The source is published in the country.
    Home,
    /// The source's domain shows no country, and the article names only towns with namesakes in other countries: for the
    /// country of most such sources.
    ProbableHome,
    /// The same where no country has more than a hint.
    ProbableHomeAlone,
    /// The source's domain names a town, for the country of the town; for its regions and towns.
    DomainNamesTown,
    /// See [`Self::DomainNamesTown`].
    DomainNamesTownLocally,
    /// The most that the rest of the article adds for a place.
    MostOfArticle,
    /// The place is a country.
    Country,
    /// It is meant by its adjective or its seat.
    Adjective,
    /// It is a region.
    Region,
    /// The place is a region named elsewhere in the article, by itself or by a town in it: Georgia beside Atlanta. With
    /// another name of the country Georgia, the country is meant.
    RegionSeen,
    /// The words beside the name mean a state: "Georgia lawmakers". Another name of the country outweighs it.
    OfState,
    /// The place is a capital, beside its size.
    Capital,
    /// How much of the weight of its country counts for a town.
    CountryOfTown,
    /// The town's region is named elsewhere.
    RegionOfTown,
    /// By how much a town that only its size speaks for must exceed each namesake in another country: it must be almost
    /// twice as large.
    Margin,
    /// A capital's name that is also another country's own means neither within this much of each other, if nothing else
    /// speaks for either: Arabic has one word for Amman and Oman.
    CapitalMargin,
}

impl Observed for Observation {
    const FILE: &'static str = "places/senses.tsv";
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::NamesCountry, "names: country"),
        (Self::NamesPart, "names: adjective, seat or region"),
        (Self::NamesTown, "names: town"),
        (Self::NamesHint, "names: hint"),
        (Self::Home, "source: of the country"),
        (Self::ProbableHome, "source: probably of the country, towns with namesakes"),
        (Self::ProbableHomeAlone, "source: probably of the country, hints at most"),
        (Self::DomainNamesTown, "source: domain names a town"),
        (Self::DomainNamesTownLocally, "source: domain names a town, for other towns"),
        (Self::MostOfArticle, "most of the article"),
        (Self::Country, "is: country"),
        (Self::Adjective, "is: adjective or seat"),
        (Self::Region, "is: region"),
        (Self::RegionSeen, "is: region named elsewhere"),
        (Self::OfState, "is: state, beside its words"),
        (Self::Capital, "is: capital"),
        (Self::CountryOfTown, "is: town, share of its country"),
        (Self::RegionOfTown, "is: town in a region named elsewhere"),
        (Self::Margin, "margin: town"),
        (Self::CapitalMargin, "margin: capital"),
    ];

    fn number(self) -> usize {
        self as usize
    }
}
