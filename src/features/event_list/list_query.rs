//! Which events are asked for, and in what order. It lives in the page's address, so that a link
//! shows the same rows.

use super::columns::EVENT_COLUMNS;
use crate::features::list::{
    Conditions, condition_text, conditions_of, names_of, order_by, terms_of, why_more,
};
use crate::features::usual_zone::usual_zones;
use crate::routes::{AddressQuery, Counted, list_text, query_text, sort_text};
use crate::text::{SpanUnit, TimeSpans, class_of};
use crate::ui::key_input::composed;
use grid_model::SortKey;
use rest_contract::oracle::field_condition::FieldCondition;
use rest_contract::oracle::{EVENT, any_like, one_of};
use rest_contract::{Field, Kind};

/// Filter and order of an event list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// Only events of these statuses; empty for all.
    pub statuses: Vec<String>,
    /// Only events in which one of the searched fields holds this text.
    pub find: String,
    /// Only events that have no currency, or a charge without one: their amounts are in no total.
    pub without_currency: bool,
    /// What is asked of columns, one condition each. Statuses alone stand above.
    pub filters: Conditions,
    /// What the address asks that is not understood: as long as it does, the list may show more than was meant.
    pub not_known: Vec<(String, String)>,
    /// The columns by which the events are grouped, the outermost first; empty where events are shown.
    pub group: Vec<GroupLevel>,
    /// How the columns stand ([`grid_model::ColumnLayout::text`]); empty where the address does not say.
    pub columns: String,
    /// Of the events, or of their groups.
    pub sort: Vec<SortKey>,
}

/// The column that chips filter too.
pub const STATUS: &str = "EventStatus";

/// What the address says beside conditions of columns.
const OF_THE_LIST: [&str; 7] = ["status", "find", "currency", "group", "columns", "sort", Counted::NAME];

const NO_CURRENCY: &str = "none";

impl ListQuery {
    /// Reads the address's query: `status=A,B`, `find=text`, `currency=none`, `sort=Field,-Other`, conditions of
    /// columns by the names of their fields; groups by `group=ServiceId,EventStartTime.month`, the columns by
    /// `columns=;Error`. What it does not know it passes over, and names.
    pub fn read(query: &AddressQuery) -> Self {
        let filters = conditions_of(&EVENT_COLUMNS, query);
        let is_known =
            |name: &str| OF_THE_LIST.contains(&name) || filters.iter().any(|(field, _)| field.name == name);
        let not_known = query.said().filter(|(name, _)| !is_known(name)).cloned();
        Self {
            not_known: not_known.collect(),
            statuses: query.list("status"),
            find: query.text("find"),
            without_currency: query.text("currency") == NO_CURRENCY,
            filters,
            group: grouped_by(&query.list("group")),
            columns: query.text("columns"),
            sort: query.sort(),
        }
    }

    /// The address's query, with its query mark; empty for the plain list.
    pub fn write(&self) -> String {
        let filters = self.filters.iter().map(|(field, condition)| (field.name, condition_text(condition)));
        let group: Vec<_> = self.group.iter().map(GroupLevel::name).collect();
        let parts = [
            ("status", list_text(&self.statuses)),
            ("find", self.find.clone()),
            ("currency", if self.without_currency { NO_CURRENCY.to_owned() } else { String::new() }),
        ];
        let behind = [
            ("group", list_text(&group)),
            ("columns", self.columns.clone()),
            ("sort", sort_text(&self.sort)),
        ];
        let not_known = self.not_known.iter().map(|(name, text)| (name.as_str(), text.clone()));
        query_text(parts.into_iter().chain(filters).chain(behind).chain(not_known))
    }

    /// What is asked of columns, with the statuses.
    pub fn conditions(&self) -> Conditions {
        let statuses = FieldCondition::OneOf { values: self.statuses.clone(), or_blank: false };
        let status = EVENT.field(STATUS).filter(|_| !self.statuses.is_empty());
        status.map(|field| (field, statuses)).into_iter().chain(self.filters.iter().cloned()).collect()
    }

