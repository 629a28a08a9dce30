//! What the local table costs at a million rows: `cargo bench -p grid-model --bench table`, with a word of
//! a name behind `--` for some of it. `TABLE_BENCH_ROWS` sets another number of rows. It begins with what
//! the table takes of memory, and with the longest step of some questions that are answered in steps.
//!
//! The rows are those of the bench page: fourteen columns, of which the number is different in each row.

#![allow(clippy::unwrap_used, reason = "whatever surprises a benchmark should end it")]

#[path = "table/events.rs"]
mod events;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion};
use grid_model::SortDirection::{Ascending, Descending};
use grid_table::{Edit, Filter, OrderKey, OwnedValue, Question, QuickFilter, Step, Table, Test, Value, View};

use events::{AMOUNT, CURRENCY, END, ERROR, Events, NUMBER, QUANTITY, SERVICE, START, STATUS};

fn main() {
    let rows = std::env::var("TABLE_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let events = Events::new(rows);
    let mut table = events.table();
    let bytes = table.bytes();
    println!("{rows} rows take {bytes} bytes, {} a row", bytes / rows);
    // Ranks are made once: the next orders by text find them.
    answered(&mut table, Question { order: by(NUMBER), ..Question::default() });
    println!("with the ranks of their numbers {}", table.bytes() / rows);

    longest_steps(&mut table);
    let mut criterion =
        Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500)).configure_from_args();
    load(&mut criterion, &events);
    order(&mut criterion, &events, &mut table);
    filter(&mut criterion, &mut table);
    sums(&mut criterion, &mut table);
    edits(&mut criterion, &events, &mut table);
    criterion.final_summary();
}

/// How long the page would stand still at most.
fn longest_steps(table: &mut Table) {
    for budget in [50_000, 200_000] {
        let mut longest = |name: &str, want: &dyn Fn(&mut View)| {
            let mut view = answered(table, Question::default());
            want(&mut view);
            let (mut longest, mut steps) = (Duration::ZERO, 0);
            loop {
                let begun = Instant::now();
                let step = view.step(table, budget);
                longest = longest.max(begun.elapsed());
                steps += 1;
                if step == Step::Done {
                    break;
                }
            }
            println!("{name}: {steps} steps of {budget} rows, the longest {longest:.1?}");
        };
        longest("order by amount", &|view| view.ask(Question { order: by(AMOUNT), ..Question::default() }));
        longest("filter number contains", &|view| view.ask(contains(NUMBER, "0")));
        longest("values of the start, all different", &|view| view.list_values(START));
        longest("group by number, all different", &|view| view.group_by(&[NUMBER], &[AMOUNT]));
    }
}

fn by(column: usize) -> Vec<OrderKey> {
    vec![OrderKey::new(column, Descending)]
}

fn contains(column: usize, text: &str) -> Question {
    let test = Test::Contains(text.to_owned());
    Question { filters: vec![Filter { column, test }], ..Question::default() }
}

fn equals(column: usize, text: &str) -> Question {
    let test = Test::equals(OwnedValue::Text(text.to_owned()));
    Question { filters: vec![Filter { column, test }], ..Question::default() }
}

fn quick(text: &str) -> Question {
    Question { quick: QuickFilter { text: text.to_owned(), columns: Vec::new() }, ..Question::default() }
}

fn answered(table: &mut Table, question: Question) -> View {
    let mut view = View::new();
    view.ask(question);
    view.finish(table);
    view
}

/// From one question to the next, in a view that has answered the first.
fn ask(criterion: &mut Criterion, name: &str, table: &mut Table, from: Question, to: Question) {
    let view = answered(table, from);
    criterion.bench_function(name, |bencher| {
        bencher.iter_batched_ref(
            || view.clone(),
            |view| {
                view.ask(to.clone());
                view.finish(table);
                black_box(view.rows().len())
            },
            BatchSize::PerIteration,
        );
    });
}

fn load(criterion: &mut Criterion, events: &Events) {
    criterion.bench_function("load from rows", |bencher| {
        bencher.iter_with_large_drop(|| events.table());
    });
}

