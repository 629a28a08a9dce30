//! A plain account of what a person chose: by what was on the screen, and by nothing else.

use std::collections::{BTreeMap, BTreeSet};

use grid_model::{Picked, Rows};

use crate::hands::Meant;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Nothing,
    Range { anchor: Option<String>, begun_at: usize, missing: usize },
    Records,
    All(BTreeSet<String>),
}

/// What a person would say that they have selected.
#[derive(Clone, Debug)]
pub struct Person {
    kind: Kind,
    chosen: BTreeMap<String, String>,
}

impl Default for Person {
    fn default() -> Person {
        Person { kind: Kind::Nothing, chosen: BTreeMap::new() }
    }
}

impl Person {
    pub fn let_go(&mut self) {
        *self = Person::default();
    }

    pub fn all(&mut self) {
        *self = Person { kind: Kind::All(BTreeSet::new()), chosen: BTreeMap::new() };
    }

    pub fn toggle(&mut self, Picked { key, version }: Picked) {
        if let Kind::All(without) = &mut self.kind {
            if !without.remove(&*key) {
                without.insert(key.to_string());
            }
            return;
        }
        // The records of a range become chosen as a whole, and this one is among them.
        let was_part = matches!(self.kind, Kind::Range { .. }) && self.chosen.contains_key(&*key);
        if !was_part && self.chosen.remove(&*key).is_none() {
            self.chosen.insert(key.to_string(), version.to_string());
        }
        self.kind = if self.chosen.is_empty() { Kind::Nothing } else { Kind::Records };
    }

    pub fn extend(&mut self, from: usize, to: usize, screen: &dyn Rows) {
        let here = screen.at(from);
        let grows = here.as_ref().is_some_and(|here| self.chosen.contains_key(&*here.key));
        if matches!(self.kind, Kind::Records) && grows {
            for picked in between(from, to, screen).0 {
                self.chosen.entry(picked.key.to_string()).or_insert_with(|| picked.version.to_string());
            }
            return;
        }
        let (anchor, begun_at) = match &self.kind {
            Kind::Range { anchor, begun_at, .. } => {
                let place = anchor.as_deref().and_then(|key| screen.place(key));
                match place {
                    Some(place) => (anchor.clone(), place),
                    None if screen.at(*begun_at).is_none() => (anchor.clone(), *begun_at),
                    None => (anchor.clone(), from),
                }
            }
            _ => (here.map(|here| here.key.to_string()), from),
        };
        let was_range = matches!(self.kind, Kind::Range { .. });
        let first = match &self.kind {
            Kind::Range { begun_at, .. } => *begun_at,
            _ => from,
        };
        let before = std::mem::take(&mut self.chosen);
        let (rows, missing) = between(begun_at, to, screen);
        for picked in rows {
            let version = match before.get(&*picked.key).filter(|_| was_range) {
                Some(version) => version.clone(),
                None => picked.version.to_string(),
            };
            self.chosen.insert(picked.key.to_string(), version);
        }
        self.kind = Kind::Range { anchor, begun_at: first, missing };
    }

    /// Rows came: a range that ran over rows that were not there takes them in, where all of its own
    /// still stand in it and no other row does.
    pub fn rows_came(&mut self, cursor: usize, loaded: &dyn Rows) {
        let Kind::Range { anchor, begun_at, missing } = &mut self.kind else { return };
        if *missing == 0 {
            return;
        }
        let begun = match anchor.as_deref().and_then(|key| loaded.place(key)) {
            Some(place) => place,
            None if loaded.at(*begun_at).is_none() => *begun_at,
            None => return,
        };
        let (rows, left) = between(begun, cursor, loaded);
        let keys: BTreeSet<&str> = rows.iter().map(|picked| &*picked.key).collect();
        let has_all = self.chosen.keys().all(|key| keys.contains(key.as_str()));
        if !has_all || keys.len() + left != self.chosen.len() + *missing || left == *missing {
            return;
        }
        *missing = left;
        for picked in &rows {
            self.chosen.entry(picked.key.to_string()).or_insert_with(|| picked.version.to_string());
        }
    }

    pub fn meant(&self) -> Meant {
        match &self.kind {
            Kind::All(without) => Meant::AllBut(without.clone()),
            _ => Meant::These(self.chosen.clone()),
        }
    }
}

fn between(one: usize, other: usize, rows: &dyn Rows) -> (Vec<Picked>, usize) {
    let all: Vec<_> = (one.min(other)..=one.max(other)).map(|row| rows.at(row)).collect();
    let missing = all.iter().filter(|row| row.is_none()).count();
    // A record that stands in two pages, one of them old, is one record.
    let mut found: Vec<Picked> = Vec::new();
    for picked in all.into_iter().flatten() {
        if !found.iter().any(|other| other.key == picked.key) {
            found.push(picked);
        }
    }
    (found, missing)
}