    /// The same with this asked of a column, or nothing.
    #[must_use]
    pub fn with_filter(mut self, field: &'static Field, condition: Option<FieldCondition>) -> Self {
        self.filters.retain(|(known, _)| *known != field);
        self.not_known.retain(|(name, _)| name != field.name);
        if field.name == STATUS {
            self.statuses.clear();
        }
        match condition {
            Some(FieldCondition::OneOf { values, or_blank: false }) if field.name == STATUS => {
                self.statuses = values;
            }
            condition => self.filters.extend(condition.map(|condition| (field, condition))),
        }
        self
    }

    /// What is asked of the events themselves, however they are shown.
    #[must_use]
    pub fn of_events(self) -> Self {
        Self { columns: String::new(), not_known: Vec::new(), ..self.ungrouped() }
    }

    /// The same list with its events shown.
    #[must_use]
    pub fn ungrouped(self) -> Self {
        let sort = if self.group.is_empty() { self.sort } else { Vec::new() };
        Self { group: Vec::new(), sort, ..self }
    }

    /// The same list of all events.
    #[must_use]
    pub fn unfiltered(self) -> Self {
        Self { sort: self.sort, group: self.group, ..Self::default() }
    }

    /// Why not all that the list shows can be meant, where that is so.
    pub fn why_not_all(&self) -> Option<String> {
        (!self.not_known.is_empty()).then(|| why_more(&names_of(&self.not_known), "events"))
    }

    /// The row-match expression (Oracle REST, `q`).
    pub fn q(&self) -> String {
        let mut terms = Vec::new();
        if !self.statuses.is_empty() {
            terms.push(one_of("EventStatus", &self.statuses));
        }
        if !self.find.trim().is_empty() {
            terms.push(any_like(EVENT_COLUMNS.searched, &composed(self.find.trim())));
        }
        if self.without_currency {
            terms.push("(CurrencyCode is null or usageCharges.ChargeCurrency is null)".to_owned());
        }
        terms.extend(terms_of(&self.filters));
        terms.join(" and ")
    }

    /// The order (Oracle REST, `orderBy`).
    pub fn order_by(&self) -> String {
        order_by(&self.sort, "EventId")
    }

    /// What is asked beside conditions of columns, in words.
    pub fn words(&self) -> Vec<String> {
        let find = self.find.trim();
        let found = (!find.is_empty()).then(|| format!("Search: \u{201c}{find}\u{201d}"));
        let without = self.without_currency.then(|| "No currency".to_owned());
        found.into_iter().chain(without).collect()
    }

    pub fn is_filtered(&self) -> bool {
        !self.statuses.is_empty()
            || !self.find.trim().is_empty()
            || self.without_currency
            || !self.filters.is_empty()
    }

    /// Whether events of this status are asked for, and beside them none of another kind.
    pub fn shows(&self, status: &str) -> bool {
        let class = class_of(status);
        let is_of_kind = |code: &String| class_of(code) == class;
        self.statuses.iter().any(|code| code == status) && self.statuses.iter().all(is_of_kind)
    }
}

/// By what events are grouped: the texts of a field, or the days or months of a time.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupLevel {
    pub field: &'static Field,
    pub spans: Option<TimeSpans>,
}

impl GroupLevel {
    /// As an address has it: `ServiceId`, `EventStartTime.month`, `EventStartTime.day.Europe/Berlin`.
    pub fn read(name: &str) -> Option<Self> {
        let (name, spans) = name.split_once('.').map_or((name, None), |(name, spans)| (name, Some(spans)));
        let field = EVENT_COLUMNS.fields().find(|field| field.name == name)?;
        match (field.kind, spans) {
            // Not by what each event has for itself.
            (Kind::Text, None) if field.name != EVENT.key => Some(Self { field, spans: None }),
            (Kind::DateTime, Some(spans)) => Some(Self { field, spans: Some(TimeSpans::read(spans)?) }),
            _ => None,
        }
    }

    pub fn name(&self) -> String {
        match &self.spans {
            None => self.field.name.to_owned(),
            Some(spans) => format!("{}.{}", self.field.name, spans.name()),
        }
    }

    pub fn head(&self) -> String {
        let head = EVENT_COLUMNS.head_of(self.field.name);
        match &self.spans {
            None => head.to_owned(),
            Some(TimeSpans { unit, zone }) => {
                format!("{}, {} ({zone})", head.trim_end_matches(" (UTC)"), unit.words())
            }
        }
    }

