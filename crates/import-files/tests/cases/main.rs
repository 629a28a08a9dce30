//! What files hold that people really send, and what has to come of it: every row an event or refused with its reason,
//! nothing guessed, no digit lost.

mod exported_lists;
mod made_workbook;
mod mapped_files;
mod repeated_deliveries;
mod workbooks;

use import_files::{EventRow, Mapping, Question, RefusedRow, RowReader, Said, Survey, Table, Totals};

/// A file as it was read.
struct Outcome {
    events: Vec<EventRow>,
    /// With the line of each.
    refused: Vec<(u64, RefusedRow)>,
    loaded: Totals,
    refused_totals: Totals,
}

impl Outcome {
    fn amounts(&self) -> Vec<String> {
        let amount =
            |event: &EventRow| event.amounts.values().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        self.events.iter().map(amount).collect()
    }

    fn texts(&self, field: &str) -> Vec<String> {
        let text = |event: &EventRow| event.event.get(field).map(ToString::to_string).unwrap_or_default();
        self.events.iter().map(text).collect()
    }

    fn reasons(&self) -> Vec<(u64, &str)> {
        self.refused.iter().map(|(line, row)| (*line, row.reason.as_str())).collect()
    }

    fn sum(&self, currency: &str) -> String {
        self.loaded.amounts.get(currency).map(|sum| sum.text()).unwrap_or_default()
    }

    fn refused_sum(&self, currency: &str) -> String {
        self.refused_totals.amounts.get(currency).map(|sum| sum.text()).unwrap_or_default()
    }
}

fn table(bytes: &[u8]) -> Table {
    Table::read(bytes.into(), &Said::default()).expect("a table")
}

/// The mapping that the file suggests, and what has to be asked.
fn mapping(table: &Table) -> (Mapping, Vec<Question>) {
    let mut mapping = Mapping::guess(&table.headers).expect("a header");
    let mut survey = Survey::of(&mapping);
    table.rows.iter().for_each(|row| survey.add(&row));
    let questions = survey.settle(&mut mapping);
    (mapping, questions)
}

fn read_by(table: &Table, mapping: &Mapping) -> Outcome {
    let mut reader = RowReader::new(mapping, &table.headers).expect("a header");
    let mut outcome = Outcome {
        events: Vec::new(),
        refused: Vec::new(),
        loaded: Totals::default(),
        refused_totals: Totals::default(),
    };
    for row in table.rows.iter() {
        match reader.read(&row, |currency| currency != "XXX") {
            Ok(event) => match event.lacks.clone() {
                None => {
                    outcome.loaded.add(&event);
                    outcome.events.push(event);
                }
                Some(reason) => {
                    outcome.refused_totals.add(&event);
                    outcome.refused.push((row.number, event.refused(reason)));
                }
            },
            Err(refused) => {
                outcome.refused_totals.add_refused(&refused);
                outcome.refused.push((row.number, refused));
            }
        }
    }
    outcome
}

/// Reads a file of which nothing has to be said.
#[track_caller]
fn read(bytes: &[u8]) -> Outcome {
    let table = table(bytes);
    let (mapping, questions) = mapping(&table);
    assert_eq!(questions, []);
    read_by(&table, &mapping)
}

/// The columns of a file whose amounts and dates are under test.
const HEADER: &str = "EventNumber;Start;Product;Currency;Amount";

/// A file with a row for each start and amount.
fn file(rows: &[(&str, &str)]) -> String {
    let rows =
        rows.iter().enumerate().map(|(place, (start, amount))| format!("E{place};{start};P;EUR;{amount}\n"));
    format!("{HEADER}\n{}", rows.collect::<String>())
}
