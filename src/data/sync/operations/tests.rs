use super::*;
use rest_contract::Value;
use wasm_bindgen_test::wasm_bindgen_test;

fn rows(count: usize) -> Vec<Row> {
    let value = |text: &str| Fields::from([("ServiceId", Value::Text(text.to_owned()))]);
    let row = |at| Row::new(RecordKey::event(&format!("E{at}")), Version::counted(1), value("a"), value("b"));
    (0..count).map(row).collect()
}

/// Turns operations back in this order, after they were made in theirs; says whether each was still known
/// when its lease came.
fn reverted(sizes: &[usize], order: &[usize]) -> Vec<bool> {
    let mut operations = Operations::default();
    let made: Vec<OperationId> = sizes.iter().map(|size| operations.begin(rows(*size))).collect();
    let turn = |at: &usize| {
        let of = made[*at];
        let is_known = operations.get(of).is_some();
        operations.begin_over(Some(of), rows(sizes[*at]));
        is_known && (0..sizes[*at]).all(|row| operations.row(of, row).is_some())
    };
    order.iter().map(turn).collect()
}

#[wasm_bindgen_test]
fn an_operation_that_is_turned_back_is_not_forgotten_for_the_room_that_this_takes() {
    assert_eq!(reverted(&[20_000, 5_000, 5_000], &[2, 1, 0]), [true, true, true]);
    assert_eq!(reverted(&[40_000], &[0]), [true]);
    assert_eq!(reverted(&[49_998, 1], &[1, 0]), [true, true]);
    assert_eq!(reverted(&[60_000], &[0]), [true]);
}

#[wasm_bindgen_test]
fn the_oldest_operations_are_forgotten_and_never_the_new_one() {
    let mut operations = Operations::default();
    let oldest = operations.begin(rows(30_000));
    let newer = operations.begin(rows(15_000));
    let newest = operations.begin(rows(10_000));
    assert!(operations.get(oldest).is_none());
    assert!(operations.get(newer).is_some() && operations.get(newest).is_some());
    let alone = operations.begin(rows(70_000));
    assert!(operations.get(newest).is_none() && operations.get(alone).is_some());
}