    /// The head within a sentence.
    pub fn words(&self) -> String {
        let head = EVENT_COLUMNS.head_of(self.field.name).trim_end_matches(" (UTC)").to_lowercase();
        match &self.spans {
            None => head,
            Some(TimeSpans { unit, zone }) => format!("{head}, {} ({zone})", unit.words()),
        }
    }

    /// What finds the events of a group, by its value; an empty one stands for none.
    pub fn condition(&self, value: &str) -> Option<FieldCondition> {
        match &self.spans {
            _ if value.is_empty() => Some(FieldCondition::Blank),
            None => Some(FieldCondition::OneOf { values: vec![value.to_owned()], or_blank: false }),
            Some(spans) => {
                let span = spans.of_label(value)?;
                Some(FieldCondition::between_instants(span.start, span.end))
            }
        }
    }
}

/// By what events can be grouped: of times by days and months in UTC, as their columns have them, and in the zone that
/// the person has set, that of the connections and that of the reader's computer.
pub(super) fn group_levels() -> impl Iterator<Item = GroupLevel> {
    let mut zones = vec!["UTC".to_owned()];
    for zone in usual_zones() {
        if !zones.contains(&zone) {
            zones.push(zone);
        }
    }
    EVENT_COLUMNS.fields().flat_map(move |field| {
        let spans =
            zones.iter().flat_map(|zone| SpanUnit::ALL.map(|unit| TimeSpans { unit, zone: zone.clone() }));
        let spans = spans.map(|spans| format!("{}.{}", field.name, spans.name()));
        let names: Vec<_> = std::iter::once(field.name.to_owned()).chain(spans).collect();
        names.into_iter().filter_map(|name| GroupLevel::read(&name))
    })
}

/// More levels than these show no picture any more.
pub(super) const MOST_LEVELS: usize = 3;

