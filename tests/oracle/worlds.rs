//! Worlds: every way to settle what an input leaves open, found by running an evaluation again and again.

use std::collections::BTreeMap;

/// Something that an input leaves open; equal values are one and the same thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unknown {
    /// The 1.1 name of an action of which the table has none.
    Name1,
    /// The 5.0 name of an action of which the table has none.
    Name5,
    /// What a role calls so is the action.
    RoleName(String),
    /// The 5.0 name with this index is a name for roles and policies of the older engine too.
    Newer(usize),
    /// The 1.1 name with this index is also an alias for identity policies.
    Alias(usize),
    /// An alias that the table lacks stands among the exceptions of a statement, for a needed name.
    Unlisted(Place, usize),
    /// The service is global.
    Global,
    /// The guide is right that a service is global, whose own page lists IAM projects.
    GuideIsRight,
    /// The API honours grants for IAM projects.
    ProjectColumn,
    /// The API honours grants for enterprise projects.
    EnterpriseColumn,
    Region,
    Project,
    /// A role (by its grant) is one of a global service.
    RoleIsGlobal(usize),
    /// The operation's enterprise project is one of these.
    EnterpriseProject(Vec<String>),
    /// An enterprise project, of which either the id or the name is known, is another, of which the other is.
    IsNamed(String, String),
    /// A grant of an identity policy that claims to have a scope reaches the operation.
    Scoped(usize),
    /// The unknown part of a policy allows a needed name.
    Hidden(usize, usize),
    /// The unknown part of a service control policy denies it.
    HiddenDeny(usize, usize),
    /// A comparison of a condition holds.
    Condition(String),
    /// What a statement perhaps is about, it is about.
    Perhaps(Place),
    /// A part of a resource (named first) takes in that of the operation.
    Resource(&'static str, String),
    /// Of two reasons why a grant does not count, this is the one to give.
    Reason,
    /// The action's service stands under service control policies.
    IsGuarded,
}

/// A policy and the index of its statement.
pub(crate) type Place = (usize, usize);

/// One way to settle things; they are settled when first asked for.
#[derive(Debug, Default)]
pub(crate) struct World {
    plan: Vec<usize>,
    dice: Option<u64>,
    settled: BTreeMap<Unknown, usize>,
    /// What was chosen of how many, in the order of asking.
    chosen: Vec<(usize, usize)>,
    reads: BTreeMap<Unknown, usize>,
}

impl World {
    /// Whether something is true that has no further values.
    pub(crate) fn bit(&mut self, unknown: Unknown) -> bool {
        self.ask(unknown, &[false, true], |value| *value)
    }

    /// Whether the value of something passes a test; not asked where all its values agree.
    pub(crate) fn ask<T>(&mut self, unknown: Unknown, values: &[T], test: impl Fn(&T) -> bool) -> bool {
        let first = test(&values[0]);
        if values.iter().all(|value| test(value) == first) {
            return first;
        }
        *self.reads.entry(unknown.clone()).or_default() += 1;
        let settled = self.settled.get(&unknown).copied();
        let index = settled.unwrap_or_else(|| self.settle(unknown, values.len()));
        test(&values[index])
    }

    fn settle(&mut self, unknown: Unknown, count: usize) -> usize {
        let index = match &mut self.dice {
            Some(dice) => {
                *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                usize::try_from(*dice >> 40).unwrap() % count
            }
            None => self.plan.get(self.chosen.len()).copied().unwrap_or(0),
        };
        self.chosen.push((index, count));
        self.settled.insert(unknown, index);
        index
    }

    /// The next plan in the order of a depth-first search.
    fn next_plan(&self) -> Option<Vec<usize>> {
        let last = self.chosen.iter().rposition(|(index, count)| index + 1 < *count)?;
        let mut plan: Vec<usize> = self.chosen[..=last].iter().map(|(index, _)| *index).collect();
        plan[last] += 1;
        Some(plan)
    }
}

/// What the worlds of an input have in common.
#[derive(Debug)]
pub(crate) struct Survey<T> {
    /// The different outcomes.
    pub(crate) outcomes: Vec<T>,
    /// Every world was visited.
    pub(crate) is_complete: bool,
    /// No world asked twice for the same thing: three-valued logic loses nothing.
    pub(crate) reads_once: bool,
}

impl<T> Survey<T> {
    /// Three-valued logic comes to the same.
    pub(crate) fn is_exact(&self) -> bool {
        self.is_complete && self.reads_once
    }
}

const MOST_WORLDS: usize = 32;
const SAMPLES: u64 = 24;

/// Runs an evaluation in every world, or in many where there are too many; no more than it takes to know enough.
pub(crate) fn survey<T: PartialEq>(
    mut evaluate: impl FnMut(&mut World) -> T,
    is_enough: impl Fn(&Survey<T>) -> bool,
) -> Survey<T> {
    let mut survey = Survey { outcomes: Vec::new(), is_complete: false, reads_once: true };
    let mut visit = |survey: &mut Survey<T>, mut world: World| {
        let outcome = evaluate(&mut world);
        if !survey.outcomes.contains(&outcome) {
            survey.outcomes.push(outcome);
        }
        survey.reads_once &= world.reads.values().all(|reads| *reads == 1);
        world.next_plan()
    };
    let mut plan = Vec::new();
    for _ in 0..MOST_WORLDS {
        match visit(&mut survey, World { plan, ..World::default() }) {
            Some(_) if is_enough(&survey) => return survey,
            Some(next) => plan = next,
            None => return Survey { is_complete: true, ..survey },
        }
    }
    for seed in 0..SAMPLES {
        if is_enough(&survey) {
            break;
        }
        visit(&mut survey, World { dice: Some(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)), ..World::default() });
    }
    survey
}

#[test]
fn every_combination_is_visited_once() {
    let mut seen = Vec::new();
    let survey = survey(
        |world| {
            let pair = (world.bit(Unknown::Global), world.ask(Unknown::Region, &["a", "b", "c"], |text| *text == "c"));
            seen.push(pair);
            pair.0 && pair.1
        },
        |_| false,
    );
    assert!(survey.is_complete && survey.reads_once);
    assert_eq!((seen.len(), survey.outcomes.len()), (6, 2));
}
