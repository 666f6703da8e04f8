//! Where the provider's code says more of a call than the facts do: `gates.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

use crate::Failure;
use crate::kept::{CallKey, PHASES};

/// What takes the place of a gate of the facts.
#[derive(Clone)]
pub(crate) enum Gate {
    Holds(String),
    /// The phase does not make the call.
    Never,
}

/// The gates that stand in for those of the facts; an alias has those of its target.
pub(crate) struct Gates {
    /// Section, type and call → its gate.
    gates: BTreeMap<(String, String, CallKey), Gate>,
    unused: BTreeSet<(String, String, CallKey)>,
}

impl Gates {
    pub(crate) fn read() -> Result<Self, Failure> {
        let file: BTreeMap<String, BTreeMap<String, Vec<Value>>> = serde_yaml::from_str(include_str!("gates.yaml"))?;
        let mut gates = BTreeMap::new();
        for (section, types) in file {
            for (name, calls) in types {
                for call in calls {
                    let word = |key: &str| call.get(key).and_then(Value::as_str).map(str::to_owned);
                    let api = word("api").ok_or_else(|| format!("gates.yaml: {name}: a call without `api`"))?;
                    for phase in PHASES {
                        let Some(gate) = word(phase) else { continue };
                        let key = CallKey { api: api.clone(), service: word("service"), phase };
                        let gate = if gate == "never" { Gate::Never } else { Gate::Holds(gate) };
                        gates.insert((section.clone(), name.clone(), key), gate);
                    }
                }
            }
        }
        let unused = gates.keys().cloned().collect();
        Ok(Self { gates, unused })
    }

    /// The gate of a call, if `gates.yaml` has it.
    pub(crate) fn of(&mut self, section: &str, name: &str, call: &CallKey) -> Option<Gate> {
        let key = (section.to_owned(), name.to_owned(), call.clone());
        let gate = self.gates.get(&key)?.clone();
        self.unused.remove(&key);
        Some(gate)
    }

    /// Fails if a gate is about a call that no type makes.
    pub(crate) fn all_used(&self) -> Result<(), Failure> {
        match self.unused.first() {
            None => Ok(()),
            Some((_, name, call)) => {
                Err(format!("gates.yaml: {name}: there is no call {} in the phase {}", call.api, call.phase).into())
            }
        }
    }
}