/// The levels of these names, each once.
pub(super) fn grouped_by(names: &[String]) -> Vec<GroupLevel> {
    let mut levels: Vec<GroupLevel> = Vec::new();
    for level in names.iter().filter_map(|name| GroupLevel::read(name)) {
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    levels.truncate(MOST_LEVELS);
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn field(name: &str) -> &'static Field {
        EVENT_COLUMNS.field(name).expect("a column")
    }

    fn asked_of(query: &ListQuery, name: &str) -> Option<FieldCondition> {
        let asked = query.conditions().into_iter().find(|(field, _)| field.name == name);
        asked.map(|(_, condition)| condition)
    }

    fn conditions() -> Vec<(&'static str, FieldCondition)> {
        let one_of = |values: &[&str], or_blank| FieldCondition::OneOf {
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            or_blank,
        };
        let between =
            |from: &str, to: &str| FieldCondition::Between { from: from.to_owned(), to: to.to_owned() };
        let mut conditions: Vec<_> = [
            "rate",
            "a,b",
            "~",
            "~.",
            "o'b \"x\"",
            "100 %",
            "is.A",
            "between.1,2",
            ".",
            "\\",
            "Zürich 中 +&=#",
        ]
        .iter()
        .flat_map(|text| {
            let contains = FieldCondition::Contains((*text).to_owned());
            [
                ("Error", contains),
                ("ServiceId", one_of(&[text, "b,c\\", " d "], false)),
                ("Error", one_of(&[text], true)),
            ]
        })
        .collect();
        conditions.extend([
            ("UsageQuantity", between("-1.50", "20")),
            ("UsageQuantity", between("0.1234567890123456789", "")),
            ("UsageQuantity", between("", "20")),
            ("EventStartTime", between("2026-10-31", "2026-11-01 14:05")),
            ("LastUpdateDate", between("", "2026-11-01")),
            ("CurrencyCode", FieldCondition::Blank),
            ("UsageQuantity", FieldCondition::NotBlank),
            (STATUS, one_of(&["ORA_READY"], true)),
        ]);
        conditions
    }

    #[wasm_bindgen_test]
    fn what_is_asked_of_columns_comes_back_from_the_address() {
        for (name, condition) in conditions() {
            let asked = ListQuery { find: "x".to_owned(), ..ListQuery::default() }
                .with_filter(field("EventType"), Some(FieldCondition::NotBlank))
                .with_filter(field(name), Some(condition.clone()));
            let address = asked.write();
            let read = ListQuery::read(&AddressQuery::read(&address));
            for name in [name, "EventType"] {
                assert_eq!(asked_of(&read, name), asked_of(&asked, name), "{address}");
            }
            assert_eq!((read.filters.len(), read.find.as_str()), (asked.filters.len(), "x"), "{address}");
            assert_eq!(asked_of(&asked, name), Some(condition));
            assert!(asked.is_filtered());
            let cleared = asked.with_filter(field(name), None).with_filter(field("EventType"), None);
            assert_eq!(cleared, ListQuery { find: "x".to_owned(), ..ListQuery::default() });
        }
    }

    #[wasm_bindgen_test]
    fn what_an_address_says_oddly_of_a_column_is_passed_over() {
        let query = AddressQuery::read(
            "?Error=&ServiceId=rate&CurrencyCode=is.&EventType=is-or-blank.,,&UsageQuantity=from.x\
             &EventStartTime=between.2026-10-31&EventEndTime=from.31.10.2026&LastUpdateDate=is.2026-10-31\
             &BatchNumber=between.1,2&EventNumber=~&Nothing=blank&EventId=blank&RatingSource=blank",
        );
        let rated_by_nobody =
            ListQuery::default().with_filter(field("RatingSource"), Some(FieldCondition::Blank));
        let read = ListQuery::read(&query);
        assert_eq!(read.not_known.len(), 11, "{:?}", read.not_known);
        assert_eq!(ListQuery::read(&AddressQuery::read(&read.write())), read);
        assert_eq!(ListQuery { not_known: Vec::new(), ..read }, rated_by_nobody);
    }

    #[wasm_bindgen_test]
    fn several_columns_are_asked_at_once() {
        let one_of = |value: &str| FieldCondition::OneOf { values: vec![value.to_owned()], or_blank: false };
        let asked = ListQuery::default()
            .with_filter(field("CurrencyCode"), Some(one_of("x' or '1'='1")))
            .with_filter(field("Error"), Some(FieldCondition::Contains(" Zu\u{308}rich ".to_owned())))
            .with_filter(field(STATUS), Some(one_of("ORA_READY")));
        assert_eq!(asked.statuses, ["ORA_READY"]);
        assert_eq!(
            asked.q(),
            "EventStatus = 'ORA_READY' and CurrencyCode = 'x'' or ''1''=''1' and UPPER(Error) like '%ZÜRICH%'"
        );
        assert_eq!(asked_of(&asked, STATUS), Some(one_of("ORA_READY")));
        let blank = asked.with_filter(field(STATUS), Some(FieldCondition::Blank));
        assert!(blank.statuses.is_empty() && blank.q().contains("EventStatus is null"));
    }

    #[wasm_bindgen_test]
    fn a_status_is_shown_beside_those_of_its_kind_alone() {
        let shows = |statuses: &[&str], status: &str| {
            let statuses = statuses.iter().map(|one| (*one).to_owned()).collect();
            ListQuery { statuses, ..ListQuery::default() }.shows(status)
        };
        assert!(!shows(&[], "ORA_READY"));
        assert!(shows(&["ORA_ON_HOLD"], "ORA_ON_HOLD"));
        assert!(!shows(&["ORA_ON_HOLD"], "ORA_READY"));
        assert!(shows(&["ORA_READY", "ORA_ON_HOLD"], "ORA_READY"));
        assert!(shows(&["ORA_ERROR", "ORA_COMPLETED_ERRORS"], "ORA_ERROR"));
        assert!(!shows(&["ORA_ERROR", "ORA_READY"], "ORA_READY"));
    }

    #[wasm_bindgen_test]
    fn a_letter_and_its_accent_are_asked_for_as_one() {
        let q = |find: &str| ListQuery { find: find.to_owned(), ..ListQuery::default() }.q();
        assert_eq!(q("Zu\u{308}rich "), q("Zürich"));
        assert!(q("Zu\u{308}rich").contains("UPPER(ServiceId) like '%ZÜRICH%'"));
    }
}
