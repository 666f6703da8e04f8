//! Runs properties over as many cases as asked for, on all cores, and makes counterexamples small.

use std::thread;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::case::Case;
use crate::inputs::cases;
use crate::shrink::smaller;

/// How many cases, over all properties that ask for a share of them.
const VARIABLE: &str = "GRANTLINT_ORACLE_CASES";
const QUICK: u32 = 6_000;
/// Of any property.
const LEAST: u32 = 200;

/// Holds a property over a share of all cases, in which each thing that can be open is so with a probability; panics
/// with the smallest counterexample that it finds.
pub(crate) fn hold<const N: usize>(share: f64, open: f64, property: impl Fn(&[Case; N]) -> Result<(), String> + Sync) {
    let all = std::env::var(VARIABLE).map_or(QUICK, |text| text.parse().expect("GRANTLINT_ORACLE_CASES is a number"));
    let threads = thread::available_parallelism().map_or(1, |count| u8::try_from(count.get()).unwrap_or(u8::MAX));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let count = ((f64::from(all) * share) as u32).max(LEAST) / u32::from(threads) + 1;
    let run = |seed| {
        let failing = generated(seed, open, count).find(|input| property(input).is_err())?;
        Some(smallest(failing, &property))
    };
    let failure = thread::scope(|scope| {
        let run = &run;
        let runs: Vec<_> = (0..threads).map(|seed| scope.spawn(move || run(seed))).collect();
        runs.into_iter().find_map(|run| run.join().unwrap())
    });
    if let Some(input) = failure {
        let cases: Vec<String> = input.iter().map(Case::to_string).collect();
        panic!("{}\n{}", property(&input).unwrap_err(), cases.join("\nwith\n"));
    }
}

/// The same cases whenever the seed is the same.
pub(crate) fn generated<const N: usize>(seed: u8, open: f64, count: u32) -> impl Iterator<Item = [Case; N]> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = cases(open);
    (0..count).map(move |_| std::array::from_fn(|_| strategy.new_tree(&mut runner).unwrap().current()))
}

/// Takes away as long as the property fails.
fn smallest<const N: usize>(mut input: [Case; N], property: impl Fn(&[Case; N]) -> Result<(), String>) -> [Case; N] {
    let replaced = |input: &[Case; N], index: usize, case: Case| {
        let mut other = input.clone();
        other[index] = case;
        other
    };
    loop {
        let mut all = (0..N).flat_map(|index| smaller(&input[index]).into_iter().map(move |case| (index, case)));
        match all.find_map(|(index, case)| {
            let other = replaced(&input, index, case);
            property(&other).is_err().then_some(other)
        }) {
            Some(other) => input = other,
            None => return input,
        }
    }
}
