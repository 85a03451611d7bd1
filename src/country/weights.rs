//! The weights of named observations: one table of them in a file of `config/lexicon/places`.

use std::marker::PhantomData;

use crate::files::{Files, weights};

/// What is observed of a name or a place. A file gives each observation its weight.
pub trait Observed: Copy + 'static {
    /// The file with the weights.
    const FILE: &'static str;
    /// All observations with their names in the file, each at its own number.
    const ALL: &'static [(Self, &'static str)];

    /// Its place among all.
    fn number(self) -> usize;
}

/// The weights of all observations of one kind.
#[derive(Debug)]
pub struct Weights<O> {
    by_number: Box<[f32]>,
    of: PhantomData<O>,
}

impl<O: Observed> Default for Weights<O> {
    /// Nothing weighs anything.
    fn default() -> Self {
        Self { by_number: vec![0.0; O::ALL.len()].into(), of: PhantomData }
    }
}

impl<O: Observed> Weights<O> {
    /// Reads the file: all observations, each once. Errors name the file and the observation.
    pub fn parse(files: &Files, errors: &mut Vec<String>) -> Self {
        let mut out = Self::default();
        let Some(source) = files.get(O::FILE) else { return out };
        let mut missing: Vec<&str> = O::ALL.iter().map(|(_, name)| *name).collect();
        for (name, weight) in weights(O::FILE, source, errors) {
            match O::ALL.iter().find(|(_, own)| *own == name) {
                Some((observation, _)) => out.by_number[observation.number()] = weight,
                None => errors.push(format!("{}: unknown observation `{name}`", O::FILE)),
            }
            missing.retain(|m| *m != name);
        }
        errors.extend(missing.into_iter().map(|name| format!("{}: `{name}` has no weight", O::FILE)));
        out
    }

    /// The weight of an observation.
    #[inline]
    pub fn of(&self, observation: O) -> f32 {
        self.by_number[observation.number()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country::sense;
    use crate::country::support::{self, Observation};

    fn check_compiled_in<O: Observed + std::fmt::Debug>() -> Weights<O> {
        for (number, (observation, name)) in O::ALL.iter().enumerate() {
            assert_eq!(observation.number(), number, "{name}");
            assert_eq!(O::ALL.iter().filter(|(_, own)| own == name).count(), 1, "{name}");
        }
        let mut errors = Vec::new();
        let weights = Weights::parse(&Files::default(), &mut errors);
        assert!(errors.is_empty(), "{errors:?}");
        weights
    }

    #[test]
    fn each_observation_has_its_own_number_and_weight() {
        let support = check_compiled_in::<Observation>();
        assert!(support.of(Observation::LocativeBefore) > 0.0 && support.of(Observation::GivenBefore) < 0.0);
        let senses = check_compiled_in::<sense::Observation>();
        let [country, town] =
            [sense::Observation::Country, sense::Observation::Capital].map(|o| senses.of(o));
        assert!(country > town, "a name means the country rather than a town of that name");
    }

    #[test]
    fn a_wrong_file_is_told() {
        let file = support::Observation::FILE;
        let mut files = Files::none();
        files.put(file, "before: in\t2\nbefore: on\t1\nword\tlittle\n");
        let mut errors = Vec::new();
        Weights::<Observation>::parse(&files, &mut errors);
        for part in ["line 3", "`before: on`", "`settled` has no weight"] {
            assert!(errors.iter().any(|e| e.contains(part) && e.starts_with(file)), "{part}: {errors:?}");
        }
    }
}
