//! What of each item an answer carries: `fields`, `expand`, `onlyData` and `links`.

use crate::oracle::protocol::parameters::Parameters;
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::schema::resource::Resource;

/// The part of an item that was asked for.
#[derive(Clone, Debug)]
pub(in crate::oracle) struct Selection {
    /// Places in the schema's fields, ascending.
    pub fields: Vec<usize>,
    pub children: Vec<(&'static Resource, Selection)>,
    pub links: LinkChoice,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::oracle) enum LinkChoice {
    All,
    None,
    /// Only these relations.
    Only(Vec<String>),
}

impl LinkChoice {
    pub(in crate::oracle) fn allows(&self, relation: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Only(relations) => relations.iter().any(|one| one == relation),
        }
    }
}

impl Selection {
    /// Every field, all links, no children.
    pub(in crate::oracle) fn whole(resource: &Resource) -> Self {
        Self {
            fields: (0..resource.schema.fields.len()).collect(),
            children: Vec::new(),
            links: LinkChoice::All,
        }
    }

    /// Reads the parameters. `fields` and `expand` do not go together; `fields` wins.
    pub(in crate::oracle) fn of(
        resource: &'static Resource,
        parameters: &Parameters,
    ) -> Result<Self, Refusal> {
        let mut selection = match (parameters.get("fields"), parameters.get("expand")) {
            (Some(fields), _) => parse_fields(resource, fields)?,
            (None, Some(expand)) => parse_expand(resource, expand)?,
            (None, None) => Self::whole(resource),
        };
        let links = if parameters.flag("onlyData")? {
            LinkChoice::None
        } else {
            match parameters.get("links") {
                None => LinkChoice::All,
                Some(list) => LinkChoice::Only(list.split(',').map(|one| one.trim().to_owned()).collect()),
            }
        };
        selection.set_links(&links);
        Ok(selection)
    }

    fn nothing() -> Self {
        Self { fields: Vec::new(), children: Vec::new(), links: LinkChoice::All }
    }

    fn set_links(&mut self, links: &LinkChoice) {
        self.links = links.clone();
        for (_, child) in &mut self.children {
            child.set_links(links);
        }
    }

    /// The selection of a child, added where it is not yet there.
    fn child_mut(&mut self, child: &'static Resource, first: impl FnOnce() -> Self) -> Option<&mut Self> {
        if !self.children.iter().any(|(existing, _)| existing.name == child.name) {
            self.children.push((child, first()));
        }
        self.children.iter_mut().find(|(existing, _)| existing.name == child.name).map(|(_, inner)| inner)
    }
}

/// `A,B;usageCharges:BilledAmount;usageEvents.usageMessages:MessageName`
fn parse_fields(resource: &'static Resource, text: &str) -> Result<Selection, Refusal> {
    let mut selection = Selection::nothing();
    for group in text.split(';').map(str::trim).filter(|group| !group.is_empty()) {
        let (path, names) = match group.split_once(':') {
            Some((path, names)) => (path.trim(), names),
            None => ("", group),
        };
        let mut at = resource;
        let mut inner = &mut selection;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            let unknown = || unknown_name("fields", step, at);
            at = at.child(step).ok_or_else(unknown)?;
            inner =
                inner.child_mut(at, Selection::nothing).ok_or_else(|| unknown_name("fields", step, at))?;
        }
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if let Some(place) = at.schema.position(name) {
                inner.fields.push(place);
            } else if let Some(child) = at.child(name) {
                inner.child_mut(child, || Selection::whole(child));
            } else {
                return Err(unknown_name("fields", name, at));
            }
        }
        inner.fields.sort_unstable();
        inner.fields.dedup();
    }
    Ok(selection)
}

/// `all` (the direct children) or `usageEvents,usageEvents.usageCharges`; parents are implied.
fn parse_expand(resource: &'static Resource, text: &str) -> Result<Selection, Refusal> {
    let mut selection = Selection::whole(resource);
    for path in text.split(',').map(str::trim).filter(|path| !path.is_empty()) {
        if path.eq_ignore_ascii_case("all") {
            for child in resource.children {
                selection.child_mut(child, || Selection::whole(child));
            }
            continue;
        }
        let mut at = resource;
        let mut inner = &mut selection;
        for step in path.split('.') {
            let unknown = unknown_name("expand", step, at);
            let Some(child) = at.child(step) else { return Err(unknown) };
            at = child;
            inner = inner.child_mut(child, || Selection::whole(child)).ok_or(unknown)?;
        }
    }
    Ok(selection)
}

fn unknown_name(parameter: &str, name: &str, resource: &Resource) -> Refusal {
    Refusal::invalid_query(parameter, format!("\"{name}\" is not an attribute or child of {}", resource.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::schema::resource_tree::BATCHES;

    fn shown(resource: &Resource, selection: &Selection) -> String {
        let fields = match selection.fields.len() {
            all if all == resource.schema.fields.len() => "*".to_owned(),
            _ => selection
                .fields
                .iter()
                .filter_map(|place| resource.schema.fields.get(*place))
                .map(|field| field.name)
                .collect::<Vec<_>>()
                .join(","),
        };
        let children = selection
            .children
            .iter()
            .map(|(child, inner)| format!(" {}[{}]", child.name, shown(child, inner)))
            .collect::<String>();
        fields + &children
    }

    fn check(query: &str, expected: &str) {
        let found = Parameters::of(Some(query))
            .and_then(|parameters| Selection::of(&BATCHES, &parameters))
            .map_or_else(|refusal| refusal.status().to_string(), |selection| shown(&BATCHES, &selection));
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn fields_and_children() {
        check("", "*");
        check("fields=BatchNumber,BatchName", "BatchName,BatchNumber");
        check(
            "fields=BatchNumber;usageEvents:EventId,EventNumber",
            "BatchNumber usageEvents[EventId,EventNumber]",
        );
        check("fields=usageEvents.usageCharges:BilledAmount", " usageEvents[ usageCharges[BilledAmount]]");
        check("fields=BatchNumber,usageEvents", "BatchNumber usageEvents[*]");
        check(
            "expand=all",
            "* ruleBuilderConditions[*] usageBusinessUnitBatches[*] usageEventBatchErrors[*] \
             usageEventBatchFiles[*] usageEvents[*]",
        );
        check("expand=usageEvents.usageCharges,usageEvents", "* usageEvents[* usageCharges[*]]");
        check("fields=BatchNumber&expand=all", "BatchNumber");
    }

    #[test]
    fn unknown_names_are_refused() {
        for query in [
            "fields=Nope",
            "fields=usageEvents:Nope",
            "fields=nope:EventId",
            "expand=nope",
            "expand=usageEvents.x",
            "onlyData=maybe",
        ] {
            check(query, "400 Bad Request");
        }
    }
}