fn order(criterion: &mut Criterion, events: &Events, table: &mut Table) {
    let plain = Question::default;
    let to = |order| Question { order, ..Question::default() };
    ask(criterion, "order by amount", table, plain(), to(by(AMOUNT)));
    ask(criterion, "order by quantity", table, plain(), to(by(QUANTITY)));
    ask(criterion, "order by number, a text, ranks there", table, plain(), to(by(NUMBER)));
    ask(criterion, "order by service, a text", table, plain(), to(by(SERVICE)));
    ask(criterion, "order by start", table, plain(), to(by(START)));
    let several = [STATUS, CURRENCY, END].map(|column| OrderKey::new(column, Ascending));
    ask(criterion, "order by status, currency and end", table, plain(), to(several.to_vec()));
    ask(criterion, "back to load order", table, to(by(AMOUNT)), plain());
    criterion.bench_function("ranks of a million different texts", |bencher| {
        bencher.iter_batched_ref(
            || events.table(),
            |table| answered(table, Question { order: by(NUMBER), ..Question::default() }),
            BatchSize::PerIteration,
        );
    });
}

fn filter(criterion: &mut Criterion, table: &mut Table) {
    let plain = Question::default;
    ask(criterion, "filter number contains, 1st key", table, plain(), contains(NUMBER, "0"));
    ask(criterion, "filter number contains, 2nd key", table, contains(NUMBER, "0"), contains(NUMBER, "07"));
    ask(
        criterion,
        "filter number contains, 4th key",
        table,
        contains(NUMBER, "071"),
        contains(NUMBER, "0713"),
    );
    ask(criterion, "filter number contains, pasted", table, plain(), contains(NUMBER, "0713"));
    ask(criterion, "filter error contains, 1st key", table, plain(), contains(ERROR, "r"));
    ask(criterion, "filter service contains, 1st key", table, plain(), contains(SERVICE, "e"));
    let ordered = |question| Question { order: by(AMOUNT), ..question };
    ask(
        criterion,
        "filter number contains, ordered by amount",
        table,
        ordered(plain()),
        ordered(contains(NUMBER, "07")),
    );
    ask(criterion, "filter status equals", table, plain(), equals(STATUS, "ERROR"));
    ask(criterion, "filter cleared", table, equals(STATUS, "ERROR"), plain());
    ask(criterion, "quick filter, 1st key", table, plain(), quick("e"));
    ask(criterion, "quick filter, 3rd key", table, quick("ev"), quick("ev0"));
}

fn sums(criterion: &mut Criterion, table: &mut Table) {
    let view = answered(table, Question::default());
    let mut wants = |name: &str, want: &dyn Fn(&mut View)| {
        criterion.bench_function(name, |bencher| {
            bencher.iter_batched_ref(
                || view.clone(),
                |view| {
                    want(view);
                    view.finish(table);
                },
                BatchSize::PerIteration,
            );
        });
    };
    wants("totals of an amount", &|view| view.add_up(AMOUNT));
    wants("values of the status", &|view| view.list_values(STATUS));
    wants("values of the service", &|view| view.list_values(SERVICE));
    wants("values of the number, all different", &|view| view.list_values(NUMBER));
    wants("values of the start", &|view| view.list_values(START));
    wants("group by status", &|view| view.group_by(&[STATUS], &[AMOUNT]));
    wants("group by service and status", &|view| view.group_by(&[SERVICE, STATUS], &[AMOUNT]));
    let rows: Vec<u32> = (0..table.len() as u32).rev().collect();
    criterion.bench_function("totals of a selection of all", |bencher| {
        bencher.iter(|| black_box(table.totals_of(AMOUNT, rows.iter().copied())));
    });
}

fn edits(criterion: &mut Criterion, events: &Events, table: &mut Table) {
    // There and back, so that there is always something to change and no copy is needed.
    let amounts = |count: usize, factor: i64| -> Vec<Edit<'static>> {
        let keys = (0..count).map(|at| events.key(at * 7919 % events.rows()));
        keys.enumerate()
            .map(|(at, key)| {
                let value = Value::Decimal(rust_decimal::Decimal::new(at as i64 * factor % 99_999_999, 4));
                Edit::Set { key, version: None, column: AMOUNT, value }
            })
            .collect()
    };
    let ordered = Question { order: by(AMOUNT), ..Question::default() };
    let filtered = Question { order: by(AMOUNT), ..equals(CURRENCY, "EUR") };
    for (name, question) in
        [("load order", Question::default()), ("by amount", ordered), ("by amount, filtered", filtered)]
    {
        for count in [1, 10_000] {
            let mut view = answered(table, question.clone());
            view.add_up(AMOUNT);
            view.group_by(&[STATUS], &[AMOUNT]);
            view.finish(table);
            let [there, back] = [12_345, 67_891].map(|factor| amounts(count, factor));
            let mut turns = [&there, &back].into_iter().cycle();
            criterion.bench_function(&format!("edits with repair: {count}, {name}"), |bencher| {
                bencher.iter(|| view.edit(table, turns.next().unwrap()).unwrap());
            });
        }
    }
}
